// Work that pages do when told that something changed: at most once a second, not all tabs in the same
// moment, and not while nobody looks; what was asked for meanwhile is done once, afterwards.
globalThis.paced = (work) => {
  let due = 0;
  let last = 0;
  const ask = () => {
    due ||= setTimeout(go, Math.max(0, last + 1000 - Date.now()) + Math.random() * 250);
  };
  const go = async () => {
    due = 0;
    if (document.hidden) return document.addEventListener("visibilitychange", ask, { once: true });
    last = Date.now();
    await work();
  };
  return ask;
};
