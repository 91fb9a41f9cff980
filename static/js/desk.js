/**
 * Saves an answer while it is written. The form works without this; with it, htmx posts it whenever "save" is
 * dispatched here: a second after the last key, and every few seconds while one writes on.
 *
 * Three rules. Only the server's answer says "Saved", and the first key after it changes the line. Nothing that was
 * sent is aborted, since it may have been accepted; the next save carries the tab's next count, by which the server
 * knows what this tab overtook itself. And every text lies in this device's storage before it is sent, under the tab
 * that wrote it, until the server has it; what a dead tab left there is taken up by the next, with its base and count,
 * so that the server judges it as if that tab had lived.
 */

/** @typedef {[string, string][]} Entries the kind's own fields */
/** @typedef {{entries: Entries, base: number, tab: string, nth: number, at: number}} Draft */

const PAUSE = 1000; // after the last key
const AT_LEAST = 6000; // while one writes on
const ON_DEVICE = 300; // until a key is in storage
const SLOW = 5000; // a save that takes longer is not known to have arrived
const ENDED = 95000; // after the end that is shown nothing can count any more, not even what was on its way
const RETRY = [500, 1000, 2000, 4000]; // then every four seconds
const OURS = new Set(["csrf_token", "task", "base", "tab", "nth", "go", "number", "seen"]);

