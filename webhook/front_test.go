package webhook_test

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/webhook"
)

// Of the webhooks that the tests send.
const (
	account = "AC0123456789abcdef0123456789abcdef"
	token   = "a token for tests"
	caller  = "+14045550100"
	called  = "+18005550199"
	aForm   = "application/x-www-form-urlencoded"
)

// What the caller hears.
const (
	greeting     = "Kaiser Permanente premium payment numbers."
	georgia      = "Georgia. Connecting you now."
	sorry        = "I am sorry, something went wrong. Here is the list."
	sorryES      = "Lo siento, hubo un problema."
	noLine       = "Please call again in a few minutes."
	georgiasLine = "Georgia, <prosody"
)

// compile returns the built-in line, reached under a base path.
func compile(base string) *ivr.Line {
	dir, err := data.Open("")
	if err != nil {
		panic(err)
	}
	line, err := ivr.Compile(dir, ivr.Settings{
		Base: base, Transfer: true, TransferTimeout: 30 * time.Second,
	})
	if err != nil {
		panic(err)
	}
	return line
}

var builtIn = sync.OnceValue(func() *ivr.Line { return compile("/voice") })

// front is a running server, and what it logs and counts.
type front struct {
	*httptest.Server
	t       *testing.T
	logs    *logs
	figures *prometheus.Registry
}

// serve starts the server of the built-in line, after the changes to its options.
func serve(t *testing.T, changes ...func(*webhook.Options)) *front {
	t.Helper()
	f := newFront(t, changes...)
	f.Start()
	return f
}

// newFront returns a server that is not started yet.
func newFront(t *testing.T, changes ...func(*webhook.Options)) *front {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	t.Cleanup(server.Close)
	f := &front{Server: server, t: t, logs: new(logs), figures: prometheus.NewRegistry()}
	o := webhook.Options{
		Line: builtIn, Verifier: newVerifier(t, origin, token), Account: account,
		Log:     slog.New(slog.NewJSONHandler(f.logs, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Metrics: webhook.NewMetrics(f.figures),
	}
	for _, change := range changes {
		change(&o)
	}
	server.Config = webhook.NewServer(webhook.NewHandler(o), o.Log)
	return f
}

// logs is what was logged at any level.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// call returns the form of a webhook in the middle of a call, with some fields
// added or changed.
func call(fields ...string) url.Values {
	form := url.Values{
		"AccountSid": {account}, "CallSid": {"CA00000000000000000000000000000001"},
		"CallStatus": {"in-progress"}, "Direction": {"inbound"}, "ApiVersion": {"2010-04-01"},
		"From": {caller}, "To": {called}, "FromCity": {"PEACHTREE CORNERS"}, "FromZip": {"30361"},
	}
	for pair := range slices.Chunk(fields, 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

// ask is a request as it is about to be sent.
type ask struct {
	method, target, kind, signature string
	body                            io.Reader
}

// fromTwilio is what Twilio asks of a path.
func fromTwilio(target string, form url.Values) ask {
	return ask{
		method: "POST", target: target, kind: aForm, body: strings.NewReader(form.Encode()),
		signature: webhook.Sign(token, origin+target, form),
	}
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	text   string
}

// send follows no redirect.
func (f *front) send(a ask) answer {
	f.t.Helper()
	r, err := http.NewRequest(a.method, f.URL+a.target, a.body)
	if err != nil {
		f.t.Fatal(err)
	}
	for name, value := range map[string]string{
		"Content-Type": a.kind, "X-Twilio-Signature": a.signature,
	} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	w, err := f.Client().Transport.RoundTrip(r)
	if err != nil {
		f.t.Error(err)
		return answer{}
	}
	return read(f.t, w)
}

func read(t *testing.T, w *http.Response) answer {
	t.Helper()
	defer func() { _ = w.Body.Close() }()
	text, err := io.ReadAll(w.Body)
	if err != nil {
		t.Error(err)
	}
	return answer{w.StatusCode, w.Header, string(text)}
}

func (f *front) post(target string, form url.Values) answer {
	f.t.Helper()
	return f.send(fromTwilio(target, form))
}

// fault tells why an answer is not the document with these words; "" where it is.
func (a answer) fault(words string) string {
	switch {
	case a.status != http.StatusOK:
		return fmt.Sprintf("answered %d: %s", a.status, a.text)
	case a.header.Get("Content-Type") != "text/xml; charset=utf-8":
		return "it is " + a.header.Get("Content-Type")
	case !strings.HasPrefix(a.text, "<?xml") || !strings.Contains(a.text, words):
		return fmt.Sprintf("%q is not in %.400s", words, a.text)
	}
	return ""
}
