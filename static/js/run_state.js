// The page of a run that is not over: it fetches itself anew through its own address when the run's state
// changes, and one last time when it is over. What arrives while it does so is newer, and is kept.
const run = () => document.getElementById("run");
const pause = document.querySelector("[data-live-pause]");
const grown = "#calls > tr, ol.feed > li[id], ol.feed .said > span";
let newer = [];

// one after another: of several that wait for one under way htmx keeps the last alone
let turn = Promise.resolve();
const fetchAnew = (address, place) => {
  turn = turn.catch(() => {}).then(() => htmx.ajax("GET", address(), { swap: "outerHTML", ...place }));
  return turn;
};
const chosen = () => document.getElementById("call")?.dataset.seq || 1;

const fetchRun = paced(() =>
  fetchAnew(() => location.pathname + location.search, { target: "#run", select: "#run" }),
);
const fetchLineage = paced(() => fetchAnew(() => run().dataset.lineage, { target: "#lineage" }));
const fetchCall = paced(() => fetchAnew(() => `?call=${chosen()}`, { target: "#call" }));

document.addEventListener("live:nudge", ({ detail }) => {
  if (detail.kind !== "run" || !run()) return;
  if (detail.id === run().dataset.run) fetchRun();
  else fetchLineage();
});
document.addEventListener("live:refetch", () => run() && fetchRun());
document.addEventListener("live:bye", ({ detail }) => detail.reason === "final" && run() && fetchRun());

// the chosen call has ended, or is the very first one
document.addEventListener("live:append", ({ detail }) => {
  const side = document.getElementById("call");
  if (detail.target !== "calls" || !side) return;
  const isOpen = !side.dataset.seq || side.querySelector('header [data-status="running"]');
  const row = document.querySelector(`#calls > [data-seq="${side.dataset.seq || 1}"]`);
  if (row && isOpen && (row.dataset.ended || !side.dataset.seq)) fetchCall();
});

// A piece of a longer text is kept as the line that it arrived as.
const asArrived = (element) => {
  const home = element.closest("#calls, ol.feed").id;
  if (element.tagName !== "SPAN") return { target: home, html: element.outerHTML };
  const line = element.closest("li").cloneNode(true);
  const piece = element.cloneNode(true);
  line.id = element.id;
  line.dataset.fresh = "";
  piece.removeAttribute("id");
  line.querySelector(".said").replaceChildren(piece);
  return { target: home, html: line.outerHTML };
};

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.target.id !== "run") return;
  for (const element of run().querySelectorAll(grown)) element.dataset.known = "";
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.id !== "run") return;
  newer = [...run().querySelectorAll(grown)].filter((element) => !("known" in element.dataset));
  newer = newer.map(asArrived);
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target.id !== "run") return;
  for (const piece of newer.splice(0)) {
    document.dispatchEvent(new CustomEvent("live:append", { detail: piece }));
  }
  if (!document.querySelector("#run[data-is-live]")) pause?.remove();
});

if (pause) pause.hidden = false;
