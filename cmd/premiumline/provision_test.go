package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"premiumline/twilioapi"
	"premiumline/twilioapi/faketwilio"
)

const paidAt = "+18005550199"

// provisioned is an account with one number, and what the number was set to.
type provisioned struct {
	*testing.T
	fake *faketwilio.Twilio
}

// newProvisioned makes an empty working folder, and a Twilio in which some things go wrong.
func newProvisioned(t *testing.T, faults ...*faketwilio.Fault) provisioned {
	t.Helper()
	emptyEnvironment(t)
	t.Chdir(t.TempDir())
	t.Setenv("TWILIO_ACCOUNT_SID", "AC0123456789abcdef0123456789abcdef")
	t.Setenv("TWILIO_AUTH_TOKEN", "0123456789abcdef")
	t.Setenv("PUBLIC_URL", "https://ivr.example.com")
	fake := faketwilio.Start(faketwilio.State{
		Account: "AC0123456789abcdef0123456789abcdef", Token: "0123456789abcdef", Faults: faults,
		Numbers: []*faketwilio.Number{{SID: "PN1", Number: paidAt, Settings: map[string]string{
			"voice_url": "https://old.example.com", "voice_method": "GET", "trunk_sid": "TK1",
		}}},
	})
	t.Cleanup(fake.Close)
	p := provisioned{t, fake}
	p.through(fake.Transport())
	return p
}

// through brings requests to Twilio another way, until the test ends.
func (p provisioned) through(transport http.RoundTripper) {
	before := twilioTransport
	twilioTransport = transport
	p.Cleanup(func() { twilioTransport = before })
}

// run runs provision, and returns what it printed.
func (p provisioned) run(status int, args ...string) (printed, mistakes string) {
	p.Helper()
	var out, err bytes.Buffer
	args = append([]string{"provision"}, args...)
	if got := run(p.Context(), args, terminal{in: &out, out: &out, err: &err}); got != status {
		p.Errorf("%v ended with %d: %s%s", args, got, &out, &err)
	}
	return out.String(), err.String()
}

// called is where the number's calls go.
func (p provisioned) called() (url string) {
	p.fake.With(func(s *faketwilio.State) { url = s.Numbers[0].Called() })
	return url
}

// kept returns the one file of what was, which must say all of it.
func (p provisioned) kept() string {
	p.Helper()
	files, err := filepath.Glob("premiumline-0199-*.json")
	if err != nil || len(files) != 1 {
		p.Fatalf("files of what was: %v, %v", files, err)
	}
	text, err := os.ReadFile(files[0])
	var k kept
	if err := errors.Join(err, json.Unmarshal(text, &k)); err != nil {
		p.Fatal(err)
	}
	if k.Settings["voice_url"] != "https://old.example.com" || k.Settings["trunk_sid"] != "TK1" ||
		k.Number != paidAt || len(k.Settings) != len(twilioapi.KnownSettings) {
		p.Errorf("%s says %+v", files[0], k)
	}
	return files[0]
}

// transport is a RoundTripper of a test's own.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

// TestKilledBeforeApplying ends the program at the worst moment: when it is about to change the
// number. What was is on the disk by then, and starting again just works.
func TestKilledBeforeApplying(t *testing.T) {
	p := newProvisioned(t)
	p.through(transport(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodPost {
			p.kept()
			panic("killed")
		}
		return p.fake.Transport().RoundTrip(r)
	}))
	func() {
		defer func() {
			if killed := recover(); killed != "killed" {
				t.Errorf("it was not killed: %v", killed)
			}
		}()
		p.run(exitOK, "--number", paidAt, "--apply")
	}()
	file := p.kept()
	p.through(p.fake.Transport())
	printed, _ := p.run(exitOK, "--restore", file, "--apply")
	if !strings.Contains(printed, "already") {
		t.Errorf("something was changed: %s", printed)
	}
	p.run(exitOK, "--number", paidAt, "--apply")
	if url := p.called(); !strings.HasPrefix(url, "https://ivr.example.com/voice#") {
		t.Errorf("calls go to %q", url)
	}
}

// TestAnswerLost changes the number and hears nothing of it: reading back tells.
func TestAnswerLost(t *testing.T) {
	p := newProvisioned(t, &faketwilio.Fault{Method: http.MethodPost, After: true})
	printed, mistakes := p.run(exitOK, "--number", paidAt, "--apply")
	if !strings.Contains(printed, "Changed, and read back") || mistakes != "" {
		t.Errorf("%s%s", printed, mistakes)
	}
}

// TestNotAsWanted reads back something else than was applied.
func TestNotAsWanted(t *testing.T) {
	p := newProvisioned(t)
	p.through(transport(func(r *http.Request) (*http.Response, error) {
		response, err := p.fake.Transport().RoundTrip(r)
		if r.Method == http.MethodPost {
			p.fake.With(func(s *faketwilio.State) { s.Numbers[0].Settings["voice_method"] = "GET" })
		}
		return response, err
	}))
	printed, mistakes := p.run(exitFailed, "--number", paidAt, "--apply")
	const left = "Read back, and still not as wanted:\n" +
		"- voice_method           GET\n+ voice_method           POST\n"
	const want = "premiumline provision: 1 of 5 settings are not as wanted: try again\n" +
		"  to have it as it was: premiumline provision --restore "
	if !strings.HasSuffix(printed, left) || !strings.HasPrefix(mistakes, want) {
		t.Errorf("%s%s", printed, mistakes)
	}
}

// TestAwayAfterApplying cannot read back: nobody knows, and it says so.
func TestAwayAfterApplying(t *testing.T) {
	p := newProvisioned(t, &faketwilio.Fault{Method: "GET", Path: "PN1", Status: 400, Code: 20005})
	_, mistakes := p.run(exitFailed, "--number", paidAt, "--apply")
	if !strings.Contains(mistakes, "what the number is set to now is not known: reading the number's "+
		"settings: the account is not active (20005)") || !strings.Contains(mistakes, p.kept()) {
		t.Error(mistakes)
	}
}

// TestNothingIsOverwritten keeps what was even from a second file of the same name.
func TestNothingIsOverwritten(t *testing.T) {
	name := filepath.Join(t.TempDir(), "was.json")
	if err := writeNew(name, []byte("was")); err != nil {
		t.Fatal(err)
	}
	err := writeNew(name, []byte("is"))
	if text, _ := os.ReadFile(name); !errors.Is(err, os.ErrExist) || string(text) != "was" {
		t.Errorf("%v: the file says %s", err, text)
	}
}

// TestOverridesFit holds Twilio's tries within the 15 s that it gives to all of them.
func TestOverridesFit(t *testing.T) {
	tuned, err := url.ParseQuery(strings.TrimPrefix(overrides, "#"))
	milliseconds := func(name string) int {
		n, err := strconv.Atoi(tuned.Get(name))
		if err != nil {
			t.Error(err)
		}
		return n
	}
	all := (milliseconds("ct") + milliseconds("rt")) * (1 + milliseconds("rc"))
	if err != nil || all > 15000 {
		t.Errorf("%s: %d ms, %v", overrides, all, err)
	}
}
