// A letter is a command where nobody types and no other key turns it into something of the browser's.
globalThis.isCommand = (event) =>
  !event.ctrlKey && !event.metaKey && !event.altKey &&
  !event.target.closest("input, textarea, select, [contenteditable], dialog[open]");
