package sound

import "context"

// Stream makes the sound of the score and hands it on in order, as soon as no
// later cue can sound over it.
func (s Score) Stream(ctx context.Context, v *Voice, emit func(PCM) error) error {
	m := mixer{emit: emit}
	for _, c := range s.Cues {
		heard, err := c.Sound(ctx, v)
		if err != nil {
			return err
		}
		if err := m.advance(samples(c.At)); err != nil {
			return err
		}
		m.add(heard)
	}
	return m.advance(samples(s.Length))
}

// mixer holds what sounds from the present sample on.
type mixer struct {
	emit  func(PCM) error
	at    int
	ahead PCM
}

// advance hands on all up to a sample, and silence where nothing sounds.
func (m *mixer) advance(to int) error {
	n := max(0, to-m.at)
	m.grow(n)
	now := m.ahead[:n]
	m.at, m.ahead = m.at+n, m.ahead[n:]
	return m.emit(now)
}

func (m *mixer) add(heard PCM) {
	m.grow(len(heard))
	m.ahead.mix(heard)
}

func (m *mixer) grow(n int) {
	if more := n - len(m.ahead); more > 0 {
		m.ahead = append(m.ahead, make(PCM, more)...)
	}
}
