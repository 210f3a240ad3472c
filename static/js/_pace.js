// Work that pages do when told that something changed: at most once a second, or once in that many
// milliseconds, not all tabs in the same moment, and neither while nobody looks nor while updates are paused;
// what was asked for meanwhile is done once, afterwards, and so is what was under way when they were paused.
// It makes way for what somebody clicks, too: a place that is fetched anew has no room for another answer.
const byHand = new Set(); // requests that somebody's click sent, under way
const begun = new WeakMap(); // of every other: how many clicks there had been
let clicks = 0;
globalThis.isPaused = () => document.querySelector('[data-live-pause][aria-pressed="true"]') !== null;

globalThis.paced = (work, interval = 1000) => {
  let due = 0;
  let last = 0;
  const ask = () => {
    due ||= setTimeout(go, Math.max(0, last + interval - Date.now()) + 50 + Math.random() * 200);
  };
  const go = async () => {
    due = 0;
    if (isPaused() || byHand.size) return ask();
    if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
    last = Date.now();
    const before = clicks;
    // nobody answered: once the stream is back it says so, and all of this is asked for anew
    await Promise.resolve(work()).catch(() => {});
    if (isPaused() || clicks !== before) ask();
  };
  return ask;
};

// what a click sends has an event; what nobody's hand sends by htmx.ajax has no element of its own, either
document.addEventListener("htmx:beforeRequest", (event) => {
  const { requestConfig, xhr } = event.detail;
  if (requestConfig.triggeringEvent) {
    clicks += 1;
    byHand.add(xhr);
    xhr.addEventListener("loadend", () => byHand.delete(xhr));
  } else if (requestConfig.elt === document.body) {
    begun.set(xhr, clicks);
    if (byHand.size) event.preventDefault();
  }
});

// an answer that comes after the pause, or after a click, comes too late
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt !== document.body) return;
  if (isPaused() || begun.get(detail.xhr) !== clicks) detail.shouldSwap = false;
});
