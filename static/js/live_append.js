// Puts what arrived into its element: each root of the HTML takes the place of the one that has its id
// already, so that nothing stands twice, or else comes last.
document.addEventListener("live:append", (event) => {
  const { target, html } = event.detail;
  const parsed = document.createElement("template");
  parsed.innerHTML = html;
  for (const fresh of [...parsed.content.children]) {
    const former = fresh.id && document.getElementById(fresh.id);
    if (former) former.replaceWith(fresh);
    else document.getElementById(target)?.append(fresh);
    wake(fresh);
  }
});
