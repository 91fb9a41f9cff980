/**
 * `?` opens the sheet of keys (#keys), and single keys can be switched off there (WCAG 2.1.4). The choice is kept on the device and
 * stands on <html data-keys="off">, where every module that listens to a single key must look. `?` itself goes silent with them:
 * the sheet has a button.
 */

const KEY = "single-keys";

/** @param {boolean} on */
function apply(on) {
  if (on) delete document.documentElement.dataset.keys;
  else document.documentElement.dataset.keys = "off";
  for (const box of document.querySelectorAll("[data-single-keys]")) {
    if (box instanceof HTMLInputElement) box.checked = on;
  }
}

/** @returns {boolean} */
function kept() {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** @param {boolean} on */
function keep(on) {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // without storage the choice holds for this page
  }
}

/** @param {EventTarget | null} place whether what is typed there is text */
function isText(place) {
  return place instanceof HTMLElement && place.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button], [type=submit])");
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
  if (document.documentElement.dataset.keys === "off") return;
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  event.preventDefault();
  sheet.togglePopover();
});

document.addEventListener("change", (event) => {
  if (!(event.target instanceof HTMLInputElement) || !event.target.matches("[data-single-keys]")) return;
  keep(event.target.checked);
  apply(event.target.checked);
});

document.addEventListener("htmx:after:settle", () => apply(kept()));
apply(kept());
