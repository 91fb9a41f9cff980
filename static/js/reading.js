/**
 * The Reading menu: text size, spacing, paper, and the browser's own voice. Choices are kept on the device only;
 * reading-early.js sets them again before the next page's first paint.
 */

/** @typedef {{size?: string, gap?: string, paper?: string}} Choices */

const KEY = "reading";
const NAMES = /** @type {const} */ (["size", "gap", "paper"]);
const THEMES = /** @type {Record<string, string>} */ ({ white: "light", dark: "dark" });

/** @returns {Choices} what was chosen on this device; nothing when storage is off or holds junk */
function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {};
  }
}

/** @param {Choices} choices */
function keep(choices) {
  try {
    localStorage.setItem(KEY, JSON.stringify(choices));
  } catch {
    // without storage the choice holds for this page
  }
}

/** @param {string} name @param {string | undefined} value */
function mark(name, value) {
  if (value) document.documentElement.dataset[name] = value;
  else delete document.documentElement.dataset[name];
}

/** @param {Choices} choices */
function apply(choices) {
  mark("size", choices.size);
  mark("gap", choices.gap);
  mark("paper", choices.paper === "cream" ? "cream" : undefined);
  mark("theme", THEMES[choices.paper ?? ""]);
}

/** @param {HTMLFormElement} form */
function chosen(form) {
  const values = new FormData(form);
  return /** @type {Choices} */ (Object.fromEntries(NAMES.map((name) => [name, String(values.get(name) ?? "")])));
}

/** @param {HTMLFormElement} form @param {Choices} choices what is not on offer counts as the first of each */
function show(form, choices) {
  for (const name of NAMES) {
    const inputs = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll(`input[name="${name}"]`)]);
    const chosen = inputs.find((input) => input.value === choices[name]) ?? inputs[0];
    if (chosen) chosen.checked = true;
  }
}

/** @param {Element} one @returns {string} its text, the words of each picture in the picture's place */
function spoken(one) {
  const copy = /** @type {Element} */ (one.cloneNode(true));
  for (const picture of copy.querySelectorAll("img")) picture.replaceWith(` ${picture.alt}. `);
  return copy.textContent?.trim() ?? "";
}

/** @param {HTMLButtonElement} button */
function voice(button) {
  const text = () => [...document.querySelectorAll("[data-aloud]")].map(spoken).join(". ");
  if (!("speechSynthesis" in window) || !text()) return;
  const [read, stop] = [button.textContent ?? "", button.dataset.stop ?? ""];
  const rest = () => {
    button.textContent = read;
    button.ariaPressed = "false";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const speaking = button.ariaPressed === "true";
    speechSynthesis.cancel();
    if (speaking) return rest();
    const words = new SpeechSynthesisUtterance(text());
    words.lang = document.documentElement.lang;
    words.onend = words.onerror = rest;
    speechSynthesis.speak(words);
    button.textContent = stop;
    button.ariaPressed = "true";
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
}

/** @param {HTMLDetailsElement} menu */
function wake(menu) {
  const form = menu.querySelector("form");
  if (!form) return;
  menu.hidden = false;
  show(form, kept());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    keep(chosen(form));
    apply(chosen(form));
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  });
  const button = form.querySelector("button[data-read]");
  if (button instanceof HTMLButtonElement) voice(button);
}

document.querySelectorAll("details.reading").forEach((menu) => wake(/** @type {HTMLDetailsElement} */ (menu)));
