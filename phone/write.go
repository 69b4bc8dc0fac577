package phone

import (
	"slices"
	"strings"
	"time"
)

// Transcript is the call so far as the text of a [Transcript], to keep as a
// test. What a transcript has no words for is left out: keys that were lost, how
// long a transfer rang. A caller who hung up while nothing gathered is written
// as if one had.
func (c *Call) Transcript() string {
	w := writer{far: completed, key: -time.Hour}
	w.add(row("call", c.caller.words()))
	last := c.lastAct()
	for i, e := range c.events {
		w.act(e, i < last)
		if text, ok := result(e.What); ok {
			w.lines = append(w.lines, text)
		}
	}
	return strings.Join(w.lines, "\n") + "\n"
}

// lastAct is the index of the last event that the caller brought about.
func (c *Call) lastAct() int {
	for i, e := range slices.Backward(c.events) {
		if is[Key](e.What) || e.What == What(Ended{ByCaller}) {
			return i
		}
	}
	return -1
}

// words is the text of a call line.
func (c Caller) words() string {
	var words []string
	for _, part := range [][2]string{
		{"from", c.From}, {"to", c.To}, {"city", c.City},
		{"state", c.State}, {"zip", c.ZIP}, {"country", c.Country},
	} {
		if part[1] != "" {
			words = append(words, part[0], part[1])
		}
	}
	return strings.Join(words, " ")
}

// writer finds the caller's words behind the events of a call.
type writer struct {
	lines []string
	turn  int    // the line of the latest act
	far   string // what transfers meet, as a dial line has it

	begun  time.Duration // the latest Gather
	said   time.Duration // its prompts
	key    time.Duration // the latest
	keys   string        // of the latest act
	barged string        // how far into the prompt they came
}

func (w *writer) add(line string) {
	w.turn = len(w.lines)
	w.lines = append(w.lines, line)
}

// act writes the act of the caller that the event shows. A time-out is one only
// if another act follows: to the silence at the end the call runs by itself.
func (w *writer) act(e Event, more bool) {
	switch what := e.What.(type) {
	case Gathering:
		w.begun, w.said = e.At, e.At+what.Prompts
	case TimedOut:
		if more {
			w.add(row("wait", ""))
		}
	case Key:
		if !what.Lost {
			w.press(e.At, what.Key)
		}
	case Transferred:
		w.meet(what)
	case Ended:
		if what.How == ByCaller {
			w.add(row("hangup", w.into(e.At)))
		}
	}
}

// press writes a key, on the line of the one before if it came right after.
func (w *writer) press(at time.Duration, key string) {
	if at-w.key == KeyGap {
		w.keys += key
	} else {
		w.keys, w.barged = key, w.into(at)
		w.add("")
	}
	word := "press"
	if w.barged != "" {
		word = "barge"
	}
	w.lines[w.turn] = row(word, w.keys+strings.TrimPrefix(" "+w.barged, " after 0 s"))
	w.key, w.said = at, min(w.said, at)
}

// into is how far into the prompts a moment is; "": they are over.
func (w *writer) into(at time.Duration) string {
	if at >= w.said {
		return ""
	}
	return after(at - w.begun)
}

// meet writes what a transfer met before the act that led to it, unless the one
// before met the same.
func (w *writer) meet(t Transferred) {
	far := t.Status
	switch {
	case far == completed && t.Stays:
		far = hungUp
	case far == canceled && !t.Stays, t.Code != "":
		return // not the far end's doing
	}
	if t.Status == completed && t.Talk != TalkTime {
		far += " " + after(t.Talk)
	}
	if far == w.far {
		return
	}
	w.far = far
	at := max(w.turn, 1) // never before the call
	w.lines = slices.Insert(w.lines, at, row("dial", far))
	if w.turn > 0 {
		w.turn++
	}
}
