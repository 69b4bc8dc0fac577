// Who calls, what the other side does, what goes wrong: the form's fields.
import { byId, el } from "./dom.js";

const own = "own";
const fields = ["from", "city", "state", "zip", "called"];
let callers = [];

export function initCaller(onFar, onTrouble) {
  byId("preset").addEventListener("change", choose);
  for (const name of ["from", "city", "state", "zip"]) {
    byId(name).addEventListener("input", () => { byId("preset").value = own; });
  }
  for (const name of [...fields, "after", "slow"]) byId(name).addEventListener("input", () => mend(name, ""));
  byId("far").addEventListener("change", () => { nameAfter(); onFar(); });
  byId("after").addEventListener("change", onFar);
  byId("trouble").addEventListener("change", () => {
    byId("slow-field").hidden = byId("trouble").value !== "slow";
    onTrouble();
  });
  byId("slow").addEventListener("change", onTrouble);
  byId("caller").addEventListener("submit", (event) => event.preventDefault());
}

// showCallers fills the choice; it keeps what was chosen.
export function showCallers(all) {
  const preset = byId("preset");
  const before = callers[preset.value]?.name;
  callers = all;
  preset.replaceChildren(...callers.map((c, i) => el("option", { value: i }, c.name)),
    el("option", { value: own }, "Own fields"));
  const again = callers.findIndex((c) => c.name === (before ?? "Georgia"));
  if (before === undefined && preset.dataset.filled) {
    preset.value = own;
    return;
  }
  preset.dataset.filled = "yes";
  preset.value = Math.max(0, again);
  choose();
}

function choose() {
  const chosen = callers[byId("preset").value];
  if (!chosen) return byId("from").focus();
  for (const name of ["from", "city", "state", "zip"]) {
    byId(name).value = chosen[name];
    mend(name, "");
  }
}

function nameAfter() {
  const talk = ["completed", "hung-up"].includes(byId("far").value);
  byId("after-name").textContent = talk ? "Talk, seconds" : "Ring, seconds";
  byId("after").placeholder = talk ? "60" : byId("far").value === "no-answer" ? "35" : "4";
}

// number is a field's number: undefined if it is empty, and a mend if it is none.
function number(name) {
  const text = byId(name).value.trim();
  const value = Number(text);
  if (text && !(value > 0)) {
    mend(name, `“${text}” is no number of seconds: write 8, or 2.5.`);
    throw new Error(name);
  }
  return text ? value : undefined;
}

export const far = () => ({ status: byId("far").value, after: number("after") });

export function trouble() {
  const what = byId("trouble").value;
  return { slow: what === "slow" ? number("slow") ?? 0 : 0, fails: what === "fails", repeats: what === "repeats" };
}

export function caller() {
  const chosen = callers[byId("preset").value];
  const values = Object.fromEntries(fields.map((name) => [name, byId(name).value]));
  return { ...values, country: chosen?.country ?? "", key: chosen?.key ?? "", far: far(), trouble: trouble() };
}

export const callerName = () => callers[byId("preset").value]?.name ?? (byId("from").value || "No number");

// mend says what is wrong with a field, at the field; "": nothing is.
export function mend(name, text) {
  const place = byId(`${name}-mend`);
  if (!place) return false;
  place.hidden = !text;
  place.textContent = text;
  const input = byId(name);
  if (!text) return input?.removeAttribute("aria-invalid") ?? true;
  input?.setAttribute("aria-invalid", "true");
  const folded = input?.closest("details");
  if (folded) folded.open = true;
  input?.focus();
  return true;
}
