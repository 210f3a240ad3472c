// On a page that listens, and so stays open, what is said of how long ago something was and of how long a run of a
// list takes so far goes on with the time.
const thin = "\u202f";
const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
const relative = /^(now|\d+\u202f(d|h|min|s) ago)$/; // and not a date, nor a moment of the day

const ago = (milliseconds) => {
  const seconds = Math.floor(milliseconds / 1000);
  const unit = units.find(([, size]) => seconds >= size);
  return unit ? `${Math.floor(seconds / unit[1])}${thin}${unit[0]} ago` : "now";
};

const write = (element, words) => {
  if (element.textContent !== words) element.textContent = words;
};

const tick = () => {
  if (isPaused() || document.hidden) return;
  for (const time of document.querySelectorAll("main time[datetime]")) {
    if (relative.test(time.textContent)) write(time, ago(serverNow() - Date.parse(time.dateTime)));
  }
  for (const took of document.querySelectorAll(":is(tr, li) .elapsed:not([data-since])")) {
    const start = took.closest("tr, li").querySelector("time[datetime]");
    if (start?.dateTime) write(took, duration(serverNow() - Date.parse(start.dateTime)));
  }
};

if (document.querySelector("[data-made-at]")) setInterval(tick, 1000);
