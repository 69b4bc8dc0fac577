package sound

import "math"

// band is a filter that lets pass what a telephone line carries, 300 to 3400 Hz,
// and makes of any rate the telephone's: one set of weights for each place that
// a sample of ours can have between two of theirs.
type band struct {
	rate     int
	up, down int // Rate and rate, without common divisor
	half     int // weights on either side of the middle
	weights  [][]float64
}

// The edges lie where the filter has lost half: it is flat within, and what lies
// beyond 4000 Hz, and would come back as another frequency, is gone.
const lowEdge, highEdge = 200, 3600

func newBand(rate int) *band {
	g := gcd(rate, Rate)
	b := &band{rate: rate, up: Rate / g, down: rate / g, half: rate / 100} // 10 ms
	b.weights = make([][]float64, b.up)
	for phase := range b.weights {
		w := make([]float64, 2*b.half+1)
		for i := range w {
			w[i] = b.weight(float64(i-b.half) - float64(phase)/float64(b.up))
		}
		b.weights[phase] = w
	}
	return b
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// weight is that of a sample t samples from the middle: a low-pass less a lower
// one, under Blackman's window.
func (b *band) weight(t float64) float64 {
	x := math.Pi * t / float64(b.half+1)
	window := 0.42 + 0.5*math.Cos(x) + 0.08*math.Cos(2*x)
	high := min(highEdge, float64(b.rate)/2)
	return window * (b.lowPass(high, t) - b.lowPass(lowEdge, t))
}

func (b *band) lowPass(edge, t float64) float64 {
	f := 2 * edge / float64(b.rate)
	if t == 0 {
		return f
	}
	return math.Sin(math.Pi*f*t) / (math.Pi * t)
}

// telephone is what the line carries of sound at the band's rate.
func (b *band) telephone(sound []int16) PCM {
	p := make(PCM, (len(sound)*b.up+b.down-1)/b.down)
	for n := range p {
		p[n] = clip(math.Round(b.at(sound, n*b.down/b.up, n*b.down%b.up)))
	}
	return p
}

// at is the filtered sound at a phase behind the middle-th sample.
func (b *band) at(sound []int16, middle, phase int) (sum float64) {
	first := middle - b.half
	weights := b.weights[phase]
	for i := max(0, -first); i < len(weights) && first+i < len(sound); i++ {
		sum += weights[i] * float64(sound[first+i])
	}
	return sum
}
