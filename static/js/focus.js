/**
 * After a swap the focus goes where the work goes: to the element that the new content names by data-focus.
 * Without one it stays where it was (htmx keeps it by id); a focus that was lost with its element goes to <main>.
 */

/** @param {Element} root */
function named(root) {
  return root.matches("[data-focus]") ? root : root.querySelector("[data-focus]");
}

/** @param {Element} root */
function follow(root) {
  const place = named(root);
  if (!(place instanceof HTMLElement)) return;
  if (!place.matches("a[href], button, input, select, textarea, summary, [tabindex]")) place.tabIndex = -1;
  place.focus();
}

document.addEventListener("htmx:after:settle", (event) => {
  const { newContent } = /** @type {CustomEvent<{newContent: Node[]}>} */ (event).detail;
  for (const node of newContent) if (node instanceof Element) follow(node);
});

document.addEventListener("htmx:after:swap", () => {
  if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
});

follow(document.documentElement);
