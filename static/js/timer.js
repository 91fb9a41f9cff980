/**
 * The minutes of an attempt. The server's clock counts: its "now" at rendering plus what performance.now() has measured since,
 * so a wrong clock on the device changes nothing. Saving scripts pass on what each answer of the server said by
 * `clock:sync` ({now, closes} as ISO text); after sleep the page asks data-sync itself. At the end `clock:closed` goes out, once.
 *
 * Minutes, then seconds in the last two minutes; said aloud at half, 10, 5 and 1 minutes, never each second; red from five minutes on.
 */

const MINUTE = 60_000;
const HIDE = "no-time";

/** @typedef {{now: string, closes: string}} Sync */

/** @param {HTMLElement} clock */
function wake(clock) {
  const started = Date.parse(clock.dataset.started ?? "");
  const said = clock.querySelector("[data-said]");
  const box = clock.querySelector(`[name="${HIDE}"]`);
  const language = document.documentElement.lang || "en";
  const navigation = /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType("navigation")[0]);
  let closes = Date.parse(clock.dataset.closes ?? "");
  // the server said its now shortly before the first byte came
  let ahead = Date.parse(clock.dataset.now ?? "") - (navigation?.responseStart ?? 0);
  let before = Number.POSITIVE_INFINITY;
  let closed = false;

  const left = () => Math.max(0, closes - (ahead + performance.now()));

  /** @param {number} ms */
  function words(ms) {
    const seconds = Math.ceil(ms / 1000);
    const [number, unit] = seconds > 120 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
    const time = new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(Number(number));
    return ms > 0 ? (clock.dataset.left ?? "{time}").replace("{time}", time) : (clock.dataset.over ?? "");
  }

  /** @param {number} ms how much is left: say it when one of the marks was passed since the last look */
  function say(ms) {
    const hidden = box instanceof HTMLInputElement && box.checked;
    const marks = hidden ? [5 * MINUTE, MINUTE] : [(closes - started) / 2, 10 * MINUTE, 5 * MINUTE, MINUTE];
    if (said && (marks.some((mark) => ms <= mark && mark < before) || (ms === 0 && before > 0))) {
      if (before !== Number.POSITIVE_INFINITY) said.textContent = words(ms);
    }
    before = ms;
  }

  /** @param {number} ms */
  function move(ms) {
    const scale = document.getElementById("clock-scale");
    const share = `${Math.min(100, Math.max(0, 100 - (100 * ms) / (closes - started))).toFixed(3)}%`;
    scale?.querySelector(".run")?.setAttribute("width", share);
    scale?.querySelector(".now")?.setAttribute("cx", share);
  }

  function tick() {
    if (!clock.isConnected) return;
    const ms = left();
    const text = words(ms);
    // on a narrow screen the head scrolls away, and the strips at its foot show the same
    for (const shown of document.querySelectorAll(".left")) {
      if (shown.textContent !== text) shown.textContent = text;
      shown.classList.toggle("late", ms <= 5 * MINUTE);
    }
    say(ms);
    move(ms);
    if (ms === 0 && !closed) document.dispatchEvent(new CustomEvent("clock:closed"));
    closed = ms === 0;
    setTimeout(tick, ms > 125_000 ? 1000 : 250);
  }

  /** @param {Sync} sync */
  function take(sync) {
    const [now, end] = [Date.parse(sync.now), Date.parse(sync.closes)];
    if (Number.isFinite(now)) ahead = now - performance.now();
    if (Number.isFinite(end)) closes = end;
  }

  async function ask() {
    if (document.hidden || !clock.dataset.sync) return;
    try {
      const answer = await fetch(clock.dataset.sync, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) take(await answer.json());
    } catch {
      // no line: the last known time goes on, and the next answer sets it right
    }
  }

  document.addEventListener("clock:sync", (event) => take(/** @type {CustomEvent<Sync>} */ (event).detail));
  document.addEventListener("visibilitychange", ask);
  addEventListener("pageshow", (event) => event.persisted && ask());
  addEventListener("online", ask);
  if (box instanceof HTMLInputElement) remember(box);
  tick();
}

/** @param {HTMLInputElement} box the choice to hide the time, kept on the device */
function remember(box) {
  try {
    box.checked = localStorage.getItem(HIDE) === "yes";
    box.addEventListener("change", () => localStorage.setItem(HIDE, box.checked ? "yes" : "no"));
  } catch {
    // without storage the choice holds for this page
  }
}

document.querySelectorAll(".timer").forEach((clock) => wake(/** @type {HTMLElement} */ (clock)));
