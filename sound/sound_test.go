package sound_test

import (
	"math"
	"testing"
	"time"

	"premiumline/phone"
	"premiumline/sound"
)

// power is how loud a frequency is in p, in dBm0: Goertzel's algorithm.
func power(p sound.PCM, hertz float64) float64 {
	c := 2 * math.Cos(2*math.Pi*hertz/sound.Rate)
	var s1, s2 float64
	for _, x := range p {
		s1, s2 = float64(x)+c*s1-s2, s1
	}
	amplitude := 2 * math.Sqrt(s1*s1+s2*s2-c*s1*s2) / float64(len(p))
	return dBm0(amplitude)
}

// dBm0 is the level of a sine with this amplitude: the loudest that mu-law
// carries has 3.17 dBm0.
func dBm0(amplitude float64) float64 { return 20*math.Log10(amplitude/32636) + 3.17 }

// loudness is the level of p as a whole, in dBm0.
func loudness(p sound.PCM) float64 {
	var sum float64
	for _, x := range p {
		sum += float64(x) * float64(x)
	}
	return dBm0(math.Sqrt(2 * sum / float64(len(p))))
}

// from is d of the sound, from at on.
func from(p sound.PCM, at, d time.Duration) sound.PCM {
	first := int(at * sound.Rate / time.Second)
	return p[first : first+int(d*sound.Rate/time.Second)]
}

// ITU-T Q.23: the frequencies of each key.
var keys = map[string][2]float64{
	"1": {697, 1209}, "2": {697, 1336}, "3": {697, 1477},
	"4": {770, 1209}, "5": {770, 1336}, "6": {770, 1477},
	"7": {852, 1209}, "8": {852, 1336}, "9": {852, 1477},
	"*": {941, 1209}, "0": {941, 1336}, "#": {941, 1477},
}

// pressed is the key that sounds in p; "": none. The bounds are those of a
// receiver by ITU-T Q.24: both tones above -25 dBm0, every other one far below.
func pressed(p sound.PCM) (key string) {
	loud := map[float64]bool{}
	for _, f := range []float64{697, 770, 852, 941, 1209, 1336, 1477, 1633} {
		if power(p, f) > -25 && power(p, f) > loudness(p)-9 {
			loud[f] = true
		}
	}
	for k, f := range keys {
		if len(loud) == 2 && loud[f[0]] && loud[f[1]] {
			key = k
		}
	}
	return key
}

func TestDTMF(t *testing.T) {
	const long = 120 * time.Millisecond
	for key, f := range keys {
		p := sound.DTMF(key).For(long)
		if len(p) != 960 || pressed(p) != key {
			t.Errorf("%s: %d samples that sound like %q", key, len(p), pressed(p))
		}
		low, high := power(p, f[0]), power(p, f[1])
		if math.Abs(low+9) > 0.5 || math.Abs(high+7) > 0.5 {
			t.Errorf("%s: %.1f and %.1f dBm0, want -9 and -7", key, low, high)
		}
	}
	for _, none := range []string{"", "A", "12", "w"} {
		if sound.DTMF(none) != (sound.Tone{}) {
			t.Errorf("%q has a tone", none)
		}
	}
}

// The tones of the Precise Tone Plan: levels, frequencies, cadence.
func TestCadence(t *testing.T) {
	const ms = time.Millisecond
	for name, test := range map[string]struct {
		tone      sound.Tone
		low, high float64
		level     float64
		on, off   []time.Duration // moments that sound, and that do not
	}{
		"ringing": {sound.Ringback, 440, 480, -19, []time.Duration{10 * ms, 1000 * ms, 1880 * ms,
			6010 * ms, 7880 * ms}, []time.Duration{2000 * ms, 4000 * ms, 5890 * ms, 8000 * ms}},
		"busy": {sound.Busy, 480, 620, -24, []time.Duration{10 * ms, 380 * ms, 1010 * ms, 8380 * ms},
			[]time.Duration{500 * ms, 890 * ms, 1500 * ms}},
	} {
		p := test.tone.For(9 * time.Second)
		for _, at := range test.on {
			part := from(p, at, 100*ms)
			low, high := power(part, test.low), power(part, test.high)
			if math.Abs(low-test.level) > 1 || math.Abs(high-test.level) > 1 {
				t.Errorf("%s: %.1f and %.1f dBm0 at %v, want %v", name, low, high, at, test.level)
			}
		}
		for _, at := range test.off {
			if level := loudness(from(p, at, 100*ms)); level > -60 {
				t.Errorf("%s: %.1f dBm0 at %v, want silence", name, level, at)
			}
		}
	}
}

