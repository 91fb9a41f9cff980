/**
 * Writing a draft: asks before leaving while something typed is not saved yet, lets Ctrl or ⌘ with S save at once, and keeps the
 * focus on *Earlier* or *Later* while one moves a thing by several places. htmx sends the form after a pause; this module only
 * watches whether the last word has arrived, takes the red from each field that the page no longer names as not saved, and lets
 * the sentence about spelling follow its tick.
 */

const form = /** @type {HTMLFormElement | null} */ (document.getElementById("draft"));
let typed = 0;
let sent = 0;
let kept = 0;
let leaving = false;

form?.addEventListener("input", () => { typed += 1; });
form?.addEventListener("submit", () => { leaving = true; });

document.addEventListener("htmx:before:request", () => { sent = typed; });
document.addEventListener("htmx:after:request", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (ctx.response && ctx.response.status < 400) kept = sent;
});

// a sentence that nobody wrote follows its tick, as the server has it too; first, so that what is sent has it
document.addEventListener("input", ({ target }) => {
  const said = target instanceof HTMLInputElement && document.querySelector(`textarea[data-follows="${target.id}"]`);
  if (!(said instanceof HTMLTextAreaElement)) return;
  const { on = "", off = "" } = said.dataset;
  if (said.value.trim() === (target.checked ? off : on)) said.value = target.checked ? on : off;
}, { capture: true });

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = /** @type {CustomEvent} */ (event).detail;
  if (![200, 422].includes(ctx.response?.status)) return;
  for (const field of form?.querySelectorAll("[aria-invalid]") ?? []) {
    if (document.querySelector(`#checklist [href="#${field.id}"]`)) continue;
    field.removeAttribute("aria-invalid");
    document.getElementById(`${field.id}-wrong`)?.remove();
  }
});

addEventListener("beforeunload", (event) => {
  if (typed > kept && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => { leaving = false; });

document.addEventListener("keydown", (event) => {
  if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || !form) return;
  event.preventDefault();
  form.dispatchEvent(new Event("keep"));
});

addEventListener("load", () => {
  const asked = new URLSearchParams(location.search);
  const button = document.querySelector(`button[name="${CSS.escape(asked.get("pressed") ?? "")}"][value="${CSS.escape(asked.get("at") ?? "")}"]`);
  button?.closest("details.menu")?.setAttribute("open", "");
  // after the browser has gone to the address's own place
  if (button instanceof HTMLButtonElement) setTimeout(() => (button.disabled ? button.parentElement?.querySelector("button:enabled") : button)?.focus(), 50);
});

/** A menu closes when one goes elsewhere, and by Escape. @param {Event} event */
function close(event) {
  const key = event instanceof KeyboardEvent;
  if (key && event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!key && event.target instanceof Node && menu.contains(event.target)) continue;
    if (key && menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.removeAttribute("open");
  }
}
document.addEventListener("keydown", close);
document.addEventListener("pointerdown", close);
