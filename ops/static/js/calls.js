// The table of calls. Rows stay where they are while snapshots come, so that an
// open call stays open and the focus is not lost.
import { byId, el, setText } from "./dom.js";
import { search } from "./period.js";
import { showTurns } from "./turns.js";
import * as words from "./words.js";

const few = 30; // calls in a snapshot
const many = 300;

const rows = new Map(); // by CallSid: { call, row, turns (the row below, once opened) }
let shown = few;
let first = true;

// clear forgets the calls of another period.
export function clearCalls() {
  rows.clear();
  byId("call-rows").replaceChildren();
  shown = few;
  first = true;
}

// showCalls brings the table up to date and returns how many calls are new.
export function showCalls(calls) {
  const fresh = calls.filter((call) => !rows.has(call.sid));
  calls.forEach(keep);
  arrange();
  byId("more-calls").hidden = shown > few || calls.length < few;
  if (!first) fresh.forEach((call) => rows.get(call.sid)?.row.classList.add("fresh"));
  const news = first ? 0 : fresh.length;
  first = false;
  return news;
}

byId("more-calls").addEventListener("click", async () => {
  const asked = search();
  const answer = await fetch(`/calls.json?${asked}&limit=${many}`);
  if (!answer.ok || asked !== search()) return;
  shown = many;
  (await answer.json()).forEach(keep);
  arrange();
  byId("more-calls").hidden = true;
});

function keep(call) {
  const known = rows.get(call.sid);
  if (!known) {
    rows.set(call.sid, makeRow(call));
  } else if (JSON.stringify(known.call) !== JSON.stringify(call)) {
    known.call = call;
    fill(known);
    if (isOpen(known)) showTurns(known.turns, call);
  }
}

// arrange puts the latest call first and drops those that are too many. Rows
// that are in place are not touched: moving one would take its focus.
function arrange() {
  const order = [...rows.values()].sort((a, b) => b.call.started.localeCompare(a.call.started));
  for (const gone of order.splice(shown)) {
    gone.row.remove();
    gone.turns?.remove();
    rows.delete(gone.call.sid);
  }
  let place = byId("call-rows").firstChild;
  for (const { row, turns } of order) {
    for (const part of turns ? [row, turns] : [row]) {
      if (part === place) place = place.nextSibling;
      else byId("call-rows").insertBefore(part, place);
    }
  }
}

function makeRow(call) {
  const open = el("button", { type: "button", class: "open", "aria-expanded": "false" });
  const row = el("tr", { class: "call", "data-call": call.sid }, el("td", {}, open));
  const made = { call, row, open };
  row.addEventListener("click", (event) => {
    if (getSelection().isCollapsed || event.target === open) toggle(made);
  });
  fill(made);
  return made;
}

const isOpen = ({ turns }) => turns && !turns.hidden;

function toggle(made) {
  if (!made.turns) {
    made.turns = el("tr", { class: "turns", id: `turns-${made.call.sid}`, hidden: true },
      el("td", { colspan: 9 }));
    made.open.setAttribute("aria-controls", made.turns.id);
    made.row.after(made.turns);
  }
  made.turns.hidden = !made.turns.hidden;
  made.open.setAttribute("aria-expanded", String(!made.turns.hidden));
  if (isOpen(made)) showTurns(made.turns, made.call);
}

function fill({ call, row, open }) {
  setText(open, words.moment(call.started));
  open.setAttribute("aria-label", `Call of ${words.moment(call.started)}, ${went(call)}: turns`);
  const cell = (label, text, kind = "", worth = text && text !== "–") => el("td",
    { class: `${kind} ${worth ? "" : "zero faint"}`, "data-label": label }, text || "–");
  row.replaceChildren(row.firstChild,
    el("td", {}, el("span", { class: "went", "data-outcome": call.outcome }, went(call))),
    cell("To a line", words.duration(call.toRegion), "figure"),
    cell("Length", call.ended ? words.duration(call.seconds) : "–", "figure"),
    cell("Keys", call.keys, "keys"),
    cell("Wrong", words.count(call.wrong), "figure", call.wrong > 0),
    cell("Silent", words.count(call.silences), "figure", call.silences > 0),
    cell("Last page", call.lastPage && words.page(call.lastPage)),
    cell("Caller", caller(call)));
}

// went says what became of a call: "Transferred · Georgia · busy".
function went({ outcome, region, disposition, ended }) {
  const ill = disposition && !["completed", "answered"].includes(disposition) && disposition;
  const going = !ended && outcome !== "in progress" && "in progress";
  const line = region && words.region(region);
  const same = line.toLowerCase() === outcome; // Member Services is both
  return [words.sentence(outcome), !same && line, ill, going].filter(Boolean).join(" · ");
}

const caller = ({ areaCode, language }) =>
  [areaCode || "unknown", language && words.language(language)].filter(Boolean).join(" · ");