// Published values. Those of silence, of the loudest samples and of the decision
// values around zero are G.711's table 2; its table 6 is a sine of 1000 Hz and
// 0 dBm0, the "digital milliwatt".
func TestMuLaw(t *testing.T) {
	for sample, want := range map[int16]byte{
		0: 0xff, 3: 0xff, 4: 0xfe, 12: 0xfd, -4: 0x7e, -12: 0x7d,
		32767: 0x80, 32635: 0x80, 31612: 0x80, 31611: 0x81, -32768: 0x00, -31612: 0x00, -31611: 0x01,
		123: 0xf0, 124: 0xef, 380: 0xdf, 892: 0xcf, 1916: 0xbf, 3964: 0xaf, 8060: 0x9f, 16252: 0x8f,
	} {
		if got := sound.MuLaw(sample); got != want {
			t.Errorf("%d is %#02x, want %#02x", sample, got, want)
		}
	}
	milliwatt := [8]byte{0x1e, 0x0b, 0x0b, 0x1e, 0x9e, 0x8b, 0x8b, 0x9e}
	for i, want := range milliwatt {
		x := -32636 * math.Pow(10, -3.17/20) * math.Sin(2*math.Pi*(float64(i)+0.5)/8)
		if got := sound.MuLaw(int16(math.Round(x))); got != want {
			t.Errorf("sample %d of the digital milliwatt is %#02x, want %#02x", i, got, want)
		}
	}
}

// linear is what a telephone makes of mu-law: G.711's rule for the decoder.
func linear(code byte) int16 {
	code = ^code
	magnitude := (int(code&0xf)<<3+132)<<(code>>4&7) - 132
	if code&0x80 != 0 {
		return int16(-magnitude)
	}
	return int16(magnitude)
}

// Every sample of mu-law is kept, but for minus zero.
func TestMuLawRoundTrip(t *testing.T) {
	for code := range 256 {
		want := byte(code)
		if want == 0x7f {
			want = 0xff
		}
		if got := sound.MuLaw(linear(byte(code))); got != want {
			t.Errorf("%#02x comes back as %#02x", code, got)
		}
	}
}

func at(d time.Duration, w phone.What) phone.Event { return phone.Event{At: d, What: w} }

// The recording's clock against the call's, event by event.
func TestCompose(t *testing.T) {
	const s = time.Second
	say := func(length time.Duration) phone.Utterance {
		return phone.Utterance{Text: "One.", Length: length}
	}
	dialed := phone.Dialed{Number: "+18005550100"}
	answered := phone.Transferred{Status: "completed", Talk: 60 * s, Stays: true}
	for name, test := range map[string]struct {
		events []phone.Event
		at     []time.Duration
		room   time.Duration // of the first event
		length time.Duration
	}{
		"none": {},
		"speech has half of the silence behind it": {[]phone.Event{at(0, say(2*s)),
			at(2*s, phone.Pause{Length: s}), at(3*s, say(s)), at(5*s, phone.Ended{})},
			[]time.Duration{0, 2 * s, 3 * s, 5 * s}, 2500 * time.Millisecond, 5 * s},
		"none if there is none": {[]phone.Event{at(0, say(2*s)), at(2*s, say(s))},
			[]time.Duration{0, 2 * s}, 2 * s, 3 * s},
		"a key comes into the silence": {[]phone.Event{at(0, say(2*s)),
			at(4*s, phone.Key{Key: "1"}), at(9*s, phone.Ended{})},
			[]time.Duration{0, 4 * s, 9 * s}, 3 * s, 9 * s},
		"cut": {[]phone.Event{at(0, phone.Utterance{Length: s, Cut: true}), at(9*s, phone.Ended{})},
			[]time.Duration{0, 9 * s}, s, 9 * s},
		"a talk is three seconds": {[]phone.Event{at(s, dialed), at(65*s, answered),
			at(66*s, say(s)), at(67*s, phone.Ended{})},
			[]time.Duration{s, 8 * s, 9 * s, 10 * s}, 0, 10 * s},
		"a short talk is whole": {[]phone.Event{at(s, dialed),
			at(7*s, phone.Transferred{Status: "completed", Talk: 2 * s}), at(7*s, phone.Ended{})},
			[]time.Duration{s, 7 * s, 7 * s}, 0, 7 * s},
		"ringing is whole": {[]phone.Event{at(s, dialed),
			at(36*s, phone.Transferred{Status: "no-answer"})}, []time.Duration{s, 36 * s}, 0, 36 * s},
		"keys into the talk": {[]phone.Event{at(0, dialed), at(5*s, phone.Key{Key: "1", Lost: true}),
			at(30*s, phone.Key{Key: "2", Lost: true}), at(64*s, answered)},
			[]time.Duration{0, 5 * s, 5500 * time.Millisecond, 7 * s}, 0, 7 * s},
	} {
		score := sound.Compose(test.events)
		if score.Length != test.length {
			t.Errorf("%s: %v long, want %v", name, score.Length, test.length)
		}
		for i, c := range score.Cues {
			if c.At != test.at[i] || i == 0 && c.Room != test.room {
				t.Errorf("%s: event %d at %v with room %v, want %v, %v",
					name, i, c.At, c.Room, test.at[i], test.room)
			}
		}
	}
}
