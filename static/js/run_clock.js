// A run that is under way, each second: how long it has taken so far, and the bars of its calls on a clock
// that ends now, at the server.
const thin = "\u202f";
const mostRows = 500;

const indent = (row) => {
  const above = document.getElementById(row.dataset.parent);
  row.dataset.indent = above ? Math.min(12, Number(above.dataset.indent) + 1) : 0;
};

const draw = (row, start, length) => {
  const at = (text, otherwise) => (text ? Math.min(Math.max(0, text - start), length) : otherwise);
  const from = at(row.dataset.began, 0);
  const to = at(row.dataset.ended, length);
  const width = Math.max(0.4, (100 * (to - from)) / length);
  const bar = row.querySelector("rect");
  bar.setAttribute("x", `${Math.min((100 * from) / length, 100 - width)}%`);
  bar.setAttribute("width", `${width}%`);
  const label = row.querySelector("text");
  const isLeft = to > 0.7 * length && from > 0.3 * length;
  label?.setAttribute("x", `${(100 * (isLeft ? from : to)) / length}%`);
  label?.setAttribute("text-anchor", isLeft ? "end" : "start");
  if (!row.dataset.ended) row.cells[1].firstChild.data = duration(to - from);
};

const tick = () => {
  if (isPaused() || document.hidden) return;
  const now = serverNow();
  for (const element of document.querySelectorAll("[data-since]")) {
    element.textContent = duration(now - Date.parse(element.dataset.since));
  }
  const table = document.querySelector(".waterfall[data-began]");
  if (!table) return;
  const start = Date.parse(table.dataset.began);
  const length = Math.max(1, now - start);
  for (const row of table.querySelectorAll("tr[data-began]")) draw(row, start, length);
  table.querySelectorAll("text.t-tick").forEach((text, quarter) => {
    const at = (length * quarter) / 4;
    if (quarter) text.textContent = length < 2e4 ? `${(at / 1000).toFixed(1)}${thin}s` : duration(at);
  });
};

document.addEventListener("live:append", ({ detail }) => {
  const calls = document.getElementById("calls");
  if (detail.target !== "calls" || !calls) return;
  for (const row of calls.querySelectorAll('[data-indent=""]')) indent(row);
  const seen = Number(document.querySelector("[data-calls]").textContent.replace(/\D/g, ""));
  const count = Math.max(seen, ...[...calls.rows].map((row) => Number(row.dataset.seq)));
  for (const text of document.querySelectorAll("[data-calls]")) text.textContent = count;
  while (calls.rows.length > mostRows) calls.lastElementChild.remove();
  const inside = [...calls.querySelectorAll('[data-state="open"] > th > a')].at(-1)?.textContent;
  const words = document.getElementById("now-in");
  if (words) words.textContent = inside ? `It is in ${inside}.` : "";
  tick();
});

if (document.querySelector("#run[data-is-live]")) setInterval(tick, 1000);
