package webhook_test

import (
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/twilio/twilio-go/client"

	"premiumline/webhook"
)

// bases are the URLs that the two verifiers are compared under. Not among them is an IPv6 host:
// twilio-go cuts it at its first colon.
var bases = []string{
	"https://ivr.example.com", "https://ivr.example.com:443", "https://ivr.example.com:8443",
	"http://ivr.example.com", "http://ivr.example.com:80", "http://ivr.example.com:8080",
}

// comparableRequest reports whether twilio-go must agree about a request. It does not where
//   - a parameter is repeated: it signs the first value only, so it refuses what Twilio signs
//     and accepts a smuggled second value;
//   - the URL is not spelt as net/url would spell it: it signs the respelt one when it adds a
//     port, we sign the target that was requested;
//   - the query has bodySHA256: it takes the body for JSON, which we never accept;
//   - the token is empty or has white space around it: it takes any.
func comparableRequest(token, rawURL string, form url.Values) bool {
	u, err := url.Parse(rawURL)
	if err != nil || u.String() != rawURL || u.Fragment != "" || u.Query().Has("bodySHA256") {
		return false
	}
	for _, v := range form {
		if len(v) > 1 {
			return false
		}
	}
	return token != "" && strings.TrimSpace(token) == token
}

func FuzzAgainstTwilioGo(f *testing.F) {
	f.Add("12345", "/voice/en/menu", "Digits=1", "Digits=1", uint8(0), uint8(1))
	f.Add("12345", "/voice?a=%20&b=+'", "Digits=1", "Digits=2", uint8(2), uint8(0))
	f.Add("é", "/a%2Fb//", "a&=&b=%00", "b=%00&a&=", uint8(5), uint8(3))
	f.Add("12345", "/", "From=%2B1&To=", "From=%2B1", uint8(4), uint8(3))
	for _, h := range webhooks(f) {
		f.Add(h.Token, "/voice", h.Body, h.Body, uint8(0), uint8(0))
	}
	f.Fuzz(func(t *testing.T, token, target, signedBody, body string, signedAt, at uint8) {
		signedForm, err := url.ParseQuery(signedBody)
		if err != nil || !strings.HasPrefix(target, "/") {
			return
		}
		signedURL := bases[int(signedAt)%len(bases)] + target
		base := bases[int(at)%len(bases)]
		form, _ := url.ParseQuery(body)
		if !comparableRequest(token, base+target, form) {
			return
		}
		signature := webhook.Sign(token, signedURL, signedForm)
		theirs := client.NewRequestValidator(token)
		want := theirs.ValidateBody(base+target, []byte(body), signature)
		if got := verifyBody(t, base, token, target, signature, body); got != want {
			t.Errorf("signed %s %q, got %s %q: %t, twilio-go %t",
				signedURL, signedBody, base+target, body, got, want)
		}
	})
}

func verifyBody(t *testing.T, base, token, target, signature, body string) bool {
	var f webhook.Form
	if f.Parse([]byte(body)) != nil {
		return false
	}
	return newVerifier(t, base, token).Verify(target, signature, &f)
}

// Where twilio-go differs, it is wrong, and these are the reasons for a verifier of our own.
func TestTwilioGoDiffers(t *testing.T) {
	const rawURL = "https://ivr.example.com/voice"
	theirs := client.NewRequestValidator("12345")
	tests := []struct {
		name, body string
		signed     url.Values
		ours       bool
	}{
		{"smuggled key", "Digits=1&Digits=2", url.Values{"Digits": {"1"}}, false},
		{"two values", "To=a&To=b", url.Values{"To": {"a", "b"}}, true},
	}
	for _, tt := range tests {
		signature := webhook.Sign("12345", rawURL, tt.signed)
		got := verifyBody(t, "https://ivr.example.com", "12345", "/voice", signature, tt.body)
		if got != tt.ours {
			t.Errorf("%s: %t", tt.name, got)
		}
		if theirs.ValidateBody(rawURL, []byte(tt.body), signature) == tt.ours {
			t.Errorf("%s: twilio-go agrees now", tt.name)
		}
	}
}

// firstTurn is a real first webhook with the caller's attestation: 27 parameters.
func firstTurn(t testing.TB) (origin, target, signature, body string) {
	t.Helper()
	h := webhooks(t)[0]
	origin, target = cut(t, h.URL)
	body = h.Body + "&StirVerstat=TN-Validation-Passed-A"
	form, err := url.ParseQuery(body)
	if err != nil || len(form) != 27 {
		t.Fatalf("%d parameters, want 27 (%v)", len(form), err)
	}
	return origin, target, webhook.Sign(h.Token, h.URL, form), body
}

// The best of many runs counts: under the race detector a sync.Pool drops a quarter of what is
// put back, and a garbage collection empties it.
func TestVerifyDoesNotAllocate(t *testing.T) {
	origin, target, signature, text := firstTurn(t)
	verifier := newVerifier(t, origin, "12345")
	var form webhook.Form
	body, accepted, fewest := []byte(text), true, 1000.0
	for range 50 {
		fewest = min(fewest, testing.AllocsPerRun(1, func() {
			accepted = form.Parse(body) == nil && verifier.Verify(target, signature, &form) && accepted
		}))
	}
	if !accepted || fewest > 0 {
		t.Errorf("accepted %t with %.0f allocations, want none", accepted, fewest)
	}
}

// BenchmarkVerify reads the body as well, BenchmarkTwilioGo is given the parameters read.
func BenchmarkVerify(b *testing.B) {
	origin, target, signature, text := firstTurn(b)
	verifier := newVerifier(b, origin, "12345")
	forms := sync.Pool{New: func() any { return new(webhook.Form) }}
	body := []byte(text)
	b.ReportAllocs()
	for b.Loop() {
		form := forms.Get().(*webhook.Form)
		if form.Parse(body) != nil || !verifier.Verify(target, signature, form) {
			b.Fatal("refused")
		}
		forms.Put(form)
	}
}

func BenchmarkTwilioGo(b *testing.B) {
	origin, target, signature, text := firstTurn(b)
	theirs := client.NewRequestValidator("12345")
	form, err := url.ParseQuery(text)
	if err != nil {
		b.Fatal(err)
	}
	params := map[string]string{}
	for name := range form {
		params[name] = form.Get(name)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !theirs.Validate(origin+target, params, signature) {
			b.Fatal("refused")
		}
	}
}
