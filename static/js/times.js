// The tooltip of a moment, which is in UTC, says the reader's own time too.
const local = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
});

document.addEventListener("mouseover", ({ target }) => {
  const time = target.closest?.("time[datetime][title]");
  if (!time || "told" in time.dataset) return;
  time.dataset.told = "";
  const moment = new Date(time.dateTime);
  if (moment.getTimezoneOffset()) time.title += `\n${local.format(moment)} where you are`;
});
