package webhook_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus/promhttp"

	"premiumline/ivr"
	"premiumline/webhook"
)

// secrets are what no log line, metric or refusal may hold, however it is spelt:
// numbers, where a caller lives, what signs a webhook.
var secrets = []string{
	caller[2:], "404-555", called[2:], "8005550177", "PEACHTREE", "30361", "30303",
	token, url.QueryEscape(token), url.PathEscape(token), "secret call token",
}

// failing has a line that panics once fail is set.
func failing(fail *atomic.Bool) func(*webhook.Options) {
	return func(o *webhook.Options) {
		o.Line = func() *ivr.Line {
			if fail.Load() {
				return panics()
			}
			return builtIn()
		}
	}
}

// everything is one of each that may happen, refusals and faults among them. The line
// fails at every turn once fail is set.
func everything(f *front, fail *atomic.Bool) (sent []ask, got []answer) {
	form := func(fields ...string) url.Values {
		return call(append([]string{"CallToken", "secret call token", "ForwardedFrom", "+18005550177",
			"Caller", caller, "Called", called, "CallerName", "404-555-0100"}, fields...)...)
	}
	send := func(a ask) { sent, got = append(sent, a), append(got, f.send(a)) }
	turns := func() {
		for _, page := range builtIn().Pages() {
			send(fromTwilio("/voice/"+page.Name, form("Digits", "30303")))
		}
		send(fromTwilio("/voice/en/dial/georgia", form("DialCallStatus", "busy", "DialCallSid", "CA2")))
		send(fromTwilio("/voice/en/dial/georgia", form("CallStatus", "completed")))
		send(fromTwilio("/voice/en/nowhere?From="+url.QueryEscape(caller), form()))
		send(fromTwilio("/voice/status", form("CallStatus", "completed", "CallDuration", "60")))
		send(fromTwilio("/voice/fallback", form("ErrorCode", "11200", "ErrorUrl",
			origin+"/voice/es/menu?From="+caller+"&signature="+token)))
	}
	turns()
	for i, change := range refused {
		a := fromTwilio(fmt.Sprintf("/voice/%d?From=%s", i, caller[1:]), form())
		change(&a)
		send(a)
	}
	fail.Store(true)
	turns()
	return sent, got
}

// refused are changes with which a request is turned away.
var refused = []func(*ask){
	func(a *ask) { a.method = "PURGE" },
	func(a *ask) { a.kind = "application/json" },
	func(a *ask) { a.signature = "" },
	func(a *ask) { a.signature = webhook.Sign("12345", origin+a.target, call()) },
	func(a *ask) { a.body = strings.NewReader("From=" + caller + "&Digits=%") },
	func(a *ask) { a.body = strings.NewReader("From=" + caller + strings.Repeat(" ", 64<<10)) },
	func(a *ask) { *a = fromTwilio(a.target, call("AccountSid", "AC1")) },
}

// ours are digits that can look like a ZIP code and are the program's own: when a
// line was logged, where a fault came from, and a metric's value.
var ours = regexp.MustCompile(`"(time|stack)":"[^"]*"|(?m: [0-9.e+-]+$)`)

func withoutOurs(text string) string { return ours.ReplaceAllString(text, "") }

func TestNothingSecretIsTold(t *testing.T) {
	var fail atomic.Bool
	f := serve(t, failing(&fail))
	sent, got := everything(f, &fail)
	secret := slices.Clone(secrets)
	for _, a := range sent {
		if a.signature != "" {
			secret = append(secret, a.signature, strings.TrimRight(a.signature, "="))
		}
	}
	figures, logged := withoutOurs(metrics(f)), withoutOurs(f.logs.String())
	for _, s := range secret {
		for what, text := range map[string]string{"log": logged, "metrics": figures} {
			if i := strings.Index(text, s); i >= 0 {
				t.Errorf("%q is in the %s: %.200s", s, what, text[max(0, i-100):])
			}
		}
		for _, a := range got {
			if a.status >= 400 && strings.Contains(a.text, s) {
				t.Errorf("%q is in a refusal: %s", s, a.text)
			}
		}
	}
}

// TestALogLineIsShort fills everything a stranger can write.
func TestALogLineIsShort(t *testing.T) {
	f := serve(t)
	long := strings.Repeat("a", 4000)
	f.send(ask{method: strings.ToUpper(long), target: "/" + long, kind: long, signature: long})
	f.post("/voice/"+long, call("DialCallStatus", "busy"))
	f.post("/voice/fallback", call("ErrorUrl", origin+"/voice/"+long))
	for line := range strings.Lines(f.logs.String()) {
		if len(line) > 500 {
			t.Errorf("%d characters: %.100s", len(line), line)
		}
	}
}

// metrics returns the figures as Prometheus reads them.
func metrics(f *front) string {
	w := httptest.NewRecorder()
	promhttp.HandlerFor(f.figures, promhttp.HandlerOpts{}).
		ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func TestMetrics(t *testing.T) {
	var fail atomic.Bool
	f := serve(t, failing(&fail))
	f.post("/voice", call())
	f.post("/voice/en/menu", call())
	f.post("/voice/es/menu", call())
	f.post("/nowhere", call())
	f.post("/voice/status", call())
	f.post("/voice/fallback", call())
	fail.Store(true)
	f.post("/voice", call())
	f.send(ask{method: "GET", target: "/voice"})
	text := metrics(f)
	for _, want := range []string{
		`webhooks_total{outcome="answered",route="voice"} 1`,
		`webhooks_total{outcome="apologised",route="voice"} 1`,
		`webhooks_total{outcome="answered",route="page"} 2`,
		`webhooks_total{outcome="answered",route="other"} 1`,
		`webhooks_total{outcome="answered",route="status"} 1`,
		`webhooks_total{outcome="answered",route="fallback"} 1`,
		`webhook_duration_seconds_count{route="voice"} 2`,
		`refused_requests_total{reason="method"} 1`,
	} {
		if !strings.Contains(text, "\npremiumline_"+want+"\n") {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
}

// TestMetricsAreBounded makes sure that no stranger and no call can add a series
// without end.
func TestMetricsAreBounded(t *testing.T) {
	var fail atomic.Bool
	f := serve(t, failing(&fail))
	everything(f, &fail)
	fail.Store(false)
	first := strings.Count(metrics(f), "\n")
	for i := range 50 {
		name := fmt.Sprint("/voice/x", i)
		f.post(name, call("CallStatus", name, "DialCallStatus", name, "CallSid", name))
		f.send(ask{method: fmt.Sprint("M", i), target: name})
		f.send(ask{method: "POST", target: name[len("/voice"):], kind: name})
	}
	if now := strings.Count(metrics(f), "\n"); now != first {
		t.Errorf("%d lines of metrics became %d", first, now)
	}
}
