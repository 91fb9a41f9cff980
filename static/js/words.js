/**
 * Counts the words of an answer while it is written. On the textarea: data-words="id of the place for the count"; on that place:
 * data-one="{n} word" data-other="{n} words" (as the server's language says them). Not a live region: nobody wants each word announced.
 */

/** @param {string} text @param {string} language */
function count(text, language) {
  if (!("Segmenter" in Intl)) return text.split(/\s+/).filter(Boolean).length;
  let words = 0;
  for (const part of new Intl.Segmenter(language, { granularity: "word" }).segment(text)) if (part.isWordLike) words += 1;
  return words;
}

/** @param {HTMLTextAreaElement} area */
function show(area) {
  const place = document.getElementById(area.dataset.words ?? "");
  if (!place) return;
  const language = document.documentElement.lang || "en";
  const n = count(area.value, language);
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
