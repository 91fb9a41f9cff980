// The accent under the slider, or in the colour that one writes, changes the page at once; nothing is kept before the form is.

/** @type {HTMLInputElement | null} */
const slider = document.querySelector("input.hue");
/** @type {HTMLInputElement | null} */
const colour = document.querySelector("#colour");

/** @param {string} hue */
function show(hue) {
  document.documentElement.style.setProperty("--hue", hue);
}

slider?.addEventListener("input", () => {
  if (colour) colour.value = ""; // the later of the two counts
  show(slider.value);
});

colour?.addEventListener("input", () => {
  if (!slider || !/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.test(colour.value.trim())) return;
  const probe = document.createElement("i");
  probe.style.color = `oklch(from #${colour.value.trim().replace("#", "")} l c h)`;
  document.body.append(probe);
  const [, chroma, hue] = getComputedStyle(probe).color.match(/oklch\([\d.]+ ([\d.]+) ([\d.]+)/) ?? [];
  probe.remove();
  if (!hue || Number(chroma) < 0.02) return;
  slider.value = String(Math.round(Number(hue)) % 360);
  show(slider.value);
});
