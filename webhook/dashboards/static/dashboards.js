// Draws the charts of a dashboard, and keeps the open page in step: the strip of right now every few seconds, the cards
// when a newer build has made others. Expressions of charts are interpreted, never evaluated, so that the page's policy
// can forbid eval.
"use strict";

const options = JSON.parse(document.getElementById("vega-options").textContent);
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const FRAGMENT = { headers: { "X-Fragment": "1" }, credentials: "same-origin" };
const EVERY = 2500; // milliseconds between two looks at right now, while the page is in view
const AFTER_A_FAULT = 8000;

// --- Charts -----------------------------------------------------------------------------------------------------------

const drawings = new Map(); // the element of a chart -> its view

async function draw(element) {
  drawings.get(element)?.finalize();
  const figure = element.querySelector(":scope > div") ?? element.appendChild(document.createElement("div"));
  figure.ariaHidden = "true"; // the element says what the chart is, the table below it what it shows
  restartRandom();
  const { view } = await vegaEmbed(figure, JSON.parse(element.querySelector("script").textContent), {
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: darkness.matches ? options.dark : options.light,
    formatLocale: options.formatLocale,
    timeFormatLocale: options.timeFormatLocale,
  });
  drawings.set(element, view);
}

async function drawAll(root = document) {
  await Promise.all([...root.querySelectorAll(".drawing")].map(draw));
  document.documentElement.dataset.charts = "drawn";
}

// --- A newer build ------------------------------------------------------------------------------------------------------

const keyOf = (element) => element.dataset.card ?? element.dataset.part;
const pieces = (root) => new Map([...root.querySelectorAll("[data-card], [data-part]")].map((each) => [keyOf(each), each]));
const sent = new Map([...pieces(document)].map(([key, element]) => [key, element.outerHTML])); // as the server drew them

/** Fetches the page again and puts in place what has changed; the reader's place, focus and opened tables stay. */
async function renew() {
  const answer = await fetch(location.href, FRAGMENT);
  if (answer.status === 401) return location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = pieces(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const shown = pieces(document);
  if ([...fresh.keys()].join() !== [...shown.keys()].join()) return location.reload();
  const changed = [...fresh].filter(([key, element]) => sent.get(key) !== element.outerHTML);
  for (const [key, element] of changed) {
    if (key === "filters" && isBeingFilledIn(shown.get(key))) continue;
    sent.set(key, element.outerHTML);
    replaceKeeping(shown.get(key), document.adoptNode(element));
  }
  const told = document.getElementById("told");
  if (changed.length) told.textContent = told.dataset.updated;
}

const isBeingFilledIn = (form) =>
  form.contains(document.activeElement) ||
  [...form.elements].some((field) => field.matches("input") && field.value !== field.defaultValue);

function replaceKeeping(element, fresh) {
  for (const opened of element.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(opened.id)}`);
    if (same) same.open = true;
  }
  const focused = focusable(element).indexOf(document.activeElement);
  for (const chart of element.querySelectorAll(".drawing")) {
    const same = fresh.querySelector(".drawing");
    if (same) same.style.minHeight = `${chart.offsetHeight}px`;
    drawings.get(chart)?.finalize();
    drawings.delete(chart);
  }
  element.replaceWith(fresh);
  if (focused >= 0) focusable(fresh)[focused]?.focus({ preventScroll: true });
  drawAll(fresh);
}

const focusable = (root) => [...root.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];

// --- Right now ----------------------------------------------------------------------------------------------------------

let build = document.getElementById("now")?.dataset.build;
let timer = null;

async function look() {
  clearTimeout(timer);
  let pause = EVERY;
  try {
    const answer = await fetch(document.getElementById("now").dataset.live, FRAGMENT);
    if (answer.status === 401) return location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    showNow(new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("now"));
    const newest = document.getElementById("now").dataset.build;
    if (newest !== build) {
      await renew();
      build = newest;
    }
    tell(true);
  } catch {
    tell(false);
    pause = AFTER_A_FAULT;
  }
  if (document.visibilityState === "visible") timer = setTimeout(look, pause);
}

function showNow(fresh) {
  const now = document.getElementById("now");
  now.dataset.build = fresh.dataset.build;
  const [figures, others] = [now.querySelector("dl"), fresh.querySelector("dl")];
  if (figures.innerHTML === others.innerHTML) return;
  const hadFocus = figures.contains(document.activeElement);
  figures.replaceWith(others);
  if (hadFocus) others.querySelector("a")?.focus({ preventScroll: true });
}

function tell(isLive) {
  const light = document.getElementById("live");
  light.hidden = false;
  light.className = `live ${isLive ? "on" : "off"}`;
  light.textContent = isLive ? light.dataset.on : light.dataset.off;
}

/** Scrolls the row of dashboards to the current one. `scrollIntoView` would also move where the Tab key begins. */
function showCurrent(link) {
  if (!link) return;
  const row = link.parentElement;
  row.scrollLeft += link.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - link.offsetWidth) / 2;
}

// --- What opens over the page closes again ------------------------------------------------------------------------------

function closeOthers(event) {
  for (const note of document.querySelectorAll("details.why[open]")) {
    if (event.key === "Escape" && note.contains(document.activeElement)) note.querySelector("summary").focus();
    if (event.key === "Escape" || (event.type === "click" && !note.contains(event.target))) note.open = false;
  }
}

document.addEventListener("click", closeOthers);
document.addEventListener("keydown", closeOthers);
darkness.addEventListener("change", () => drawAll());
drawAll();
showCurrent(document.querySelector(".dashboards [aria-current]"));
if (document.getElementById("now")) {
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") look(); });
  look();
}
