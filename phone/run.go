package phone

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// act is one of the caller's acts in a transcript.
type act interface {
	do(context.Context, *Call) error
	// mark is the event that the act's line stands before. What the act hears
	// before that belongs to the line above.
	mark(What) bool
}

type (
	callAct struct {
		caller Caller
		// From a dial, and a server, on the next lines: they hold from the beginning.
		far     FarEnd
		trouble Trouble
	}
	pressAct struct{ keys string }
	bargeAct struct {
		keys  string
		after time.Duration
	}
	waitAct   struct{}
	hangupAct struct {
		after   time.Duration
		hearOut bool
		later   bool // counted from the act above
	}
	dialAct   struct{ far FarEnd }
	serverAct struct{ trouble Trouble }
	noteAct   struct{} // a comment, or a blank line
)

func (a callAct) do(ctx context.Context, c *Call) error {
	c.FarEnd, c.Trouble = a.far, a.trouble
	return c.place(ctx)
}

func (a pressAct) do(ctx context.Context, c *Call) error { return c.Press(ctx, a.keys) }
func (a bargeAct) do(ctx context.Context, c *Call) error { return c.PressAt(ctx, a.after, a.keys) }

// hasty is an act after which the caller does not wait to be able to act again.
type hasty struct{ act }

func (a hasty) do(ctx context.Context, c *Call) error {
	c.hasty = true
	defer func() { c.hasty = false }()
	return a.act.do(ctx, c)
}

func (a waitAct) do(ctx context.Context, c *Call) error { return c.Wait(ctx) }

func (a hangupAct) do(ctx context.Context, c *Call) error {
	hear := c.Hear
	if !a.hearOut {
		hear = func(ctx context.Context) error { return c.Pass(ctx, a.after) }
	}
	if err := hear(ctx); err != nil {
		return err
	}
	return c.Hangup(ctx)
}

func (a dialAct) do(_ context.Context, c *Call) error { c.FarEnd = a.far; return nil }
func (a serverAct) do(_ context.Context, c *Call) error {
	c.Trouble = a.trouble
	return nil
}
func (noteAct) do(context.Context, *Call) error { return nil }

func (callAct) mark(What) bool    { return true }
func (pressAct) mark(w What) bool { return is[Key](w) }
func (bargeAct) mark(w What) bool { return is[Key](w) }
func (waitAct) mark(w What) bool  { return is[TimedOut](w) }
func (hangupAct) mark(w What) bool {
	return is[Ended](w)
}
func (dialAct) mark(What) bool   { return false }
func (serverAct) mark(What) bool { return false }
func (noteAct) mark(What) bool   { return false }

func is[T What](w What) bool { _, ok := w.(T); return ok }

// Run makes the call and returns the transcript of what really happened, with
// the comments and the caller's words of this one. logged drains the lines that
// the server has logged since it was last asked; nil: none are shown. An error
// begins with "name:line: ", and the transcript then goes as far as the call did.
func (t *Transcript) Run(ctx context.Context, l *Line, logged func() []string) (string, error) {
	_, text, err := t.Replay(ctx, l, func(string) []string {
		if logged == nil {
			return nil
		}
		return logged()
	})
	return text, err
}

// Replay is [Transcript.Run], and returns the call as well. logged must be set; it
// is told the CallSid.
func (t *Transcript) Replay(
	ctx context.Context, l *Line, logged func(callSID string) []string,
) (*Call, string, error) {
	call := t.newCall(l)
	r := run{logged: func() []string { return logged(call.sid) }, call: call}
	silence := t.lastAct()
	for i, l := range t.lines {
		err := r.line(ctx, l)
		if err == nil && i == silence {
			err = r.silence(ctx)
		}
		if err != nil {
			return call, r.String(), fmt.Errorf("%s:%d: %s: %w", t.name, l.number, l.text, err)
		}
	}
	r.write(r.ahead...)
	return call, r.String(), nil
}

// Place places the transcript's call and runs to the first moment the caller can
// act. None of the other words are carried out.
func (t *Transcript) Place(ctx context.Context, l *Line) (*Call, error) {
	i := slices.IndexFunc(t.lines, isCall)
	c := t.newCall(l)
	return c, t.lines[i].act.do(ctx, c)
}

func (t *Transcript) lastAct() int {
	last := len(t.lines) - 1
	for t.lines[last].act == (noteAct{}) {
		last--
	}
	return last
}

// newCall is the call before it is placed.
func (t *Transcript) newCall(l *Line) *Call {
	i := slices.IndexFunc(t.lines, isCall)
	call, _ := t.lines[i].call()
	return l.newCall(call.caller)
}

// run is a transcript that is being written.
type run struct {
	page
	call   *Call
	logged func() []string
	seen   int      // events written
	logs   []string // of the present turn, written at its end
	ahead  []string // lines that the next act's line will follow
}

// line carries out one line. One that takes no time is written with the next
// act's, behind what the caller hears till then.
func (r *run) line(ctx context.Context, l line) error {
	switch l.act.(type) {
	case noteAct, dialAct, serverAct:
		r.ahead = append(r.ahead, l.text)
		return l.act.do(ctx, r.call)
	}
	err := l.act.do(ctx, r.call)
	events := r.fresh()
	at := slices.IndexFunc(events, func(e Event) bool { return l.act.mark(e.What) })
	if at < 0 {
		at = len(events)
	}
	r.results(events[:at])
	r.endTurn()
	r.write(r.ahead...)
	r.write(l.text)
	r.results(events[at:])
	r.ahead = nil
	r.logs = r.logged()
	return err
}

// silence is the caller's, from the last act to the end of the call.
func (r *run) silence(ctx context.Context) (err error) {
	r.write(r.ahead...)
	r.ahead = nil
	for err == nil && !r.call.Ended() {
		err = r.call.Wait(ctx)
	}
	r.results(r.fresh())
	r.logs = append(r.logs, r.logged()...)
	r.endTurn()
	return err
}

func (r *run) endTurn() {
	for _, text := range r.logs {
		r.write(row("logged", text))
	}
	r.logs = nil
}

// fresh is the events since the last time.
func (r *run) fresh() []Event {
	events := r.call.events[r.seen:]
	r.seen += len(events)
	return events
}
