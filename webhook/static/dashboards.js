// Draws the charts of a dashboard from the specifications in the page. Expressions are interpreted, never evaluated,
// so that the page's policy can forbid eval.
"use strict";

const options = JSON.parse(document.getElementById("vega-options").textContent);
const darkness = window.matchMedia("(prefers-color-scheme: dark)");
const drawings = [...document.querySelectorAll(".drawing")].map((element) => {
  const figure = document.createElement("div");
  const spec = JSON.parse(element.querySelector("script").textContent);
  element.append(figure);
  return { figure, spec, view: null };
});

async function draw(drawing) {
  drawing.view?.finalize();
  drawing.view = await vegaEmbed(drawing.figure, drawing.spec, {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    ast: true,
    defaultStyle: false,
    tooltip: { disableDefaultStyle: true },
    config: darkness.matches ? options.dark : options.light,
    formatLocale: options.formatLocale,
    timeFormatLocale: options.timeFormatLocale,
  });
}

async function drawAll() {
  await Promise.all(drawings.map(draw));
  document.documentElement.dataset.charts = "drawn";
}

darkness.addEventListener("change", drawAll);
drawAll();
