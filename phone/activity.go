package phone

import (
	"context"
	"slices"
	"strings"
	"time"

	"premiumline/twiml"
)

// asking is a webhook that is out, its answer already here. Keys are kept for
// the Gather that may come.
type asking struct {
	end    time.Duration
	answer document
}

func (a *asking) until() time.Duration { return a.end }
func (a *asking) pass(*Call)           {}

func (a *asking) over(ctx context.Context, c *Call) error {
	c.doc = a.answer
	return c.next(ctx)
}

func (a *asking) press(_ context.Context, c *Call, key int) error {
	c.held = append(c.held, key)
	return nil
}

// speaking is what is said outside a Gather: no key is heard.
type speaking struct{ script }

func (s *speaking) until() time.Duration { return s.end }

func (s *speaking) over(ctx context.Context, c *Call) error {
	s.finish(c)
	return c.next(ctx)
}

func (s *speaking) press(_ context.Context, c *Call, key int) error {
	c.lose(key)
	return nil
}

// listening is a Gather.
type listening struct {
	script
	gather   twiml.Gather
	timeout  time.Duration
	finish   string // the key that finishes it; "": none
	digits   string
	deadline time.Duration
}

func (l *listening) until() time.Duration { return l.deadline }

// over is the time-out.
func (l *listening) over(ctx context.Context, c *Call) error {
	l.script.finish(c)
	c.note(TimedOut{l.digits})
	return l.result(ctx, c, "")
}

func (l *listening) press(ctx context.Context, c *Call, key int) error {
	if l.gather.Input == "speech" {
		c.lose(key)
		return nil
	}
	c.cut()
	l.stop(c.now)
	if c.key(key) == l.finish {
		return l.result(ctx, c, l.finish)
	}
	l.digits += c.key(key)
	if len(l.digits) == l.gather.NumDigits {
		return l.result(ctx, c, "")
	}
	l.deadline = c.now + l.timeout
	return nil
}

// result asks the action for what comes next. With no key and unless it is
// wanted all the same, the Gather falls through to the verb after it.
func (l *listening) result(ctx context.Context, c *Call, finishedOn string) error {
	if l.digits == "" && !l.gather.ActionOnEmptyResult {
		return c.next(ctx)
	}
	return c.ask(ctx, method(l.gather.Method), l.gather.Action, gathered(l.digits, finishedOn))
}

// script is what is about to be heard, each part with the time it begins at.
type script struct {
	cues []Event
	end  time.Duration
}

// add puts parts at the end.
func (s *script) add(parts ...heard) {
	for _, h := range parts {
		s.cues = append(s.cues, Event{s.end, h})
		s.end += h.length()
	}
}

// pass notes what has begun by now.
func (s *script) pass(c *Call) {
	for len(s.cues) > 0 && s.cues[0].At < c.now {
		s.note(c)
	}
}

// finish notes all there is left.
func (s *script) finish(c *Call) {
	for len(s.cues) > 0 {
		s.note(c)
	}
}

func (s *script) note(c *Call) {
	c.events = append(c.events, s.cues[0])
	s.cues = s.cues[1:]
}

// stop leaves the rest unsaid.
func (s *script) stop(now time.Duration) { s.cues, s.end = nil, min(s.end, now) }

func (s *script) ahead() []Event { return slices.Clone(s.cues) }

// spokenIn is what a prompt verb lets the caller hear.
func spokenIn(v twiml.Verb) []heard {
	switch v := v.(type) {
	case twiml.Say:
		return repeat(v.Loop, utterances(v))
	case twiml.Play:
		return repeat(v.Loop, []heard{sound(v)})
	case twiml.Pause:
		return []heard{Pause{Length: time.Duration(value(v.Length, 1)) * time.Second}}
	}
	return nil
}

// endless is how often something that is said until the call ends is said.
const endless = 1000

func repeat(loop *int, once []heard) []heard {
	n := value(loop, 1)
	if n == 0 {
		n = endless
	}
	var all []heard
	for range n {
		all = append(all, once...)
	}
	return all
}

func value[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// recordingTime is the length a recording is taken to have: none is fetched.
const recordingTime = 5 * time.Second

func sound(p twiml.Play) Sound {
	if p.Digits == "" {
		return Sound{Source: strings.TrimSpace(p.URL), Length: recordingTime}
	}
	return Sound{Source: p.Digits, Length: time.Duration(len(p.Digits)) * KeyGap}
}
