// What a phone sounds like besides voices: the two tones of a key, and the ringing
// a caller hears (440 and 480 Hz, two seconds of six).

const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477];
const keys = "123456789*0#";

let audio, ringing, muted = false;

// wake makes sound possible; browsers want a click or a key first.
export function wake() {
  audio ??= new AudioContext();
  if (audio.state === "suspended") audio.resume();
}

export function muteTones(on) {
  muted = on;
  if (on) stopRinging();
}

function play(frequencies, seconds, volume) {
  if (!audio || muted) return;
  const gain = new GainNode(audio, { gain: 0 });
  gain.connect(audio.destination);
  const { currentTime: now } = audio;
  gain.gain.setTargetAtTime(volume, now, 0.004); // a tone that begins at once clicks
  gain.gain.setTargetAtTime(0, now + seconds, 0.008);
  for (const frequency of frequencies) {
    const tone = new OscillatorNode(audio, { frequency });
    tone.connect(gain);
    tone.start(now);
    tone.stop(now + seconds + 0.1);
  }
  return gain;
}

export function dtmf(key) {
  const i = keys.indexOf(key);
  play([rows[Math.floor(i / 3)], columns[i % 3]], 0.14, 0.09);
}

export function ring() {
  if (ringing || muted) return;
  const once = () => { ringing.gain = play([440, 480], 2, 0.04); };
  ringing = { timer: setInterval(once, 6000) };
  once();
}

export function stopRinging() {
  if (!ringing) return;
  clearInterval(ringing.timer);
  ringing.gain?.disconnect();
  ringing = undefined;
}
