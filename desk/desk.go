// Package desk is the phone on the desk: a page that calls the line without an
// account, for those who write its prompts. premiumline dev serves it on the
// webhooks' own listener, on loopback only.
//
// The caller is package phone, as in the tests: it signs and posts real webhooks
// and carries out the TwiML that comes back. The page interprets nothing.
//
// # One socket is one phone
//
// A tab holds a WebSocket at /call; it makes one call after the other, and closing
// the tab hangs up. Messages are JSON. The page asks:
//
//	{"do":"call", from, to, city, state, zip, country, key, page, far, trouble}
//	{"do":"pass", "to":ms}              so much of the call has gone by
//	{"do":"tap", "key":"7", "to":ms}    a key came down at that moment
//	{"do":"hangup", "to":ms}
//	{"do":"far", far}                   what the next transfers meet
//	{"do":"trouble", trouble}           what befalls the next webhooks
//	{"do":"save", "name", "text"}       the call as a test; text says what it tests
//	{"do":"replay", "name", "text"}     a transcript
//
// Each is answered with one message: "call", all there is to draw of the call;
// "saved" or "replayed"; or "refused", with the field that is wrong and the mend.
// Besides, "line" comes when the tab opens and whenever the line or the folder that
// it is made of has changed.
//
// # The page is the clock
//
// A call here has no timer: nothing happens between two messages. A "call" message
// says what goes on and until when, and what will be heard if no key comes. The page
// plays that, word by word or through the browser's voices, however fast its reader
// wants it, and tells in milliseconds since the answer how far it has come. So a
// test drives a call to the millisecond, over the same socket.
//
// # What is drawn
//
// Every row of a "call" is one phone.Event; only rows that are new or have changed
// are sent. hook.go dresses webhooks for the inspector, figures.go measures the call
// against caller-experience.md, flow.go turns the pages of the line into a drawing.
// The browser's part is static/: ES modules without a build step, and dagre for the
// layout of the flow.
package desk

import (
	"context"
	"embed"
	"net/http"
	"net/url"

	"github.com/gorilla/mux"

	"premiumline/internal/page"
	"premiumline/ivr"
	"premiumline/phone"
)

//go:embed static
var static embed.FS

// Options are what the page works with; all must be set but Dashboard and Command.
type Options struct {
	Phone *phone.Line // that is called
	// Line is the line as it answers now, and Changed a channel that is closed when
	// that is no longer so.
	Line    func() Line
	Changed func() <-chan struct{}
	// Verify tells whether a POST of form to url carries the signature that the
	// server would accept.
	Verify func(url, signature string, form url.Values) bool
	// Logged drains what the server has logged of a call, as lines of a transcript.
	Logged    func(callSID string) []string
	Dashboard string // its URL; "": there is none to link to
	Command   string // places a call from a terminal; "": none is shown
}

// Line is the line that answers, and what is known of where it comes from.
type Line struct {
	*ivr.Line
	Organisation string
	Folder       string   // of the directory; "": the one built in
	Mistake      string   // why its newest files were not taken, by file and line; ""
	Callers      []Caller // to choose from
}

// Caller is somebody who may call.
type Caller struct {
	Name    string `json:"name"` // of the choice
	From    string `json:"from"` // E.164, or "anonymous"
	City    string `json:"city"`
	State   string `json:"state"`
	ZIP     string `json:"zip"`
	Country string `json:"country"` // "": found from the number
	Key     string `json:"key"`     // of their own region in the menu; "": not known
}

// Handler answers on the page's listener.
type Handler struct {
	http.Handler
	options Options
	end     context.Context // done when the server shuts down
	stop    context.CancelFunc
}

// NewHandler returns the handler of the page.
func NewHandler(o Options) *Handler {
	end, stop := context.WithCancel(context.Background())
	h := &Handler{options: o, end: end, stop: stop}
	r := mux.NewRouter()
	r.HandleFunc("/call", h.tab)
	for path, file := range page.Files(static) {
		r.Handle(path, file)
	}
	h.Handler = guard(r)
	return h
}

// Close hangs up the calls of all tabs.
func (h *Handler) Close() { h.stop() }
