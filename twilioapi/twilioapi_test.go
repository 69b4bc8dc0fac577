package twilioapi_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"premiumline/twilioapi"
	"premiumline/twilioapi/faketwilio"
)

// Of the account that the tests ask.
const (
	sid    = "AC0123456789abcdef0123456789abcdef"
	token  = "5e0c7d91b2f84a36e1d09b7c45f3a826"
	ours   = "+18005550199"
	local  = "+14045550123"
	mute   = "+14045550145"
	caller = "+14045550100"
	pool   = "MG0123456789abcdef0123456789abcdef"
)

// account is the account of a new Twilio, after the changes to what that holds.
func account(t *testing.T, changes ...func(*faketwilio.State),
) (*twilioapi.Account, *faketwilio.Twilio) {
	t.Helper()
	state := faketwilio.State{
		Account: sid, Token: token, Name: "Payments Inc.",
		Numbers: []*faketwilio.Number{
			{SID: "PN1", Number: ours, Name: "Payments", SMS: true, Verified: "TWILIO_APPROVED"},
			{SID: "PN2", Number: local, Name: "Local", SMS: true},
			{SID: "PN3", Number: mute, Name: "Mute"},
		},
		Services: []*faketwilio.Service{{SID: pool, Registered: true, Senders: []string{local}}},
	}
	for _, change := range changes {
		change(&state)
	}
	fake := faketwilio.Start(state)
	t.Cleanup(fake.Close)
	return twilioapi.New(sid, token, options(fake.Transport())), fake
}

func options(transport http.RoundTripper) twilioapi.Options {
	return twilioapi.Options{Transport: transport, Timeout: 5 * time.Second, Pause: time.Millisecond}
}

// with makes something go wrong.
func with(f faketwilio.Fault) func(*faketwilio.State) {
	return func(s *faketwilio.State) { s.Faults = append(s.Faults, &f) }
}

// asked is how many requests Twilio got.
func asked(fake *faketwilio.Twilio) (n int) {
	fake.With(func(s *faketwilio.State) { n = len(s.Asked) })
	return n
}

// fault checks that err is an Error that tells no secret, and returns it.
func fault(t *testing.T, err error) *twilioapi.Error {
	t.Helper()
	var fault *twilioapi.Error
	if !errors.As(err, &fault) {
		t.Fatalf("%v is no Error", err)
	}
	for _, secret := range []string{token, caller[1:], ours[1:], local[1:]} {
		if strings.Contains(err.Error(), secret) {
			t.Errorf("it tells a secret: %v", err)
		}
	}
	return fault
}

func TestStanding(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*faketwilio.State)
		want   twilioapi.Standing
	}{
		{"well", func(*faketwilio.State) {}, twilioapi.Standing{Active: true}},
		{"suspended", func(s *faketwilio.State) { s.Status = "suspended" }, twilioapi.Standing{}},
		{"trial", func(s *faketwilio.State) { s.Trial = true },
			twilioapi.Standing{Active: true, Trial: true}},
		{"an hour behind", func(s *faketwilio.State) { s.Ahead = 3600 },
			twilioapi.Standing{Active: true, Ahead: -time.Hour}},
		{"an hour ahead", func(s *faketwilio.State) { s.Ahead = -3600 },
			twilioapi.Standing{Active: true, Ahead: time.Hour}},
		{"no date", func(s *faketwilio.State) { s.NoDate = true }, twilioapi.Standing{Active: true}},
	} {
		a, _ := account(t, test.change)
		test.want.Name = "Payments Inc."
		got, err := a.Standing(t.Context())
		off := (got.Ahead - test.want.Ahead).Abs()
		got.Ahead = test.want.Ahead
		if err != nil || got != test.want || off > 2*time.Second {
			t.Errorf("%s: %+v, off by %v, %v", test.name, got, off, err)
		}
	}
}

// TestRepeats lets reading go wrong: what may go well later is tried again, nothing else is.
func TestRepeats(t *testing.T) {
	const path = "IncomingPhoneNumbers"
	type F = faketwilio.Fault
	for _, test := range []struct {
		name  string
		fault faketwilio.Fault
		asked int
		class twilioapi.Class
		well  bool
	}{
		{"nothing wrong", F{Path: "nowhere"}, 1, 0, true},
		{"once unavailable", F{Path: path, Status: 503, Times: 1}, 2, 0, true},
		{"twice too many", F{Path: path, Status: 429, Code: 20429, Times: 2}, 3, 0, true},
		{"twice no answer", F{Path: path, Times: 2}, 3, 0, true},
		{"always unavailable", F{Path: path, Status: 503, Code: 20503}, 3, twilioapi.Retry, false},
		{"always an HTML page", F{Path: path, Status: 502}, 3, twilioapi.Retry, false},
		{"always too many", F{Path: path, Status: 429}, 3, twilioapi.Retry, false},
		{"a wait that is too long", F{Path: path, Status: 429, Wait: "3600"}, 1, twilioapi.Retry, false},
		{"credentials", F{Path: path, Status: 401, Code: 20003}, 1, twilioapi.Permanent, false},
		{"a code nobody knows", F{Path: path, Status: 400, Code: 99999}, 1, twilioapi.Permanent, false},
		{"a page of somebody else's", F{Path: path, Status: 404}, 1, twilioapi.Permanent, false},
	} {
		a, fake := account(t, with(test.fault))
		numbers, err := a.Numbers(t.Context())
		if n := asked(fake); n != test.asked || (err == nil) != test.well {
			t.Errorf("%s: asked %d times, want %d: %v", test.name, n, test.asked, err)
			continue
		}
		if test.well && len(numbers) != 3 {
			t.Errorf("%s: %d numbers", test.name, len(numbers))
		}
		if !test.well && fault(t, err).Class != test.class {
			t.Errorf("%s: class %v, want %v", test.name, fault(t, err).Class, test.class)
		}
	}
}

