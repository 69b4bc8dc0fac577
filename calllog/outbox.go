package calllog

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
)

// Outgoing is a text to be sent now.
type Outgoing struct {
	Call     string // CallSid of the call on which it was asked for
	Region   string // the line whose number it tells, "georgia"
	Language string // BCP 47
	To       string // E.164
	Body     string
}

// Result is what came of an attempt to send a text.
type Result struct {
	SID    string        // Twilio's of the message
	Err    error         // nil: Twilio took the text
	Code   int           // Twilio's error code, 0 if none
	Retry  bool          // it surely was not sent, and may be taken later
	Unsure bool          // whether it was sent cannot be told; it is never sent again
	After  time.Duration // not to be tried again before, as Twilio says; 0 if it does not
}

// OutboxOptions say how an Outbox sends; a zero field is its default, Hasher and Send have none.
type OutboxOptions struct {
	Hasher Hasher                                 // opens the numbers that Text.To holds
	Send   func(context.Context, Outgoing) Result // sends one text, within 30 s or ctx is done
	AtOnce int                                    // texts being sent at a time; default 4
	Poll   time.Duration                          // between looks for what others noted; default 2 s
	Grace  time.Duration                          // for texts being sent when Run ends; default 5 s
}

func (o OutboxOptions) orDefaults() OutboxOptions {
	o.AtOnce = cmp.Or(o.AtOnce, 4)
	o.Poll = cmp.Or(o.Poll, 2*time.Second)
	o.Grace = cmp.Or(o.Grace, 5*time.Second)
	return o
}

const (
	claimTime   = 10 * time.Second // for a statement
	sendTime    = 30 * time.Second // for Send; with all else it is less than lease
	firstWait   = 2 * time.Second  // before a text is tried again
	longestWait = 5 * time.Minute
)

// Outbox sends the texts that callers asked for; several, in any processes, may share a store.
type Outbox struct {
	OutboxOptions
	log     *Log
	slots   chan struct{} // holds a value for each text being sent
	freed   chan struct{} // has a value when one of them was
	sending sync.WaitGroup
	doubt   int64 // a claim that failed, as far as can be seen; 0 if none did
	failing bool  // and was told of
}

// NewOutbox is an outbox of the log's store; Run makes it send.
func NewOutbox(l *Log, o OutboxOptions) *Outbox {
	o = o.orDefaults()
	return &Outbox{
		OutboxOptions: o, log: l,
		slots: make(chan struct{}, o.AtOnce), freed: make(chan struct{}, 1),
	}
}

// Run sends texts until ctx is done, and returns when those being sent have been, or after
// OutboxOptions.Grace. It is to be called once, and the log to be closed after it.
func (o *Outbox) Run(ctx context.Context) {
	sending, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	tick := time.NewTicker(o.Poll)
	defer tick.Stop()
	for ctx.Err() == nil {
		freed := o.freed
		if more := o.look(sending); !more {
			freed = nil
		}
		select {
		case <-freed:
		case <-o.log.texted:
		case <-tick.C:
		case <-ctx.Done():
		}
	}
	o.finish(stop)
}

// finish waits for the texts that are being sent.
func (o *Outbox) finish(stop context.CancelFunc) {
	sent := make(chan struct{})
	go func() {
		o.sending.Wait()
		close(sent)
	}()
	select {
	case <-sent:
		return
	case <-time.After(o.Grace):
		stop()
	}
	select {
	case <-sent:
	case <-time.After(lastGrace):
	}
}

// look sends the texts that are due, as many as can be at once, and tells whether there may be
// more.
func (o *Outbox) look(ctx context.Context) (more bool) {
	free := cap(o.slots) - len(o.slots)
	if free == 0 {
		return true
	}
	texts, err := o.claim(ctx, free)
	o.complain(err)
	for _, c := range texts {
		o.slots <- struct{}{}
		o.sending.Go(func() {
			defer o.free()
			o.deliver(ctx, c)
		})
	}
	return len(texts) == free
}

func (o *Outbox) free() {
	<-o.slots
	signal(o.freed)
}

