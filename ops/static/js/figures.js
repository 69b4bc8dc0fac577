// The tiles, charts and lists: everything that is added up.
import { Bars } from "./chart.js";
import { byId, dataTable, el, setText } from "./dom.js";
import * as words from "./words.js";

const { count, percent, part } = words;
const funnelRows = 10;

const charts = {
  hours: new Bars("hours"),
  days: new Bars("days"),
  transfers: new Bars("transfers", { lying: true }),
  funnel: new Bars("funnel", { lying: true }),
};

// The ways a transfer ends, with their colours; others are Twilio's news.
const dispositions = [
  ["completed", "blue"], ["answered", "sky"], ["no-answer", "orange"], ["busy", "purple"],
  ["failed", "vermillion"], ["canceled", "grey"],
];

// figures are the heads of columns of numbers.
const figures = (...names) => names.map((name) => [name, "figure"]);

export function showFigures(all, period) {
  tiles(all, period);
  const several = all.days.length > 1;
  byId("days").hidden = !several;
  for (const id of ["days", "hours"]) byId(id).classList.toggle("shared", several);
  byId("hours-h").textContent = several ? "Calls by hour of the day" : "Calls by hour";
  started(charts.hours, all.hours, "Hour", words.hourName);
  if (several) started(charts.days, all.days, "Day", words.dayName);
  transfers(all.transfers);
  funnel(all);
  lists(all);
}

function tiles({ now, today, all }, period) {
  setText(byId("now"), count(now));
  setText(byId("now-note"), now === 1 ? "call in progress" : "calls in progress");
  setText(byId("all"), count(all.calls));
  setText(byId("all-note"), period === "today" ? "since midnight" : `${count(today)} today`);
  setText(byId("share"), all.calls ? percent(all.share) : "–");
  setText(byId("share-note"), `${count(all.reached)} of ${count(all.calls)}`);
  setText(byId("median"), words.duration(all.median));
  setText(byId("p95"), words.duration(all.p95));
}

// started draws when calls started.
function started(chart, bars, unit, name) {
  const without = (bar) => bar.calls - bar.reached;
  const busiest = bars.reduce((a, b) => b.calls > a.calls ? b : a);
  chart.show({
    labels: bars.map((bar) => name(bar.name)),
    series: [
      { name: "Reached a line", colour: "blue", values: bars.map((bar) => bar.reached) },
      { name: "Did not, or not yet", colour: "vermillion", values: bars.map(without) },
    ],
    about: `Calls by ${unit.toLowerCase()}; most at ${name(busiest.name)}: ${count(busiest.calls)}.`,
  });
  dataTable(chart.section, [[unit], ...figures("Calls", "Reached a line", "Did not")],
    bars.filter((bar) => bar.calls).map((bar) =>
      [name(bar.name), count(bar.calls), count(bar.reached), count(without(bar))]));
}

function transfers(all) {
  const shown = endings(all);
  const of = (transfer, name) => transfer.outcomes[name] ?? 0;
  const lines = all.map((transfer) => words.region(transfer.region));
  charts.transfers.show({
    labels: lines,
    series: shown.map(({ name, title, colour }) => (
      { name: title, colour, values: all.map((transfer) => of(transfer, name)) })),
    texts: all.map((transfer) => count(transfer.all)),
    about: `Ended transfers: ${all.map((t, i) => `${lines[i]} ${count(t.all)}`).join(", ")}.`,
    none: "No transfer has ended yet.",
  });
  dataTable(charts.transfers.section,
    [["Line"], ...figures("All", ...shown.map(({ title }) => title))],
    all.map((transfer, i) => [lines[i], count(transfer.all),
      ...shown.map(({ name }) => count(of(transfer, name)))]));
}

// endings are the ways in which these transfers ended, in a fixed order.
function endings(all) {
  const met = new Set(all.flatMap((transfer) => Object.keys(transfer.outcomes)));
  const known = dispositions.filter(([name]) => met.delete(name));
  return [...known, ...[...met].map((name) => [name, "green"])].map(([name, colour]) => (
    { name, colour, title: words.sentence(name.replace("-", " ")) }));
}

function funnel({ all, funnel: steps, pages }) {
  const top = steps.slice(0, funnelRows);
  const left = (step) => step.left
    ? `${count(step.left)} left, ${part(step.left, step.calls)}` : "none left";
  const said = (step) => `${words.step(step.page)} ${count(step.calls)} calls, ${left(step)}`;
  charts.funnel.show({
    labels: top.map((step) => words.step(step.page)),
    series: [
      { name: "Went on or reached a line", colour: "sky", values: top.map((s) => s.calls - s.left) },
      { name: "Left here without a line", colour: "vermillion", values: top.map((s) => s.left) },
    ],
    texts: top.map(left),
    about: `Of ${count(all.calls)} calls: ${top.map(said).join("; ")}.`,
    none: "No page has been heard yet.",
  });
  dataTable(charts.funnel.section,
    [["Page"], ...figures("Calls", "Left here", "Silences", "Wrong keys")],
    pages.map((page) => [words.page(page.page), count(page.calls), count(page.left),
      count(page.silences), count(page.wrong)]));
}

// textWords say what became of texts.
const textWords = {
  asked: "Waiting to be sent", unsure: "Sent or not: not known", sent: "Sent", failed: "Failed",
  stopped: "Wants no texts", landline: "A landline", delivered: "Delivered",
};

function lists({ regions, outcomes, languages, texts, all }) {
  shares("regions", regions.filter((group) => group.name), all.calls, {
    name: (group) => words.region(group.name),
    more: (group) => `median ${words.duration(group.median)}`,
    none: "No line has been reached yet.",
  });
  shares("outcomes", outcomes, all.calls, { name: (group) => words.sentence(group.name) });
  shares("languages", languages, all.calls, {
    name: (group) => words.sentence(words.language(group.name)),
    more: (group) => `${percent(group.share)} reached a line`,
  });
  byId("texts").hidden = texts.length === 0;
  shares("texts", texts.map(({ status, texts: calls }) => ({ name: status, calls })),
    texts.reduce((sum, text) => sum + text.texts, 0),
    { name: (group) => textWords[group.name] ?? words.sentence(group.name) });
}

// shares lists groups with their part of all calls.
function shares(id, groups, all, { name, more = () => null, none }) {
  const list = el("ul", { class: "shares" }, groups.map((group) => {
    const fill = el("i");
    fill.style.width = `${all ? 100 * group.calls / all : 0}%`;
    const extra = more(group);
    return el("li", {},
      el("span", {}, name(group), extra && el("span", { class: "about" }, ` ${extra}`)),
      el("span", { class: "much" }, `${count(group.calls)} `, el("small", {}, part(group.calls, all))),
      el("span", { class: "track", "aria-hidden": "true" }, fill));
  }));
  byId(id).querySelector(".shares, .none")?.remove();
  byId(id).append(groups.length ? list : el("p", { class: "none" }, none));
}
