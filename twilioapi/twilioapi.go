// Package twilioapi is the line's Twilio account: its numbers and what they are set to, the texts
// it sends, and the alerts that it got about us.
//
// Requests go through twilio-go, of which only the packages client and rest/api/v2010 are
// imported: the umbrella package brings every product of Twilio's with it. twilio-go knows no
// context and throws away the header of a refusal, so each request gets a RoundTripper of its own
// (exchange) that brings the context in and keeps what an error must tell: the status, Retry-After
// and whether the request was sent at all.
//
// # Trying again
//
// A request is tried Options.Tries times where that can help (429, 5xx, no answer) and does no
// harm: reading, and setting a number to what it may be set to already. A text is tried once.
// Twilio offers no key by which it would know a text that comes twice, so whether to try again is
// the sender's decision, who knows what was asked before; [Error] tells what it needs: the Class,
// how long to wait, and whether the text may be on its way all the same (Unsure).
//
// # Errors
//
// An error is one sentence with its mend, from a table of Twilio's codes (code.go). It holds
// neither the token nor a telephone number in full: of one it shows the last four digits.
//
// TWILIO_EDGE and TWILIO_REGION, which twilio-go reads by itself, lead to another of Twilio's
// regions.
package twilioapi

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/twilio/twilio-go/client"
	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Options says how an account is reached; a zero field is its default.
type Options struct {
	Transport http.RoundTripper // default: http.DefaultTransport
	Timeout   time.Duration     // of one try; default 10 s
	Tries     int               // of a request that may be repeated; default 3
	Pause     time.Duration     // before the second try, then twice as long; default 500 ms
}

// maxPause is the longest that a Retry-After is waited for: a person looks on.
const maxPause = 10 * time.Second

// Account is a Twilio account; its methods may be called at the same time.
type Account struct {
	sid, token string
	Options
}

// New returns the account with that SID and auth token. Nothing is asked yet.
func New(sid, token string, o Options) *Account {
	if o.Transport == nil {
		o.Transport = http.DefaultTransport
	}
	o.Timeout = cmp.Or(o.Timeout, 10*time.Second)
	o.Tries = cmp.Or(o.Tries, 3)
	o.Pause = cmp.Or(o.Pause, 500*time.Millisecond)
	return &Account{sid: sid, token: token, Options: o}
}

// SID returns the account's SID.
func (a *Account) SID() string { return a.sid }

// Standing is how an account is.
type Standing struct {
	Name   string        // as its owner called it
	Active bool          // neither suspended nor closed
	Trial  bool          // callers hear a notice first, and only verified numbers are texted
	Ahead  time.Duration // our clock before Twilio's; a second more or less
}

// Standing asks how the account is; the error is an [*Error].
func (a *Account) Standing(ctx context.Context) (Standing, error) {
	var s Standing
	err := a.repeat(ctx, "asking for the account", func(e *exchange) error {
		asked := time.Now()
		account, err := e.api().FetchAccount(a.sid)
		if err != nil {
			return err
		}
		s = Standing{
			Name: text(account.FriendlyName), Active: text(account.Status) == "active",
			Trial: text(account.Type) == "Trial", Ahead: ahead(asked, time.Now(), e.date),
		}
		return nil
	})
	return s, err
}

// ahead compares our clock with theirs, which was read between the two times. Theirs is in whole
// seconds: half of one is added.
func ahead(asked, answered, theirs time.Time) time.Duration {
	if theirs.IsZero() {
		return 0
	}
	ours := asked.Add(answered.Sub(asked) / 2)
	return ours.Sub(theirs.Add(time.Second / 2))
}

// repeat makes a request that may be made twice, until it is answered or there is no more hope.
func (a *Account) repeat(
	ctx context.Context, doing string, request func(*exchange) error,
) error {
	for try := 1; ; try++ {
		err := a.once(ctx, doing, request)
		var fault *Error
		if !errors.As(err, &fault) || fault.Class != Retry || try >= a.Tries {
			return err
		}
		pause := max(a.Pause<<(try-1), fault.After)
		if pause > maxPause || !sleep(ctx, pause) {
			return err
		}
	}
}

// once makes a request. Its error is an *Error.
func (a *Account) once(ctx context.Context, doing string, request func(*exchange) error) error {
	ctx, cancel := context.WithTimeout(ctx, a.Timeout)
	defer cancel()
	e := &exchange{account: a, ctx: ctx}
	if err := request(e); err != nil {
		return e.fault(doing, err)
	}
	return nil
}

// sleep tells whether it slept to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// handler returns twilio-go's way to make a request of its own.
func (e *exchange) handler() *client.RequestHandler {
	c := &client.Client{
		Credentials: client.NewCredentials(e.account.sid, e.account.token),
		HTTPClient: &http.Client{
			Transport:     e,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	c.SetAccountSid(e.account.sid)
	return client.NewRequestHandler(c)
}

// api returns twilio-go's methods of the core API.
func (e *exchange) api() *api.ApiService { return api.NewApiService(e.handler()) }

// get reads what of Twilio's other APIs these two packages have no methods for.
func (e *exchange) get(address string, query url.Values, into any) error {
	// twilio-go replaces the query of an address where it is given one, even an empty one.
	response, err := e.handler().Get(address, query, nil, "")
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(into); err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	return nil
}

// text is what an optional value of twilio-go's holds, "" where there is none.
func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
