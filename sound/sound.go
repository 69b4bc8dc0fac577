// Package sound is the audio of a simulated call: what the caller's telephone
// carries, for somebody who wants to hear a call before callers do.
//
// [Compose] turns the events of a [phone.Call] into a [Score], which says what
// sounds when; a [Voice] and a [Tone] make the sound, and [WriteWAV] writes it as
// the 8000 bytes of mu-law a second that a telephone line carries, or a [Player]
// plays it as time goes by. Composing, tones, filter, mu-law and WAV are
// arithmetic; only Voice and Player start programs.
//
// # Time
//
// The recording begins with the answer and keeps the call's clock: a prompt
// begins at its event's second, a key's tone at the key's, and silence (a
// webhook, a caller who thinks) is as long as on the call. [phone.SpeechTime]
// only estimates how long speech takes, so a voice may run into the first half
// of the silence behind an utterance, and says it faster where that is not
// enough; it never shifts what comes after. Words that a key cut are cut at the
// key.
//
// Only the talk after a transfer is answered is not to scale. What the far end
// says is not ours to invent, and a minute of silence teaches nobody anything:
// ringing stops, and three seconds stand for the talk, with a short low beep in
// their middle where the rest was left out. From there on the recording is so
// much behind the call's clock. A talk of up to three seconds is silence and is
// whole. All ringing is whole as well, the 35 seconds of a line that nobody
// answers too: hearing how long that is, is what listening is for. A line that
// is busy rings first, as Twilio makes it, and sounds busy for the last two
// seconds.
//
// A recording that the line plays by its URL is not fetched: it is silence that
// begins with the same beep.
package sound

import "time"

// Rate is how many samples a telephone line carries each second.
const Rate = 8000

// PCM is linear sound, [Rate] samples a second of 16 bits.
type PCM []int16

// Duration is how long it sounds.
func (p PCM) Duration() time.Duration { return time.Duration(len(p)) * time.Second / Rate }

// samples is how many whole samples fit into d.
func samples(d time.Duration) int { return int(d * Rate / time.Second) }

// mix adds other to p, which is as long at least. What is too loud is clipped.
func (p PCM) mix(other PCM) {
	for i, s := range other {
		p[i] = clip(float64(p[i]) + float64(s))
	}
}

func clip(x float64) int16 { return int16(max(-32768, min(32767, x))) }
