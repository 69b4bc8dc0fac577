package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"premiumline/config"
	"premiumline/twilioapi"
	"premiumline/twiml"
	"premiumline/webhook"
)

// A check whose need has failed is not run, nor are those that need it; the others are.
func TestExamine(t *testing.T) {
	var ran []string
	as := func(name string, s state, needs ...string) checkup {
		return checkup{name, needs, func(context.Context, *patient) []finding {
			ran = append(ran, name)
			return []finding{{State: well}, {State: s}}
		}}
	}
	var shown []finding
	found := examine(t.Context(), []checkup{
		as("a", well), as("b", failed), as("c", doubtful, "a"), as("d", well, "a", "b"),
		as("e", well, "d"), as("f", well, "c"),
	}, &patient{}, func(f finding) { shown = append(shown, f) })
	want := []finding{
		{"a", well, "", ""}, {"a", well, "", ""}, {"b", well, "", ""}, {"b", failed, "", ""},
		{"c", well, "", ""}, {"c", doubtful, "", ""}, {"d", notChecked, "b failed before", ""},
		{"e", notChecked, "d failed before", ""}, {"f", well, "", ""}, {"f", well, "", ""},
	}
	if !reflect.DeepEqual(found, want) || !reflect.DeepEqual(shown, want) {
		t.Errorf("found %v\nshown %v\nwant  %v", found, shown, want)
	}
	if got := strings.Join(ran, ""); got != "abcf" {
		t.Errorf("%s ran", got)
	}
}

// Every need is a check that comes before.
func TestNeedsComeBefore(t *testing.T) {
	before := map[string]bool{}
	for _, c := range checkups {
		if why := unmetOf(c, before); why != "" {
			t.Errorf("%s needs %s", c.name, why)
		}
		before[c.name] = true
	}
}

func unmetOf(c checkup, before map[string]bool) string {
	for _, name := range c.needs {
		if !before[name] {
			return name
		}
	}
	return ""
}

func TestFaults(t *testing.T) {
	a, b, c := errors.New("a"), errors.New("b"), errors.New("c")
	found := faults(errors.Join(errors.Join(a, b), nil, c))
	if len(found) != 3 || found[0].Says != "a" || found[2].Says != "c" || found[1].State != failed {
		t.Errorf("%+v", found)
	}
}

// A number whose calls reach the line is worth a word at most; any other is a fault.
func TestSettingsFinding(t *testing.T) {
	const public = "https://ivr.example.com/line"
	good := wantedSettings(public, "https://bin.example.com", "", nil)
	with := func(pairs ...string) twilioapi.Settings {
		s := twilioapi.Settings{"sms_url": "https://elsewhere.example.com"}
		for name, value := range good {
			s[name] = value
		}
		for i := 0; i < len(pairs); i += 2 {
			s[twilioapi.Setting(pairs[i])] = pairs[i+1]
		}
		return s
	}
	for _, test := range []struct {
		name     string
		settings twilioapi.Settings
		want     state
	}{
		{"as it should be", with(), well},
		{"the line's own fallback", with("voice_fallback_url", public+"/voice/fallback"), well},
		{"no overrides", with("voice_url", public+"/voice"), doubtful},
		{"other overrides", with("voice_url", public+"/voice#rc=5"), doubtful},
		{"no fallback", with("voice_fallback_url", ""), doubtful},
		{"no status callback", with("status_callback", ""), doubtful},
		{"GET", with("voice_method", "GET"), failed},
		{"application", with("voice_application_sid", "AP1"), failed},
		{"trunk", with("trunk_sid", "TK1"), failed},
		{"another line", with("voice_url", "https://ivr.example.com/voice"), failed},
		{"a longer path", with("voice_url", public+"/voice/en/menu"), failed},
		{"nothing", twilioapi.Settings{}, failed},
	} {
		got := settingsFinding(twilioapi.Number{Settings: test.settings}, public)
		if got.State != test.want {
			t.Errorf("%s: %+v, want %s", test.name, got, test.want)
		}
	}
}

func TestClock(t *testing.T) {
	for ahead, want := range map[time.Duration]state{
		0: well, 5 * time.Second: well, -5 * time.Second: well,
		6 * time.Second: doubtful, -time.Hour: doubtful,
	} {
		p := &patient{standing: twilioapi.Standing{Ahead: ahead}}
		if got := checkClock(t.Context(), p); got[0].State != want {
			t.Errorf("%v: %+v", ahead, got)
		}
	}
}

// What answers in the line's place is told by what is wrong with its answer.
func TestDocument(t *testing.T) {
	const good = "<Response><Hangup/></Response>"
	answer := func(status int, kind, body string) answered {
		return answered{status: status, header: http.Header{"Content-Type": {kind}}, body: []byte(body)}
	}
	for _, test := range []struct {
		answered
		want string
	}{
		{answer(200, "text/xml; charset=utf-8", good), ""},
		{answer(200, "application/xml", good), ""},
		{answer(403, "text/plain", ""), "our signature is refused (status 403)"},
		{answer(301, "text/html", ""), "it leads elsewhere (status 301)"},
		{answer(503, "text/html", ""), "it answers with status 503"},
		{answer(200, "text/html", "<html>"), `its answer is "text/html", and not text/xml`},
		{answer(200, "", good), `its answer is "", and not text/xml`},
		{answer(200, "text/xml", "hello"), "its answer is no TwiML: "},
		{answer(200, "text/xml", strings.Repeat(" ", twiml.MaxDocument+1)), "its answer is over 64 KB"},
	} {
		f := test.document()
		if (f == nil) != (test.want == "") || f != nil && !strings.HasPrefix(f.Says, test.want) {
			t.Errorf("%+v, want %s", f, test.want)
		}
	}
}

// Of what keeps a webhook away, each has its mend.
func TestUnreachable(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	secure := httptest.NewTLSServer(http.NotFoundHandler())
	defer secure.Close()
	for address, want := range map[string]string{
		strings.Replace(plain.URL, "http:", "https:", 1): "let TLS be spoken there",
		secure.URL:                     "serve the whole chain",
		"https://no.such.host.invalid": "mend the DNS record",
		"https://127.0.0.1:1":          "start premiumline serve",
	} {
		_, err := askAsTwilio(t.Context(), "POST", address, "token",
			probeForm(config.Config{}, webhook.NewProbe("token")))
		if err == nil {
			t.Errorf("%s answers", address)
		} else if f := unreachable(err); f.State != failed || !strings.HasPrefix(f.Do, want) {
			t.Errorf("%s: %+v, want %s", address, f, want)
		}
	}
}
