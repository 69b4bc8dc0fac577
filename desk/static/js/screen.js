// The phone's screen: who calls, what goes on, and what is being said, word by word.
import { byId, el, setText } from "./dom.js";
import { ring, stopRinging } from "./tones.js";
import { clock } from "./transcript.js";

const doings = {
  webhook: "The line is being asked …", speech: "Keys are not heard now.", gather: "Keys are heard.",
  ringing: "Ringing …", talking: "The transfer talks.", "": "",
};

export function initScreen() {
  setText(byId("clock"), clock(0));
}

let shown;

// showState tells what goes on. What begins to be said is told to screen readers
// once, whole.
export function showState({ doing, now, failure }, rows) {
  byId("screen").dataset.doing = doing;
  const ended = !doing && rows.length;
  byId("call").textContent = doing ? "Hang up" : "Call";
  byId("call").classList.toggle("stop", doing !== "");
  byId("skip").disabled = !doing;
  byId("save").disabled = !rows.length;
  setText(byId("hint"), failure || doings[doing]);
  setText(byId("clock"), clock(now));
  setText(byId("total"), rows.length ? `${(now / 1000).toFixed(1)} s` : "");
  if (doing === "ringing") {
    ring();
    say({ text: `Ringing ${rows.findLast((r) => r.kind === "dialed")?.text ?? ""}` });
  } else stopRinging();
  if (doing === "talking") say({ text: "Connected. The two talk." });
  if (ended) say({ text: "The call has ended." });
}

// showFrame shows the moment: words that have been said are bright.
export function showFrame(now, cue) {
  setText(byId("clock"), clock(now));
  setText(byId("total"), `${(now / 1000).toFixed(1)} s`);
  if (cue?.kind !== "speech") return;
  say(cue);
  const words = [...byId("spoken").querySelectorAll("span")];
  const part = (now - cue.at) / cue.length * cue.text.length;
  let seen = 0;
  for (const word of words) {
    word.classList.toggle("said", seen <= part);
    seen += word.textContent.length + 1;
  }
}

function say(cue) {
  const key = `${cue.at} ${cue.text}`;
  if (key === shown) return;
  shown = key;
  const lang = cue.language?.split("-")[0] ?? "en";
  byId("spoken").lang = byId("says").lang = lang;
  byId("spoken").replaceChildren(...cue.text.split(" ").flatMap((word) => [
    el("span", { class: cue.length ? null : "said" }, word), " "]));
  setText(byId("says"), cue.text);
}

// showLine tells where the line comes from, and what is wrong with its newest files.
export function showLine({ organisation, folder, mistake, dashboard, command }) {
  setText(byId("organisation"), organisation);
  byId("dashboard").hidden = !dashboard;
  if (dashboard) byId("dashboard").href = dashboard;
  const banner = mistake && el("div", { class: "banner bad", id: "mistake" },
    el("p", {}, "The newest files were not taken; the line answers with those before."),
    mistake.split("\n").slice(mistake.includes("\n") ? 1 : 0).map((text) => el("p", {}, el("code", {}, text.trim()))));
  byId("banners").replaceChildren(...(banner ? [banner] : []));
  byId("edit").replaceChildren(...(folder
    ? ["Prompts and directory are read from ", el("code", {}, folder), " whenever they are written. "]
    : ["This is the directory built into the program. To work on one of your own: copy the folder ",
      el("code", {}, "data"), ", then ", el("code", {}, "DIRECTORY=path/to/copy premiumline dev"), ". "]),
  ...(command ? ["From a terminal: ", el("code", {}, command)] : []));
}
