// The calls of a waterfall: a click opens the call beside the rows, whose five hundred links say nothing of
// htmx; its row is marked once its details have arrived, which are brought into view where they lie
// below the rows; [ and ] step to the previous and next call.
const links = ".waterfall tbody th > a";

document.addEventListener("click", (event) => {
  const link = event.target.closest(links);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const address = link.getAttribute("href");
  htmx.ajax("GET", address, { source: link, event, target: "#call", swap: "outerHTML", push: "true" });
});

const mark = (side) => {
  for (const link of document.querySelectorAll(links)) {
    const isChosen = new URLSearchParams(link.search).get("call") === side.dataset.seq;
    if (isChosen) link.closest("tr").setAttribute("aria-current", "true");
    else link.closest("tr").removeAttribute("aria-current");
  }
};

document.addEventListener("htmx:afterSettle", (event) => {
  const side = event.detail.elt;
  if (side.id !== "call") return;
  mark(side);
  // not where it was fetched anew by itself: nothing moves under the reader's eye
  if (event.detail.requestConfig?.triggeringEvent) side.scrollIntoView({ block: "nearest" });
});

document.addEventListener("keydown", (event) => {
  const way = { "[": "prev", "]": "next" }[event.key];
  if (!way || !isCommand(event)) return;
  document.querySelector(`#call a[rel="${way}"]`)?.click();
});
