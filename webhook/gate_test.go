package webhook_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"premiumline/webhook"
)

// ofSize returns a form that is so many bytes long as a body.
func ofSize(n int) url.Values {
	form := call()
	return call("AddOns", strings.Repeat("a", n-len(form.Encode())-len("&AddOns=")))
}

// unknownLength hides the length of a body: it is sent in chunks.
type unknownLength struct{ io.Reader }

// TestGate changes one thing of a good request, and sends the good one after it, over
// the same connection where that is still open.
func TestGate(t *testing.T) {
	const limit = 64 << 10
	method := func(m string) func(*ask) { return func(a *ask) { a.method = m } }
	kind := func(k string) func(*ask) { return func(a *ask) { a.kind = k } }
	signature := func(s string) func(*ask) { return func(a *ask) { a.signature = s } }
	form := func(f url.Values) func(*ask) { return func(a *ask) { *a = fromTwilio(a.target, f) } }
	body := func(b string) func(*ask) {
		return func(a *ask) { a.body = strings.NewReader(b) }
	}
	chunked := func(f url.Values) func(*ask) {
		return func(a *ask) { form(f)(a); a.body = unknownLength{a.body} }
	}
	good := call("Digits", "7")
	right := webhook.Sign(token, origin+target, good)
	tests := []struct {
		name   string
		change func(*ask)
		status int
		reason string // as it is logged; "": it is let through
	}{
		{"nothing changed", form(good), 200, ""},
		{"in chunks", chunked(good), 200, ""},

		{"GET", method("GET"), 405, "method"},
		{"HEAD", method("HEAD"), 405, "method"},
		{"PUT", method("PUT"), 405, "method"},
		{"PATCH", method("PATCH"), 405, "method"},
		{"DELETE", method("DELETE"), 405, "method"},
		{"OPTIONS", method("OPTIONS"), 405, "method"},
		{"TRACE", method("TRACE"), 405, "method"},
		{"in lower case", method("post"), 405, "method"},
		{"a method nobody knows", method("POSTED"), 405, "method"},

		{"a character set", kind(aForm + "; charset=UTF-8"), 200, ""},
		{"no space after it", kind(aForm + ";charset=utf-8"), 200, ""},
		{"upper case", kind(strings.ToUpper(aForm)), 200, ""},
		{"no type", kind(""), 415, "media type"},
		{"JSON", kind("application/json"), 415, "media type"},
		{"multipart", kind("multipart/form-data; boundary=b"), 415, "media type"},
		{"text", kind("text/plain"), 415, "media type"},
		{"a longer name", kind(aForm + "ed"), 415, "media type"},
		{"two types", kind(aForm + ", text/plain"), 415, "media type"},

		{"the largest body", form(ofSize(limit)), 200, ""},
		{"the largest in chunks", chunked(ofSize(limit)), 200, ""},
		{"a byte more", form(ofSize(limit + 1)), 413, "size"},
		{"a byte more in chunks", chunked(ofSize(limit + 1)), 413, "size"},
		{"much more", form(ofSize(8 * limit)), 413, "size"},
		{"much more in chunks", chunked(ofSize(8 * limit)), 413, "size"},

		{"half an escape", body("Digits=%7"), 400, "form"},
		{"no escape", body("Digits=%zz"), 400, "form"},
		{"a semicolon", body("Digits=1;2"), 400, "form"},
		{"too many fields", body(strings.Repeat("a&", webhook.MaxFields+1)), 400, "form"},

		{"no signature", signature(""), 403, "no signature"},
		{"no body", body(""), 403, "signature"},
		{"a signature of another length", signature("AAAA"), 403, "signature"},
		{"a made-up signature", signature(strings.Repeat("A", 27) + "="), 403, "signature"},
		{"another token's", signature(webhook.Sign("12345", origin+target, good)), 403, "signature"},
		{"another page's", signature(webhook.Sign(token, origin+"/voice", good)), 403, "signature"},
		{"another host's", signature(webhook.Sign(token, "https://a.example"+target, good)), 403,
			"signature"},
		{"two signatures", signature(right + ", " + right), 403, "signature"},
		{"another key", body(call("Digits", "8").Encode()), 403, "signature"},
		{"a key smuggled in behind", body(good.Encode() + "&Digits=8"), 403, "signature"},
		{"a key smuggled in before", body("Digits=8&" + good.Encode()), 403, "signature"},
		{"an empty field added", body(good.Encode() + "&DialCallStatus="), 403, "signature"},
		{"a query added", func(a *ask) { a.target += "?Digits=8" }, 403, "signature"},

		{"another account", form(call("AccountSid", strings.Replace(account, "0", "1", 1))), 403,
			"account"},
		{"no account", form(call("AccountSid", "")), 403, "account"},
		{"the account in lower case", form(call("AccountSid", strings.ToLower(account))), 403,
			"account"},
	}
	f := serve(t)
	for _, tt := range tests {
		a := fromTwilio(target, good)
		tt.change(&a)
		before := len(f.logs.String())
		got := f.send(a)
		logged := f.logs.String()[before:]
		if fault := got.refusalFault(tt.status, a.method); fault != "" {
			t.Errorf("%s: %s: %d %q %v", tt.name, fault, got.status, got.text, got.header)
		}
		reason := `"msg":"refused a request","reason":"` + tt.reason + `"`
		if tt.reason != "" && strings.Count(logged, reason) != 1 || logged == "" {
			t.Errorf("%s: logged %s", tt.name, logged)
		}
		if fault := f.post(target, good).fault(georgia); fault != "" {
			t.Errorf("after %s: %s", tt.name, fault)
		}
	}
}

// refusalFault tells what is wrong with an answer that should have the status.
func (a answer) refusalFault(status int, method string) string {
	switch {
	case a.status != status:
		return "another status"
	case status == http.StatusOK:
		return a.fault("")
	case a.header.Get("Content-Type") != "text/plain; charset=utf-8":
		return "not plain text"
	case method != "HEAD" && strings.Count(a.text, "\n") != 1:
		return "not one line"
	case status == http.StatusMethodNotAllowed && a.header.Get("Allow") != "POST":
		return "no method is told"
	}
	return ""
}

// TestEveryRouteHasTheGate asks every route without a signature.
func TestEveryRouteHasTheGate(t *testing.T) {
	f := serve(t)
	for _, target := range []string{
		"/voice", "/voice/", "//voice", "/voice/en/menu", "/voice/xx", "/voice/status",
		"/voice/fallback", "/sms/status", "/sms/status/CA1/georgia", "/", "/nowhere", "/%2e%2e/voice",
	} {
		a := fromTwilio(target, call())
		a.signature = ""
		if got := f.send(a); got.status != http.StatusForbidden {
			t.Errorf("%s unsigned: %d", target, got.status)
		}
		a = fromTwilio(target, call())
		a.method = "GET"
		if got := f.send(a); got.status != http.StatusMethodNotAllowed {
			t.Errorf("GET %s: %d", target, got.status)
		}
	}
}
