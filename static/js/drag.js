/**
 * Moves a thing among its like by mouse or finger: everything with the same data-sort gets a grip. Let go, the draft's form goes
 * with `drop`, as with the buttons *Earlier* and *Later*, so all that was typed goes along. Escape lets go where it was.
 */

const EDGE = 60; // pixels from the window's edge, where the page moves along
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("draft"));

/** @typedef {{one: HTMLElement, others: HTMLElement[], here: number, y: number, began: number}} Drag */
/** @type {Drag | null} */
let drag = null;

/** @param {HTMLElement} one @returns {HTMLElement[]} */
function alike(one) {
  return [...document.querySelectorAll(`[data-sort="${CSS.escape(one.dataset.sort ?? "")}"]`)].filter((each) => each instanceof HTMLElement);
}

/** @param {Drag} held @returns {number} the place at which it would land */
function landing({ others, y }) {
  return others.filter((other) => {
    const { top, height } = other.getBoundingClientRect();
    return y > top + Math.min(height, 48) / 2; // of what stands open, its head counts
  }).length;
}

function unmark() {
  for (const each of document.querySelectorAll(".drop-before, .drop-after")) each.classList.remove("drop-before", "drop-after");
}

function mark() {
  if (!drag) return;
  unmark();
  const place = landing(drag);
  const next = drag.others[place];
  if (place === drag.here) return;
  if (next) next.classList.add("drop-before");
  else drag.others.at(-1)?.classList.add("drop-after");
}

function follow() {
  if (!drag) return;
  if (drag.y < EDGE) scrollBy(0, -8);
  if (drag.y > innerHeight - EDGE) scrollBy(0, 8);
  mark();
  requestAnimationFrame(follow);
}

function letGo() {
  drag?.one.classList.remove("held");
  unmark();
  drag = null;
}

/** @param {HTMLElement} one @param {number} place */
function send(one, place) {
  const said = Object.assign(document.createElement("input"), { type: "hidden", name: "drop", value: `${one.dataset.key ?? one.id} ${place}` });
  form?.append(said);
  form?.requestSubmit();
}

/** @param {HTMLElement} one */
function give(one) {
  const head = one.querySelector(":scope > summary, :scope > header") ?? one; // an option is all head
  const grip = Object.assign(document.createElement("span"), { className: "grip", ariaHidden: "true" });
  head.prepend(grip);
  grip.addEventListener("click", (event) => event.preventDefault()); // what is held is not opened
  grip.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    event.preventDefault();
    grip.setPointerCapture(event.pointerId);
    const all = alike(one);
    drag = { one, others: all.filter((each) => each !== one), here: all.indexOf(one), y: event.clientY, began: event.clientY };
    one.classList.add("held");
    requestAnimationFrame(follow);
  });
  grip.addEventListener("pointermove", (event) => { if (drag) drag.y = event.clientY; });
  grip.addEventListener("pointercancel", letGo);
  grip.addEventListener("pointerup", () => {
    if (!drag) return;
    const { here, y, began } = drag;
    const place = Math.abs(y - began) < 6 ? here : landing(drag);
    letGo();
    if (place !== here) send(one, place);
  });
}

for (const one of document.querySelectorAll("[data-sort]")) if (one instanceof HTMLElement && alike(one).length > 1) give(one);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") letGo(); });
