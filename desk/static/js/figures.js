// The call beside the limits of caller-experience.md.
import { byId, el } from "./dom.js";

export function showFigures(figures) {
  byId("figures").replaceChildren(...figures.map(figure));
}

function figure({ id, name, value, limit, unit, about }) {
  const known = value >= 0;
  const over = known && value > limit;
  const shown = known ? `${unit ? value.toFixed(1) : value}` : "–";
  const verdict = !known ? "" : over ? "over" : "ok";
  return el("div", { class: "figure-tile", "data-verdict": verdict, id: `figure-${id}`, title: about },
    el("dt", {}, name),
    el("dd", {}, shown, known && unit ? el("small", {}, ` ${unit}`) : null,
      verdict ? el("span", { class: "verdict" }, verdict) : null),
    el("dd", { class: "note" }, `limit ${limit}${unit ? ` ${unit}` : ""}, ${about}`));
}
