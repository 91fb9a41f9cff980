/**
 * Says in the live region #toast when a request failed on our side or never arrived, so that nobody thinks it was kept.
 * The words stand on #toast itself (data-broken, data-unreached): they are translated by the server.
 */

/** @param {"broken" | "unreached"} why */
function say(why) {
  const region = document.getElementById("toast");
  if (!region) return;
  const line = document.createElement("div");
  line.className = "toast wrong";
  line.textContent = region.dataset[why] ?? "";
  region.replaceChildren(line);
}

document.addEventListener("htmx:response:error", (event) => {
  if (/** @type {CustomEvent} */ (event).detail.ctx.response.status >= 500) say("broken");
});
document.addEventListener("htmx:error", () => say("unreached"));
document.addEventListener("htmx:before:request", () => document.querySelector("#toast .wrong")?.remove());