// signal makes sure that there is a value in the channel.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// complain logs the first of several claims that fail.
func (o *Outbox) complain(err error) {
	if err != nil && !o.failing {
		o.log.Logger.Warn("no text can be sent; they stay in the outbox", "error", err)
	}
	o.failing = err != nil
}

// claim takes n texts, durably, before the first of them is sent: should the process end, nobody
// else sends them. Those of a claim that failed were not sent, and are given back if it did not.
func (o *Outbox) claim(ctx context.Context, n int) ([]claimed, error) {
	s, err := o.log.reader()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, claimTime)
	defer cancel()
	if o.doubt != 0 {
		if _, err := alter(ctx, s, scanNumber, unclaimTexts, o.doubt); err != nil {
			return nil, fmt.Errorf("giving back texts: %w", err)
		}
		o.doubt = 0
	}
	now, claim := o.log.Now(), 1+rand.Int64N(1<<62)
	texts, err := alter(ctx, s, scanClaimed, s.claimTexts(),
		micros(now), n, claim, micros(now.Add(lease)))
	if err != nil {
		o.doubt = claim
		return nil, fmt.Errorf("claiming texts: %w", err)
	}
	for i := range texts {
		texts[i].claim = claim
	}
	return texts, nil
}

// deliver sends a text, unless it is too late, and tells what became of it.
func (o *Outbox) deliver(ctx context.Context, c claimed) {
	if !o.log.Now().Before(c.asked.Add(giveUp)) {
		o.settle(ctx, &c, TextFailed, c.code)
		return
	}
	var err error
	if c.To, err = o.Hasher.Open(c.to); err != nil {
		o.log.Logger.Error("text not sent", "call", c.Call, "region", c.Region, "error", err)
		o.settle(ctx, &c, TextFailed, 0)
		return
	}
	within, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	o.conclude(ctx, &c, o.Send(within, c.Outgoing))
}

// conclude has the outcome of an attempt in the call's record, or another attempt made.
func (o *Outbox) conclude(ctx context.Context, c *claimed, r Result) {
	if r.Err == nil {
		o.log.Logger.Info("text sent", "call", c.Call, "region", c.Region, "message", r.SID)
		o.settle(ctx, c, TextSent, 0)
		return
	}
	o.log.Logger.Warn("text not sent", "call", c.Call, "region", c.Region, "tries", c.tries+1,
		"code", r.Code, "again", r.Retry, "error", withoutNumber(r.Err, c.To))
	switch {
	case r.Unsure:
		o.settle(ctx, c, TextUnsure, r.Code)
	case r.Retry:
		o.postpone(ctx, c, r)
	default:
		o.settle(ctx, c, TextRefused(r.Code), r.Code)
	}
}

// withoutNumber is an error's text without the digits of the number, which Twilio likes to quote.
func withoutNumber(err error, number string) string {
	return strings.ReplaceAll(err.Error(), strings.TrimPrefix(number, "+"), "...")
}

// settle notes the outcome; to write it takes the text out of the outbox.
func (o *Outbox) settle(ctx context.Context, c *claimed, status string, code int) {
	o.log.Note(ctx, Event{
		Call: c.Call, Kind: SMS, Region: c.Region, TextStatus: status, TextCode: code,
	})
}

// postpone has the text wait, longer after every attempt. If the store does not take that before
// the claim is over, the text is one of those that nobody knows of.
func (o *Outbox) postpone(ctx context.Context, c *claimed, r Result) {
	due := o.log.Now().Add(max(r.After, backOff(c.tries)))
	if end := c.asked.Add(giveUp); due.After(end) {
		due = end
	}
	ctx, cancel := context.WithTimeout(ctx, lease-sendTime-claimTime)
	defer cancel()
	for ctx.Err() == nil {
		s, err := o.log.reader()
		if err == nil {
			_, err = alter(ctx, s, scanNumber, postponeText,
				micros(due), r.Code, c.callID, c.Region, c.claim)
		}
		if err == nil {
			return
		}
		select {
		case <-time.After(mostPause):
		case <-ctx.Done():
		}
	}
}

// backOff is twice as long after every attempt, and up to half of it less.
func backOff(tries int) time.Duration {
	d := min(firstWait<<min(tries, 10), longestWait)
	return d/2 + rand.N(d/2)
}