/** @param {HTMLFormElement} form */
function wake(form) {
  const prefix = `draft:${form.dataset.draft}:`;
  const words = document.getElementById("saving-words")?.dataset ?? {};
  const hidden = { base: field("base"), tab: field("tab"), nth: field("nth") };
  let tab = crypto.randomUUID?.() ?? `t${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  let base = Number(form.dataset.base ?? 0);
  let nth = 0;
  let saved = text(); // what the server is known to have
  let sent = saved;
  let flying = false;
  let over = false; // the time is over or the task is finished: nothing that is written now can count
  let tries = 0;
  let told = "saved"; // the last state that was worth saying aloud
  /** @type {Date | null} */
  let since = null; // when the first key fell that the server does not have
  /** @type {{act: () => void, anyway: boolean, wait?: string} | null} */
  let afterwards = null; // what was pressed, to be done once the text stands, or anyway once it is kept
  /** @type {Record<"put" | "send" | "latest" | "slow", ReturnType<typeof setTimeout> | undefined>} */
  const timers = { put: undefined, send: undefined, latest: undefined, slow: undefined };

  /** @param {string} name @returns {HTMLInputElement} */
  function field(name) {
    const found = form.querySelector(`input[type=hidden][name=${name}]`);
    if (found instanceof HTMLInputElement) return found;
    const made = Object.assign(document.createElement("input"), { type: "hidden", name });
    made.autocomplete = "off";
    form.append(made);
    return made;
  }

  /** @returns {Entries} */
  function entries() {
    const found = /** @type {Entries} */ ([]);
    for (const [name, value] of new FormData(form)) if (!OURS.has(name)) found.push([name, String(value)]);
    return found;
  }

  function text() {
    return JSON.stringify(entries());
  }

  /** Into this device's storage. */
  function put() {
    clearTimeout(timers.put);
    timers.put = undefined;
    const draft = /** @type {Draft} */ ({ entries: entries(), base, tab, nth, at: Date.now() });
    try {
      localStorage.setItem(prefix + tab, JSON.stringify(draft));
    } catch {
      // no storage, or it is full: the server remains
    }
  }

  function forget() {
    clearTimeout(timers.put);
    timers.put = undefined;
    try {
      localStorage.removeItem(prefix + tab);
    } catch {
      // nothing was kept, so nothing is left
    }
  }

  /** @param {string} state @param {Record<string, string>} [values] */
  function line(state, values = {}) {
    const place = document.getElementById("saving-line");
    if (!place) return;
    const was = place.dataset.state;
    const fill = (/** @type {string | undefined} */ sentence) =>
      (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
    const first = fill(words[`${state}First`]);
    const rest = fill(words[`${state}Rest`]);
    place.dataset.state = state;
    delete place.dataset.waits;
    show(place, "[data-first]", first);
    show(place, "[data-rest]", rest);
    if (was !== state) changed(state, `${first} ${rest}`);
  }

  /** @param {Element} place @param {string} selector @param {string} words */
  function show(place, selector, words) {
    const found = place.querySelector(selector);
    if (found && found.textContent !== words) found.textContent = words;
  }

  /** Says a change of state aloud, never each save; the ruler's lamp goes out with the line. @param {string} state @param {string} sentence */
  function changed(state, sentence) {
    document.getElementById("clock-scale")?.classList.toggle("off", state === "device");
    if (state === told || !["device", "two", "late", "over", "refused", "handed", "final", "saved"].includes(state)) return;
    told = state;
    setTimeout(() => show(document, "#saving-line [data-said]", sentence), 100);
  }

  /** The text differs from what the server has: the line must not go on saying "Saved". */
  function onDevice() {
    const clock = since?.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: form.dataset.zone || undefined });
    if (text() !== saved) line(tries ? "device" : "saving", { since: clock ?? "", due: form.dataset.due ?? "" });
    if (tries) waits();
  }

  /** Says that what was pressed was heard, and what it waits for. */
  function waits() {
    const place = document.getElementById("saving-line");
    const sentence = afterwards?.wait;
    if (!place || !sentence) return;
    show(place, "[data-rest]", sentence);
    place.dataset.waits = "yes";
    setTimeout(() => show(place, "[data-said]", sentence), 150);
  }

  function written() {
    empties();
    if (over) return;
    if (text() === saved && !flying) return rest();
    since ??= new Date();
    onDevice();
    timers.put ??= setTimeout(put, ON_DEVICE);
    if (tries) return; // a retry is on its way and takes the newest text along
    soon(PAUSE);
    timers.latest ??= setTimeout(send, AT_LEAST);
  }

  /** Typed and taken back again: what stands on the page is what the server has. */
  function rest() {
    forget();
    since = null;
    soon(PAUSE); // the server says so again; no words of ours
  }

  /** @param {number} wait */
  function soon(wait) {
    clearTimeout(timers.send);
    timers.send = setTimeout(send, wait);
  }

  function send() {
    clearTimeout(timers.send);
    if (flying) return; // what ends it sends what was written meanwhile
    clearTimeout(timers.latest);
    timers.latest = undefined;
    flying = true;
    sent = text();
    stamp();
    put();
    timers.slow = setTimeout(() => {
      tries ||= 1;
      onDevice();
    }, SLOW);
    form.dispatchEvent(new Event("save"));
  }

  /** The next count of this tab, into the form. */
  function stamp() {
    nth += 1;
    hidden.base.value = String(base);
    hidden.tab.value = tab;
    hidden.nth.value = String(nth);
  }

  /** @param {{response?: {status: number}, status: string, text?: string}} ctx */
  function ended(ctx) {
    clearTimeout(timers.slow);
    flying = false;
    const box = document.getElementById("saving");
    if (ctx.status === "swapped" && ctx.text?.includes('id="saving"') && box) answered(box);
    else failed(ctx.response?.status ?? 0, ctx.text ?? "");
  }

  /** @param {HTMLElement} box the server's own words about this save, already on the page */
  function answered(box) {
    const kept = box.dataset.kept ?? "";
    const stands = kept === "same" || kept === "standing";
    tries = 0;
    if (kept === "echo") return anew();
    if (box.dataset.now) document.dispatchEvent(new CustomEvent("clock:sync", { detail: { now: box.dataset.now, closes: box.dataset.closes } }));
    if (stands) base = Number(box.dataset.base ?? base);
    if (kept) saved = sent;
    changed(box.dataset.stateNow ?? "", box.querySelector(".saving")?.textContent?.trim().replace(/\s+/g, " ") ?? "");
    if (kept === "sealed" || ["over", "final"].includes(box.dataset.stateNow ?? "")) return finish();
    if (!kept) return; // refused: it stays here until it is shortened
    if (text() !== saved) {
      since = new Date();
      onDevice();
      return soon(0);
    }
    since = null;
    forget();
    const next = afterwards;
    afterwards = null;
    if (stands || next?.anyway) next?.act();
  }

  /** Another page had our name and count: under a new one the same text is judged by its base. */
  function anew() {
    forget();
    tab = crypto.randomUUID?.() ?? `${tab}x`;
    hold(tab);
    nth = 0;
    send();
  }

  function finish() {
    over = true;
    forget();
    for (const control of form.elements) {
      if (control instanceof HTMLTextAreaElement) control.readOnly = true;
      else if (control instanceof HTMLInputElement && control.type !== "hidden") control.disabled = true;
    }
  }

  /** @param {number} status @param {string} answer */
  function failed(status, answer) {
    const token = status === 400 ? answer.match(/name="csrf_token"[^>]*?value="([^"]+)"/)?.[1] : undefined;
    if (token && !tries) field("csrf_token").value = token;
    tries += 1;
    onDevice();
    if ((status === 403 || status === 404) && tries > 1) {
      const place = document.getElementById("saving-line");
      if (place) show(place, "[data-rest]", form.dataset.startedOver ?? "");
    }
    soon(token && tries === 1 ? 0 : (RETRY[tries - 1] ?? RETRY[RETRY.length - 1] ?? PAUSE));
  }

  /** What handing in would leave empty, this task among it or not. */
  function empties() {
    const place = document.getElementById("empties");
    const nothing = document.getElementById("nothing");
    const something = entries().some(([, value]) => value.trim()) || form.querySelector("[data-something]") !== null;
    if (nothing && "here" in nothing.dataset) nothing.hidden = something;
    if (place) place.textContent = (something ? place.dataset.without : place.dataset.with) ?? "";
  }

  /** Holds this tab's name as long as the page lives, so that no other takes up its draft. @param {string} name */
  function hold(name) {
    form.dataset.tab = name;
    navigator.locks?.request(`desk:${name}`, () => new Promise(() => {})).catch(() => {});
  }

  /** Whether the page of that tab is gone; if so, its name is ours now. @param {string} name @returns {Promise<boolean>} */
  async function takes(name) {
    if (!navigator.locks) return true;
    return new Promise((resolve) => {
      const options = { signal: AbortSignal.timeout(1500) };
      const held = () => {
        resolve(true);
        return new Promise(() => {});
      };
      navigator.locks.request(`desk:${name}`, options, held).catch(() => resolve(false));
    });
  }

  /** @returns {Draft[]} what lies here for this task, the newest first; junk is no draft */
  function drafts() {
    const found = /** @type {Draft[]} */ ([]);
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith(prefix))) {
        const draft = read(localStorage.getItem(key));
        if (draft && key === prefix + draft.tab) found.push(draft);
      }
    } catch {
      return [];
    }
    return found.sort((one, other) => other.at - one.at);
  }

  /** @param {string | null} kept @returns {Draft | null} */
  function read(kept) {
    try {
      const draft = JSON.parse(kept ?? "");
      const numbers = [draft.base, draft.nth, draft.at].every(Number.isSafeInteger);
      const pairs = draft.entries.every((/** @type {unknown} */ one) => Array.isArray(one) && one.length === 2 && one.every((part) => typeof part === "string"));
      return numbers && pairs && typeof draft.tab === "string" ? draft : null;
    } catch {
      return null;
    }
  }

  /** Takes up what a page that is gone could not send any more. */
  async function restore() {
    const begun = text();
    for (const draft of drafts()) {
      if (!(await takes(draft.tab))) continue;
      if (text() !== begun) return;
      if (JSON.stringify(draft.entries) === begun) {
        localStorage.removeItem(prefix + draft.tab);
        continue;
      }
      [tab, nth, base, since] = [draft.tab, draft.nth, draft.base, new Date(draft.at)];
      form.dataset.tab = tab;
      fill(draft.entries);
      onDevice();
      return soon(100);
    }
    hold(tab);
  }

  /** @param {Entries} entries */
  function fill(entries) {
    for (const control of form.elements) {
      if (!(control instanceof HTMLInputElement || control instanceof HTMLTextAreaElement) || OURS.has(control.name)) continue;
      const mine = entries.filter(([name]) => name === control.name).map(([, value]) => value);
      if (control.type === "radio" || control.type === "checkbox") {
        /** @type {HTMLInputElement} */ (control).checked = mine.includes(control.value);
      } else if (control.name && control.type !== "hidden") {
        control.value = mine[0] ?? "";
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** @param {SubmitEvent} event */
  function pressed(event) {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    const clean = text() === saved && !flying;
    if (!button.hasAttribute("formaction")) {
      event.preventDefault();
      const url = button.dataset.go;
      afterwards = url ? { act: () => location.assign(url), anyway: false, wait: button.dataset.wait } : null;
      if (clean && navigator.onLine) return afterwards?.act();
      if (tries || !navigator.onLine) waits();
      return send();
    }
    const chooses = button.name === "number";
    if (!chooses) put(); // after a choice the chosen text is on the page, not what this window had
    stamp();
    if ((clean || !chooses) && !tries && !flying && navigator.onLine) return; // the browser posts it, answer and all
    event.preventDefault(); // it would lead to the browser's own page of failure: first the line, then the act
    afterwards = { act: () => again(button), anyway: button.closest("#saving") !== null, wait: button.dataset.wait };
    if (tries || !navigator.onLine) waits();
    soon(0);
  }

  /** Presses it, or the one that the server has put in its place meanwhile. @param {HTMLButtonElement} button */
  function again(button) {
    const same = (/** @type {Element} */ one) => one instanceof HTMLButtonElement && one.formAction === button.formAction && one.value === button.value;
    const here = [...form.elements].find(same);
    if (here instanceof HTMLButtonElement) form.requestSubmit(here);
  }

  /** The page goes: what is not saved is on the device, and a last save goes out if it is short enough. */
  function leave() {
    if (over || text() === saved) return;
    put();
    stamp();
    const last = /** @type {any} */ (new FormData(form));
    navigator.sendBeacon?.(form.action, new URLSearchParams(last));
  }

  /** A way to another task is taken once what stands here is saved: its page says which tasks are empty. @param {MouseEvent} event */
  function taken(event) {
    const way = event.target instanceof Element ? event.target.closest(".where a, .end td a, .end th a") : null;
    const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!(way instanceof HTMLAnchorElement) || !plain || tries || !navigator.onLine || over || (text() === saved && !flying)) return;
    event.preventDefault();
    afterwards = { act: () => location.assign(way.href), anyway: true };
    soon(0);
  }

  document.addEventListener("click", taken);
  form.addEventListener("input", (event) => {
    if (event.isTrusted) afterwards = null; // who writes on has not finished
    written();
  });
  form.addEventListener("change", written);
  form.addEventListener("submit", pressed);
  form.addEventListener("htmx:finally:request", (event) => ended(/** @type {CustomEvent} */ (event).detail.ctx));
  form.addEventListener("htmx:before:request", (event) => {
    // a lost line is no fault to log with each try: it comes back as an answer without a status
    const { ctx } = /** @type {CustomEvent} */ (event).detail;
    const ask = ctx.fetch;
    ctx.fetch = (/** @type {unknown[]} */ ...asked) => ask(...asked).catch(() => Response.error());
  });
  form.addEventListener("htmx:before:response", (event) => {
    if (!(/** @type {CustomEvent} */ (event).detail.ctx.response.status)) event.preventDefault();
  });
  form.addEventListener("htmx:after:request", (event) => {
    // a page of somebody else's, such as a railway's sign-in, is no answer about our save
    const { ctx } = /** @type {CustomEvent} */ (event).detail;
    if ([200, 409, 422].includes(ctx.response.status) && !ctx.text.includes('id="saving"')) event.preventDefault();
  });
  // the line under the answer says what happened; the page's own toast would say it twice
  for (const name of ["htmx:error", "htmx:response:error"]) form.addEventListener(name, (event) => event.stopPropagation());
  addEventListener("online", () => tries && soon(0));
  addEventListener("pagehide", leave);
  document.addEventListener("clock:closed", () => {
    send();
    setTimeout(() => over || send(), ENDED);
  });
  document.addEventListener("visibilitychange", () => {
    if (text() === saved || over) return;
    if (document.hidden) put();
    if (!flying) soon(0);
  });

  for (const button of form.querySelectorAll("[data-live]")) button.textContent = /** @type {HTMLElement} */ (button).dataset.live ?? "";
  for (const button of form.querySelectorAll("[data-without-script]")) /** @type {HTMLElement} */ (button).hidden = true;
  const fresh = document.getElementById("saving-line");
  if (fresh?.dataset.state === "saved" || fresh?.dataset.state === "idle") show(fresh, "[data-rest]", words[`${fresh.dataset.state}Rest`] ?? "");
  empties();
  restore();
}

const desk = document.getElementById("answer-sheet");
if (desk instanceof HTMLFormElement && "htmx" in window) wake(desk);
