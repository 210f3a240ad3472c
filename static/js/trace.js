// The chosen call of a waterfall: marks its row once its details have arrived, brings them into view
// where they lie below the rows, and steps to the next or previous call with [ and ].
const mark = (side) => {
  const links = document.querySelectorAll(".waterfall .w-name > a");
  for (const link of links) {
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
  if (!way || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
  document.querySelector(`#call a[rel="${way}"]`)?.click();
});
