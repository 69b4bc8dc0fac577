package webhook_test

import (
	"context"
	"net/http"
	"testing"

	"premiumline/webhook"
)

// TestProbe sends webhooks with a probe in them. A good one is proven and nothing notes it;
// any other is a call like every call, whatever a caller's telephone put into it.
func TestProbe(t *testing.T) {
	const version = "1b2c"
	noted := 0
	f := serve(t, func(o *webhook.Options) {
		o.Version = func() string { return version }
		o.Note = func(context.Context, webhook.Event) { noted++ }
	})
	p, other := webhook.NewProbe(token), webhook.NewProbe("another token")
	for _, test := range []struct {
		name, target, field string
		proven              bool
	}{
		{"a probe", "/voice", p.Field(), true},
		{"again", "/voice", p.Field(), true},
		{"of another token", "/voice", other.Field(), false},
		{"cut short", "/voice", p.Field()[:20], false},
		{"a word", "/voice", "on", false},
		{"empty", "/voice", "", false},
		{"a dot", "/voice", ".", false},
		{"at the fallback", "/voice/fallback", p.Field(), true},
		{"at a later turn", "/voice/en/menu", p.Field(), false},
	} {
		noted = 0
		got := f.post(test.target, call(webhook.ProbeField, test.field, "Digits", "7"))
		version, ok := p.Answered(got.header)
		if got.status != http.StatusOK || ok != test.proven || ok && version != "1b2c" {
			t.Errorf("%s: %d, version %q, proven %v", test.name, got.status, version, ok)
		}
		if (noted == 0) != test.proven {
			t.Errorf("%s: noted %d times", test.name, noted)
		}
	}
	if noted = 0; f.post("/voice", call()).status != http.StatusOK || noted != 1 {
		t.Errorf("the call after a probe is noted %d times", noted)
	}
}

// TestProof changes one thing of a good proof.
func TestProof(t *testing.T) {
	f := serve(t)
	p := webhook.NewProbe(token)
	good := f.post("/voice", call(webhook.ProbeField, p.Field())).header.Get(webhook.ProofHeader)
	for _, test := range []struct {
		name, header string
		probe        webhook.Probe
		ok           bool
	}{
		{"nothing", good, p, true},
		{"the version", good + " 2", p, false},
		{"the hash", "A" + good, p, false},
		{"no header", "", p, false},
		{"a later probe", good, webhook.NewProbe(token), false},
		{"the question as the answer", p.Field()[27:], p, false},
	} {
		header := http.Header{webhook.ProofHeader: {test.header}}
		if _, ok := test.probe.Answered(header); ok != test.ok {
			t.Errorf("%s: proven %v", test.name, ok)
		}
	}
}
