// Panels that follow what happens, each in its place: figures, a sentence, what runs now. One look at the page
// serves them all, at most every five seconds: they sum up, and others show each thing as it comes.
const seconds = 5;

const look = async () => {
  const answer = await fetch(location);
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const panel of document.querySelectorAll("[data-follows]")) {
    const next = fresh.getElementById(panel.id);
    if (!next || panel.contains(document.activeElement)) continue;
    panel.replaceWith(next);
    wake(next);
  }
};

const follow = paced(look, seconds * 1000);
document.addEventListener("live:nudge", ({ detail }) => {
  if (document.querySelector(`[data-follows="${detail.kind}"]`)) follow();
});
document.addEventListener("live:refetch", () => document.querySelector("[data-follows]") && follow());
