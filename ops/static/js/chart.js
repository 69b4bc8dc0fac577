// Bars, drawn with Chart.js: stacked, upright or lying.
import { byId, el } from "./dom.js";

// Chart.js draws on a canvas, which knows no style sheet: a colour is asked of an
// element that has it.
const probe = document.body.appendChild(el("i", { hidden: true }));
function colour(name) {
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
}

const rowHeight = 34; // px, of a lying bar
const narrow = 420; // px, below which the long name of a lying bar takes two lines
const long = 14; // characters
const drawn = [];
addEventListener("theme", () => drawn.forEach((bars) => bars.redraw()));

const family = () => getComputedStyle(document.body).fontFamily;
const font = () => `12px ${family()}`;

// widest is the room that texts need, in px.
function widest(texts, canvas) {
  const ctx = canvas.getContext("2d");
  ctx.font = font();
  return Math.max(...texts.map((text) => ctx.measureText(text).width));
}

// inLines splits a long name: "Southern California", "Number · no answer".
function inLines(name) {
  const middle = name.includes(" · ") ? name.indexOf(" · ") : name.indexOf(" ");
  return name.length > long && middle > 0
    ? [name.slice(0, middle), name.slice(middle).replace(" · ", "").trim()] : name;
}

// endTexts writes a few words after each lying bar.
const endTexts = {
  id: "endTexts",
  afterDatasetsDraw(chart, _, { texts }) {
    if (!texts) return;
    const { ctx, data } = chart;
    ctx.save();
    ctx.font = font();
    ctx.fillStyle = colour("soft");
    ctx.textBaseline = "middle";
    texts.forEach((text, row) => {
      const ends = data.datasets.map((_, i) => chart.getDatasetMeta(i).data[row]);
      const right = Math.max(...ends.map((end) => end.x));
      ctx.fillText(text, right + 8, ends[0].y);
    });
    ctx.restore();
  },
};

// Bars is the chart of a section of the page.
export class Bars {
  constructor(id, { lying = false } = {}) {
    this.section = byId(id);
    this.lying = lying;
    this.legend = el("ul", { class: "legend", "aria-hidden": "true" });
    this.canvas = el("canvas", { role: "img" });
    this.plot = el("div", { class: "plot" }, this.canvas);
    this.none = el("p", { class: "none" });
    this.section.append(this.legend, this.plot, this.none);
    drawn.push(this);
  }

  // show draws what is said: { labels, series: [{ name, colour, values }], texts,
  // about (for those who do not see it), none (said instead where there is
  // nothing to draw) }.
  show(said) {
    this.said = said;
    const empty = said.labels.length === 0;
    this.plot.hidden = this.legend.hidden = empty;
    this.none.hidden = !empty;
    this.none.textContent = said.none ?? "";
    if (empty) return;
    this.canvas.setAttribute("aria-label", said.about);
    if (this.lying) this.plot.style.height = `${said.labels.length * rowHeight + 8}px`;
    this.redraw();
  }

  redraw() {
    if (!this.said || this.plot.hidden) return;
    this.drawLegend();
    const data = { labels: this.labels(), datasets: this.said.series.map((s) => this.dataset(s)) };
    if (this.chart) {
      this.chart.data = data;
      this.chart.options = this.options();
      this.chart.update("none");
      return;
    }
    this.chart = new Chart(this.canvas, {
      type: "bar", data, options: this.options(), plugins: [endTexts],
    });
  }

  drawLegend() {
    this.legend.replaceChildren(...this.said.series.map((series) => {
      const patch = el("i");
      patch.style.background = colour(series.colour);
      return el("li", {}, patch, series.name);
    }));
  }

  labels() {
    const wrap = this.lying && this.plot.clientWidth < narrow;
    return wrap ? this.said.labels.map(inLines) : this.said.labels;
  }

  dataset({ name, colour: shade, values }) {
    return {
      label: name, data: values, backgroundColor: colour(shade), borderColor: colour("card"),
      borderWidth: this.lying ? { right: 1 } : { top: 1 }, borderRadius: 3, borderSkipped: "start",
      maxBarThickness: this.lying ? 18 : 44, categoryPercentage: 0.85, barPercentage: 0.9,
    };
  }

  options() {
    const { texts } = this.said;
    const small = { color: colour("soft"), font: { size: 12 } };
    const names = { stacked: true, grid: { display: false }, border: { display: false },
      ticks: { ...small, autoSkip: !this.lying, maxRotation: 0, autoSkipPadding: 12 } };
    const values = { stacked: true, beginAtZero: true, border: { display: false },
      display: !this.lying, bounds: this.lying ? "data" : "ticks", grid: { color: colour("rule") },
      ticks: { ...small, precision: 0, maxTicksLimit: 5 } };
    return {
      indexAxis: this.lying ? "y" : "x", animation: false, responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", axis: this.lying ? "y" : "x", intersect: false },
      font: { family: family() },
      layout: { padding: { right: texts ? widest(texts, this.canvas) + 12 : 0 } },
      scales: this.lying ? { y: names, x: values } : { x: names, y: values },
      plugins: {
        legend: { display: false }, endTexts: { texts },
        tooltip: {
          backgroundColor: colour("ink"), titleColor: colour("card"), bodyColor: colour("card"),
          boxPadding: 4, padding: 10,
          callbacks: { title: ([item]) => this.said.labels[item.dataIndex] },
        },
      },
    };
  }
}
