// Work that pages do when told that something changed: at most once a second, or once in that many
// milliseconds, not all tabs in the same moment, and neither while nobody looks nor while updates are paused;
// what was asked for meanwhile is done once, afterwards, and so is what was under way when they were paused.
globalThis.isPaused = () => document.querySelector('[data-live-pause][aria-pressed="true"]') !== null;

globalThis.paced = (work, interval = 1000) => {
  let due = 0;
  let last = 0;
  const ask = () => {
    due ||= setTimeout(go, Math.max(0, last + interval - Date.now()) + 50 + Math.random() * 200);
  };
  const go = async () => {
    due = 0;
    if (isPaused()) return ask();
    if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
    last = Date.now();
    // nobody answered: once the stream is back it says so, and all of this is asked for anew
    await Promise.resolve(work()).catch(() => {});
    if (isPaused()) ask();
  };
  return ask;
};

// an answer that comes after the pause comes too late; only requests of nobody's hand have no element of their own
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (isPaused() && detail.requestConfig.elt === document.body) detail.shouldSwap = false;
});