// TestRetryAfter waits as long as Twilio wants, unless nobody waits any more.
func TestRetryAfter(t *testing.T) {
	a, _ := account(t, with(faketwilio.Fault{Status: 429, Wait: "1", Times: 1}))
	start := time.Now()
	if _, err := a.Standing(t.Context()); err != nil || time.Since(start) < time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	later := time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat)
	a, _ = account(t, with(faketwilio.Fault{Status: 503, Wait: later}))
	_, err := a.Send(t.Context(), twilioapi.Text{From: ours, To: caller, Body: "b"})
	if after := fault(t, err).After; after < 7*time.Second || after > 9*time.Second {
		t.Errorf("%v is %v", later, after)
	}
	a, fake := account(t, with(faketwilio.Fault{Status: 503, Wait: "9"}))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start = time.Now()
	_, err = a.Standing(ctx)
	if fault(t, err).After != 9*time.Second || time.Since(start) > 5*time.Second || asked(fake) != 1 {
		t.Errorf("%v after %v, asked %d times", err, time.Since(start), asked(fake))
	}
}

// TestTimeout asks somebody who never answers.
func TestTimeout(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	o := options(faketwilio.Transport("http://" + l.Addr().String()))
	o.Timeout, o.Tries = 30*time.Millisecond, 2
	text := twilioapi.Text{From: ours, To: caller, Body: "b"}
	_, err = twilioapi.New(sid, token, o).Send(t.Context(), text)
	f := fault(t, err)
	if !errors.Is(err, context.DeadlineExceeded) || f.Class != twilioapi.Retry || !f.Unsure {
		t.Errorf("%v: %+v", err, f)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = twilioapi.New(sid, token, o).Numbers(cancelled)
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestCredentials never shows the token.
func TestCredentials(t *testing.T) {
	_, fake := account(t)
	for _, test := range []struct {
		sid, token string
		code       int
	}{
		{sid, "fedcba", 20003},
		{strings.Replace(sid, "0", "1", 1), token, 20003},
		{sid, "", 20003},
		{sid, "a secret", 21224},
		{sid, "line\nbreak", 21224},
		{"AC-0", token, 21222},
	} {
		_, err := twilioapi.New(test.sid, test.token, options(fake.Transport())).Standing(t.Context())
		if f := fault(t, err); f.Code != test.code || f.Class != twilioapi.Permanent || f.Unsure {
			t.Errorf("%v: %+v", err, f)
		}
		if test.token != "" && strings.Contains(err.Error(), test.token) {
			t.Errorf("it tells the token: %v", err)
		}
	}
}

// TestErrors are sentences with a mend, whatever Twilio says.
func TestErrors(t *testing.T) {
	for _, test := range []struct {
		fault faketwilio.Fault
		want  string
	}{
		{faketwilio.Fault{Status: 401, Code: 20003}, "asking for the account: Twilio does not accept " +
			"the account SID with this auth token (20003): copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN " +
			"from the Twilio console"},
		{faketwilio.Fault{Status: 400, Code: 99999, Says: "Odd: +14045550100, (404) 555-0100."},
			"asking for the account: Odd: …0100, (404) …0100 (99999): see " +
				"https://www.twilio.com/docs/api/errors/99999"},
		{faketwilio.Fault{Status: 418}, "asking for the account: status 418 from Twilio"},
		{faketwilio.Fault{}, "asking for the account: no answer from Twilio: EOF"},
	} {
		a, _ := account(t, with(test.fault))
		if _, err := a.Standing(t.Context()); err == nil || err.Error() != test.want {
			t.Errorf("%v\nwant %s", err, test.want)
		}
	}
}

func TestMasked(t *testing.T) {
	for number, want := range map[string]string{
		ours: "…0199", "+442079460000": "…0000", "911": "…", "": "…",
	} {
		if got := twilioapi.Masked(number); got != want {
			t.Errorf("%s: %s, want %s", number, got, want)
		}
	}
}

// TestMeanings holds the table to its form, and to the codes that calls and texts meet.
func TestMeanings(t *testing.T) {
	met := []int{
		429, 20003, 20404, 20429, 21405, 21211, 21408, 21606, 21608, 21610, 21612, 21614, 21635,
		30003, 30004, 30005, 30006, 30007, 30008, 11200, 11205, 11217, 11750, 12100, 12200, 12300,
		13214, 13223, 13224, 13225, 13226, 13227, 13310, 13325, 13510, 13521,
	}
	for code := range 70000 {
		m, known := twilioapi.MeaningOf(code)
		switch {
		case !known && slices.Contains(met, code):
			t.Errorf("%d has no meaning", code)
		case known && (m.Says == "" || m.Mend == "" || strings.HasSuffix(m.Says+m.Mend, ".")):
			t.Errorf("%d: %+v", code, m)
		}
	}
	if m, _ := twilioapi.MeaningOf(21610); m.Class != twilioapi.Stopped {
		t.Errorf("STOP is %v", m.Class)
	}
	words := fmt.Sprint(twilioapi.Permanent, twilioapi.Retry, twilioapi.Stopped)
	if words != "permanent retry stopped" {
		t.Error(words)
	}
}
