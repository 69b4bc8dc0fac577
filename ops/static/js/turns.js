// The turns of one call, below its row.
import { columnHead, el } from "./dom.js";
import * as words from "./words.js";

// showTurns asks for a call's turns and fills the row with them.
export async function showTurns(row, call) {
  const cell = row.firstChild;
  try {
    const answer = await fetch(`/calls/${call.sid}.json`);
    if (!answer.ok) throw new Error(await answer.text());
    cell.replaceChildren(facts(call), turnTable(await answer.json(), call));
  } catch (error) {
    cell.replaceChildren(el("p", {}, `The turns cannot be had now: ${error.message}`));
  }
}

function facts(call) {
  const { offered, taken, disposition } = call;
  const pairs = [
    ["CallSid", call.sid],
    ["Offered first", offered && `${words.region(offered)}, ${taken ? "taken" : "not taken"}`],
    ["Last transfer", disposition && `${disposition}, ${words.duration(call.transferSeconds)}`],
    ["Text", call.texts],
    ["STIR/SHAKEN", call.stir],
    ["Directory", call.directory],
  ];
  return el("p", { class: "facts" }, pairs.filter(([, value]) => value)
    .map(([name, value]) => el("span", {}, `${name} `, el("b", {}, value))));
}

function turnTable(turns, call) {
  const start = new Date(call.started);
  const heads = [["After"], ["On page"], ["Keys"], ["What happened"], ["Leads to"],
    ["Answered in", "figure"]];
  return el("table", {},
    el("caption", { class: "unseen" }, "Turns of the call"),
    el("thead", {}, el("tr", {}, heads.map(columnHead))),
    el("tbody", {}, turns.map((turn) => el("tr", {},
      el("td", {}, words.duration(Math.max(0, Math.round((new Date(turn.at) - start) / 1000)))),
      el("td", {}, turn.page ? words.page(turn.page) : ""),
      el("td", { class: "keys" }, turn.keys),
      el("td", {}, happened(turn)),
      el("td", {}, turn.next ? `→ ${words.page(turn.next)}` : ""),
      el("td", { class: "figure" }, words.milliseconds(turn.took))))));
}

const kinds = {
  status: "call ended", fallback: "fallback answered", sms: "text", assumed: "end assumed",
};

// happened says what a webhook told, and what it came to.
function happened(turn) {
  const { kind, outcome, way, region, disposition, text, status } = turn;
  const line = region && words.region(region);
  const transfer = disposition && `${disposition} after ${words.duration(turn.transferSeconds)}`;
  return words.sentence([kinds[kind], outcome, way, line, transfer, text, kind === "status" && status]
    .filter((word, i, all) => word && all.indexOf(word) === i).join(" · "));
}
