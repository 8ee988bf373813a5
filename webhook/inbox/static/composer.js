// What is offered while somebody types: canned replies after a slash, colleagues after an @ in a note. Enter or Tab
// chooses the first, the arrow down leads into the list, Escape closes it.
"use strict";

const OFFERS = {
  text: {
    menu: "canned",
    asked: (text) => /^\/(\S*)$/.exec(text.value)?.[1],
    fits: (button, asked) => button.dataset.shortcut.toLowerCase().startsWith(asked.toLowerCase()),
    choose: (text, button) => { text.value = button.dataset.text; },
  },
  note: {
    menu: "mentions",
    asked: (text) => /(?:^|\s)@([^\s@]*)$/.exec(text.value.slice(0, text.selectionStart))?.[1],
    fits: (button, asked) => button.dataset.name.toLowerCase().startsWith(asked.toLowerCase()),
    choose: (text, button) => {
      const before = text.value.slice(0, text.selectionStart).replace(/@[^\s@]*$/, `@${button.dataset.name} `);
      text.value = before + text.value.slice(text.selectionStart);
      text.setSelectionRange(before.length, before.length);
    },
  },
};

const menuOf = (text) => document.getElementById(OFFERS[text.id]?.menu);

function offer(text) {
  const menu = menuOf(text);
  if (!menu) return;
  const asked = OFFERS[text.id].asked(text);
  let any = false;
  for (const button of menu.querySelectorAll("button")) {
    const fits = asked !== undefined && OFFERS[text.id].fits(button, asked);
    button.parentElement.hidden = !fits;
    any ||= fits;
  }
  menu.hidden = !any;
}

function choose(button) {
  const id = Object.keys(OFFERS).find((each) => OFFERS[each].menu === button.closest(".canned").id);
  const text = document.getElementById(id);
  OFFERS[id].choose(text, button);
  text.focus();
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => offer(event.target));
document.addEventListener("click", (event) => {
  const button = event.target.closest(".canned button");
  if (button) choose(button);
});

document.addEventListener("keydown", (event) => {
  if (!event.target.matches(".write textarea") || event.isComposing) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.target.form.requestSubmit(event.target.form.querySelector("button.primary"));
    return;
  }
  const menu = menuOf(event.target);
  if (!menu || menu.hidden) return;
  const first = menu.querySelector("li:not([hidden]) button");
  if (event.key === "Escape") menu.hidden = true;
  else if (event.key === "ArrowDown") first.focus();
  else if (event.key === "Enter" || event.key === "Tab") choose(first);
  else return;
  event.preventDefault();
});
