package sound

import (
	"math"
	"strings"
	"time"
)

// Tone is two frequencies together, steady or in a cadence. The zero Tone is
// silence.
type Tone struct {
	Low, High           float64       // Hz; 0: none
	LowLevel, HighLevel float64       // dBm0, of each
	On, Off             time.Duration // the cadence; 0, 0: steady
}

// The tones of North America's Precise Tone Plan.
var (
	Ringback = Tone{440, 480, -19, -19, 2 * time.Second, 4 * time.Second}
	Busy     = Tone{480, 620, -24, -24, time.Second / 2, time.Second / 2}
)

// mark is the beep where something is left out: quiet, and no signal of any
// telephone's.
var mark = Tone{Low: 330, LowLevel: -16}

// How long a key sounds, and a beep.
const (
	keyTime  = 120 * time.Millisecond
	markTime = 150 * time.Millisecond
)

// keypad is ITU-T Q.23's: a row has one low frequency, a column one high one.
const keypad = "123456789*0#"

var (
	lows  = [4]float64{697, 770, 852, 941}
	highs = [3]float64{1209, 1336, 1477}
)

// DTMF is the tone of a key, one of 0-9, * and #; the zero Tone for any other.
// The high frequency is 2 dB louder, as telephones make it against the loss of
// the line.
func DTMF(key string) Tone {
	i := strings.Index(keypad, key)
	if i < 0 || len(key) != 1 {
		return Tone{}
	}
	return Tone{Low: lows[i/3], High: highs[i%3], LowLevel: -9, HighLevel: -7}
}

// For is the tone for so long. It begins and ends softly, without a click.
func (t Tone) For(d time.Duration) PCM {
	p := make(PCM, samples(d))
	for i := range p {
		x := wave(t.Low, t.LowLevel, i) + wave(t.High, t.HighLevel, i)
		p[i] = clip(math.Round(x * t.swell(i, len(p))))
	}
	return p
}

// peak is that of a sine of 0 dBm0, which is 3.17 dB below the loudest one that
// mu-law carries.
var peak = 32636 * math.Pow(10, -3.17/20)

// wave is the i-th sample of a sine.
func wave(hertz, level float64, i int) float64 {
	if hertz == 0 {
		return 0
	}
	return peak * math.Pow(10, level/20) * math.Sin(2*math.Pi*hertz*float64(i)/Rate)
}

// swell is how much of the tone sounds at the i-th of n samples, 0 to 1.
func (t Tone) swell(i, n int) float64 {
	const edge = Rate / 500 // 2 ms
	if on := samples(t.On); on > 0 {
		period := on + samples(t.Off)
		n = min(n-i/period*period, on)
		i %= period
	}
	return max(0, min(1, float64(i)/edge, float64(n-1-i)/edge))
}
