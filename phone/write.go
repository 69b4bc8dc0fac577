package phone

import (
	"slices"
	"strings"
	"time"
)

// Transcript is the call so far as the text of a [Transcript], to keep as a test;
// of a call that goes on, as if the caller hung up now. To run it again gives the
// same text. What a transcript has no words for is left out: keys that were lost,
// the exact moment of a key after the prompts, how long a transfer rang.
func (c *Call) Transcript() string {
	events := c.hungUp()
	w := writer{far: completed, silent: none}
	w.add(row("call", c.caller.words()))
	last := lastAct(events)
	for i, e := range events {
		w.event(e, i < last)
		if text, ok := result(e.What); ok {
			w.lines = append(w.lines, text)
		}
	}
	return strings.Join(w.lines, "\n") + "\n"
}

// hungUp is the events of the call, with those of hanging up now if it goes on.
func (c *Call) hungUp() []Event {
	last := Call{now: c.now, events: slices.Clone(c.events)}
	transfer, transferred := c.doing.(*transferring)
	switch {
	case c.ended:
	case transferred && c.now < transfer.answers:
		last.note(Transferred{Status: canceled})
		last.note(Ended{ByCaller})
	case transferred:
		last.note(Transferred{Status: completed, Talk: c.now - transfer.answers})
		last.note(Ended{AfterTransfer})
	default:
		last.cut()
		last.note(Ended{ByCaller})
	}
	return last.events
}

// lastAct is the index of the last event that the caller brought about.
func lastAct(events []Event) int {
	for i, e := range slices.Backward(events) {
		key, pressed := e.What.(Key)
		if pressed && !key.Lost || e.What == What(Ended{ByCaller}) {
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
		{"state", c.State}, {"zip", c.ZIP}, {"country", c.Country}, {"at", c.At},
	} {
		if part[1] != "" {
			words = append(words, part[0], part[1])
		}
	}
	return strings.Join(words, " ")
}

// writer finds the caller's words behind the events of a call.
type writer struct {
	lines   []string
	turn    int     // the line of the latest act
	far     string  // what transfers meet, as a dial line has it
	trouble Trouble // of the webhooks

	acted   time.Duration // the latest act
	settled time.Duration // from when on the next act is counted
	said    time.Duration // the end of the prompts
	inside  bool          // a Gather listens
	keyed   bool          // the Gather, or the webhook, is that of the latest act's keys
	silent  int           // where a time-out stands that is not written; none
	keys    string        // of the latest act
	barged  string        // how far into the prompt they came
}

const none = -1

func (w *writer) add(line string) {
	w.turn = len(w.lines)
	w.lines = append(w.lines, line)
}

// insert puts a line before another, and keeps track of those that matter.
func (w *writer) insert(at int, line string) {
	w.lines = slices.Insert(w.lines, at, line)
	if w.turn >= at {
		w.turn++
	}
	if w.silent >= at {
		w.silent++
	}
}

// event writes the act of the caller that the event shows. A time-out is one only
// if another act follows: to the silence at the end the call runs by itself.
func (w *writer) event(e Event, more bool) {
	switch what := e.What.(type) {
	case Gathering:
		w.begin(e.At, what, more)
	case TimedOut:
		w.silent, w.inside, w.keyed = len(w.lines), false, false
	case Key:
		if !what.Lost {
			w.press(e.At, what.Key)
		}
	case Webhook:
		w.inside = false
		w.befall(what)
	case Dialed:
		w.inside, w.keyed = false, false
	case Transferred:
		w.meet(what)
	case Ended:
		if what.How == ByCaller {
			w.add(row("hangup", w.gone(e.At)))
		}
	}
}

// begin is the beginning of a Gather, which the caller may have waited for.
func (w *writer) begin(at time.Duration, g Gathering, more bool) {
	if w.silent != none && more {
		w.wait()
	}
	w.settled, w.said, w.inside, w.keyed = at, at+g.Prompts, true, false
}

// wait writes the time-out as an act.
func (w *writer) wait() {
	w.lines = slices.Insert(w.lines, w.silent, row("wait", ""))
	w.turn, w.silent = w.silent, none
}

// press writes a key: on the line of the one before while it is heard by the same
// Gather, or before the answer to that one.
func (w *writer) press(at time.Duration, key string) {
	if w.keyed {
		w.keys += key
	} else {
		w.keys, w.barged, w.silent = key, w.into(at), none
		w.add("")
	}
	word := "press"
	if w.barged != "" {
		word = "barge"
	}
	w.lines[w.turn] = row(word, w.keys+strings.TrimPrefix(" "+w.barged, " after 0 s"))
	w.keyed, w.acted, w.settled, w.said = true, at, at, min(w.said, at)
}

// into is how far into the prompts a moment is, or past the time-out that follows
// them; "": they are over, and the Gather still listens.
func (w *writer) into(at time.Duration) string {
	if w.inside && at >= w.said {
		return ""
	}
	return after(at - w.settled)
}

// gone is when the caller hung up. What the latest act led to by itself may be
// going on: a transfer, a webhook.
func (w *writer) gone(at time.Duration) string {
	if w.inside || w.silent != none {
		return w.into(at)
	}
	return strings.TrimPrefix(after(at-w.acted), "after ") + " later"
}

// meet writes what a transfer met before the act that led to it, unless the one
// before met the same. One that the caller gave up would have gone on to ring.
func (w *writer) meet(t Transferred) {
	far := t.Status
	switch {
	case t.Code != "":
		return // not the far end's doing
	case far == completed && t.Stays:
		far = hungUp
	case far == canceled && !t.Stays:
		far = noAnswer
	}
	if t.Status == completed && t.Talk != TalkTime {
		far += " " + after(t.Talk)
	}
	if far != w.far {
		w.far = far
		w.prepare(row("dial", far))
	}
}

// befall writes what befell a webhook before the act that led to it, unless it is
// what befell the one before.
func (w *writer) befall(hook Webhook) {
	if hook.trouble == nil || *hook.trouble == w.trouble {
		return
	}
	w.trouble = *hook.trouble
	if w.silent != none {
		w.wait()
	}
	w.prepare(row("server", w.trouble.words()))
}

// prepare writes a line that takes no time before the latest act, never before the
// call.
func (w *writer) prepare(line string) { w.insert(max(w.turn, 1), line) }
