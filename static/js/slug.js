// The short name follows the name until somebody writes it themselves.
const short = (name) =>
  name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40);

document.addEventListener("input", ({ target }) => {
  const form = target.form;
  const slug = form?.querySelector("[data-follows-name]");
  if (!slug) return;
  if (target === slug) slug.dataset.own = slug.value;
  else if (target.name === "name" && !(slug.dataset.own ?? slug.defaultValue)) slug.value = short(target.value);
});
