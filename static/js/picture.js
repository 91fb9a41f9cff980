/**
 * Pictures in a draft's texts: opens the gallery over the page, sends a new picture without leaving it, and puts the line that
 * shows one where the caret stood. A picture that is pasted or dropped into a text opens it, too. Without this module the same
 * button leads to the gallery's own page.
 */

const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("picture"));
const HEADERS = { "HX-Request-Type": "partial" };
/** @type {HTMLTextAreaElement | null} */
let text = null;
let caret = [0, 0];

/** @param {Element} place @param {string} html */
function show(place, html) {
  place.innerHTML = html;
  place.querySelectorAll("[data-line]").forEach((button) => { button.hidden = false; });
  const first = place.querySelector(".told") ?? place.querySelector("input[type=file]");
  if (first instanceof HTMLElement) first.focus();
}

/** @param {"broken" | "unreached"} why */
function fail(why) {
  const words = document.getElementById("toast")?.dataset[why] ?? "";
  const line = Object.assign(document.createElement("p"), { className: "told", role: "alert", textContent: words });
  dialog?.querySelector("#gallery .told")?.remove();
  dialog?.querySelector("#gallery form")?.prepend(line);
}

/** @param {HTMLTextAreaElement} into @param {File} [file] */
async function open(into, file) {
  const place = dialog?.querySelector("[data-gallery]");
  if (!dialog || !(place instanceof HTMLElement)) return;
  text = into;
  caret = [into.selectionStart, into.selectionEnd];
  const answer = await fetch(place.dataset.gallery ?? "", { headers: HEADERS });
  if (!answer.ok) return;
  show(place, await answer.text());
  dialog.showModal();
  const chosen = place.querySelector("input[type=file]");
  if (!file || !(chosen instanceof HTMLInputElement)) return;
  const held = new DataTransfer();
  held.items.add(file);
  chosen.files = held.files;
  place.querySelector("textarea")?.focus();
}

/** @param {string} line in a paragraph of its own, as one step that can be undone */
function put(line) {
  dialog?.close();
  if (!text) return;
  const [start, end] = caret;
  const before = text.value.slice(0, start);
  const after = text.value.slice(end);
  const gap = { before: !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n", after: after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n" };
  text.focus();
  text.setSelectionRange(start, end); // the focus came back without it
  const words = gap.before + line + gap.after;
  if (!document.execCommand("insertText", false, words)) {
    text.setRangeText(words, start, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const place = form.closest("[data-gallery]");
  const button = form.querySelector("button");
  if (!place || !button || button.disabled) return;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = button.dataset.busy ?? words;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: HEADERS });
    if (![200, 422].includes(answer.status)) return fail("broken");
    show(place, await answer.text());
    const added = /** @type {HTMLElement | null} */ (place.querySelector("[data-new]"))?.dataset.new;
    const line = added && place.querySelector(`#${CSS.escape(added)} [data-line]`);
    if (line instanceof HTMLElement) put(line.dataset.line ?? "");
  } catch {
    fail("unreached");
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target.closest("button") : null;
  const into = target && document.getElementById(target.dataset.pictureFor ?? "");
  if (dialog && into instanceof HTMLTextAreaElement) {
    event.preventDefault();
    open(into);
  } else if (target?.dataset.line) {
    put(target.dataset.line);
  } else if (target?.matches("[data-close]")) {
    dialog?.close();
  }
});

dialog?.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (form.enctype !== "multipart/form-data") return;
  event.preventDefault();
  send(form);
});

for (const kind of /** @type {const} */ (["paste", "drop"])) {
  document.addEventListener(kind, (event) => {
    const { target } = event;
    const given = event instanceof ClipboardEvent ? event.clipboardData : /** @type {DragEvent} */ (event).dataTransfer;
    const file = [...(given?.files ?? [])].find((one) => one.type.startsWith("image/"));
    if (!dialog || !file || !(target instanceof HTMLTextAreaElement) || !document.querySelector(`[data-picture-for="${CSS.escape(target.id)}"]`)) return;
    event.preventDefault();
    open(target, file);
  });
}

// on the gallery's own page a press on a line takes all of it, ready to be copied
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof HTMLInputElement && target.matches(".line-to-paste")) target.select();
});
