package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"premiumline/calllog"
	"premiumline/config"
	"premiumline/data"
	"premiumline/ivr"
	"premiumline/ops"
	"premiumline/webhook"
)

// records turns webhooks into call records and figures. The caller's number goes
// no further than here.
type records struct {
	log     *calllog.Log
	hasher  calllog.Hasher
	metrics *ops.Metrics
	version func() string // of the directory
	told    *slog.Logger
	folder  string // of a throw-away store; "": the store is kept
}

// openCallLog opens the configured call log. Without a DATABASE_URL it is one that
// is thrown away at the end.
func openCallLog(ctx context.Context, c config.Config, log *slog.Logger) (*records, error) {
	r := &records{told: log}
	var err error
	if c.DatabaseURL == "" {
		if r.folder, err = os.MkdirTemp("", "premiumline"); err != nil {
			return nil, fmt.Errorf("making a throw-away call log: %w", err)
		}
		c.DatabaseURL = "sqlite:" + filepath.Join(r.folder, "calls.db")
	}
	if r.hasher, err = calllog.OpenHasher(c.DatabaseURL, c.CallerHashKey); err != nil {
		return nil, errors.Join(err, r.discard())
	}
	r.log, err = calllog.Open(ctx, c.DatabaseURL,
		calllog.Options{Logger: log, Retention: time.Duration(c.Retention)})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("DATABASE_URL: %w", err), r.discard())
	}
	return r, nil
}

// close writes what is queued.
func (r *records) close(ctx context.Context) error {
	return errors.Join(r.log.Close(ctx), r.discard())
}

func (r *records) discard() error {
	if r.folder == "" {
		return nil
	}
	return os.RemoveAll(r.folder)
}

// note keeps a webhook. It is back before Twilio is tired of waiting, whatever
// the store does.
func (r *records) note(ctx context.Context, e webhook.Event) {
	if e.Kind == webhook.TextKind {
		r.noteText(ctx, e)
		return
	}
	event := r.event(e)
	if p, ended := r.metrics.Count(event); ended {
		r.told.Info("call ended", "call", e.Call, "status", e.CallStatus, "milliseconds", e.CallSeconds*1000,
			"page", p.Page, "region", p.Region, "outcome", cmp.Or(p.Way, calllog.GaveUp))
	}
	r.log.Note(ctx, event)
}

// noteText keeps what became of a text.
func (r *records) noteText(ctx context.Context, e webhook.Event) {
	event, news := becameOf(e)
	if !news {
		return
	}
	if event.TextStatus != calllog.TextSent { // which was counted when we sent it
		r.metrics.Count(event)
	}
	r.log.Note(ctx, event)
}

// event is what is kept of a webhook.
func (r *records) event(e webhook.Event) calllog.Event {
	event := calllog.Event{
		Call: e.Call, ID: e.ID, At: e.At, Kind: string(e.Kind), Took: e.Took,
		Page: e.Turn.Page, Keys: e.Turn.Digits,
		Outcome: string(e.Answer.Outcome), Offered: e.Answer.Offered, Taken: e.Answer.Taken,
		Disposition: e.Turn.DialStatus, TransferSeconds: e.DialSeconds,
		CallStatus: e.CallStatus, CallSeconds: e.CallSeconds, Stir: e.Stir,
		AreaCode: areaCode(e.Turn.Caller.Number), CallerHash: r.hasher.Hash(e.Turn.Caller.Number),
		Directory: r.version(),
	}
	if page := e.Answer.Page; page != nil {
		event.Next, event.Language = page.Name, language(page.Name)
		event.Way, event.Region = reached(e.Turn, e.Answer)
		event.Text = r.text(e)
	}
	return event
}

// text is what the caller asked to be sent with this turn; nil: nothing.
func (r *records) text(e webhook.Event) *calllog.Text {
	page := e.Answer.Page
	if page.Message == "" || e.Answer.Outcome != ivr.Chose {
		return nil
	}
	return &calllog.Text{
		Region: page.About, Language: language(page.Name), Body: page.Message,
		To: r.hasher.Seal(e.Turn.Caller.Number),
	}
}

// areaCode returns the area code of a number of the North American plan.
func areaCode(number string) string {
	if len(number) != len("+14045550100") || number[:2] != "+1" {
		return ""
	}
	return number[2:5]
}

// ways are the kinds of pages on which a caller has reached a line.
var ways = map[string]string{
	"connect": calllog.Transferred, "dial": calllog.Transferred, "number": calllog.ReadOut,
	"text": calllog.Texted,
}

// reached returns how the answer brings the caller to a line, and to which; "",
// where it does not.
func reached(t ivr.Turn, a ivr.Answer) (way, region string) {
	switch {
	case t.DialStatus != "":
		return dialled(t, a)
	case a.Outcome == ivr.Silence, a.Outcome == ivr.WrongKey:
		return "", "" // still where they were
	}
	return wayTo(a.Page.About, ways[a.Page.Kind])
}

// dialled tells what a transfer came to: the line, or its number instead.
func dialled(t ivr.Turn, a ivr.Answer) (way, region string) {
	_, region, _ = strings.Cut(strings.TrimPrefix(t.Page, language(t.Page)+"/"), "/")
	switch t.DialStatus {
	case "completed", "answered":
		return wayTo(region, calllog.Transferred)
	}
	way, _ = wayTo(region, ways[a.Page.Kind])
	return way, region
}

// wayTo returns the way to a line; to the service it is always one.
func wayTo(region, way string) (string, string) {
	switch {
	case way == "":
		return "", ""
	case region == data.MemberServices:
		return calllog.MemberServices, region
	}
	return way, region
}

// language returns the language that a page's name begins with.
func language(page string) string {
	name, _, _ := strings.Cut(page, "/")
	return name
}
