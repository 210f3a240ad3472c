// A name that a narrow row clips is said whole in a tooltip; lists do not send every name twice for it.
document.addEventListener("mouseover", ({ target }) => {
  const link = target.closest?.("#rows a.fn");
  if (link) link.title ||= link.textContent;
});
