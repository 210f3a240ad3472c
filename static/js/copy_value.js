// A button that copies a whole value: `data-copies` names an element of the page, or the address of the value.
const textOf = async (named) => {
  if (named.startsWith("#")) return document.querySelector(named).textContent;
  const answer = await fetch(named);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
};

document.addEventListener("htmx:load", ({ detail }) => {
  if (!navigator.clipboard) return; // over plain http a browser gives none
  for (const button of detail.elt.querySelectorAll("[data-copies]")) button.hidden = false;
});

document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copies]");
  if (!button) return;
  const text = textOf(button.dataset.copies).then((whole) => new Blob([whole], { type: "text/plain" }));
  const copied = navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
  const isCopied = await copied.then(() => true, () => false);
  button.dataset.icon = isCopied ? "check" : "copy";
  button.textContent = isCopied ? "Copied" : "Not copied";
  setTimeout(() => {
    button.dataset.icon = "copy";
    button.textContent = "Copy";
  }, 1500);
});
