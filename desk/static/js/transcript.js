// What was said and pressed, as it happens.
import { byId, el } from "./dom.js";

const names = { "*": "star", "#": "pound" };
const endings = {
  "by the line": "The line hung up", "by the caller": "You hung up", "after the transfer": "The call ended there",
};
const met = {
  completed: "They talked", busy: "Busy", "no-answer": "No answer", failed: "The transfer failed",
  canceled: "You hung up while it rang",
};
const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
export const clock = (ms) => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

// what an event is called, and what stands beside it; nothing: it is not drawn
const drawn = {
  speech: (row) => ["said", row.text, seconds(row.length)],
  sound: (row) => ["said", `♪ ${row.text}`, seconds(row.length)],
  key: (row) => ["pressed", el("kbd", { "aria-label": names[row.text] }, row.text), row.lost ? "not heard" : ""],
  timeout: () => ["silence", "No key", ""],
  dialed: (row) => ["dialled", `Dialling ${row.text}`, ""],
  transferred: (row) => ["dialled", met[row.text] ?? row.text, row.length ? seconds(row.length) : ""],
  ended: (row) => ["over", endings[row.text] ?? row.text, ""],
  webhook: (row) => row.hook.failed ? ["failed", row.hook.failed, ""] : undefined,
};

export function showRow(row) {
  const id = `row-${row.n}`;
  const made = rowOf(row, id);
  const before = byId(id);
  if (!made) return;
  if (before) before.replaceWith(made);
  else byId("transcript").append(made);
  byId("nothing").hidden = true;
  const roll = byId("roll");
  roll.scrollTop = roll.scrollHeight;
}

function rowOf(row, id) {
  const [kind, text, beside] = drawn[row.kind]?.(row) ?? [];
  if (!kind) return undefined;
  return el("li", { id, class: kind, "data-cut": row.cut, lang: row.language?.split("-")[0] },
    el("span", { class: "at" }, clock(row.at)), el("span", { class: "what" }, text),
    el("span", { class: "long", lang: "en" }, row.cut ? `cut at ${beside}` : beside));
}

export function clearTranscript() {
  byId("transcript").replaceChildren();
  byId("nothing").hidden = false;
}
