package desk

import (
	"context"
	"errors"
	"time"

	"premiumline/phone"
)

// desk is the phone of one tab.
type desk struct {
	options Options
	call    *phone.Call // nil: none yet
	key     string      // of the caller's own region; "": not known
	midway  bool        // the call began at a page other than the first
	failure string      // why the line is broken; ""
	rows    []row       // as they were sent last
	texts   []string    // the same, encoded
}

// begin places a call, and hangs up the one before.
func (d *desk) begin(ctx context.Context, r request) (any, error) {
	caller, err := r.caller()
	if err != nil {
		return nil, err
	}
	far, err := r.Far.farEnd()
	if err != nil {
		return nil, err
	}
	trouble, err := r.Trouble.trouble()
	if err != nil {
		return nil, err
	}
	if caller.At, err = entry(d.options.Line().Line, r.Page); err != nil {
		return nil, err
	}
	d.close(ctx)
	call, err := d.options.Phone.Begin(ctx, caller, far, trouble)
	d.take(call, r.Key)
	d.midway = caller.At != ""
	return d.state(err)
}

// take makes a call the tab's own.
func (d *desk) take(call *phone.Call, key string) {
	*d = desk{options: d.options, call: call, key: key}
}

// at lets the call go on to the moment that the page has come to.
func (d *desk) at(ctx context.Context, r request) error {
	if d.call == nil {
		return refuse("", "there is no call: call first")
	}
	to := time.Duration(r.To) * time.Millisecond
	return d.call.Pass(ctx, max(0, to-d.call.Now()))
}

func (d *desk) pass(ctx context.Context, r request) (any, error) {
	return d.state(d.at(ctx, r))
}

func (d *desk) tap(ctx context.Context, r request) (any, error) {
	err := d.at(ctx, r)
	if err == nil {
		err = d.call.Tap(ctx, r.Key)
	}
	var failed *phone.WebhookError
	switch {
	case errors.Is(err, phone.ErrEnded):
		err = nil // the key came down as the line hung up
	case err != nil && d.call != nil && !errors.As(err, &failed):
		return nil, refuse("key", "%v", err)
	}
	return d.state(err)
}

func (d *desk) hangup(ctx context.Context, r request) (any, error) {
	err := d.at(ctx, r)
	if err == nil && !d.call.Ended() {
		err = d.call.Hangup(ctx)
	}
	return d.state(err)
}

func (d *desk) meet(_ context.Context, r request) (any, error) {
	far, err := r.Far.farEnd()
	if err != nil || d.call == nil {
		return d.state(err)
	}
	d.call.FarEnd = far
	return d.state(nil)
}

func (d *desk) befall(_ context.Context, r request) (any, error) {
	trouble, err := r.Trouble.trouble()
	if err != nil || d.call == nil {
		return d.state(err)
	}
	d.call.Trouble = trouble
	return d.state(nil)
}

// close hangs up, as the tab goes or another call begins.
func (d *desk) close(ctx context.Context) {
	if d.call == nil || d.call.Ended() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, farewell)
	defer cancel()
	_ = d.call.Hangup(ctx) // nobody is left to be told
}
