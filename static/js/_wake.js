// An element that a script has put in works as one that htmx brought: its own links and forms, and whatever
// else listens for what is new on the page.
globalThis.wake = (fresh) => {
  htmx.process(fresh);
  htmx.trigger(fresh, "htmx:load", { elt: fresh });
};
