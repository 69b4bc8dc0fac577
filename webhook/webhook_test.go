package webhook_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"premiumline/ivr"
	"premiumline/twiml"
	"premiumline/webhook"
)

func TestRoutes(t *testing.T) {
	f := serve(t)
	for target, words := range map[string]string{
		"/voice":             greeting,
		"/voice/":            greeting,
		"//voice":            greeting,
		"/voice//":           greeting,
		"/./voice":           greeting,
		"/%76oice":           greeting,
		"/voice?":            greeting,
		"/voice?a=%20&b=+'/": greeting,

		"/voice/en/menu":          georgia,
		"/voice/en/menu?rc=2":     georgia,
		"/voice/en/menu/":         georgia,
		"//voice//en///menu":      georgia,
		"/voice/en%2Fmenu":        georgia,
		"/voice%2fen/menu":        georgia,
		"/voice/en/./menu":        georgia,
		"/voice/en/zip/../menu":   georgia,
		"/voice/en/menu/again":    georgia,
		"/voice/es/menu":          "Georgia.",
		"/voice/es/nowhere":       sorryES,
		"/voice/es":               sorryES,
		"/voice/en":               sorry,
		"/voice/en/":              sorry,
		"/voice/en/menus":         sorry,
		"/voice/EN/menu":          sorry,
		"/voice/xx/yy":            sorry,
		"/voice/en/menu%00":       sorry,
		"/voice/en/menu%3Frc=2":   sorry,
		"/voice/%F0%9F%93%9E/%FF": sorry,
		"/voice/..":               greeting,
		"/voice/../../etc/passwd": sorry,
		"/voice/%2e%2e/%2e%2e":    greeting,
		"/voice/status/":          sorry,
		"/voicemail":              sorry,
		"/Voice":                  sorry,
		"/nowhere":                sorry,
		"/":                       greeting,
		"//":                      greeting,

		"/voice/" + strings.Repeat("en/", 4000): sorry,

		"/voice/fallback":     "something went wrong",
		"/voice/fallback?a=1": "something went wrong",
	} {
		if fault := f.post(target, call("Digits", "7")).fault(words); fault != "" {
			t.Errorf("%.60s: %s", target, fault)
		}
	}
}

func TestStatus(t *testing.T) {
	f := serve(t)
	form := call("CallStatus", "completed", "CallDuration", "73")
	if a := f.post("/voice/status", form); a.status != http.StatusNoContent || a.text != "" {
		t.Errorf("answered %d %s", a.status, a.text)
	}
	if text := f.logs.String(); !strings.Contains(text, `"status":"completed","seconds":"73"`) {
		t.Error(text)
	}
}

// TestTextStatus: the URL tells which text it was; Twilio may sign it with a port.
func TestTextStatus(t *testing.T) {
	var told []webhook.Event
	f := serve(t, func(o *webhook.Options) {
		o.Note = func(_ context.Context, e webhook.Event) { told = append(told, e) }
	})
	form := url.Values{"AccountSid": {account}, "MessageSid": {"SM1"}, "To": {caller},
		"MessageStatus": {"undelivered"}, "ErrorCode": {"30006"}}
	path := webhook.TextStatusPath("CA1", "oregon.southwest-washington")
	withPort := fromTwilio(path, form)
	withPort.signature = webhook.Sign(token, origin+":443"+path, form)
	for name, asked := range map[string]ask{
		"as it is": fromTwilio(path, form), "signed with a port": withPort,
		"of no text of ours": fromTwilio("/sms/status", form),
	} {
		if a := f.send(asked); a.status != http.StatusNoContent || a.text != "" {
			t.Errorf("%s: answered %d %s", name, a.status, a.text)
		}
	}
	if len(told) != 2 || told[0].ID != told[1].ID {
		t.Fatalf("told were %+v", told)
	}
	want := webhook.Text{Region: "oregon.southwest-washington", Status: "undelivered", Code: 30006}
	if e := told[0]; e.Kind != webhook.TextKind || e.Call != "CA1" || e.Text != want {
		t.Errorf("told was %+v, want %+v", e, want)
	}
}

// TestFallback makes sure that a failed page's caller hears the numbers, in the
// language they had.
func TestFallback(t *testing.T) {
	f := serve(t)
	const en, es = "something went wrong", "hubo un problema"
	for failed, words := range map[string]string{
		"https://ivr.example.com/voice/es/menu":             es,
		"https://ivr.example.com/voice/es/menu?a=/b#rc=2":   es,
		"https://ivr.example.com/line/voice/es/zip/unknown": es,
		"https://ivr.example.com/voice/voice/es/menu":       es,
		"https://ivr.example.com/voice/es":                  es,
		"/voice/es/menu":                                    es,
		"https://ivr.example.com/voice/en/menu":             en,
		"https://ivr.example.com/voice/xx/menu":             en,
		"https://ivr.example.com/voice":                     en,
		"https://ivr.example.com/es/menu":                   en,
		"https://%zz/voice/es/menu":                         en,
		"":                                                  en,
	} {
		a := f.post("/voice/fallback", call("ErrorCode", "11200", "ErrorUrl", failed))
		if fault := a.fault(words); fault != "" {
			t.Errorf("%s: %s", failed, fault)
		}
		if fault := a.fault(georgiasLine); fault != "" {
			t.Errorf("%s: no number: %s", failed, fault)
		}
	}
}

