// What the line runs on: the directory with its numbers, and the store of calls.
import { byId, el, table } from "./dom.js";
import * as words from "./words.js";

let before = "";

export function showPlant({ directory, store }) {
  const now = JSON.stringify([directory, store]);
  if (now === before) return;
  before = now;
  byId("plant").hidden = false;
  byId("organisation").textContent = directory.organisation;
  showDirectory(directory);
  showStore(store);
}

function replaceContent(id, ...content) {
  byId(id).replaceChildren(byId(id).querySelector("h2"), ...content.filter(Boolean));
}

function showDirectory({ version, loaded, lines, phones }) {
  const never = phones.filter((phone) => !phone.checked).length;
  const known = never === 0 ? "Every number has been rung by a person."
    : `${never} of ${phones.length} were never rung by a person.`;
  replaceContent("directory",
    el("p", { class: "about" }, "Version ", el("code", {}, version),
      `, loaded ${words.fullTime(loaded)}. ${known}`),
    table("Numbers of the directory", [["Region"], ["Key"], ["Number"], ["Rung by a person"]],
      phones.map((phone) => [
        phone.name, key(lines, phone.region), words.phone(phone.number), checked(phone)])));
}

function key(lines, region) {
  const line = lines.find(({ regions }) => regions.includes(region));
  return line ? el("kbd", {}, String(line.key)) : "–";
}

function checked(phone) {
  if (!phone.checked) return el("span", { class: "tag warn" }, "never checked");
  return `${phone.checked.slice(0, 10)}, ${words.since(phone.checked)}`;
}

function showStore({ ok, error, since, queued, written, dropped }) {
  const pairs = [
    ["State", ok ? "Recording" : "Unavailable"],
    ["Since", since.startsWith("0001") ? "–" : words.fullTime(since)],
    ["Events written", words.count(written)],
    ["Waiting in memory", words.count(queued)],
    ["Lost", words.count(dropped)],
  ];
  replaceContent("store",
    el("p", { class: "about" }, ok ? "Every turn is written before it is answered."
      : "Calls go on. Their events wait in memory until the store is back."),
    el("dl", { class: "pairs" },
      pairs.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    error && el("p", { class: "about trouble" }, `${ok ? "Last trouble: " : ""}${error}`));
}
