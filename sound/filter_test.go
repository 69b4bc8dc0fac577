package sound

import (
	"math"
	"testing"
	"time"
)

// The telephone's band is flat from 300 to 3400 Hz, whatever the rate before, and
// nothing from outside it comes back.
func TestTelephone(t *testing.T) {
	const level, ripple, gone = 10000, 0.3, -50 // amplitude, dB, dB
	for _, rate := range []int{8000, 16000, 22050, 44100} {
		b := newBand(rate)
		for _, hertz := range []float64{50, 300, 440, 1004, 2000, 3000, 3400, 4200, 5000, 7600, 10000} {
			if hertz >= float64(rate)/2 {
				continue
			}
			in := make([]int16, rate) // a second
			for i := range in {
				in[i] = int16(math.Round(level * math.Sin(2*math.Pi*hertz*float64(i)/float64(rate))))
			}
			out := b.telephone(in)
			loss := 20 * math.Log10(amplitude(out[Rate/4:3*Rate/4])/level)
			inside := hertz >= 300 && hertz <= 3400
			if inside && math.Abs(loss) > ripple || !inside && loss > gone {
				t.Errorf("%v Hz at %d: %.1f dB", hertz, rate, loss)
			}
			if out.Duration() != time.Second {
				t.Errorf("a second at %d is %v", rate, out.Duration())
			}
		}
	}
}

// amplitude is that of a sine.
func amplitude(p PCM) float64 {
	var sum float64
	for _, x := range p {
		sum += float64(x) * float64(x)
	}
	return math.Sqrt(2 * sum / float64(len(p)))
}
