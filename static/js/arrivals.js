// A list that grows while it is read: new rows are counted in a pill until they are asked for, and rows that
// changed are fetched anew, where they stand. Nothing moves under the reader's eye.
const words = { succeeded: "Succeeded", failed: "Failed", cancelled: "Cancelled", running: "Running" };
const unfinished = '[data-status="running"], [data-status="pending"], [data-status="pending_retry"]';
const known = new WeakMap();

const all = () => document.querySelectorAll("[data-arrivals]");
const idOf = (row) => row.querySelector("code.uid")?.title;
const rowsOf = (root) => new Map([...root.querySelectorAll("tbody > tr")].map((row) => [idOf(row), row]));
const stateOf = (list) => {
  if (!known.has(list)) known.set(list, { fresh: new Set(), changed: new Set(), isOld: false });
  return known.get(list);
};

// ids are made in order: what is not newer is on an older page
const isNewer = (list, id) => id > list.dataset.newest;

const count = (list, id) => {
  const { fresh } = stateOf(list);
  fresh.add(id);
  const pill = list.querySelector(".arrivals > a");
  const noun = `${list.dataset.arrivals}${fresh.size === 1 ? "" : "s"}`;
  pill.querySelector("span").textContent = `${fresh.size} new ${noun}${pill.dataset.aside ?? ""}`;
  pill.hidden = false;
};

const replace = (row, fresh) => {
  const hadFocus = row.contains(document.activeElement);
  row.replaceWith(fresh);
  wake(fresh);
  if (hadFocus) fresh.querySelector("a")?.focus();
};

const fetchRows = async (list) => {
  const state = stateOf(list);
  const { isOld, changed } = state;
  Object.assign(state, { isOld: false, changed: new Set() });
  const url = new URL(location);
  if (!isOld && list.dataset.newest) url.searchParams.set("first", list.dataset.newest);
  const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": list.id } });
  if (!answer.ok) return;
  const found = rowsOf(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const shown = rowsOf(list);
  for (const [id, row] of shown) {
    if ((isOld || changed.has(id)) && found.has(id)) replace(row, found.get(id));
  }
  if (!isOld || url.searchParams.has("from")) return;
  const ids = [...found.keys()];
  const last = ids.findLastIndex((id) => shown.has(id));
  ids.forEach((id, place) => {
    if (id && !shown.has(id) && (place < last || isNewer(list, id))) count(list, id);
  });
};

const fetchAll = paced(() =>
  Promise.all([...all()].filter((list) => stateOf(list).isOld || stateOf(list).changed.size).map(fetchRows)),
);

document.addEventListener("live:nudge", ({ detail }) => {
  for (const list of all()) {
    const state = stateOf(list);
    const rows = rowsOf(list);
    const row = list.dataset.arrivals === detail.kind ? rows.get(detail.id) : undefined;
    if (row) state.changed.add(detail.id);
    else if (list.dataset.arrivals === detail.kind) isNewer(list, detail.id) && count(list, detail.id);
    // which rows it belongs to is not told: those that wait for news, or one that is new
    else if (list.dataset.hangsOn === detail.kind) {
      state.isOld ||= list.querySelector(unfinished) !== null || !words[detail.status];
    }
    const badge = detail.kind === "run" && words[detail.status] ? row?.querySelector(".status") : null;
    if (badge) Object.assign(badge, { textContent: words[detail.status] }).dataset.status = detail.status;
    if (state.isOld || state.changed.size) fetchAll();
  }
});

document.addEventListener("live:refetch", () => {
  for (const list of all()) stateOf(list).isOld = true;
  if (all().length) fetchAll();
});
