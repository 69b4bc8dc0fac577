// Package phone is a simulated caller, and Twilio's side of the call.
//
// A [Line] says where the webhooks go; [Line.Call] dials it. The [Call] then
// does what Twilio does: it posts signed forms over real HTTP, reads the TwiML
// that comes back, carries out its verbs, and posts again when the caller
// presses a key or a Gather or a Dial is over. What a server under test sees is
// a call, fault for fault: the form is Twilio's, the signature is over the
// public URL, a Gather falls through when no key comes, a key is lost where
// nothing gathers, an answer that Twilio could not use is put to the fallback.
//
// Time is the call's own. Nothing sleeps: speech takes as long as
// [SpeechTime] says, and the clock jumps to whatever comes next. At any moment
// one thing is going on (a webhook is out, something is said, a Gather
// listens, a transfer rings or talks), which knows when it is over and what a
// key does to it; [Call.Pass] can stop the clock in the middle of it. So a test
// calls [Call.Press] and [Call.Wait], which run on to the next moment the
// caller can act, and a page with a person at the keys calls [Line.Begin], then
// [Call.Doing] and [Call.Ahead] for what goes on and what to say next, [Call.Pass]
// as time goes by and [Call.Tap] when a key comes down. A [FarEnd] is what its
// transfers meet, a [Trouble] what befalls its webhooks.
//
// What happened is a list of [Event], and a [Transcript] is that list as text,
// with the caller's acts in between: it can be read, run again and compared.
package phone

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// The lengths of what people and machines do on a call. The first two are
// those that caller-experience.md measures its menus with.
const (
	PressTime   = 1200 * time.Millisecond // from the end of a prompt to the key
	WebhookTime = 600 * time.Millisecond  // silence while a webhook is out
	KeyGap      = 500 * time.Millisecond  // from key to key
	RingTime    = 4 * time.Second         // until a far end answers, or is busy
	TalkTime    = 60 * time.Second        // of a transfer
	RingGrace   = 5 * time.Second         // that Twilio adds to Dial's timeout
)

// Line is the phone line that is called. It must not be copied once used.
type Line struct {
	// Public is the origin, and path prefix if any, as Twilio sees it:
	// "https://ivr.example.com". The webhooks are signed for it.
	Public string
	// Connect is where webhooks for Public are really sent, the address of a
	// server behind a proxy: "http://127.0.0.1:8080". "": Public.
	Connect string
	// Account is the AccountSid, "AC" and 32 hex digits.
	Account string
	// Sign returns the value of X-Twilio-Signature. nil: nothing is signed.
	Sign func(url string, form url.Values) string
	// Client sends the webhooks. nil: one that waits 15 s, as Twilio does.
	Client *http.Client
	// Seed makes this line's CallSids other than those of a Line that has
	// another seed; the n-th call of one seed always has the same CallSid.
	Seed string
	// Placed is told of each call just before it is placed. nil: nobody is.
	Placed func(*Call)

	calls atomic.Uint64
}

// Caller is who calls, and which number.
type Caller struct {
	From string // E.164, or what Twilio sends instead: "anonymous", "", "client:ann"
	To   string // the number called, E.164
	// City, State, ZIP and Country are those of From's rate centre: "ATLANTA",
	// "GA", "30303", "US". Country "": found from the number.
	City, State, ZIP, Country string
	// At is where a call begins that begins in the middle: the path of its first
	// webhook and, as a query, what its form has besides, "/voice/en/menu?Digits=7".
	// "": at the beginning, "/voice".
	At string
}

// FarEnd is the line that a transfer reaches. The zero FarEnd answers, and the
// caller hangs up first.
type FarEnd struct {
	// Status is Twilio's DialCallStatus: "completed", "busy", "no-answer",
	// "failed" or "canceled". "": completed.
	Status string
	// Ring is how long it rings. 0: [RingTime]; no-answer: as long as the Dial.
	Ring time.Duration
	// Talk is how long a completed transfer lasts. 0: [TalkTime].
	Talk time.Duration
	// HangsUp tells that the far end hangs up first: the caller is still there.
	HangsUp bool
}

// Call calls the line as caller and runs to the first moment the caller can
// act: a Gather begins, or the call has ended. An error is a webhook that
// failed together with its fallback; the Call then still holds the events.
func (l *Line) Call(ctx context.Context, caller Caller) (*Call, error) {
	c := l.newCall(caller)
	return c, c.place(ctx)
}

// Begin calls the line as caller, for a person at the keys: it asks for the first
// document, begins to carry it out, and lets no time pass. The rest is [Call.Pass], [Call.Tap] and
// [Call.Hangup]. Its error is that of [Line.Call].
func (l *Line) Begin(
	ctx context.Context, caller Caller, far FarEnd, trouble Trouble,
) (*Call, error) {
	c := l.newCall(caller)
	c.FarEnd, c.Trouble = far, trouble
	if err := c.begin(ctx); err != nil {
		return c, err
	}
	return c, c.Pass(ctx, 0)
}

func (l *Line) newCall(caller Caller) *Call {
	id := sid(l.Account, l.Seed, l.calls.Add(1))
	c := &Call{line: l, caller: caller, sid: id, status: ringing}
	if l.Placed != nil {
		l.Placed(c)
	}
	return c
}

func (c *Call) place(ctx context.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	return c.settle(ctx)
}

// begin asks for the first document. It still rings, so no time passes. A call
// that begins in the middle has been answered.
func (c *Call) begin(ctx context.Context) error {
	if c.caller.At == "" {
		return c.ask(ctx, http.MethodPost, c.line.route("/voice"), c.first())
	}
	at, err := url.Parse(c.caller.At)
	if err != nil {
		return fmt.Errorf("phone: the call cannot begin at %q: %w", c.caller.At, err)
	}
	c.answer()
	return c.ask(ctx, http.MethodPost, c.line.route(at.EscapedPath()), at.Query())
}

// route is a URL of the line, in the public space.
func (l *Line) route(path string) string { return strings.TrimSuffix(l.Public, "/") + path }

// address is where a request for a public URL is really sent.
func (l *Line) address(public string) string {
	rest, ok := strings.CutPrefix(public, strings.TrimSuffix(l.Public, "/"))
	inside := rest == "" || strings.ContainsAny(rest[:1], "/?")
	if l.Connect == "" || !ok || !inside {
		return public
	}
	return strings.TrimSuffix(l.Connect, "/") + rest
}

// client never follows a redirect: Twilio would lose the Digits on the way.
func (l *Line) client() *http.Client {
	client := http.Client{Timeout: 15 * time.Second}
	if l.Client != nil {
		client = *l.Client
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}
	return &client
}

// sid is a CallSid, always the same for the same parts.
func sid(parts ...any) string {
	sum := sha256.Sum256([]byte(fmt.Sprintln(parts...)))
	return "CA" + hex.EncodeToString(sum[:16])
}
