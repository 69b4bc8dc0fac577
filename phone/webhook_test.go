package phone_test

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"premiumline/phone"
)

// The parameters are those of real webhooks, in testdata.
func TestParameters(t *testing.T) {
	s := serve(t, script{
		"/voice":  says(`<Gather numDigits="1" action="/dial"/>`),
		"/dial":   says(`<Dial action="/dialed"><Number>+18776997407</Number></Dial>`),
		"/dialed": says(`<Hangup/>`),
	})
	c := s.call(t)
	c.FarEnd = phone.FarEnd{HangsUp: true}
	must(t, c.Press(t.Context(), "7"))
	for name, want := range map[string]struct{ path, add string }{
		"inbound_forwarded":                {"/voice", "StirVerstat -CalledVia -ForwardedFrom"},
		"anonymous_gather_dtmf":            {"/dial", "-ApplicationSid"},
		"dial_action_callee_hung_up":       {"/dialed", "CalledCity DialBridged"},
		"number_status_callback_completed": {"/voice/status", ""},
	} {
		got := slices.Sorted(maps.Keys(s.latest(t, want.path).form))
		if want := seen(t, name, want.add); !slices.Equal(got, want) {
			t.Errorf("parameters\n%v\nwant, after %s,\n%v", got, name, want)
		}
	}
}

// seen is the names of the parameters of a real webhook, sorted, with some added
// and some (-) removed.
func seen(t *testing.T, name, change string) []string {
	t.Helper()
	text, err := os.ReadFile("testdata/voice-webhooks.json")
	must(t, err)
	var hooks []struct {
		Name  string
		Pairs [][2]string
	}
	must(t, json.Unmarshal(text, &hooks))
	names := map[string]bool{}
	for _, hook := range hooks {
		for _, pair := range hook.Pairs {
			if hook.Name == name {
				names[pair[0]] = true
			}
		}
	}
	for _, n := range strings.Fields(change) {
		names[strings.TrimPrefix(n, "-")] = n[0] != '-'
	}
	maps.DeleteFunc(names, func(_ string, in bool) bool { return !in })
	return slices.Sorted(maps.Keys(names))
}

func TestFirstWebhook(t *testing.T) {
	const menu = `<Gather/>`
	for _, test := range []struct {
		name   string
		caller phone.Caller
		want   string // as a query; "-" stands for a parameter that is not there
	}{
		{"US", phone.Caller{From: georgia, City: "Atlanta", State: "GA", ZIP: "30303"},
			"CallStatus=ringing&Direction=inbound&ApiVersion=2010-04-01&FromCity=ATLANTA&" +
				"CallerState=GA&FromZip=30303&FromCountry=US&ToCity=&CalledCountry=US&" +
				"StirVerstat=TN-Validation-Passed-A"},
		{"foreign", phone.Caller{From: "+525512345678"},
			"FromCity=&FromState=&FromZip=&FromCountry=MX"},
		{"another country in +1",
			phone.Caller{From: "+15145550100", City: "Montréal", Country: "CA"},
			"FromCity=Montréal&FromCountry=CA"},
		{"keypad word", phone.Caller{From: "+266696687"},
			"From=%2B266696687&FromCountry=LS&FromCity="},
		{"anonymous", phone.Caller{From: "anonymous"},
			"From=anonymous&Caller=anonymous&FromCity=&FromCountry=&StirVerstat=No-TN-Validation"},
		{"none", phone.Caller{}, "From=&Caller=&FromCountry="},
		{"Voice SDK", phone.Caller{From: "client:ann"},
			"From=client:ann&FromCity=-&CallerCountry=-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, script{"/voice": says(menu)})
			test.caller.To = tollway
			_, err := s.Call(t.Context(), test.caller)
			must(t, err)
			want, err := url.ParseQuery(test.want)
			must(t, err)
			form := s.latest(t, "/voice").form
			for name := range want {
				if got, there := form[name]; want.Get(name) == "-" && there ||
					want.Get(name) != "-" && (!there || got[0] != want.Get(name)) {
					t.Errorf("%s is %q, want %q", name, got, want.Get(name))
				}
			}
		})
	}
}

