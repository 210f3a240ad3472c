// The one stream of a page. What comes is told to the page as events of `document`: live:nudge,
// live:append, live:refetch, live:bye. The mark in the top bar says how well the page hears; while
// paused everything waits, and nothing is lost.
const mark = document.querySelector("[data-live-url]");
const looks = { live: "on", polling: "late", reconnecting: "late", paused: "paused", over: "paused" };
const words = { live: "Live", reconnecting: "Reconnecting", refused: "Not allowed to listen", over: "Finished" };
const mostHeld = 1000;
const longestWait = 60000;
let heard = { state: "reconnecting", reconnects: 0, missed: 0, seconds: 0 };
let held = [];
let place = "";
let wait = 1000;
let isRevoked = false; // the last that was said: if the door stays closed now, it is for good

const show = () => {
  const state = isPaused() ? "paused" : heard.state;
  let word = words[state];
  if (state === "polling") word = `Polling every ${heard.seconds} s`;
  if (state === "paused") word = held.length ? `Paused, ${held.length} waiting` : "Paused";
  mark.hidden = false;
  mark.dataset.live = looks[state] ?? "off";
  mark.title = `${heard.reconnects} reconnects, ${heard.missed} missed`;
  if (mark.firstElementChild.textContent !== word) mark.firstElementChild.textContent = word;
};

const tell = (name, detail) => {
  if (isPaused()) {
    held.push([name, detail]);
    if (held.length > mostHeld) held = [["refetch", {}]];
    return show();
  }
  document.dispatchEvent(new CustomEvent(`live:${name}`, { detail }));
};

const listen = () => {
  const address = new URL(mark.dataset.liveUrl, location);
  if (place) address.searchParams.set("after", place);
  const source = new EventSource(address);
  const on = (name, hear) =>
    source.addEventListener(name, (event) => {
      wait = 1000;
      isRevoked = false;
      place = event.lastEventId || place;
      hear(JSON.parse(event.data));
    });
  for (const name of ["nudge", "append", "refetch"]) on(name, (detail) => tell(name, detail));
  on("mark", (told) => { heard = told; show(); });
  on("bye", (told) => {
    if (told.reason === "final") source.close();
    isRevoked = told.reason === "revoked";
    heard.state = told.reason === "final" ? "over" : "reconnecting";
    tell("bye", told);
    show();
  });
  source.addEventListener("error", () => {
    const isAnswered = source.readyState === EventSource.CLOSED; // else the browser comes back by itself
    heard.state = isAnswered && isRevoked ? "refused" : "reconnecting";
    show();
    if (!isAnswered) return;
    setTimeout(listen, wait);
    wait = Math.min(wait * 2, longestWait);
  });
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-live-pause]");
  if (!button) return;
  button.setAttribute("aria-pressed", !isPaused());
  const waiting = isPaused() ? [] : held.splice(0);
  for (const [name, detail] of waiting) tell(name, detail);
  show();
});

if (mark) listen();
