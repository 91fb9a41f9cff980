/**
 * Delivers what desk.js left in this device's storage for an attempt and could not send: drafts of other tasks while one
 * works, and all of them on the receipt. The server keeps each as it must (as the answer, beside it, or sealed after the
 * end); only its own answer clears the device. On the page: <… data-drafts="attempt" data-here="task" data-token="csrf">.
 */

const place = document.querySelector("[data-drafts]");

/** @param {string} key @param {HTMLElement} place @returns {Promise<boolean>} whether something new was kept by the server */
async function deliver(key, place) {
  const [, attempt, task] = key.split(":");
  const draft = JSON.parse(localStorage.getItem(key) ?? "");
  const body = new URLSearchParams(draft.entries);
  for (const [name, value] of Object.entries({ csrf_token: place.dataset.token, base: draft.base, tab: draft.tab, nth: draft.nth + 1 })) {
    body.set(name, String(value));
  }
  const answer = await fetch(`/attempts/${attempt}/answers/${task}`, { method: "POST", body, headers: { "HX-Request-Type": "partial" } });
  const words = await answer.text();
  if (![200, 409].includes(answer.status) || !words.includes('id="saving"')) return false;
  localStorage.removeItem(key);
  return !words.includes('data-kept="same"');
}

/** @param {HTMLElement} place */
async function deliverAll(place) {
  let changed = false;
  try {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(`draft:${place.dataset.drafts}:`));
    const held = new Set((await navigator.locks?.query())?.held?.map((lock) => lock.name));
    for (const key of mine) {
      const [, , task, tab] = key.split(":");
      if (task === place.dataset.here || held.has(`desk:${tab}`)) continue;
      changed = (await deliver(key, place).catch(() => false)) || changed;
    }
  } catch {
    // no storage: nothing was left there
  }
  if (changed) location.reload();
}

if (place instanceof HTMLElement) deliverAll(place);