// The URL is signed as Twilio sees it, whatever the server's address is, and
// without the fragment.
func TestSignedForThePublicURL(t *testing.T) {
	s := serve(t, script{
		"/inner/voice":         says(`<Redirect>voice/en/menu?a=1&amp;b=%2F#rc=2</Redirect>`),
		"/inner/voice/en/menu": says(`<Gather action="../es/menu" numDigits="1" method="GET"/>`),
		"/inner/voice/es/menu": says(`<Gather/>`),
		"/inner/voice/status":  answers(204, "", ""),
	})
	s.Public += "/line/"
	s.Connect += "/inner"
	c := s.call(t)
	const first = "https://ivr.example.com/line/voice ringing"
	if got := s.latest(t, "/inner/voice").signature; got != first {
		t.Errorf("signed %q", got)
	}
	const redirected = "https://ivr.example.com/line/voice/en/menu?a=1&b=%2F in-progress"
	if got := s.latest(t, "/inner/voice/en/menu?a=1&b=%2F"); got.signature != redirected {
		t.Errorf("signed %q, want %q", got.signature, redirected)
	}
	must(t, c.Press(t.Context(), "1"))
	get := s.requests[len(s.requests)-1]
	public := strings.Replace(get.path, "/inner/", "https://ivr.example.com/line/", 1)
	if get.method != "GET" || get.form.Get("Digits") != "1" || get.signature != public {
		t.Errorf("%s %s signed %q", get.method, get.path, get.signature)
	}
	if get.agent != "TwilioProxy/1.1" {
		t.Errorf("User-Agent %q", get.agent)
	}
}

// The n-th call of a seed always has the same CallSid.
func TestCallSID(t *testing.T) {
	sids := map[string]bool{}
	for _, seed := range []string{"", "", "dev"} {
		s := serve(t, script{"/voice": says("")})
		s.Seed = seed
		for range 2 {
			sids[s.call(t).SID()] = true
		}
	}
	if len(sids) != 4 {
		t.Errorf("CallSids %v, want two for each of two seeds", sids)
	}
	for sid := range sids {
		if !regexp.MustCompile(`^CA[0-9a-f]{32}$`).MatchString(sid) {
			t.Errorf("CallSid %q", sid)
		}
	}
}

// An answer that Twilio cannot use is put to the fallback, whose answer goes on.
func TestFallback(t *testing.T) {
	const notXML = "the answer is not XML"
	blankFirst := "\n<?xml version=\"1.0\"?><Response/>"
	tooLong := strings.Repeat(" ", 64<<10)
	moved := http.RedirectHandler("/voice/x/", http.StatusMovedPermanently).ServeHTTP
	abort := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for _, test := range []struct {
		name   string
		answer http.HandlerFunc
		code   string // "": usable
		why    string
	}{
		{"empty document", says(""), "", ""},
		{"no content", answers(204, "", ""), "", ""},
		{"application/xml", answers(200, "application/xml; charset=utf-8", "<Response/>"), "", ""},
		{"server error", answers(500, "text/xml", "<Response/>"), "11200",
			"status 500 Internal Server Error"},
		{"forbidden", answers(403, "text/plain", "no"), "11200", "status 403 Forbidden"},
		{"created", answers(201, "text/xml", "<Response/>"), "11200", "status 201 Created"},
		{"redirect", moved, "11200",
			"status 301: redirects lose the Digits: give the exact URL"},
		{"too long", says(tooLong), "11750", "the answer is longer than 64 KB"},
		{"plain text", answers(200, "text/plain", "<Response/>"), "12300",
			`content type "text/plain", not text/xml`},
		{"nothing", answers(200, "text/xml", ""), "12100", notXML},
		{"blank first", answers(200, "text/xml", blankFirst), "12100", notXML},
		{"cut off", answers(200, "text/xml", "<Response><Say>Hel"), "12100", notXML},
		{"no such verb", says("<Speak>Hello</Speak>"), "12200", "<Speak>"},
		{"hangs up on us", abort, "11205", "EOF"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, script{
				"/voice":          says(`<Gather action="/voice/en/x?secret=1" numDigits="1"/>`),
				"/voice/en/x":     test.answer,
				"/voice/fallback": says(`<Gather numDigits="1"><Say>Every number.</Say></Gather>`),
			})
			c := s.call(t)
			must(t, c.Press(t.Context(), "1"))
			var bad *phone.WebhookError
			for _, e := range c.Events() {
				if hook, ok := e.What.(phone.Webhook); ok && hook.Err != nil {
					errors.As(hook.Err, &bad)
				}
			}
			if test.code == "" {
				if bad != nil || !c.Ended() {
					t.Errorf("%v, ended %v, want a usable answer", bad, c.Ended())
				}
				return
			}
			if bad == nil || bad.Path != "/voice/en/x" || bad.Code != test.code ||
				!strings.Contains(bad.Why, test.why) {
				t.Fatalf("failed with %v, want %s (%s)", bad, test.why, test.code)
			}
			const at = "https://ivr.example.com/voice/en/x?secret=1"
			form := s.latest(t, "/voice/fallback").form
			if form.Get("ErrorCode") != test.code || form.Get("ErrorUrl") != at || form.Has("Digits") {
				t.Errorf("the fallback was told %v", form)
			}
			if !c.Listening() {
				t.Error("the fallback's document did not take over")
			}
		})
	}
}

