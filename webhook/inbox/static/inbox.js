// Keeps the open page in step with what changes, and makes it quick to use by keys. Without it every page still works.
"use strict";

const list = document.getElementById("list");
const thread = document.getElementById("thread");
const FRAGMENT = { headers: { "X-Fragment": "1" }, credentials: "same-origin" };
const title = document.title;

// --- Fragments: the server draws, this puts what changed in its place ---------------------------------------------

/** Brings the children of one element in line with those of another, by their ids, and leaves equal ones alone. */
function align(now, next) {
  const known = new Map([...now.children].filter((child) => child.id).map((child) => [child.id, child]));
  [...next.children].forEach((child, place) => {
    const there = now.children[place];
    const own = child.id ? known.get(child.id) : there;
    if (own && own !== there && child.id) now.insertBefore(own, there ?? null);
    const here = now.children[place];
    if (!here || (child.id && here.id !== child.id)) now.insertBefore(child.cloneNode(true), here ?? null);
    else if (!sameContent(here, child)) replaceKeeping(here, child);
  });
  while (now.children.length > next.children.length) now.lastElementChild.remove();
}

const signed = /name="(csrf_token|token)" value="[^"]*"/g;
const opened = / open(=""|(?=[ >]))/g;
const plain = (element) => element.outerHTML.replace(signed, "").replace(opened, "");
const sameContent = (one, other) => plain(one) === plain(other);

/** Replaces an element, and keeps what the reader opened, and where the keyboard was. */
function replaceKeeping(element, next) {
  if (element.matches("ul, ol") && element.children.length && next.matches("ul, ol")) return align(element, next);
  const fresh = next.cloneNode(true);
  element.querySelectorAll("details[open][id]").forEach((details) => {
    const same = fresh.querySelector(`#${CSS.escape(details.id)}`);
    if (same) same.open = true;
  });
  const focused = element.contains(document.activeElement) ? document.activeElement : null;
  element.replaceWith(fresh);
  if (focused) (focused.id ? document.getElementById(focused.id) : fresh.querySelector("a, button"))?.focus();
}

const parts = (root) => new Map([...root.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));

function show(root, html) {
  const fresh = parts(new DOMParser().parseFromString(html, "text/html").body);
  const now = parts(root);
  for (const [name, part] of fresh) {
    const there = now.get(name);
    if (name === "composer") showComposer(there, part);
    else if (root === list && name === "head") showTabs(there, part);
    else {
      const stays = there.scrollHeight - there.scrollTop - there.clientHeight < 80;
      Object.assign(there.dataset, part.dataset);
      align(there, part);
      if (name === "messages" && stays) there.scrollTop = there.scrollHeight;
    }
  }
  if (root === list) noteWaiting();
}

/** What is being typed stays: the form is drawn anew only when who may write has changed. */
function showComposer(now, next) {
  if (now.dataset.key === next.dataset.key) return;
  const drafts = [...now.querySelectorAll("textarea")].map((text) => [text.id, text.value]);
  const focused = now.contains(document.activeElement) ? document.activeElement : null;
  now.dataset.key = next.dataset.key;
  now.replaceChildren(...next.childNodes);
  for (const [id, draft] of drafts) {
    const text = document.getElementById(id);
    if (text && draft) text.value = draft;
  }
  if (focused) (document.getElementById(focused.id) ?? now.querySelector("textarea"))?.focus();
}

function showTabs(now, next) {
  const [tabs, fresh] = [now.querySelector(".states"), next.querySelector(".states")];
  if (tabs && fresh && !sameContent(tabs, fresh) && !tabs.contains(document.activeElement)) tabs.replaceWith(fresh);
}

async function refresh(root) {
  if (!root) return;
  const answer = await fetch(root.dataset.live, FRAGMENT);
  if (answer.status === 401) location.reload();
  else if (answer.ok) show(root, await answer.text());
}

// --- Live -----------------------------------------------------------------------------------------------------------

let due = false;
let threadDue = false;
let running = false;

/** However much happens, the page asks once and a little later once more. */
async function catchUp() {
  if (running || !due) return;
  running = true;
  const withThread = threadDue;
  due = threadDue = false;
  try {
    await Promise.all([refresh(list), withThread ? refresh(thread) : null]);
  } catch {
    due = true;
    threadDue ||= withThread;
  }
  setTimeout(() => { running = false; catchUp(); }, 700);
}

function changed(id) {
  due = true;
  threadDue ||= id === "*" || id === thread?.dataset.id;
  catchUp();
}

function listen() {
  const light = document.getElementById("live");
  const source = new EventSource(list.dataset.changes);
  let lost;
  const say = (on) => { light.hidden = false; light.className = `live ${on ? "on" : "off"}`; light.title = light.textContent = on ? light.dataset.on : light.dataset.off; };
  source.addEventListener("change", (event) => { clearTimeout(lost); say(true); changed(event.data); });
  source.addEventListener("open", () => { clearTimeout(lost); say(true); });
  source.addEventListener("error", () => {
    clearTimeout(lost);
    lost = setTimeout(() => say(false), 6000);
    if (source.readyState === EventSource.CLOSED) { source.close(); setTimeout(listen, 5000); }
  });
  addEventListener("pagehide", () => source.close());
}

// --- Who waits: badge, title and sound --------------------------------------------------------------------------------

let waiting = null;

function noteWaiting() {
  const count = Number(list.querySelector("[data-waiting]")?.dataset.waiting ?? 0);
  document.title = count ? `(${count}) ${title}` : title;
  if (waiting !== null && count > waiting && localStorage.getItem("kabar-sound") === "on") chime();
  waiting = count;
}