// TestRecordedWebhooks sends real webhooks, byte for byte, wherever they may come.
func TestRecordedWebhooks(t *testing.T) {
	f := serve(t)
	for _, h := range webhooks(t) {
		form, err := url.ParseQuery(h.Body)
		if err != nil {
			t.Fatal(err)
		}
		for _, target := range []string{
			"/voice", "/voice/en/menu", "/voice/es/dial/georgia", "/voice/fallback",
		} {
			a := fromTwilio(target, form)
			a.body = strings.NewReader(h.Body)
			if fault := f.send(a).fault("</Response>"); fault != "" {
				t.Errorf("%s to %s: %s", h.Name, target, fault)
			}
		}
	}
}

// TestRetry makes sure that a webhook which comes twice gets the same answer twice,
// on every page.
func TestRetry(t *testing.T) {
	f := serve(t)
	for _, page := range builtIn().Pages() {
		for _, digits := range []string{"", "7", "30301"} {
			form := call("Digits", digits)
			first := f.post("/voice/"+page.Name, form)
			if fault := first.fault(""); fault != "" {
				t.Errorf("%s, keys %q: %s", page.Name, digits, fault)
			}
			if again := f.post("/voice/"+page.Name, form); again.text != first.text {
				t.Errorf("%s, keys %q: again:\n%s\nfirst:\n%s", page.Name, digits, again.text, first.text)
			}
		}
	}
}

// TestPathPrefix asks as a proxy does that has cut the prefix off.
func TestPathPrefix(t *testing.T) {
	line := compile("/line/voice")
	f := serve(t, func(o *webhook.Options) {
		o.Line = func() *ivr.Line { return line }
		o.Verifier = newVerifier(t, origin+"/line/", token)
	})
	a := fromTwilio("/line/voice/en/menu", call())
	a.target = "/voice/en/menu"
	if fault := f.send(a).fault(`action="/line/voice/en/`); fault != "" {
		t.Error(fault)
	}
	if a := f.post("/voice/en/menu", call()); a.status != http.StatusForbidden {
		t.Errorf("signed without the prefix: %d", a.status)
	}
}

// TestTokenIsReplaced asks while a token is being replaced.
func TestTokenIsReplaced(t *testing.T) {
	f := serve(t, func(o *webhook.Options) {
		o.Verifier = newVerifier(t, origin, "the current token", "the next token")
	})
	for token, want := range map[string]int{
		"the current token": 200, "the next token": 200, "an old token": 403,
	} {
		a := fromTwilio("/voice", call())
		a.signature = webhook.Sign(token, origin+"/voice", call())
		if got := f.send(a).status; got != want {
			t.Errorf("%s: %d", token, got)
		}
	}
}

// Lines as a reload may leave them.
var (
	well   = builtIn
	panics = func() *ivr.Line { panic("no line for tests") }
	none   = func() *ivr.Line { return nil }
	empty  = func() *ivr.Line { return new(ivr.Line) }
)

// inTurn returns the lines one after the other, then the last one for ever.
func inTurn(lines ...func() *ivr.Line) func() *ivr.Line {
	var asked atomic.Int64
	return func() *ivr.Line { return lines[min(int(asked.Add(1)), len(lines))-1]() }
}

// TestFaultsAreSpoken breaks the line under a call: each turn asks for it once, an
// apology once more.
func TestFaultsAreSpoken(t *testing.T) {
	tests := []struct {
		name, target string
		line         func() *ivr.Line
		words        []string // heard turn by turn
	}{
		{"panics once", "/voice", inTurn(panics, well), []string{sorry, greeting}},
		{"nil once", "/voice", inTurn(none, well), []string{sorry, greeting}},
		{"empty once", "/voice", inTurn(empty, well), []string{sorry, greeting}},
		{"panics in the end", "/voice", inTurn(well, panics), []string{greeting, sorry, sorry}},
		{"nil in the end", "/voice", inTurn(well, none), []string{greeting, sorry, sorry}},
		{"empty in the end", "/voice", inTurn(well, empty), []string{greeting, sorry, sorry}},
		{"in Spanish", "/voice/es/zip", inTurn(well, none), []string{"<Say", sorryES, sorryES}},
		{"in the fallback", "/voice/fallback", inTurn(panics, well), []string{sorry, georgiasLine}},
		{"panics always", "/voice", panics, []string{noLine, noLine}},
		{"nil always", "/voice", none, []string{noLine, noLine}},
		{"empty always", "/voice/es/menu", empty, []string{noLine, noLine}},
	}
	for _, tt := range tests {
		f := serve(t, func(o *webhook.Options) { o.Line = tt.line })
		apologies := 0
		for i, words := range tt.words {
			if fault := f.post(tt.target, call()).fault(words); fault != "" {
				t.Errorf("%s, turn %d: %s", tt.name, i+1, fault)
			}
			if words == sorry || words == sorryES || words == noLine {
				apologies++
			}
		}
		if got := strings.Count(f.logs.String(), "a turn failed"); got != apologies {
			t.Errorf("%s: %d of %d faults are logged", tt.name, got, apologies)
		}
	}
}

// TestNoLineIsTwiML reads the one document that is not compiled.
func TestNoLineIsTwiML(t *testing.T) {
	f := serve(t, func(o *webhook.Options) { o.Line = none })
	document, err := twiml.Unmarshal([]byte(f.post("/voice", call()).text))
	if err != nil || len(document) != 2 {
		t.Errorf("%v, %v", document, err)
	}
}
