/**
 * Marking without the mouse. Inside form.rubric: a digit gives the focused criterion its level, 0 says "cannot judge", N opens the note,
 * Esc leaves it, Enter outside a text saves and brings the next answer, T opens the task, F a file. Tab moves between criteria by itself,
 * for a criterion is one radio group. In the answer the same keys mean the criterion that one came from; a digit means nothing at the foot,
 * where one is done with the last.
 * With <html data-keys="off"> (keys.js) only Tab, arrows, Esc and Enter are left.
 */

/** @type {Element | null} the criterion that had the focus last */
let latest = null;
/** @type {Element | null} the file that was opened last */
let opened = null;

/** @returns {HTMLFormElement | null} */
const rubric = () => document.querySelector("form.rubric");

/** @param {Element} criterion @param {string} [value] */
function radio(criterion, value) {
  const chosen = value === undefined ? ":checked" : `[value="${value}"]`;
  return /** @type {HTMLInputElement | null} */ (criterion.querySelector(`input[type=radio]${chosen}`) ?? (value === undefined ? criterion.querySelector(".levels input[type=radio]") : null));
}

/** @param {Element} criterion @param {string} value */
function give(criterion, value) {
  const key = radio(criterion, value);
  if (!key) return false;
  key.focus();
  if (!key.checked) key.click();
  return true;
}

/** Focus where the work is: the first criterion that has no level yet, else the first. */
function begin() {
  const form = rubric();
  if (!form) return;
  for (const note of form.querySelectorAll(".jot textarea")) if (note instanceof HTMLElement) note.tabIndex = -1;
  const criteria = [...form.querySelectorAll("fieldset")];
  const next = criteria.find((one) => !one.querySelector("input[type=radio]:checked")) ?? criteria[0];
  if (next) radio(next)?.focus();
}

/** @param {Element} criterion */
function note(criterion) {
  const area = criterion.querySelector(".jot textarea");
  if (!(area instanceof HTMLTextAreaElement)) return false;
  radio(criterion)?.focus(); // an empty note of a criterion without the focus is folded away, and takes none
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
  return true;
}

/** The next file of the answer: saved, or a picture brought into view. Marking goes on from there. */
function file() {
  const links = [...document.querySelectorAll(".copy h3 a")];
  const next = links[opened ? (links.indexOf(opened) + 1) % links.length : 0];
  if (!(next instanceof HTMLAnchorElement)) return false;
  opened = next;
  next.focus();
  next.closest(".copy")?.scrollIntoView({ block: "nearest" });
  if (next.hasAttribute("download")) next.click();
  return true;
}

/** The task's sheet: a [popover] named by whatever button opens it with data-task. */
function task() {
  const opener = document.querySelector("[data-task]");
  if (!(opener instanceof HTMLElement)) return false;
  opener.click();
  return true;
}

/** @param {string} key @param {Element | null} place @returns {boolean} whether the key meant something here */
function single(key, place) {
  if (key === "t") return task();
  if (place?.closest("[popover]")) return false;
  if (key === "f") return file();
  const criterion = place?.closest("form.rubric fieldset") ?? (latest?.isConnected ? latest : null);
  if (!criterion) return false;
  if (key === "n") return note(criterion);
  if (place?.closest(".foot")) return false;
  if (key === "0") return give(criterion, "cannot");
  return /^[1-9]$/.test(key) && give(criterion, key);
}

/** @param {KeyboardEvent} event @param {HTMLFormElement} form */
function enter(event, form) {
  if (event.target instanceof Element && event.target.closest("a, button, summary, dialog, [popover]")) return;
  event.preventDefault();
  form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const form = rubric();
  if (!form || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const place = event.target instanceof Element ? event.target : null;
  const criterion = place?.closest("form.rubric fieldset") ?? null;
  if (place?.matches("textarea, select, input:not([type=radio], [type=checkbox])")) {
    if (event.key === "Escape" && criterion) radio(criterion)?.focus();
    return;
  }
  if (event.key === "Enter") return enter(event, form);
  if (document.documentElement.dataset.keys === "off") return;
  if (single(event.key.toLowerCase(), place)) event.preventDefault();
});

// What was missing is missing no more; the alert over the rubric goes with the last of it.
document.addEventListener("change", (event) => {
  const criterion = event.target instanceof HTMLInputElement && event.target.type === "radio" ? event.target.closest("form.rubric fieldset") : null;
  const wrong = criterion?.querySelector("[data-until-chosen]");
  if (!criterion || !wrong) return;
  wrong.remove();
  criterion.removeAttribute("aria-describedby");
  const form = rubric();
  if (!form?.querySelector(".wrong")) form?.querySelector(".told")?.remove();
});

document.addEventListener("focusin", (event) => {
  const criterion = event.target instanceof Element ? event.target.closest("form.rubric fieldset") : null;
  latest = criterion ?? latest;
});

// A press would move the focus first, fold one criterion and open another, and land beside its target: the focus waits for the click.
document.addEventListener("mousedown", (event) => {
  if (event.target instanceof Element && event.target.closest("form.rubric .level")) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const level = event.target instanceof Element ? event.target.closest("form.rubric .level") : null;
  /** @type {HTMLInputElement | null | undefined} */ (level?.querySelector("input"))?.focus();
});

document.addEventListener("htmx:after:settle", (event) => {
  const { newContent } = /** @type {CustomEvent<{newContent: Node[]}>} */ (event).detail;
  if (newContent.some((node) => node instanceof Element && (node.matches("form.rubric") || node.querySelector("form.rubric")))) begin();
});

begin();
