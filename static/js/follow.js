// Panels that follow what happens, each in its place: figures, a sentence, what runs now. One look at the page
// serves them all, at most every five seconds: they sum up, and others show each thing as it comes. What
// changes in a row that they show is looked at within a second.
const seconds = 5;

const look = async () => {
  const answer = await fetch(location);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const panel of document.querySelectorAll("[data-follows]")) {
    const next = fresh.getElementById(panel.id);
    const focused = panel.contains(document.activeElement) ? document.activeElement : null;
    const same = focused && [...(next?.querySelectorAll("a") ?? [])].find((link) => link.href === focused.href);
    if (!next || (focused && !same)) continue; // nothing is taken from under the keyboard
    panel.replaceWith(next);
    wake(next);
    same?.focus();
  }
};

const follow = paced(look, seconds * 1000);
const keepUp = paced(look);
document.addEventListener("live:nudge", ({ detail }) => {
  const panels = [...document.querySelectorAll(`[data-follows="${detail.kind}"]`)];
  if (panels.some((panel) => panel.querySelector(`[title="${detail.id}"]`))) keepUp();
  else if (panels.length) follow();
});
document.addEventListener("live:refetch", () => document.querySelector("[data-follows]") && follow());
