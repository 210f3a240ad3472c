// J and K walk through the rows of a list, as the arrow keys do in a menu; Enter opens the link that
// has the focus. Letters do nothing while somebody types.
const step = { j: 1, k: -1 };

document.addEventListener("keydown", (event) => {
  const way = step[event.key];
  if (!way || !isCommand(event)) return;
  const links = [...document.querySelectorAll("main a.row-link")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  const next = here < 0 ? 0 : Math.min(Math.max(here + way, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
});
