/**
 * Sends the files that a candidate chooses or drops, piece by piece. Without this they go with the form.
 *
 * A file is known by its hash, so that the same file, chosen again after a lost line, a reload or on another day, goes
 * on where it stopped. It belongs to the answer only once the server says so; the list is then drawn by the server.
 * Whatever is pressed meanwhile waits for it.
 */

/** @typedef {{row: HTMLLIElement, file: File, stopped: boolean, turn: number}} Sending */

const RETRY = [500, 1000, 2000, 4000]; // then every four seconds
const LOOKS = [1500, 3000, 5000, 8000, 13000, 20000]; // until the copy for reviewers is made, or cannot be
const MEGABYTE = 1048576;

/** @param {HTMLElement} box @param {HTMLFormElement} form @param {HTMLInputElement} chooser */
function wake(box, form, chooser) {
  const words = /** @type {HTMLElement} */ (document.getElementById("files-words")).dataset;
  const list = /** @type {HTMLElement} */ (box.querySelector("[data-sending]"));
  const drop = /** @type {HTMLElement} */ (document.getElementById("files-drop"));
  const most = Number(box.dataset.most);
  /** @type {Sending[]} */
  const sending = [];
  /** @type {Promise<void>} */
  let line = Promise.resolve(); // one after the other: on a poor line two would both crawl
  /** @type {HTMLButtonElement | null} */
  let pressed = null;
  /** @type {(() => void)[]} */
  let awake = [];
  let turn = 0; // how many times something was chosen

  /** @param {string | undefined} sentence @param {Record<string, string>} [values] */
  const say = (sentence, values = {}) => (sentence ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const megabytes = (/** @type {number} */ bytes) => (bytes / MEGABYTE).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });

  /** @param {string} sentence */
  function aloud(sentence) {
    const place = box.querySelector("[data-said]");
    if (place) place.textContent = sentence;
  }

  function room() {
    return most - box.querySelectorAll("#files-kept [data-something]").length - sending.length;
  }

  function draw() {
    const full = room() <= 0;
    drop.hidden = full;
    const told = box.querySelector("[data-full]");
    if (told instanceof HTMLElement) told.hidden = !(full && sending.length === 0);
  }

  /** @param {string} name */
  function row(name) {
    const made = document.createElement("li");
    const which = Object.assign(document.createElement("span"), { className: "which" });
    which.append(Object.assign(document.createElement("bdi"), { textContent: name }));
    const far = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    far.setAttribute("aria-label", name);
    const stop = Object.assign(document.createElement("button"), { type: "button", className: "bare", textContent: words.stop });
    stop.setAttribute("aria-label", say(words.stopName, { name }));
    const how = Object.assign(document.createElement("p"), { className: "note num" });
    made.append(which, stop, far, how);
    list.append(made);
    return made;
  }

  /** @param {HTMLElement} li @param {string} sentence @param {number} [far] from 0 to 1 */
  function tell(li, sentence, far) {
    const [how, bar] = [li.querySelector("p"), li.querySelector("progress")];
    if (how && how.textContent !== sentence) how.textContent = sentence;
    if (bar && far !== undefined) bar.value = far;
  }

  /** What was wrong stays until it is read, or another file that was chosen after it is there. @param {HTMLElement} li @param {string} name @param {string} sentence */
  function refuse(li, name, sentence) {
    li.querySelector("progress")?.remove();
    const how = li.querySelector("p");
    if (how) how.className = "wrong";
    li.dataset.refused = "";
    tell(li, sentence);
    aloud(`${name}: ${sentence}`);
    const button = li.querySelector("button");
    if (!button) return;
    button.textContent = words.hide ?? "";
    button.setAttribute("aria-label", say(words.hideName, { name }));
    button.onclick = () => {
      li.remove();
      chooser.focus();
    };
  }

  /** @param {number} before the turn of the file that is there */
  function forgive(before) {
    for (const li of list.querySelectorAll("li[data-refused]")) {
      if (!(li instanceof HTMLElement) || Number(li.dataset.turn) >= before) continue;
      if (li.contains(document.activeElement)) chooser.focus();
      li.remove();
    }
  }

  /** @param {FileList | File[]} files */
  function take(files) {
    turn += 1;
    for (const file of files) {
      const li = row(file.name);
      li.dataset.turn = String(turn);
      if (room() <= 0) refuse(li, file.name, words.many ?? "");
      else if (file.size > Number(box.dataset.mostBytes)) refuse(li, file.name, say(words.large, { size: megabytes(file.size), most: String(Number(box.dataset.mostBytes) / MEGABYTE) }));
      else queue({ row: li, file, stopped: false, turn });
    }
    draw();
  }

  /** @param {Sending} one */
  function queue(one) {
    sending.push(one);
    tell(one.row, say(words.reads, { name: one.file.name }));
    const stop = one.row.querySelector("button");
    if (stop) stop.onclick = () => halt(one);
    line = line.then(() => send(one)).catch(() => refuse(one.row, one.file.name, words.unread ?? "")).finally(() => ended(one));
  }

  /** What has arrived stays on our side for a while, under "Give up". @param {Sending} one */
  function halt(one) {
    one.stopped = true;
    one.row.remove();
    wakeAll();
  }

  /** @param {Sending} one */
  function ended(one) {
    sending.splice(sending.indexOf(one), 1);
    if (one.stopped) refresh();
    draw();
    if (sending.length) return;
    const button = pressed;
    pressed = null;
    if (button?.isConnected) form.requestSubmit(button);
  }

  /** @param {Sending} one */
  async function send(one) {
    if (one.stopped) return;
    const { file, row: li } = one;
    const digest = await hash(file);
    const begun = await post(one, String(box.dataset.uploads), { name: file.name, size: String(file.size), sha256: digest }, 0);
    if (!begun) return;
    if (begun.refused) return refuse(li, file.name, begun.refused);
    let { arrived, there } = begun;
    while (!there && !one.stopped) {
      const piece = file.slice(arrived, arrived + begun.piece);
      const all = megabytes(file.size);
      tell(li, arrived + piece.size >= file.size ? (words.checks ?? "") : say(words.comes, { done: megabytes(arrived), all }), arrived / file.size);
      const answer = await post(one, begun.at, { offset: String(arrived), tab: form.dataset.tab ?? "", piece }, arrived);
      if (!answer) return;
      if (answer.refused) return refuse(li, file.name, answer.refused);
      ({ arrived, there } = answer);
    }
    if (one.stopped) return;
    await refresh();
    li.remove();
    forgive(one.turn);
    aloud(say(words.there, { name: file.name }));
    form.dispatchEvent(new Event("change")); // the line under the answer asks the server how it stands
    look(0);
  }

  /** @param {File} file */
  async function hash(file) {
    const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /**
   * Posts until it is answered; nothing when it was stopped. @param {Sending} one @param {string} url
   * @param {Record<string, string | Blob>} fields @param {number} done
   */
  async function post(one, url, fields, done) {
    for (let tries = 0; !one.stopped; tries += 1) {
      const body = new FormData();
      const token = form.querySelector("input[name=csrf_token]");
      if (token instanceof HTMLInputElement) body.set("csrf_token", token.value);
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      try {
        const answer = await fetch(url, { method: "POST", body, headers: { "HX-Request-Type": "partial" }, signal: AbortSignal.timeout(60000) });
        if (answer.ok || answer.status === 422) return await answer.json();
        const fresh = answer.status === 400 ? (await answer.text()).match(/name="csrf_token"[^>]*?value="([^"]+)"/)?.[1] : undefined;
        if (fresh && token instanceof HTMLInputElement) token.value = fresh;
        if (answer.status === 404) return { refused: form.dataset.startedOver ?? "" };
      } catch {
        // no line, or one that died within
      }
      tell(one.row, say(words.waits, { done: megabytes(done), all: megabytes(one.file.size) }));
      await pause(RETRY[tries] ?? RETRY[RETRY.length - 1] ?? 4000);
    }
    return null;
  }

  /** Until then, or until the line is back. @param {number} wait */
  function pause(wait) {
    return new Promise((resolve) => {
      awake.push(() => resolve(undefined));
      setTimeout(resolve, wait);
    });
  }

  function wakeAll() {
    for (const go of awake) go();
    awake = [];
  }

  /** Lets the server draw the list. */
  async function refresh() {
    try {
      const answer = await fetch(String(box.dataset.files), { headers: { "HX-Request-Type": "partial" } });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("files-kept");
      if (answer.ok && fresh) document.getElementById("files-kept")?.replaceWith(fresh);
    } catch {
      // it is drawn the next time
    }
    draw();
  }

  /** Whether a copy for reviewers could be made is known a little later. @param {number} nth */
  function look(nth) {
    if (!box.querySelector("#files-kept[data-waits]") || nth >= LOOKS.length) return;
    setTimeout(async () => {
      const inside = box.querySelector("#files-kept")?.contains(document.activeElement);
      if (!inside) await refresh();
      look(nth + 1);
    }, LOOKS[nth]);
  }

  /** @param {HTMLButtonElement} button */
  async function takeOut(button) {
    button.disabled = true;
    const body = new FormData();
    const token = form.querySelector("input[name=csrf_token]");
    if (token instanceof HTMLInputElement) body.set("csrf_token", token.value);
    body.set("tab", form.dataset.tab ?? "");
    try {
      await fetch(String(button.dataset.out), { method: "POST", body, headers: { "HX-Request-Type": "partial" } });
      await refresh();
      form.dispatchEvent(new Event("change"));
      (drop.hidden ? box.querySelector("button") : chooser)?.focus();
    } catch {
      button.disabled = false;
      aloud(say(words.waits, { done: "0", all: "0" }));
    }
  }

  /** @param {SubmitEvent} event */
  function submitted(event) {
    const button = event.submitter;
    if (button instanceof HTMLButtonElement && button.dataset.out) {
      event.preventDefault();
      event.stopImmediatePropagation();
      takeOut(button);
    } else if (sending.length && button instanceof HTMLButtonElement) {
      event.preventDefault();
      event.stopImmediatePropagation();
      pressed = button;
      for (const one of sending) tell(one.row, words.press ?? "");
      aloud(words.press ?? "");
    }
  }

  chooser.removeAttribute("name"); // it is sent from here, not with the form
  form.removeAttribute("enctype");
  drop.dataset.sends = "yes";
  for (const hint of box.querySelectorAll("[data-drop]")) /** @type {HTMLElement} */ (hint).hidden = !matchMedia("(pointer: fine)").matches;
  chooser.addEventListener("change", (event) => {
    event.stopPropagation();
    take([...(chooser.files ?? [])]);
    chooser.value = "";
  });
  form.addEventListener("submit", submitted, { capture: true });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.dataset.over = "yes";
  });
  drop.addEventListener("dragleave", () => delete drop.dataset.over);
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    delete drop.dataset.over;
    take([...(event.dataTransfer?.files ?? [])]);
  });
  // a file that misses its place must not take the page's
  for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());
  addEventListener("online", wakeAll);
  addEventListener("beforeunload", (event) => {
    if (sending.length && !pressed) event.preventDefault();
  });
  draw();
  look(0);
}

const files = document.getElementById("files");
const sheet = document.getElementById("answer-sheet");
const input = document.getElementById("answer-file");
if (files?.dataset.uploads && sheet instanceof HTMLFormElement && input instanceof HTMLInputElement && "subtle" in (crypto ?? {})) wake(files, sheet, input);
