// The knowledge page: dropping files, how far reading is, and asking without leaving the page. All of it also works
// without this script, by sending forms and reloading.
"use strict";

const documents = document.getElementById("documents");
const news = document.getElementById("documents-news");
const BUSY = 1000, QUIET = 10000;

const isBusy = () => documents.querySelector("[data-state=waiting], [data-state=reading]") !== null;

// Only entries that have changed are put in, so that an opened form stays open.
function show(fresh) {
  const list = documents.querySelector(".documents");
  const shown = new Map([...list.children].map((item) => [item.id, item]));
  const items = [...fresh.querySelector(".documents").children];
  const ids = new Set(items.map((item) => item.id));
  for (const [id, item] of shown) if (!ids.has(id)) item.remove();
  items.forEach((item, place) => {
    const old = shown.get(item.id);
    if (old && old.dataset.stamp === item.dataset.stamp) return;
    if (old && old.dataset.state !== item.dataset.state) news.textContent = item.dataset.news;
    if (old) old.replaceWith(item);
    else list.insertBefore(item, list.children[place] || null);
  });
  for (const note of documents.querySelectorAll(":scope > p")) note.hidden = items.length > 0;
}

async function refresh() {
  try {
    const answer = await fetch(documents.dataset.address, { headers: { "X-Fragment": "1" } });
    if (answer.status === 401) return location.reload();
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // The network is away for a moment; the next time tells.
  }
  wait();
}

function wait() {
  setTimeout(refresh, isBusy() ? BUSY : QUIET);
}
wait();

const drop = document.querySelector(".drop");
if (drop) {
  const files = drop.querySelector("input");
  for (const name of ["dragenter", "dragover"]) drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    files.files = event.dataTransfer.files;
    if (files.files.length) files.form.requestSubmit();
  });
}

const ask = document.getElementById("ask");
const answer = document.getElementById("answer");
ask.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = ask.querySelector("button");
  button.disabled = true;
  answer.textContent = ask.dataset.asking;
  try {
    const said = await fetch(ask.action, { method: "POST", headers: { "X-Fragment": "1" }, body: new FormData(ask) });
    const text = await said.text();
    if (said.headers.get("Content-Type").startsWith("text/html")) {
      answer.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
    } else answer.textContent = text;
  } catch {
    ask.submit();
  } finally {
    button.disabled = false;
  }
});
ask.querySelector("textarea").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    ask.requestSubmit();
  }
});