// Where the fallback fails too, Twilio apologises and hangs up.
func TestFallbackFails(t *testing.T) {
	s := serve(t, script{
		"/voice":      menu(`numDigits="1" action="/voice/en/x?secret=1"`),
		"/voice/en/x": answers(502, "", ""),
	})
	c := s.call(t)
	err := c.Press(t.Context(), "1")
	const want = "phone: /voice/en/x: status 502 Bad Gateway (11200); " +
		"then /voice/fallback: status 404 Not Found (11200)"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
	said, _ := happened[phone.Utterance](c)
	if !c.Ended() || !strings.Contains(said[len(said)-1].Text, "application error") {
		t.Errorf("ended %v with %q", c.Ended(), said[len(said)-1].Text)
	}
	if got := s.latest(t, "/voice/status").form.Get("CallStatus"); got != "completed" {
		t.Errorf("the status callback was told %q", got)
	}
}

func TestUnreachable(t *testing.T) {
	line := phone.Line{Public: "http://127.0.0.1:1", Account: account}
	c, err := line.Call(t.Context(), phone.Caller{From: georgia, To: tollway})
	var bad *phone.WebhookError
	if !errors.As(err, &bad) || bad.Code != "11205" || bad.Path != "/voice" || !c.Ended() {
		t.Errorf("%v, want 11205 for /voice", err)
	}
	if strings.Contains(err.Error(), "127.0.0.1:1/") {
		t.Errorf("the error tells the whole URL: %v", err)
	}
}

func TestContextEndsTheCall(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	slow := func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}
	s := serve(t, script{"/voice": menu(`numDigits="1" action="/slow"`), "/slow": slow})
	c := s.call(t)
	if err := c.Press(ctx, "1"); !errors.Is(err, context.Canceled) || !c.Ended() {
		t.Errorf("%v, ended %v", err, c.Ended())
	}
	if paths := s.asked(); len(paths) != 2 {
		t.Errorf("asked %v, want nothing after the context was done", paths)
	}
}

func TestLoopIsStopped(t *testing.T) {
	s := serve(t, script{"/voice": says(`<Redirect>/voice</Redirect>`)})
	_, err := s.Call(t.Context(), phone.Caller{From: georgia, To: tollway})
	const want = "phone: /voice: more than 500 webhooks: the call goes round in circles"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestStatusCallback(t *testing.T) {
	s := serve(t, script{"/voice": says(`<Pause length="61"/>`)})
	c := s.call(t)
	form := s.latest(t, "/voice/status").form
	for name, want := range map[string]string{
		"CallStatus": "completed", "CallDuration": "61", "Duration": "2", "CallSid": c.SID(),
		"SequenceNumber": "0", "CallbackSource": "call-progress-events", "From": georgia,
	} {
		if form.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, form.Get(name), want)
		}
	}
	s = serve(t, script{"/voice": says(""), "/voice/status": answers(500, "", "")})
	_, err := s.Call(t.Context(), phone.Caller{From: georgia, To: tollway})
	const want = "phone: /voice/status: status 500 Internal Server Error (11200)"
	if err == nil || err.Error() != want {
		t.Errorf("error %v, want %s", err, want)
	}
}

// Reject refuses a call that still rings, and only that.
func TestReject(t *testing.T) {
	for verbs, want := range map[string]string{
		`<Reject/>`:                            "no-answer",
		`<Reject reason="busy"/><Say>No</Say>`: "busy",
		`<Redirect>/late</Redirect>`:           "completed",
	} {
		s := serve(t, script{"/voice": says(verbs), "/late": says(`<Reject reason="busy"/>`)})
		c := s.call(t)
		said, _ := happened[phone.Utterance](c)
		got := s.latest(t, "/voice/status").form.Get("CallStatus")
		if got != want || len(said) > 0 {
			t.Errorf("%s: status %q, want %q; heard %v", verbs, got, want, said)
		}
	}
}
