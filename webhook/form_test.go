package webhook_test

import (
	"net/url"
	"strings"
	"testing"

	"premiumline/webhook"
)

func TestFormGet(t *testing.T) {
	tests := []struct{ body, name, want string }{
		{"Digits=1", "Digits", "1"},
		{"From=%2B14045550100", "From", "+14045550100"},
		{"FromCity=SOUTH+LAKE%20TAHOE", "FromCity", "SOUTH LAKE TAHOE"},
		{"ToCity=Z%C3%BCrich", "ToCity", "Zürich"},
		{"CallToken=%257B%2522", "CallToken", "%7B%22"},
		{"Digits=%2a%2A%23", "Digits", "**#"},
		{"Digits=1&Digits=2", "Digits", "1"},
		{"Digits=&Digits=2", "Digits", ""},
		{"a=b=c", "a", "b=c"},
		{"Digits", "Digits", ""},
		{"=1", "", "1"},
		{"&&Digits=7&", "Digits", "7"},
		{"digits=7", "Digits", ""},
		{"", "Digits", ""},
	}
	for _, tt := range tests {
		var f webhook.Form
		if err := f.Parse([]byte(tt.body)); err != nil {
			t.Errorf("Parse(%q): %v", tt.body, err)
		}
		if got := f.Get(tt.name); got != tt.want {
			t.Errorf("%q: Get(%q) = %q, want %q", tt.body, tt.name, got, tt.want)
		}
	}
}

func TestFormHoldsMaxFields(t *testing.T) {
	last := strings.Repeat("a=1&", webhook.MaxFields-1) + "Digits=1"
	if got := formOf(t, last).Get("Digits"); got != "1" {
		t.Errorf("Digits = %q in the last field", got)
	}
}

func TestFormRefuses(t *testing.T) {
	const escape, semicolon = "percent sign", "semicolon"
	tests := []struct{ body, want string }{
		{"Digits=1&From=%", "field 2: a " + escape},
		{"From=%2", escape},
		{"From=%2G", escape},
		{"From=%G2", escape},
		{"%zz=1", escape},
		{"Digits=1;Digits=2", "field 1: a " + semicolon},
		{"&&a;b", "field 3: a " + semicolon},
		{strings.Repeat("a=1&", webhook.MaxFields), "1001 fields"},
	}
	for _, tt := range tests {
		var f webhook.Form
		err := f.Parse([]byte(tt.body))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Parse(%.30q) = %v, want an error with %q", tt.body, err, tt.want)
		}
		if got := f.Get("Digits"); got != "" {
			t.Errorf("Parse(%.30q): refused, yet Digits = %q", tt.body, got)
		}
	}
}

// A pooled form must not remember the call before, not even after a body it refused.
func TestFormIsReused(t *testing.T) {
	var f webhook.Form
	for _, body := range []string{"To=x", "Digits=1;", "", "To=%", "To=y"} {
		if err := f.Parse([]byte("Digits=1&From=%2B14045550100")); err != nil {
			t.Fatal(err)
		}
		err := f.Parse([]byte(body))
		if f.Get("Digits") != "" || f.Get("From") != "" {
			t.Errorf("after %q (%v) something of the call before is left", body, err)
		}
	}
}

func TestFormLeavesTheBodyAlone(t *testing.T) {
	body := []byte("From=%2B1+404")
	var f webhook.Form
	if err := f.Parse(body); err != nil {
		t.Fatal(err)
	}
	got := f.Get("From")
	copy(body, "xxxxxxxxxxxxx")
	if err := f.Parse(body); err != nil || got != "+1 404" {
		t.Errorf("From = %q after the body was written over (%v)", got, err)
	}
}

// The signature is the witness for every pair: a form and url.ParseQuery that read the same
// distinct pairs make the same one.
func FuzzFormAgainstParseQuery(f *testing.F) {
	for _, hook := range webhooks(f) {
		f.Add([]byte(hook.Body))
	}
	for _, body := range []string{"a;b=1", "a=%", "a=%2", "%zz&b", "&&a&=&=b&a=", "+=%00&%FF=é"} {
		f.Add([]byte(body))
	}
	verifier := newVerifier(f, "https://ivr.example.com", "12345")
	f.Fuzz(func(t *testing.T, body []byte) {
		if strings.Count(string(body), "&") >= webhook.MaxFields {
			return
		}
		want, wantErr := url.ParseQuery(string(body))
		var got webhook.Form
		err := got.Parse(body)
		if (err == nil) != (wantErr == nil) {
			t.Fatalf("Parse(%q) = %v, url.ParseQuery: %v", body, err, wantErr)
		}
		if err != nil {
			return
		}
		for name := range want {
			if got.Get(name) != want.Get(name) {
				t.Errorf("%q: %q = %q, want %q", body, name, got.Get(name), want.Get(name))
			}
		}
		signature := webhook.Sign("12345", "https://ivr.example.com/voice", want)
		if !verifier.Verify("/voice", signature, &got) {
			t.Errorf("%q: the pairs are not those of url.ParseQuery", body)
		}
	})
}
