// What a run says, as it says it: text goes on where text of the same type ended, the newest stays in view,
// and what is too much for a page is counted and let go.
const join = (line) => {
  const piece = line.querySelector(".said > span");
  piece.id = line.id;
  line.removeAttribute("id");
  const known = line.parentElement.closest("li"); // the piece stood in a longer text already
  if (known) return line.replaceWith(piece);
  const before = line.previousElementSibling;
  if (before?.dataset.joins !== line.dataset.joins) return undefined;
  before.querySelector(".said").append(piece);
  return line.remove();
};

const bound = (list) => {
  const pieces = list.querySelectorAll(".said > span, li > .feed-body > code");
  const tooMany = pieces.length - Number(list.dataset.most);
  if (tooMany <= 0) return;
  for (const piece of [...pieces].slice(0, tooMany)) {
    const line = piece.closest("li");
    piece.remove();
    if (!line.querySelector(".said > span, code")) line.remove();
  }
  const before = Number(list.dataset.before) + tooMany;
  const words = list.closest(".card").querySelector(".said-before");
  list.dataset.before = before;
  words.hidden = false;
  words.firstElementChild.textContent = before.toLocaleString("en-GB");
};

const toNewest = (list) => {
  const view = list.parentElement;
  view.scrollTop = view.scrollHeight;
};

// before the line is in: whoever has scrolled back to read is not moved
let isAtEnd = true;
document.addEventListener("scroll", ({ target }) => {
  if (!target.classList?.contains("said-scroll")) return;
  isAtEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 24;
}, true);

document.addEventListener("live:append", ({ detail }) => {
  const list = document.getElementById(detail.target);
  if (!list?.matches("ol.feed")) return;
  for (const line of list.querySelectorAll("li[data-fresh]")) {
    delete line.dataset.fresh;
    join(line);
  }
  bound(list);
  if (isAtEnd) toNewest(list);
});

const show = () => document.querySelectorAll("ol.feed[data-most]").forEach(toNewest);
document.addEventListener("htmx:afterSwap", show);
show();
