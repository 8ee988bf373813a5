// How far an import is, without reloading the page by hand. Without this script a link does that.
"use strict";

const PAUSE = 1000;

async function refresh() {
  const shown = document.getElementById("upload");
  if (!shown || shown.dataset.state !== "importing") return;
  try {
    const answer = await fetch(location.href);
    if (answer.status === 401) return location.reload();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("upload");
    if (fresh && fresh.dataset.state !== "importing") return location.reload();
    if (fresh) shown.replaceChildren(...fresh.childNodes);
  } catch {
    // The network is away for a moment; the next time tells.
  }
  setTimeout(refresh, PAUSE);
}
setTimeout(refresh, PAUSE);
