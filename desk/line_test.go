package desk_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/data"
	"premiumline/desk"
	"premiumline/ivr"
	"premiumline/phone"
	"premiumline/webhook"
)

const (
	account = "AC00000000000000000000000000000000"
	token   = "a token for tests"
)

// line is a line with a phone on its desk.
type line struct {
	*testing.T
	url    string
	folder string // of the directory
	phone  *phone.Line
	texts  bool // callers are offered a text
	mu     sync.Mutex
	now    desk.Line
	news   chan struct{}
	events []webhook.Event
	logs   bytes.Buffer
}

// serve starts the line of a copy of the built-in directory.
func serve(t *testing.T) *line {
	t.Helper()
	l := &line{T: t, folder: t.TempDir(), news: make(chan struct{})}
	if err := os.CopyFS(l.folder, os.DirFS("../data")); err != nil {
		t.Fatal(err)
	}
	l.reload()
	server := httptest.NewUnstartedServer(nil)
	l.url = "http://" + server.Listener.Addr().String()
	verifier, err := webhook.NewVerifier(l.url, []string{token})
	if err != nil {
		t.Fatal(err)
	}
	hooks := webhook.NewHandler(webhook.Options{
		Line: func() *ivr.Line { return l.shown().Line }, Verifier: verifier, Account: account,
		Log: l.logger(), Metrics: webhook.NewMetrics(prometheus.NewRegistry()), Note: l.note,
	})
	l.phone = &phone.Line{Public: l.url, Account: account,
		Sign: func(u string, form url.Values) string { return webhook.Sign(token, u, form) }}
	phones := desk.NewHandler(desk.Options{
		Phone: l.phone, Line: l.shown, Changed: l.changed, Logged: l.drain, Dashboard: "http://127.0.0.1:9090",
		Verify: func(address, signature string, form url.Values) bool {
			var f webhook.Form
			u, err := url.Parse(address)
			return err == nil && f.Parse([]byte(form.Encode())) == nil &&
				verifier.Verify(u.RequestURI(), signature, &f)
		},
	})
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/voice") {
			hooks.ServeHTTP(w, r)
			return
		}
		phones.ServeHTTP(w, r)
	})
	server.Start()
	t.Cleanup(server.Close)
	t.Cleanup(phones.Close)
	return l
}

// reload takes the folder's files, or tells what is wrong with them.
func (l *line) reload() {
	l.Helper()
	directory, err := data.Open(l.folder)
	next := desk.Line{Folder: l.folder, Callers: []desk.Caller{
		{Name: "Georgia", From: "+14045550100", State: "GA", Key: "7"},
		{Name: "Southern California", From: "+12135550100", State: "CA", Key: "2"},
		{Name: "Anonymous", From: "anonymous"},
	}}
	if err == nil {
		next.Organisation = directory.Organisation
		next.Line, err = ivr.Compile(directory, ivr.Settings{
			Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second, Texts: l.texts})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		next.Line, next.Organisation = l.now.Line, l.now.Organisation
		next.Mistake = "the directory has mistakes\n" + err.Error()
	}
	l.now = next
	close(l.news)
	l.news = make(chan struct{})
}

// write replaces a text in a file of the folder, and has the line reload it.
func (l *line) write(file, old, text string) {
	l.Helper()
	path := filepath.Join(l.folder, file)
	before, err := os.ReadFile(path)
	if err != nil || !bytes.Contains(before, []byte(old)) {
		l.Fatalf("%s has no %q (%v)", file, old, err)
	}
	after := strings.Replace(string(before), old, text, 1)
	if err := os.WriteFile(path, []byte(after), 0o644); err != nil {
		l.Fatal(err)
	}
	l.reload()
}

func (l *line) shown() desk.Line {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.now
}

func (l *line) changed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.news
}

func (l *line) note(_ context.Context, e webhook.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.events = append(l.events, e)
}

// ended returns the CallSids of the calls that have ended.
func (l *line) ended() (calls []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, e := range l.events {
		if e.Kind == webhook.StatusKind {
			calls = append(calls, e.Call)
		}
	}
	return calls
}

// logger keeps what the server logs as transcripts have it.
func (l *line) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == slog.LevelKey {
				return slog.Attr{}
			}
			return a
		},
	}))
}

func (l *line) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.logs.Write(p)
}

// anyCall is the CallSid in a line of the log.
var anyCall = regexp.MustCompile(` call=(\w+)`)

// drain returns what was logged of a call, or of all.
func (l *line) drain(call string) (lines []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for text := range strings.Lines(l.logs.String()) {
		if of := anyCall.FindStringSubmatch(text); of != nil && (call == "" || of[1] == call) {
			rest := strings.TrimPrefix(anyCall.ReplaceAllString(text, ""), "msg=")
			lines = append(lines, strings.TrimSpace(rest))
		}
	}
	l.logs.Reset()
	return lines
}
