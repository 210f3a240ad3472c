// What failed stays said until the next try, and a click that reached nobody says so: htmx itself keeps
// silent when hotdash does not answer at all.
const say = (...words) => document.getElementById("alerts")?.replaceChildren(...words);

document.addEventListener("htmx:beforeRequest", () => say());

document.addEventListener("htmx:sendError", () => {
  const alert = document.createElement("div");
  const title = document.createElement("strong");
  alert.className = "alert fail";
  title.textContent = "hotdash does not answer. Check your connection, then try again.";
  alert.append(title);
  say(alert);
});
