// Package webhook is the line's face to Twilio: signed HTTP requests in, TwiML
// documents out.
//
// Every request passes the same gate (admit in gate.go): method, media type,
// size, form, X-Twilio-Signature, account. What fails there is refused with a
// status and a line of plain text, counted and logged by its reason. Behind the
// gate stands a caller, who cannot read a status: whatever goes wrong there, even
// a panic, is answered 200 with a document that says so and leads on.
//
// A route is then one short function: it reads the few fields that matter into an
// [ivr.Turn] and writes the bytes of the page that comes next. No route redirects
// (Twilio does not send the digits again): a path that is spelt oddly, or is none
// of ours, is answered in place, at worst with an apology and the menu. Nothing is
// kept between two requests, so that a webhook that comes twice gets the same
// answer twice.
//
// # Cost
//
// Signature and form are parsed in reused memory (form.go, signature.go), and the
// documents are rendered at start. On 2026-11-23, on two cores, a key pressed in the
// menu (30 parameters, two tokens, log level info) took 1.17 times as long as the same
// exchange with a handler of net/http that reads the body and writes the same bytes:
// medians, one connection over loopback, client and server in one process, asked in
// turns (BenchmarkTurnOverFloor). Half of what the handler adds is form and signature,
// which take 0.19 times as long as twilio-go's RequestValidator takes for the signature
// alone (27 parameters, no allocation against 167; BenchmarkVerify, BenchmarkTwilioGo).
package webhook

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/mux"
	"golang.org/x/time/rate"

	"premiumline/ivr"
)

// Options is what a handler needs.
type Options struct {
	Line     func() *ivr.Line // the line as it is now; a reload replaces it whole
	Verifier *Verifier
	Account  string // the account's SID; webhooks of any other are refused
	Log      *slog.Logger
	Metrics  *Metrics
	// Note is told of every webhook behind the gate before it is answered; nil:
	// nobody is.
	Note func(context.Context, Event)
	// Version names the directory in use, for probes; nil: it has no name.
	Version func() string
}

// handler answers webhooks.
type handler struct {
	Options
	requests sync.Pool                // of *request
	good     atomic.Pointer[ivr.Line] // the last one that answered a turn
	refusals *rate.Limiter            // of those that are logged
	leftOut  atomic.Int64             // refusals that were not logged since the last that was
}

// NewHandler returns the handler of every route that Twilio asks.
func NewHandler(o Options) http.Handler {
	h := &handler{
		Options: o, requests: sync.Pool{New: func() any { return new(request) }},
		refusals: rate.NewLimiter(refusalsLoggedEachSecond, refusalsLogged),
	}
	// The router neither cleans a path nor adds a slash, which would be redirects.
	r := mux.NewRouter().SkipClean(true)
	r.Handle("/voice", h.behindGate("voice", h.probed(h.turn)))
	r.Handle("/voice/status", h.behindGate("status", h.status))
	r.Handle("/voice/fallback", h.behindGate("fallback", h.probed(h.fallback)))
	r.Handle("/sms/status", h.behindGate("sms", h.textStatus))
	r.PathPrefix("/sms/status/").Handler(h.behindGate("sms", h.textStatus))
	r.PathPrefix("/voice/").Handler(h.behindGate("page", h.turn))
	r.NotFoundHandler = h.behindGate("other", h.turn) // who can sign is on the line
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		// mux's own ServeHTTP copies the request twice, for variables that no route has.
		var match mux.RouteMatch
		r.Match(hr, &match) // if only the last one
		match.Handler.ServeHTTP(w, hr)
	})
}

