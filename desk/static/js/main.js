// The page: one phone, one call at a time. The server knows what happens; here it is
// played and drawn.
import { caller, callerName, far, initCaller, mend, showCallers, trouble } from "./caller.js";
import { byId, el, setText } from "./dom.js";
import { showFigures } from "./figures.js";
import { chooseRegion, draw as drawFlow, initFlow, showPage, showPages } from "./flow.js";
import { clearHooks, showHook } from "./inspector.js";
import { initKeypad, mend as mendKey } from "./keypad.js";
import { initPlayer, moment, play, setSpeed, skip, stop } from "./player.js";
import { initScreen, showFrame, showLine, showState } from "./screen.js";
import { ask, connect } from "./socket.js";
import { initTabs } from "./tabs.js";
import { closeTest, initReplay, showReplayed, showSaved } from "./tests.js";
import { muteTones, wake } from "./tones.js";
import { clearTranscript, showRow } from "./transcript.js";
import { initVoices, muteVoice } from "./voice.js";

let rows = [], sid = "", live = false;

// take draws an answer of the server, whatever it is.
function take(answer) {
  if (answer.is === "refused") return refuse(answer);
  if (answer.sid !== sid) {
    clear(answer.sid);
    chooseRegion(answer.likely);
  }
  for (const row of answer.rows) {
    rows[row.n] = row;
    showRow(row);
    showHook(row);
  }
  const now = answer.now;
  const heard = [...rows, ...answer.ahead].filter((r) => r.length && r.kind !== "gather"
    && r.kind !== "transferred" && r.at + r.length > now && !r.cut);
  live = answer.doing !== "";
  play({ ...answer, heard });
  showState(answer, rows);
  showFigures(answer.figures);
  showPage(answer.page);
}

function clear(next) {
  sid = next;
  rows = [];
  clearTranscript();
  clearHooks();
  closeTest();
}

// refuse says what cannot be at the field it is in, or where keys and calls are made.
function refuse({ field, text }) {
  if (field === "key" || !mend(field, text)) mendKey(text);
}

async function begin(page) {
  wake();
  mendKey("");
  let who;
  try {
    who = caller();
  } catch {
    return; // said at the field
  }
  stop();
  take(await ask({ do: "call", page, ...who }));
  setText(byId("who"), callerName());
}

// change tells the server of a choice in the form.
const change = (what, read) => async () => {
  try {
    take(await ask({ do: what, [what]: read() }));
  } catch { /* said at the field */ }
};

const hangup = async () => take(await ask({ do: "hangup", to: moment() }));

async function save(name, text) {
  const answer = await ask({ do: "save", name, text });
  if (answer.is === "refused") return mend(answer.field, answer.text) || mendKey(answer.text);
  showSaved(answer, text, save);
}

async function replay(name, text) {
  const answer = await ask({ do: "replay", name, text });
  if (answer.is === "refused") return refuse(answer);
  stop();
  take(answer.call);
  setText(byId("who"), name);
  showReplayed(answer);
}

initScreen();
initVoices();
initPlayer(async (to) => take(await ask({ do: "pass", to })), showFrame);
initKeypad(async (key) => {
  if (live) take(await ask({ do: "tap", key, to: moment() }));
});
initCaller(change("far", far), change("trouble", trouble));
initFlow(begin);
initTabs(document.querySelector("[role=tablist]"), drawFlow);
initReplay(replay);

byId("call").addEventListener("click", () => live ? hangup() : begin(""));
byId("skip").addEventListener("click", async () => take(await ask({ do: "pass", to: skip() })));
byId("save").addEventListener("click", () => save("", ""));
byId("speed").addEventListener("input", ({ target }) => {
  setSpeed(Number(target.value));
  setText(byId("speed-value"), `${Number(target.value)}×`);
});
byId("mute").addEventListener("click", ({ target }) => {
  const on = target.getAttribute("aria-pressed") !== "true";
  target.setAttribute("aria-pressed", on);
  muteTones(on);
  muteVoice(on);
});

connect((line) => {
  showLine(line);
  showCallers(line.callers);
  showPages(line.pages);
}, (alive) => {
  byId("line-state").dataset.state = alive ? "good" : "bad";
  setText(byId("line-state"), alive ? "Line answers" : "Server is gone");
  if (!alive && live) {
    live = false;
    stop();
    byId("banners").append(el("div", { class: "banner bad" }, el("p", {}, "The call is lost: the server is gone.")));
  }
});
