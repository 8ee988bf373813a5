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
  const unfolded = [...now.querySelectorAll("details[open][id]")].map((details) => details.id);
  now.dataset.key = next.dataset.key;
  now.replaceChildren(...next.childNodes);
  for (const id of unfolded) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, draft] of drafts) {
    const text = document.getElementById(id);
    if (text && draft) text.value = draft;
  }
  if (!focused) return;
  document.getElementById(focused.id)?.focus();
  // What is typed on is no command if its field is gone.
  if (!now.contains(document.activeElement)) document.body.dataset.typedAt = Date.now();
}

function showTabs(now, next) {
  const [tabs, fresh] = [now.querySelector(".states"), next.querySelector(".states")];
  if (tabs && fresh && !sameContent(tabs, fresh) && !tabs.contains(document.activeElement)) tabs.replaceWith(fresh);
}

let sent = 0; // forms so far

async function refresh(root) {
  if (!root) return;
  const before = sent;
  const answer = await fetch(root.dataset.live, FRAGMENT);
  if (answer.status === 401) return location.reload();
  if (!answer.ok) return;
  const html = await answer.text();
  // A thread that was asked for before a form was sent may be older than what the form brought.
  if (root === thread && before !== sent) return changed(thread.dataset.id);
  show(root, html);
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

let forAgents = null;

/** The sound is only for those whom the bot will not answer. */
function noteWaiting() {
  const counts = list.querySelector("[data-waiting]")?.dataset ?? {};
  const waiting = Number(counts.waiting ?? 0);
  document.title = waiting ? `(${waiting}) ${title}` : title;
  const count = Number(counts.forAgents ?? 0);
  if (forAgents !== null && count > forAgents && localStorage.getItem("kabar-sound") === "on") chime();
  forAgents = count;
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
    sent += 1;
    if (form.matches(".write")) clearComposer(form, text);
    // By its id, as the page may have been drawn anew meanwhile.
    const folded = document.getElementById(form.closest("details.label, details.add-tag, details.note-form")?.id);
    if (folded) folded.open = false;
    if (into.id === "thread") { thread.dataset.live = thread.dataset.live.split("?")[0]; show(into, text); toEnd(); } else into.innerHTML = text;
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
  const text = form.querySelector("textarea");
  text.value = "";
  text.dispatchEvent(new Event("input", { bubbles: true })); // no draft is left either
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

const found = document.querySelector(".entry.found");
if (found) found.scrollIntoView({ block: "center" });
else toEnd();
if (list) {
  noteWaiting();
  setUpSound();
  listen();
  setInterval(() => changed(""), 60_000); // waiting times grow, and snoozed conversations become due
  watchNotices(document.getElementById("notices"));
  const help = document.getElementById("help");
  help.hidden = false;
  help.addEventListener("click", () => document.getElementById("keys").showModal());
}
