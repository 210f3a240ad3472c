// Work that pages do when told that something changed: at most once a second, or once in that many
// milliseconds, not all tabs in the same moment, and neither while nobody looks nor while updates are paused;
// what was asked for meanwhile is done once, afterwards.
globalThis.paced = (work, interval = 1000) => {
  let due = 0;
  let last = 0;
  const ask = () => {
    due ||= setTimeout(go, Math.max(0, last + interval - Date.now()) + 50 + Math.random() * 200);
  };
  const go = async () => {
    due = 0;
    if (document.querySelector('[data-live-pause][aria-pressed="true"]')) return ask();
    if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
    last = Date.now();
    // nobody answered: once the stream is back it says so, and all of this is asked for anew
    await Promise.resolve(work()).catch(() => {});
  };
  return ask;
};
