package phone

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// ErrEnded is the error of an act on a call that has ended.
var ErrEnded = errors.New("phone: the call has ended")

// Call is a call in progress. It is for one goroutine at a time. An act that
// fails because the line did has ended the call.
type Call struct {
	// FarEnd is what the next transfers reach.
	FarEnd FarEnd
	// Trouble is what befalls the next webhooks.
	Trouble Trouble

	line     *Line
	caller   Caller
	sid      string
	hasty    bool   // an act ends where it is done
	legs     int    // transfers so far
	status   string // CallStatus
	answered bool
	ended    bool
	now      time.Duration
	webhooks int
	doc      document
	doing    activity
	held     []int // events of keys pressed while a webhook was out
	events   []Event
}

// activity is what is going on in a call at present.
type activity interface {
	// until is when it is over, if the caller does nothing.
	until() time.Duration
	// pass notes what is heard of it up to the present moment.
	pass(*Call)
	// over goes on with what comes after it.
	over(context.Context, *Call) error
	// press is what it does with a key, the index of its event.
	press(ctx context.Context, c *Call, key int) error
}

// Ended tells whether the call is over.
func (c *Call) Ended() bool { return c.ended }

// Listening tells whether a Gather takes the caller's keys.
func (c *Call) Listening() bool {
	_, ok := c.doing.(*listening)
	return ok
}

// Doing is what is going on in a call.
type Doing string

// What can be going on; nothing is, once a call has ended.
const (
	Asking   Doing = "webhook" // one is out: silence
	Speaking Doing = "speech"  // outside a Gather: no key is heard
	Gathers  Doing = "gather"  // keys are heard, over what is said and after it
	Ringing  Doing = "ringing" // a transfer
	Talking  Doing = "talking" // to the far end of a transfer
)

// Doing is what is going on, and when it is over if the caller does nothing.
func (c *Call) Doing() (what Doing, until time.Duration) {
	switch now := c.doing.(type) {
	case *asking:
		return Asking, now.end
	case *speaking:
		return Speaking, now.end
	case *listening:
		return Gathers, now.deadline
	case *transferring:
		if c.now < now.answers {
			return Ringing, now.answers
		}
		return Talking, now.until()
	}
	return "", c.now
}

// Now is the time since the call was answered, or since it began to ring where
// the first webhook was slow.
func (c *Call) Now() time.Duration { return c.now }

// SID is the call's CallSid.
func (c *Call) SID() string { return c.sid }

// Events is what has happened, in order of time.
func (c *Call) Events() []Event { return slices.Clone(c.events) }

// Ahead is what the caller will yet hear of the present prompts if no key comes:
// [Utterance], [Pause] and [Sound], each with the time it begins at. What has
// begun is among [Call.Events] already.
func (c *Call) Ahead() []Event {
	switch now := c.doing.(type) {
	case *listening:
		return now.ahead()
	case *speaking:
		return now.ahead()
	}
	return nil
}

// Press hears the prompts out and presses the keys [PressTime] later, [KeyGap]
// from one to the next. It then runs to the next moment the caller can act, as
// [Line.Call] does.
func (c *Call) Press(ctx context.Context, keys string) error {
	if err := checkKeys(keys); err != nil {
		return err
	}
	if err := c.Hear(ctx); err != nil {
		return err
	}
	return c.PressAt(ctx, PressTime, keys)
}

// PressAt presses the keys once after has gone by, also into a prompt: what was
// not said by then stays unsaid. Otherwise it is like [Call.Press].
func (c *Call) PressAt(ctx context.Context, after time.Duration, keys string) error {
	if err := checkKeys(keys); err != nil {
		return err
	}
	for i := range len(keys) {
		if err := c.Pass(ctx, after); err != nil {
			return err
		}
		if c.ended && i > 0 {
			return nil // hung up on while the caller was still typing
		}
		if err := c.Tap(ctx, keys[i:i+1]); err != nil {
			return err
		}
		after = KeyGap
	}
	return c.settle(ctx)
}

// Tap presses one key at this very moment and lets no time pass.
func (c *Call) Tap(ctx context.Context, key string) error {
	if err := checkKeys(key); err != nil {
		return err
	}
	if len(key) > 1 {
		return fmt.Errorf("phone: %q is more than one key", key)
	}
	if c.ended {
		return ErrEnded
	}
	c.doing.pass(c)
	c.note(Key{Key: key})
	return c.doing.press(ctx, c, len(c.events)-1)
}

func checkKeys(keys string) error {
	if keys == "" {
		return errors.New("phone: no key to press")
	}
	if bad := strings.Trim(keys, "0123456789*#"); bad != "" {
		return fmt.Errorf("phone: no key %q: a phone has 0-9, * and #", []rune(bad)[0])
	}
	return nil
}

// Hear hears the prompts out: the Gather begins its wait for a key.
func (c *Call) Hear(ctx context.Context) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	if gather, ok := c.doing.(*listening); ok {
		return c.Pass(ctx, max(0, gather.end-c.now))
	}
	return nil
}

// Wait presses nothing: the prompts end and the Gather times out, once. It then
// runs to the next moment the caller can act.
func (c *Call) Wait(ctx context.Context) error {
	if err := c.settle(ctx); err != nil {
		return err
	}
	if c.ended {
		return ErrEnded
	}
	if err := c.step(ctx); err != nil {
		return err
	}
	return c.settle(ctx)
}

// Hangup hangs up at this very moment.
func (c *Call) Hangup(ctx context.Context) error {
	if c.ended {
		return ErrEnded
	}
	c.doing.pass(c)
	if transfer, ok := c.doing.(*transferring); ok {
		return transfer.abandon(ctx, c)
	}
	c.cut()
	return c.end(ctx, ByCaller)
}

// Pass lets d go by. It stops at that moment, whatever is going on then.
func (c *Call) Pass(ctx context.Context, d time.Duration) error {
	limit := c.now + d
	for !c.ended && c.doing.until() <= limit {
		if err := c.step(ctx); err != nil {
			return err
		}
	}
	if !c.ended {
		c.now = limit
		c.doing.pass(c)
	}
	return nil
}

// settle runs to the next moment the caller can act.
func (c *Call) settle(ctx context.Context) error {
	for !c.ended && !c.hasty && !c.Listening() {
		if err := c.step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// step lets what is going on come to its end.
func (c *Call) step(ctx context.Context) error {
	now := c.doing
	c.now = max(c.now, now.until())
	return now.over(ctx, c)
}

// end ends the call and tells the line so.
func (c *Call) end(ctx context.Context, how Ending) error {
	c.doing, c.ended = nil, true
	c.note(Ended{how})
	if c.status == inProgress || c.status == ringing {
		c.status = completed
	}
	return c.statusCallback(ctx)
}

func (c *Call) note(w What) { c.events = append(c.events, Event{c.now, w}) }

// cut shortens what is being heard to what has been heard of it.
func (c *Call) cut() {
	for i, e := range slices.Backward(c.events) {
		if h, ok := e.What.(heard); ok {
			if e.At+h.length() > c.now {
				c.events[i].What = h.cutTo(c.now - e.At)
			}
			return
		}
	}
}

// key is the key of an event.
func (c *Call) key(event int) string { return c.events[event].What.(Key).Key }

// lose marks keys, by their events, as pressed in vain.
func (c *Call) lose(events ...int) {
	for _, i := range events {
		c.events[i].What = Key{Key: c.key(i), Lost: true}
	}
}