// NewServer returns a server for the handler that no slow client can hold: ReadTimeout
// is for header and body together. A shorter one for the header would cost each request
// a second deadline, and hold off nobody who can be slow with the body instead. Twilio
// itself gives up on a voice webhook after 15 seconds.
func NewServer(h http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:        h,
		ReadTimeout:    10 * time.Second,
		WriteTimeout:   15 * time.Second,
		IdleTimeout:    2 * time.Minute,
		MaxHeaderBytes: 16 << 10,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// turn answers the first webhook of a call, and every later one.
func (h *handler) turn(w http.ResponseWriter, r *request) {
	t, line := r.turn(), h.Line()
	answer := line.Answer(t)
	if h.good.Load() != line {
		h.good.Store(line)
	}
	if t.DialStatus != "" {
		h.Log.Info("transfer ended", "call", r.form.Get("CallSid"), "page", shortened(t.Page),
			"status", t.DialStatus, "seconds", cmp.Or(r.form.Get("DialCallDuration"), "0"))
	}
	h.note(r, TurnKind, t, answer)
	if h.Log.Enabled(r.Context(), slog.LevelDebug) {
		h.Log.Debug("turn", "call", r.form.Get("CallSid"), "page", shortened(t.Page),
			"outcome", answer.Outcome, "next", answer.Page.Name)
	}
	writeTwiML(w, answer.Document)
}

// status notes the end of a call.
func (h *handler) status(w http.ResponseWriter, r *request) {
	h.Log.Debug("status", "call", r.form.Get("CallSid"),
		"status", r.form.Get("CallStatus"), "seconds", r.form.Get("CallDuration"))
	t := r.turn()
	t.Page = "" // a status callback is about the call, not about a page
	h.note(r, StatusKind, t, ivr.Answer{})
	w.WriteHeader(http.StatusNoContent)
}

// textStatus notes what became of a text. Its URL tells which text it was: see
// [TextStatusPath].
func (h *handler) textStatus(w http.ResponseWriter, r *request) {
	text, known := strings.CutPrefix(r.URL.Path, "/sms/status/")
	call, region, _ := strings.Cut(text, "/")
	became := Text{Region: region, Status: r.form.Get("MessageStatus"), Code: whole(r.form.Get("ErrorCode"))}
	h.Log.Debug("text", "call", shortened(call), "status", became.Status, "code", became.Code)
	if known && h.Note != nil {
		h.Note(r.Context(), Event{Call: call, ID: "sms " + region + " " + became.Status, Kind: TextKind,
			At: r.start, Took: time.Since(r.start), Text: became})
	}
	w.WriteHeader(http.StatusNoContent)
}

// TextStatusPath is where Twilio tells what became of the text about a region that
// was asked for in a call: the part of its status callback's URL after the origin.
func TextStatusPath(call, region string) string {
	return "/sms/status/" + url.PathEscape(call) + "/" + url.PathEscape(region)
}

// fallback takes over a call that Twilio could not go on with. It speaks the
// language of the page that failed.
func (h *handler) fallback(w http.ResponseWriter, r *request) {
	failed := pageOf(r.form.Get("ErrorUrl"))
	if !r.probe {
		h.Log.Error("a webhook failed, the caller hears every number instead",
			"call", r.form.Get("CallSid"), "code", r.form.Get("ErrorCode"),
			"page", shortened(failed))
	}
	answer := h.Line().Fallback(failed)
	t := r.turn()
	t.Page = failed
	h.note(r, FallbackKind, t, answer)
	writeTwiML(w, answer.Document)
}

// apologise answers a turn that went wrong in our own hands.
func (h *handler) apologise(w http.ResponseWriter, r *request, fault any) {
	t := r.turn()
	h.Log.Error("a turn failed, the caller hears an apology and the menu",
		"call", r.form.Get("CallSid"), "page", shortened(t.Page), "fault", fault,
		"stack", string(debug.Stack()))
	writeTwiML(w, h.apology(t))
}

// apology returns the best document there is: of the line as it is now, of the
// last one that was well, or one that needs no line.
func (h *handler) apology(t ivr.Turn) []byte {
	for _, line := range []func() *ivr.Line{h.Line, h.good.Load} {
		if document := apologyOf(line, t); document != nil {
			return document
		}
	}
	return []byte(noLine)
}

// apologyOf returns nil where a line can't even apologise.
func apologyOf(line func() *ivr.Line, t ivr.Turn) (document []byte) {
	defer func() { _ = recover() }() // the fault that brought us here is logged
	return line().Apology(t).Document
}

// noLine is heard where there is no line at all. It ends the call: to send the
// caller on would bring them back here.
const noLine = `<?xml version="1.0" encoding="UTF-8"?>
<Response><Say voice="Polly.Joanna" language="en-US">I am sorry, something went wrong. ` +
	`Please call again in a few minutes.</Say><Hangup/></Response>`

// turn reads what the webhook tells of the call.
func (r *request) turn() ivr.Turn {
	page := strings.TrimPrefix(strings.TrimPrefix(path.Clean(r.URL.Path), "/voice"), "/")
	return ivr.ReadTurn(page, r.form.Get)
}

// pageOf returns the page that a URL of ours is of; "" where it is none.
func pageOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	const base = "/voice/"
	at := strings.LastIndex(u.Path, base) // the public URL may have one of its own
	if at < 0 {
		return ""
	}
	return u.Path[at+len(base):]
}

// writeTwiML answers with a document.
func writeTwiML(w http.ResponseWriter, document []byte) {
	w.Header()["Content-Type"] = twimlType
	_, _ = w.Write(document) // a caller who is gone needs no answer
}

var twimlType = []string{"text/xml; charset=utf-8"}
