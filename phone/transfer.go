package phone

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"premiumline/twiml"
)

// keypadWords are ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE as
// numbers: what some networks send for a caller who hides the number.
var keypadWords = []string{"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}

// transferring is a Dial: it rings, then the two may talk.
type transferring struct {
	dial    twiml.Dial
	sid     string        // of the other leg
	answers time.Duration // when the ringing is over
	result  Transferred   // what comes of it, if the caller does nothing
}

// transfer rings the numbers. What was pressed ahead is lost.
func (c *Call) transfer(d twiml.Dial) {
	c.dropHeld()
	callerID := cmp.Or(d.CallerID, c.caller.From)
	for _, n := range d.Numbers {
		c.note(Dialed{n.E164, callerID, d.CallerID != ""})
	}
	c.legs++
	t := &transferring{dial: d, sid: sid(c.sid, c.legs), answers: c.now}
	c.doing = t
	if !e164.MatchString(callerID) || slices.Contains(keypadWords, callerID) {
		t.result = Transferred{Status: failed, Stays: true, Code: "13214"}
		return
	}
	far := c.FarEnd.meet(d)
	t.answers += far.Ring
	t.result = Transferred{Status: far.Status, Talk: far.Talk, Stays: far.HangsUp}
}

// meet is what a Dial makes of the far end: it rings and lets talk only so long.
func (f FarEnd) meet(d twiml.Dial) FarEnd {
	f.Status = cmp.Or(f.Status, completed)
	rings, talks := secs(cmp.Or(d.Timeout, 30))+RingGrace, secs(cmp.Or(d.TimeLimit, 14400))
	if f.Status == noAnswer {
		f.Ring = cmp.Or(f.Ring, rings)
	}
	if f.Ring = cmp.Or(f.Ring, RingTime); f.Ring > rings {
		f.Status, f.Ring = noAnswer, rings
	}
	if f.Status != completed {
		return FarEnd{Status: f.Status, Ring: f.Ring, HangsUp: true}
	}
	if f.Talk = cmp.Or(f.Talk, TalkTime); f.Talk > talks {
		f.Talk, f.HangsUp = talks, true
	}
	return f
}

func (t *transferring) until() time.Duration { return t.answers + t.result.Talk }
func (t *transferring) pass(*Call)           {}

func (t *transferring) over(ctx context.Context, c *Call) error {
	c.note(t.result)
	if !t.result.Stays {
		return t.leave(ctx, c, AfterTransfer)
	}
	if t.dial.Action == "" {
		return c.next(ctx)
	}
	return c.ask(ctx, method(t.dial.Method), t.dial.Action, dialled(t.sid, t.result))
}

// press can take the caller off the other line; any other key is the far end's.
func (t *transferring) press(ctx context.Context, c *Call, key int) error {
	if !t.dial.HangupOnStar || c.key(key) != "*" || c.now < t.answers {
		c.lose(key)
		return nil
	}
	t.result.Talk, t.result.Stays = c.now-t.answers, true
	return t.over(ctx, c)
}

// abandon is the caller's hanging up before the transfer is over.
func (t *transferring) abandon(ctx context.Context, c *Call) error {
	if c.now < t.answers {
		t.result = Transferred{Status: canceled}
		c.note(t.result)
		return t.leave(ctx, c, ByCaller)
	}
	t.result.Talk, t.result.Stays = c.now-t.answers, false
	return t.over(ctx, c)
}

// leave ends the call. The action is asked all the same, with CallStatus
// completed, and nobody hears what it answers.
func (t *transferring) leave(ctx context.Context, c *Call, how Ending) error {
	c.status = completed
	if t.dial.Action == "" {
		return c.end(ctx, how)
	}
	target := c.resolve(t.dial.Action)
	_, err := c.fetch(ctx, method(t.dial.Method), target, dialled(t.sid, t.result))
	if err != nil {
		err = fmt.Errorf("phone: %w", err)
	}
	return errors.Join(err, c.end(ctx, how))
}
