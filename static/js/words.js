/**
 * Counts the words of an answer while it is written. On the textarea: data-words="id of the place for the count"; on that place:
 * data-one="{n} word" data-other="{n} words" (as the server's language says them). Not a live region: nobody wants each word announced.
 */

// As hiring/assessments/kinds/texts.py counts, so that the receipt says the number that stood here.
const WORD = /[\p{L}\p{N}]+(?:[’'.,:\-–][\p{L}\p{N}]+)*/gu;
const UNSPACED = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+/gu;
const WITHIN = /[\p{M}\p{Cf}]/gu; // vowel signs, accents and joiners part no word

/** @param {string} text */
function count(text) {
  let words = 0;
  const spaced = text.replace(UNSPACED, (run) => { words += Math.ceil(run.length / 2); return " "; });
  return words + (spaced.replace(WITHIN, "").match(WORD)?.length ?? 0);
}

/** @param {HTMLTextAreaElement} area */
function show(area) {
  const place = document.getElementById(area.dataset.words ?? "");
  if (!place) return;
  const language = document.documentElement.lang || "en";
  const n = count(area.value);
  const form = new Intl.PluralRules(language).select(n) === "one" ? place.dataset.one : place.dataset.other;
  place.textContent = (form ?? "{n}").replace("{n}", n.toLocaleString(language));
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let soon;

document.addEventListener("input", (event) => {
  const area = event.target;
  if (!(area instanceof HTMLTextAreaElement) || !area.dataset.words) return;
  clearTimeout(soon);
  soon = setTimeout(() => show(area), 150);
});

/** @param {ParentNode} root */
function showAll(root) {
  root.querySelectorAll("textarea[data-words]").forEach((area) => show(/** @type {HTMLTextAreaElement} */ (area)));
}

document.addEventListener("htmx:after:settle", () => showAll(document));
showAll(document);
