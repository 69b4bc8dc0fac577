package main

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"premiumline/data"
	"premiumline/twiml"
)

// emptyEnvironment leaves none of our variables set.
func emptyEnvironment(t *testing.T) {
	t.Helper()
	for _, name := range []string{"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "ADDR",
		"PORT", "ADMIN_ADDR", "DIRECTORY", "TRANSFER", "TRANSFER_TIMEOUT", "CALLER_ID", "LOG_LEVEL",
		"MESSAGING_FROM"} {
		t.Setenv(name, "")
	}
}

// printed is what a command prints in an empty environment.
func printed(t *testing.T, args ...string) string {
	t.Helper()
	emptyEnvironment(t)
	var out, mistakes bytes.Buffer
	status := run(t.Context(), args, terminal{in: &out, out: &out, err: &mistakes})
	if status != exitOK {
		t.Fatalf("%v ended with %d: %s", args, status, mistakes.String())
	}
	return out.String()
}

// The document for another host is TwiML that holds every region's number, read
// digit by digit, in each language.
func TestFallback(t *testing.T) {
	document, err := twiml.Unmarshal([]byte(printed(t, "fallback")))
	if err != nil {
		t.Fatal(err)
	}
	directory, err := data.Open("")
	if err != nil {
		t.Fatal(err)
	}
	gather, ok := document[0].(twiml.Gather)
	if !ok || len(gather.Prompts) != len(directory.Languages) {
		t.Fatalf("it begins with %#v, want a Gather that speaks %v", document[0], directory.Languages)
	}
	for i, name := range directory.Languages {
		say := gather.Prompts[i].(twiml.Say)
		if say.Language != directory.Prompts[name].Tag {
			t.Errorf("prompt %d is in %q, want %s", i+1, say.Language, directory.Prompts[name].Tag)
		}
		said := digits(spoken(say.Speech))
		for _, region := range directory.Regions {
			if !strings.Contains(said, digits(string(region.Phone.Number))) {
				t.Errorf("in %s nobody hears the number of %s", name, region.ID)
			}
		}
	}
}

// spoken is the text of speech, without its pauses.
func spoken(speech []twiml.Speech) string {
	var b strings.Builder
	for _, s := range speech {
		switch s := s.(type) {
		case twiml.Text:
			b.WriteString(string(s))
		case twiml.Prosody:
			b.WriteString(spoken(s.Speech))
		}
	}
	return b.String()
}

func digits(s string) string { return regexp.MustCompile(`\D`).ReplaceAllString(s, "") }

var mermaid = regexp.MustCompile("(?s)```mermaid\n(.*?)```")

// The diagram in README.md is the one that the program draws.
func TestDiagramInREADME(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	drawn := printed(t, "graph")
	for _, diagram := range mermaid.FindAllSubmatch(text, -1) {
		if string(diagram[1]) != drawn {
			t.Errorf("README.md shows\n%s\npremiumline graph draws\n%s", diagram[1], drawn)
		}
	}
}

// A line that runs but cannot answer is not healthy, and the reason is told.
func TestHealthOfALineThatIsNotReady(t *testing.T) {
	line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the call log is full", http.StatusServiceUnavailable)
	}))
	defer line.Close()
	emptyEnvironment(t)
	t.Setenv("ADMIN_ADDR", line.Listener.Addr().String())
	var out, mistakes bytes.Buffer
	status := run(t.Context(), []string{"health"}, terminal{in: &out, out: &out, err: &mistakes})
	const want = "premiumline health: serve is not ready: the call log is full\n"
	if status != exitFailed || out.Len() > 0 || mistakes.String() != want {
		t.Errorf("status %d, printed %q and %q, want %q", status, &out, &mistakes, want)
	}
}

// A line that listens everywhere is asked on this machine.
func TestReachable(t *testing.T) {
	for addr, want := range map[string]string{
		":9090": "127.0.0.1:9090", "0.0.0.0:9090": "127.0.0.1:9090", "[::]:9090": "127.0.0.1:9090",
		"10.0.0.1:9090": "10.0.0.1:9090", "[::1]:9090": "[::1]:9090", "line:9090": "line:9090",
	} {
		if got := reachable(addr); got != want {
			t.Errorf("%s is asked at %s, want %s", addr, got, want)
		}
	}
}
