// The clock of the call. It plays what the server says lies ahead, as fast as the
// reader wants or the voice takes, and tells the server how far it has come.
import { quiet, speak } from "./voice.js";

const beat = 200; // ms of real time between two tellings
const player = { state: undefined, now: 0, speed: 1, told: 0, last: 0, voice: undefined };
let report = async () => {};
let draw = () => {};

export function initPlayer(onTime, onFrame) {
  report = onTime;
  draw = onFrame;
}

export const moment = () => Math.round(player.now);
export function setSpeed(speed) { player.speed = speed; }

// play takes over a state of the call. The clock never runs back.
export function play(state) {
  const same = player.state?.sid === state.sid;
  player.now = same ? Math.max(player.now, state.now) : state.now;
  const cue = same && currentCue();
  player.state = state;
  if (!cue || cue.at !== currentCue()?.at || !state.doing) hush();
  if (!player.running && state.doing) start();
}

export function stop() { player.state = undefined; hush(); }

function hush() {
  if (player.voice) quiet();
  player.voice = undefined;
}

// cues are what is heard of the present activity, begun or not.
export const cues = () => (player.state?.heard ?? []);

export function currentCue() {
  return cues().findLast((cue) => cue.at <= player.now && player.now < cue.at + cue.length);
}

function start() {
  player.running = true;
  player.last = player.told = performance.now();
  requestAnimationFrame(frame);
}

// frame lets a moment go by. What is over is told at once, the rest now and then.
async function frame(now) {
  if (!player.state?.doing) {
    player.running = false;
    return;
  }
  const passed = Math.min(now - player.last, 1000);
  player.last = now;
  advance(passed * player.speed);
  draw(player.now, currentCue());
  if (player.now >= player.state.until || now - player.told > beat) {
    player.told = now;
    await report(moment());
    player.last = performance.now();
  }
  requestAnimationFrame(frame);
}

// advance lets call time go by, no further than what is going on, nor faster than
// the voice that speaks.
function advance(passed) {
  const cue = currentCue();
  if (cue?.kind === "speech" && player.voice?.at !== cue.at) {
    player.voice = { at: cue.at, progress: speak(cue, player.speed) };
  }
  const progress = cue && player.voice?.at === cue.at && player.voice.progress;
  if (!progress) {
    const next = cues().find((c) => c.at > player.now && c.kind === "speech");
    player.now = Math.min(player.now + passed, player.state.until, next?.at ?? Infinity);
    return;
  }
  const end = cue.at + cue.length;
  if (progress.done) player.now = end;
  else player.now = Math.min(Math.max(player.now + passed / 4, cue.at + progress.part * cue.length), end - 1);
}

// skip goes to the end of what is said, or else of what goes on.
export function skip() {
  if (!player.state?.doing) return moment();
  const ends = cues().map((cue) => cue.at + cue.length).filter((end) => end > player.now + 1);
  player.now = ends.length ? Math.max(...ends) : player.state.until;
  hush();
  return moment();
}
