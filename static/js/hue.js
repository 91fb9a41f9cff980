// The accent under the slider changes the page while it is moved; nothing is kept before the form is.

/** @type {HTMLInputElement | null} */
const slider = document.querySelector("input.hue");

slider?.addEventListener("input", () => {
  document.documentElement.style.setProperty("--hue", slider.value);
});
