package ivr_test

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/ivr"
	"premiumline/phone"
	"premiumline/webhook"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what really happened")

const (
	account = "AC00000000000000000000000000000000"
	token   = "a token for tests"
)

// TestCalls places every call in testdata/calls against a real server, and
// compares the whole transcript. The folder that a call is in tells which line it
// calls; README.md there tells more.
func TestCalls(t *testing.T) {
	builtIn, _ := compile(t, "", withTransfer)
	other, _ := compile(t, riverbend, withTransfer)
	many, _ := compile(t, tenStates, withTransfer)
	silent, _ := compile(t, "", readOnly)
	texting, _ := compile(t, "", withTexts)
	withID := withTransfer
	withID.CallerID = "+18005550123"
	identified, _ := compile(t, "", withID)
	lines := map[string]func() func() *ivr.Line{
		".":                    always(builtIn),
		"read-out-only":        always(silent),
		"riverbend":            always(other),
		"tenstates":            always(many),
		"texts":                always(texting),
		"caller-id-configured": always(identified),
		"reloaded":             func() func() *ivr.Line { return afterTwo(builtIn, other) },
	}
	const folder = "testdata/calls"
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".txt" {
			return err
		}
		name, _ := filepath.Rel(folder, path)
		line, ok := lines[filepath.Dir(name)]
		if !ok {
			t.Fatalf("no line is known for the folder of %s", name)
		}
		t.Run(strings.TrimSuffix(name, ".txt"), func(t *testing.T) { testCall(t, path, line()) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func always(l *ivr.Line) func() func() *ivr.Line {
	return func() func() *ivr.Line { return func() *ivr.Line { return l } }
}

// afterTwo returns a line that is replaced after two webhooks.
func afterTwo(before, after *ivr.Line) func() *ivr.Line {
	var asked atomic.Int64
	return func() *ivr.Line {
		if asked.Add(1) > 2 {
			return after
		}
		return before
	}
}

func testCall(t *testing.T, path string, line func() *ivr.Line) {
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	transcript, err := phone.ParseTranscript(path, string(want))
	if err != nil {
		t.Fatal(err)
	}
	var logs logs
	got, err := transcript.Run(context.Background(), serve(t, line, &logs), logs.drain)
	if err != nil {
		t.Fatalf("%v\nso far:\n%s", err, got)
	}
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got != string(want) {
		t.Errorf("the call went otherwise (go test ./ivr -update keeps it so):\n%s", got)
	}
}

// serve starts a server for the line and returns it as a phone calls it.
func serve(t testing.TB, line func() *ivr.Line, out *logs) *phone.Line {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	public := "http://" + server.Listener.Addr().String()
	verifier, err := webhook.NewVerifier(public, []string{token})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = webhook.NewHandler(webhook.Options{
		Line: line, Verifier: verifier, Account: account,
		Log: out.logger(), Metrics: webhook.NewMetrics(prometheus.NewRegistry()),
	})
	server.Start()
	t.Cleanup(server.Close)
	return &phone.Line{
		Public: public, Account: account,
		Sign: func(u string, form url.Values) string { return webhook.Sign(token, u, form) },
	}
}

// logs collects what a server logs at info and above, as lines of a transcript:
// without what differs from run to run.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) logger() *slog.Logger {
	drop := map[string]bool{slog.TimeKey: true, slog.LevelKey: true, "call": true}
	return slog.New(slog.NewTextHandler(l, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if drop[a.Key] {
				return slog.Attr{}
			}
			return a
		},
	}))
}

// drain returns the lines since it was last asked.
func (l *logs) drain() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.ReplaceAll(l.text.String(), "msg=", "")
	l.text.Reset()
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}
