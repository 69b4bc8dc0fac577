package sound

import (
	"context"
	"strings"
	"time"

	"premiumline/phone"
)

// Score is what sounds on a call, and when.
type Score struct {
	Cues   []Cue         // in order of time
	Length time.Duration // of the whole recording
}

// Cue is an event of the call in the recording. Many are silent.
type Cue struct {
	At    time.Duration // in the recording
	Room  time.Duration // how long an utterance may sound
	Event phone.Event

	parts []part
}

// part is a tone for a time.
type part struct {
	tone   Tone
	length time.Duration
}

// Sound is what is heard of the cue; none if it is silent.
func (c Cue) Sound(ctx context.Context, v *Voice) (PCM, error) {
	var p PCM
	for _, part := range c.parts {
		p = append(p, part.tone.For(part.length)...)
	}
	switch w := c.Event.What.(type) {
	case phone.Utterance:
		return v.Say(ctx, w, c.Room)
	case phone.Sound:
		return p.until(w.Length), nil
	}
	return p, nil
}

func (c Cue) silent() bool {
	_, spoken := c.Event.What.(phone.Utterance)
	return !spoken && len(c.parts) == 0
}

// Compose makes the score of a call, from its beginning or any moment on.
func Compose(events []phone.Event) Score {
	s := Score{Cues: make([]Cue, len(events))}
	var left leftOut
	for i, e := range events {
		c := Cue{At: left.shown(e.At), Event: e}
		s.Length = max(s.Length, c.At+length(e.What))
		var g gap
		c.parts, g = parts(events[i:])
		left = append(left, g)
		s.Cues[i] = c
	}
	s.makeRoom()
	return s
}

// length is how long an event lasts.
func length(w phone.What) time.Duration {
	switch w := w.(type) {
	case phone.Utterance:
		return w.Length
	case phone.Pause:
		return w.Length
	case phone.Sound:
		return w.Length
	}
	return 0
}

// makeRoom gives every utterance half of the silence behind it.
func (s Score) makeRoom() {
	next := s.Length
	for i := len(s.Cues) - 1; i >= 0; i-- {
		c := &s.Cues[i]
		if u, ok := c.Event.What.(phone.Utterance); ok {
			c.Room = u.Length
			if !u.Cut {
				c.Room += max(0, next-c.At-u.Length) / 2
			}
		}
		if !c.silent() {
			next = c.At
		}
	}
}

// parts are the tones of the first event, and the time it leaves out.
func parts(events []phone.Event) ([]part, gap) {
	switch w := events[0].What.(type) {
	case phone.Key:
		return []part{{DTMF(w.Key), keyTime}}, gap{}
	case phone.Sound:
		return played(w), gap{}
	case phone.Dialed:
		return transfer(events)
	}
	return nil, gap{}
}

// played is keys that the line presses, where a w is half a second; or what
// stands for a recording.
func played(s phone.Sound) (tones []part) {
	if strings.Trim(s.Source, keypad+"w") != "" {
		return []part{{mark, min(markTime, s.Length)}}
	}
	for i := range len(s.Source) {
		tones = append(tones, part{DTMF(s.Source[i : i+1]), keyTime},
			part{length: phone.KeyGap - keyTime})
	}
	return tones
}

// talkShown is how much of a talk there is in the recording.
const talkShown = 3 * time.Second

// transfer is what the caller hears of one, from the moment a number is dialled
// to its end. Of several that ring at once, the last sounds.
func transfer(events []phone.Event) ([]part, gap) {
	dialed := events[0].At
	for _, e := range events[1:] {
		switch w := e.What.(type) {
		case phone.Dialed:
			return nil, gap{}
		case phone.Transferred:
			answered := e.At - w.Talk
			rings := ringing(w.Status, answered-dialed)
			if w.Talk <= talkShown {
				return rings, gap{}
			}
			return append(rings, answeredTalk...),
				gap{answered + talkShown/2, e.At - talkShown/2}
		}
	}
	return nil, gap{}
}

// busyTime is how long a busy line sounds busy, unless it rang for so short that
// half of it is less.
const busyTime = 2 * time.Second

func ringing(status string, d time.Duration) []part {
	if status != "busy" {
		return []part{{Ringback, d}}
	}
	sounds := min(busyTime, d/2)
	return []part{{Ringback, d - sounds}, {Busy, sounds}}
}

var answeredTalk = []part{
	{length: (talkShown - markTime) / 2}, {mark, markTime}, {length: (talkShown - markTime) / 2},
}

// gap is a time of the call that the recording has not.
type gap struct{ from, to time.Duration }

type leftOut []gap

// shown is where a moment of the call is in the recording.
func (l leftOut) shown(at time.Duration) time.Duration {
	shown := at
	for _, g := range l {
		shown -= max(0, min(at, g.to)-g.from)
	}
	return shown
}
