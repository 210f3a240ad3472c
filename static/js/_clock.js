// What time it is at the server, and lengths of time written as the server writes them, for pages that stay open:
// one that listens says when it was made.
const thin = "\u202f";
const made = document.querySelector("[data-made-at]")?.dataset.madeAt;
const ahead = made ? Date.parse(made) - Date.now() : 0; // milliseconds, of the server's clock before this one

globalThis.serverNow = () => Date.now() + ahead;

globalThis.duration = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  if (seconds < 60) return `${seconds}${thin}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}${thin}min ${two(seconds % 60)}${thin}s`;
  return `${Math.floor(minutes / 60)}${thin}h ${two(minutes % 60)}${thin}min`;
};
