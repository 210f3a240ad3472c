// Gives every id (`code.uid` with its full form in `title`) and every element with data-copy a button
// that copies it, where the browser lets one copy: over plain http it does not. The server draws none: fifty
// rows of buttons would be half of a page.
const ids = "code.uid[title], [data-copy]";

const addButton = (element) => {
  if (!navigator.clipboard || element.nextElementSibling?.classList.contains("copy")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.dataset.icon = "copy";
  button.setAttribute("aria-label", `Copy ${element.dataset.copyName ?? element.textContent.trim()}`);
  element.after(button);
};

document.addEventListener("htmx:load", (event) => {
  const fresh = event.detail.elt;
  if (fresh.matches?.(ids)) addButton(fresh);
  fresh.querySelectorAll?.(ids).forEach(addButton);
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  const source = button.previousElementSibling;
  await navigator.clipboard.writeText(source.dataset.copy || source.title || source.textContent);
  button.dataset.icon = "check";
  button.dataset.copied = "";
  setTimeout(() => {
    button.dataset.icon = "copy";
    delete button.dataset.copied;
  }, 1500);
});
