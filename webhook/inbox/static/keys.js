// Keys for the list and for every action of the open conversation. A button or field names its key (`data-hotkey`).
"use strict";

const PAUSE = 1500; // milliseconds after a field that was typed in is gone

const rows = () => [...document.querySelectorAll("a.row")];

function move(step) {
  const all = rows();
  if (!all.length) return;
  const current = document.activeElement?.closest?.("a.row") ?? document.querySelector("a.row[aria-current]");
  const place = current ? Math.min(Math.max(all.indexOf(current) + step, 0), all.length - 1) : 0;
  all[place].focus();
}

/** Opens the conversation before or after the open one. */
function turn(step) {
  const all = rows();
  all[all.findIndex((row) => row.hasAttribute("aria-current")) + step]?.click();
}

/** Presses the button that has the key; opens what is folded, and goes to fields. */
function act(key) {
  const target = document.querySelector(`[data-hotkey="${key}"]`);
  if (!target) return false;
  if (target.matches("details")) {
    target.open = true;
    target.querySelector("input:not([type=hidden]), textarea").focus();
  } else if (target.matches("select, textarea, input")) target.focus();
  else target.click();
  return true;
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "]": () => turn(1),
  "[": () => turn(-1),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.target.matches("input, select, textarea, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]") || Date.now() - (document.body.dataset.typedAt ?? 0) < PAUSE) return;
  if (KEYS[event.key]) KEYS[event.key]();
  else if (event.repeat || !/^[a-z]$/.test(event.key) || !act(event.key)) return;
  event.preventDefault();
});