function chime() {
  const audio = new AudioContext();
  [660, 880].forEach((pitch, place) => {
    const tone = audio.createOscillator();
    const loudness = audio.createGain();
    const at = audio.currentTime + place * 0.16;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0, at);
    loudness.gain.linearRampToValueAtTime(0.12, at + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.3);
    tone.connect(loudness).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.32);
  });
  setTimeout(() => audio.close(), 1000);
}

function setUpSound() {
  const button = document.getElementById("sound");
  const draw = () => {
    const on = localStorage.getItem("kabar-sound") === "on";
    button.setAttribute("aria-pressed", on);
    button.textContent = on ? button.dataset.on : button.dataset.off;
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const on = localStorage.getItem("kabar-sound") !== "on";
    localStorage.setItem("kabar-sound", on ? "on" : "off");
    if (on) chime();
    draw();
  });
  draw();
}

// --- Forms that leave the page where it is ------------------------------------------------------------------------------

async function send(form, button) {
  const data = new FormData(form, button);
  const into = document.getElementById(form.dataset.into ?? "thread");
  const words = button?.textContent;
  form.querySelectorAll("button").forEach((each) => { each.disabled = true; });
  if (form.dataset.working) button.textContent = form.dataset.working;
  try {
    const answer = await fetch(button?.getAttribute("formaction") ?? form.getAttribute("action"), { ...FRAGMENT, method: "POST", body: data });
    const text = await answer.text();
    if (answer.status === 401) return location.reload();
    if (!answer.ok) return complain(form, text);
    if (form.matches(".write")) clearComposer(form, text);
    const label = form.closest("details.label");
    if (label) label.open = false;
    if (into.id === "thread") { show(into, text); toEnd(); } else into.innerHTML = text;
    refresh(list);
  } catch {
    complain(form, list?.querySelector("#live")?.dataset.off ?? "");
  } finally {
    form.querySelectorAll("button").forEach((each) => { each.disabled = false; });
    if (form.dataset.working && button) button.textContent = words;
  }
}

/** The next reply needs a token of its own, which the answer brings. */
function clearComposer(form, html) {
  form.querySelector("textarea").value = "";
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector(`.write[action="${form.getAttribute("action")}"] input[name=token]`);
  if (fresh) form.querySelector("input[name=token]").value = fresh.value;
}

function complain(form, text) {
  let fault = form.querySelector(".fault");
  if (!fault) {
    fault = document.createElement("p");
    fault.className = "fault";
    fault.setAttribute("role", "alert");
    form.append(fault);
  }
  fault.textContent = text;
}

function toEnd() {
  const messages = document.querySelector(".messages");
  if (messages) messages.scrollTop = messages.scrollHeight;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-quiet]") || (!thread && !event.target.dataset.into)) return;
  event.preventDefault();
  event.target.querySelector(".fault")?.remove();
  send(event.target, event.submitter);
});

// --- Canned replies -------------------------------------------------------------------------------------------------------

function showCanned(text) {
  const menu = document.getElementById("canned");
  if (!menu) return;
  const asked = /^\/(\S*)$/.exec(text.value)?.[1];
  let any = false;
  for (const button of menu.querySelectorAll("button")) {
    const fits = asked !== undefined && button.dataset.shortcut.startsWith(asked);
    button.parentElement.hidden = !fits;
    any ||= fits;
  }
  menu.hidden = !any;
}

document.addEventListener("input", (event) => { if (event.target.id === "text") showCanned(event.target); });
document.addEventListener("click", (event) => {
  const chosen = event.target.closest("#canned button");
  if (!chosen) return;
  const text = document.getElementById("text");
  text.value = chosen.dataset.text;
  showCanned(text);
  text.focus();
});

// --- Keys ---------------------------------------------------------------------------------------------------------------

function move(step) {
  const rows = [...document.querySelectorAll("a.row")];
  if (!rows.length) return;
  const current = document.activeElement?.closest?.("a.row") ?? document.querySelector("a.row[aria-current]");
  const place = current ? Math.min(Math.max(rows.indexOf(current) + step, 0), rows.length - 1) : 0;
  rows[place].focus();
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("search")?.focus(),
  r: () => document.getElementById("text")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.target.matches(".write textarea")) {
    const menu = document.getElementById("canned");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); event.target.form.requestSubmit(event.target.form.querySelector("button.primary")); }
    if (event.key === "Escape" && menu) menu.hidden = true;
    if (event.key === "ArrowDown" && menu && !menu.hidden) { event.preventDefault(); menu.querySelector("li:not([hidden]) button").focus(); }
    return;
  }
  if (event.target.matches("input, select, textarea, [contenteditable]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const act = KEYS[event.key];
  if (act) { event.preventDefault(); act(); }
});

// --- What keeps replies from being sent ---------------------------------------------------------------------------------

const NOTICES_SECONDS = 20;

/** Asked for now and then, since no conversation changes with it. An open thread says the same of queued replies. */
function watchNotices(notices) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(notices.dataset.live, FRAGMENT);
      const text = answer.ok ? (await answer.text()).trim() : null;
      if (text === null || text === notices.innerHTML.trim()) return;
      notices.innerHTML = text;
      refresh(thread);
    } catch { /* the light says that the connection is lost */ }
  }, NOTICES_SECONDS * 1000);
}

// --- Begin ----------------------------------------------------------------------------------------------------------------

toEnd();
if (list) {
  noteWaiting();
  setUpSound();
  listen();
  watchNotices(document.getElementById("notices"));
  const help = document.getElementById("help");
  help.hidden = false;
  help.addEventListener("click", KEYS["?"]);
}
