// The browser's voices. What has no voice here is read off the screen, at the pace
// that the line takes it to have.
import { byId, el } from "./dom.js";

const synthesis = window.speechSynthesis;
let muted = false, chosen = "", saying;

const primary = (tag) => tag.toLowerCase().split(/[-_]/)[0];

export function initVoices() {
  if (!synthesis) return;
  const list = () => byId("voice").replaceChildren(
    el("option", { value: "" }, "Of each sentence’s language"),
    synthesis.getVoices().map((v) => el("option", { value: v.voiceURI }, `${v.name} (${v.lang})`)));
  synthesis.addEventListener("voiceschanged", list);
  byId("voice").addEventListener("change", (event) => { chosen = event.target.value; });
  list();
}

export function muteVoice(on) {
  muted = on;
  if (on) quiet();
}

export function quiet() {
  saying = undefined;
  synthesis?.cancel();
}

// voiceFor is the voice for a BCP 47 tag: the one that was chosen if it speaks that
// language, else the nearest.
function voiceFor(language) {
  const fits = synthesis.getVoices().filter((v) => primary(v.lang) === primary(language));
  return fits.find((v) => v.voiceURI === chosen)
    ?? fits.find((v) => v.lang.replace("_", "-") === language) ?? fits[0];
}

// speak says a text and returns its progress: {done, part}, part of 1, renewed as the
// voice goes on; nothing if there is no voice to say it.
export function speak({ text, language }, rate) {
  if (muted || !synthesis) return undefined;
  const voice = voiceFor(language);
  if (!voice) return undefined;
  const progress = { part: 0, done: false };
  const utterance = new SpeechSynthesisUtterance(text);
  Object.assign(utterance, { voice, lang: language, rate: Math.min(rate, 4) });
  utterance.addEventListener("boundary", ({ charIndex }) => { progress.part = charIndex / text.length; });
  const over = () => { progress.done = true; };
  utterance.addEventListener("end", over);
  utterance.addEventListener("error", over);
  synthesis.cancel();
  synthesis.speak(utterance);
  saying = utterance; // kept: Chromium forgets the events of one that nobody holds
  return progress;
}
