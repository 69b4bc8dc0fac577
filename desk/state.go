package desk

import (
	"encoding/json"
	"errors"
	"time"

	"premiumline/phone"
)

// state is all there is to draw of a call. Times are ms since the answer.
type state struct {
	Is      string      `json:"is"`
	SID     string      `json:"sid"`
	Now     int64       `json:"now"`
	Doing   phone.Doing `json:"doing"`  // "": the call has ended, or there is none
	Until   int64       `json:"until"`  // when that is over if no key comes
	Ahead   []row       `json:"ahead"`  // what is heard till then, or of it
	Rows    []row       `json:"rows"`   // new and changed
	Page    string      `json:"page"`   // the call is on; "": not known
	Likely  string      `json:"likely"` // the region that the number suggests; ""
	Figures []figure    `json:"figures"`
	Failure string      `json:"failure"` // why the line is broken; ""
}

// row is one event.
type row struct {
	N        int    `json:"n"`
	At       int64  `json:"at"`
	Kind     string `json:"kind"`
	Text     string `json:"text,omitempty"`
	Language string `json:"language,omitempty"` // BCP 47
	Length   int64  `json:"length,omitempty"`
	Cut      bool   `json:"cut,omitempty"`
	Lost     bool   `json:"lost,omitempty"`
	Page     string `json:"page,omitempty"` // that a webhook led to
	Hook     *hook  `json:"hook,omitempty"`
}

// state returns the message of the call as it is now. A webhook that failed for
// good has ended the call, which the page is to show; other errors are returned.
func (d *desk) state(err error) (any, error) {
	var failed *phone.WebhookError
	switch {
	case errors.As(err, &failed):
		d.failure = err.Error()
	case err != nil:
		return nil, err
	}
	s := state{Is: "call", Failure: d.failure, Ahead: []row{}, Figures: []figure{}}
	s.Rows = d.fresh()
	if d.call == nil {
		return s, nil
	}
	s.SID, s.Now = d.call.SID(), ms(d.call.Now())
	var until time.Duration
	s.Doing, until = d.call.Doing()
	s.Until = ms(until)
	for i, e := range d.call.Ahead() {
		s.Ahead = append(s.Ahead, d.row(i, e))
	}
	s.Page, s.Likely = d.page(s.Doing), d.likely()
	s.Figures = d.figures()
	return s, nil
}

// fresh is the rows that are new, or no longer as they were sent.
func (d *desk) fresh() []row {
	fresh := []row{}
	if d.call == nil {
		return fresh
	}
	for i, e := range d.call.Events() {
		if i == len(d.rows) {
			d.rows, d.texts = append(d.rows, d.row(i, e)), append(d.texts, "")
		} else if d.rows[i].Hook == nil {
			d.rows[i] = d.row(i, e)
		}
		text, _ := json.Marshal(d.rows[i])
		if d.texts[i] != string(text) {
			d.texts[i], fresh = string(text), append(fresh, d.rows[i])
		}
	}
	return fresh
}

func (d *desk) row(n int, e phone.Event) row {
	r := row{N: n, At: ms(e.At)}
	switch what := e.What.(type) {
	case phone.Webhook:
		r.Kind, r.Hook, r.Page = "webhook", d.hook(what), pageOf(d.options.Line().Line, what)
	case phone.Utterance:
		r.Kind, r.Text, r.Language = "speech", what.Text, what.Language
		r.Length, r.Cut = ms(what.Length), what.Cut
	case phone.Pause:
		r.Kind, r.Length, r.Cut = "pause", ms(what.Length), what.Cut
	case phone.Sound:
		r.Kind, r.Text, r.Length, r.Cut = "sound", what.Source, ms(what.Length), what.Cut
	case phone.Gathering:
		r.Kind, r.Length = "gather", ms(what.Prompts)
	case phone.Key:
		r.Kind, r.Text, r.Lost = "key", what.Key, what.Lost
	case phone.TimedOut:
		r.Kind, r.Text = "timeout", what.Digits
	case phone.Dialed:
		r.Kind, r.Text = "dialed", what.Number
	case phone.Transferred:
		r.Kind, r.Text, r.Length, r.Lost = "transferred", what.Status, ms(what.Talk), !what.Stays
	case phone.Ended:
		r.Kind, r.Text = "ended", string(what.How)
	}
	return r
}

// page is the page the call is on: where the latest webhook led, or from there to
// the transfer that stands in the same document.
func (d *desk) page(doing phone.Doing) string {
	name := ""
	for _, r := range d.rows {
		if r.Page != "" {
			name = r.Page
		}
	}
	if doing == phone.Ringing || doing == phone.Talking {
		return behind(d.options.Line().Line, name)
	}
	return name
}

func ms(d time.Duration) int64 { return d.Round(time.Millisecond).Milliseconds() }
