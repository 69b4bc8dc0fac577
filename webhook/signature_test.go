package webhook_test

import (
	"encoding/json"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"premiumline/webhook"
)

// A vector is a published signature of exactly this URL.
type vector struct {
	Name, Token, URL, Signature string
	Params                      [][2]string
}

type libraryVector struct {
	Name, Source, Token, Target, Signature string

	PublicURL string `json:"public_url"`
	Body      string `json:"raw_body"`
}

// A hook is a real webhook with its numbers replaced, signed with a token for tests.
type hook struct {
	Name, URL string
	Body      string `json:"raw_body"`
	Token     string `json:"test_token"`
	Signature string `json:"synthetic_signature"`
}

func readJSON[T any](t testing.TB, file string) (list []T) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err == nil {
		err = json.Unmarshal(text, &list)
	}
	if err != nil || len(list) == 0 {
		t.Fatalf("reading %s: %d entries, %v", file, len(list), err)
	}
	return list
}

func webhooks(t testing.TB) []hook { return readJSON[hook](t, "voice-webhooks.json") }

func newVerifier(t testing.TB, publicURL string, tokens ...string) *webhook.Verifier {
	t.Helper()
	v, err := webhook.NewVerifier(publicURL, tokens)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func formOf(t testing.TB, body string) *webhook.Form {
	t.Helper()
	f := new(webhook.Form)
	if err := f.Parse([]byte(body)); err != nil {
		t.Fatal(err)
	}
	return f
}

func values(pairs [][2]string) url.Values {
	v := url.Values{}
	for _, p := range pairs {
		v.Add(p[0], p[1])
	}
	return v
}

// cut splits a URL where its request target begins.
func cut(t testing.TB, rawURL string) (origin, target string) {
	t.Helper()
	scheme, rest, _ := strings.Cut(rawURL, "://")
	i := strings.IndexByte(rest, '/')
	if i < 0 {
		t.Fatalf("%s has no path", rawURL)
	}
	return scheme + "://" + rest[:i], rest[i:]
}

func TestPublishedVectors(t *testing.T) {
	for _, v := range readJSON[vector](t, "signature-vectors.json") {
		form := values(v.Params)
		if got := webhook.Sign(v.Token, v.URL, form); got != v.Signature {
			t.Errorf("%s: Sign = %s, want %s", v.Name, got, v.Signature)
		}
		origin, target := cut(t, v.URL)
		verifier := newVerifier(t, origin, v.Token)
		if !verifier.Verify(target, v.Signature, formOf(t, form.Encode())) {
			t.Errorf("%s: refused", v.Name)
		}
	}
}

func TestRealWebhooks(t *testing.T) {
	for _, h := range webhooks(t) {
		origin, target := cut(t, h.URL)
		if !newVerifier(t, origin, h.Token).Verify(target, h.Signature, formOf(t, h.Body)) {
			t.Errorf("%s: refused", h.Name)
		}
	}
}

// More published signatures, from the tests of Twilio's libraries, with the URL that those pass:
// often not the one that was signed but its neighbour with or without a port.
func TestLibraryVectors(t *testing.T) {
	for _, v := range readJSON[libraryVector](t, "library-vectors.json") {
		verifier := newVerifier(t, v.PublicURL, v.Token)
		if !verifier.Verify(v.Target, v.Signature, formOf(t, v.Body)) {
			t.Errorf("%s, %s: refused", v.Source, v.Name)
		}
	}
}

const (
	target = "/voice/en/menu"
	good   = "AccountSid=AC01&CallSid=CA01&Digits=1&FinishedOnKey=&From=%2B14045550100"
)

func signGood(t testing.TB, publicURL, token string) string {
	t.Helper()
	form, err := url.ParseQuery(good)
	if err != nil {
		t.Fatal(err)
	}
	return webhook.Sign(token, publicURL+target, form)
}

func TestTamperingIsRefused(t *testing.T) {
	const origin = "https://ivr.example.com"
	verifier := newVerifier(t, origin, "12345")
	signature := signGood(t, origin, "12345")
	with := func(old, changed string) string { return strings.Replace(good, old, changed, 1) }
	tests := []struct{ name, target, signature, body string }{
		{"a key changed", target, signature, with("Digits=1", "Digits=2")},
		{"a key added", target, signature, with("Digits=1", "Digits=11")},
		{"a second key smuggled in behind", target, signature, good + "&Digits=2"},
		{"a second key smuggled in before", target, signature, "Digits=0&" + good},
		{"a parameter added", target, signature, good + "&Admin=1"},
		{"an empty parameter added", target, signature, good + "&SpeechResult="},
		{"a parameter left out", target, signature, with("Digits=1&", "")},
		{"an empty parameter left out", target, signature, with("FinishedOnKey=&", "")},
		{"a name's case changed", target, signature, with("Digits", "digits")},
		{"decoded twice", target, signature, with("%2B", "+")},
		{"no parameters", target, signature, ""},
		{"another page", "/voice/en/pay", signature, good},
		{"a query", target + "?a=1", signature, good},
		{"an empty query", target + "?", signature, good},
		{"a slash", target + "/", signature, good},
		{"an absolute target", origin + target, signature, good},
		{"no target", "", signature, good},
		{"no signature", target, "", good},
		{"half a signature", target, signature[:14], good},
		{"a signature and a space", target, signature + " ", good},
		{"two signatures", target, signature + "," + signature, good},
		{"a signature without its end", target, signature[:27], good},
		{"a signature's case", target, strings.ToLower(signature), good},
		{"the base64 of other bits", target, signature[:26] + "/=", good},
		{"zeros", target, strings.Repeat("A", 27) + "=", good},
		{"an empty token", target, signGood(t, origin, ""), good},
		{"another token", target, signGood(t, origin, "12346"), good},
		{"another host", target, signGood(t, "https://ivr.example.org", "12345"), good},
		{"another scheme", target, signGood(t, "http://ivr.example.com", "12345"), good},
		{"another port", target, signGood(t, origin+":8443", "12345"), good},
		{"the other scheme's port", target, signGood(t, origin+":80", "12345"), good},
	}
	if !verifier.Verify(target, signature, formOf(t, good)) {
		t.Fatal("the good one is refused")
	}
	for _, tt := range tests {
		if verifier.Verify(tt.target, tt.signature, formOf(t, tt.body)) {
			t.Errorf("%s: accepted", tt.name)
		}
	}
}

// Nothing parts a name from its value in what is signed, nor one parameter from the next: that is
// Twilio's rule, so a signature alone does not say where the name Digits ends.
func TestSignatureHasNoSeparators(t *testing.T) {
	one := webhook.Sign("12345", "https://ivr.example.com/", url.Values{"Digits": {"12"}})
	other := webhook.Sign("12345", "https://ivr.example.com/", url.Values{"Digits1": {"2"}})
	if one != other {
		t.Error("the rule has changed")
	}
}

func TestRepeatedValues(t *testing.T) {
	verifier := newVerifier(t, "https://ivr.example.com", "12345")
	signature := webhook.Sign("12345", "https://ivr.example.com/", url.Values{"To": {"b", "a", "b"}})
	tests := []struct {
		body string
		want bool
	}{
		{"To=a&To=b", true},
		{"To=b&To=a", true},
		{"To=b&To=b&To=a", true},
		{"To=a", false},
		{"To=b", false},
		{"To=a&To=b&To=c", false},
	}
	for _, tt := range tests {
		if got := verifier.Verify("/", signature, formOf(t, tt.body)); got != tt.want {
			t.Errorf("%s: %t, want %t", tt.body, got, tt.want)
		}
	}
}

func TestPublicURL(t *testing.T) {
	tests := []struct {
		configured, signed string
		want               bool
	}{
		{"https://ivr.example.com", "https://ivr.example.com", true},
		{"https://ivr.example.com", "https://ivr.example.com:443", true},
		{"https://ivr.example.com:443", "https://ivr.example.com", true},
		{"https://ivr.example.com:8443", "https://ivr.example.com:8443", true},
		{"https://ivr.example.com:8443", "https://ivr.example.com", true},
		{"https://ivr.example.com:8443", "https://ivr.example.com:443", false},
		{"http://ivr.example.com:8080", "http://ivr.example.com:8080", true},
		{"http://ivr.example.com:8080", "http://ivr.example.com", true},
		{"http://ivr.example.com", "http://ivr.example.com:80", true},
		{"http://ivr.example.com", "http://ivr.example.com:8080", false},
		{"https://[2001:db8::1]:8443", "https://[2001:db8::1]", true},
		{"https://[2001:db8::1]", "https://[2001:db8::1]:443", true},
		{"https://ivr.example.com/", "https://ivr.example.com", true},
		{"https://ivr.example.com/line", "https://ivr.example.com/line", true},
		{"https://ivr.example.com/line/", "https://ivr.example.com:443/line", true},
		{"https://ivr.example.com/a%2Fb", "https://ivr.example.com/a%2Fb", true},
		{"https://ivr.example.com/line", "https://ivr.example.com", false},
		{"https://ivr.example.com", "https://ivr.example.com/line", false},
		{"HTTPS://ivr.example.com", "https://ivr.example.com", true},
		{"https://IVR.example.com", "https://ivr.example.com", false},
	}
	for _, tt := range tests {
		verifier := newVerifier(t, tt.configured, "12345")
		got := verifier.Verify(target, signGood(t, tt.signed, "12345"), formOf(t, good))
		if got != tt.want {
			t.Errorf("%s accepts a signature of %s: %t", tt.configured, tt.signed, got)
		}
	}
}

func TestSeveralTokens(t *testing.T) {
	const origin = "https://ivr.example.com"
	verifier := newVerifier(t, origin, "current", "next")
	for token, want := range map[string]bool{
		"current": true, "next": true, "old": false, "current,next": false, "": false,
	} {
		if got := verifier.Verify(target, signGood(t, origin, token), formOf(t, good)); got != want {
			t.Errorf("token %q: %t", token, got)
		}
	}
}

func TestVerifierKeepsItsTokens(t *testing.T) {
	tokens := []string{"current"}
	verifier := newVerifier(t, "https://ivr.example.com", tokens...)
	tokens[0] = "other"
	signature := signGood(t, "https://ivr.example.com", "other")
	if verifier.Verify(target, signature, formOf(t, good)) {
		t.Error("the caller's slice changed the verifier")
	}
}

func TestNewVerifierRefuses(t *testing.T) {
	const ok = "https://ivr.example.com"
	tests := []struct {
		publicURL string
		tokens    []string
		want      string
	}{
		{ok, nil, "no auth token"},
		{ok, []string{""}, "token 1 of 1 is empty"},
		{ok, []string{"secret", ""}, "token 2 of 2 is empty"},
		{ok, []string{"secret\n"}, "token 1 of 1 has white space"},
		{"", []string{"secret"}, "is not like https://host"},
		{"ivr.example.com", []string{"secret"}, "is not like https://host"},
		{"/voice", []string{"secret"}, "is not like https://host"},
		{"ftp://ivr.example.com", []string{"secret"}, "is not like https://host"},
		{"https:ivr.example.com", []string{"secret"}, "is not like https://host"},
		{"https://:443", []string{"secret"}, "is not like https://host"},
		{"https://user:secret", []string{"secret"}, "is not like https://host"},
		{"https://user:secret@ivr.example.com", []string{"secret"}, "user name"},
		{ok + "?", []string{"secret"}, "query"},
		{ok + "/?a=1", []string{"secret"}, "query"},
		{ok + "#rc=2", []string{"secret"}, "fragment"},
	}
	for _, tt := range tests {
		_, err := webhook.NewVerifier(tt.publicURL, tt.tokens)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("NewVerifier(%q, %d tokens) = %v, want %q", tt.publicURL, len(tt.tokens), err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

func TestVerifyFromManyGoroutines(t *testing.T) {
	verifier := newVerifier(t, "https://ivr.example.com", "current", "next")
	right := signGood(t, "https://ivr.example.com", "next")
	wrong := signGood(t, "https://ivr.example.com", "old")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			form := formOf(t, good)
			for range 200 {
				if !verifier.Verify(target, right, form) || verifier.Verify(target, wrong, form) {
					t.Error("one call's signature was mixed with another's")
					return
				}
			}
		})
	}
	group.Wait()
}
