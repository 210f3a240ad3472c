// What a list that was fetched anew holds, said to those who do not see it. Not an out-of-band swap of htmx:
// it looks for its target near the link that asked, and that may have been replaced in the meantime.
document.addEventListener("htmx:load", ({ detail }) => {
  const words = detail.elt.querySelector?.("[data-said]");
  const said = document.getElementById("said");
  if (words && said) said.textContent = words.textContent.trim().replace(/\s+/g, " ");
});
