package twilioapi_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twilio/twilio-go/client"

	"premiumline/twilioapi"
	"premiumline/twilioapi/faketwilio"
)

func taken(fake *faketwilio.Twilio) (texts []faketwilio.Text) {
	fake.With(func(s *faketwilio.State) {
		for _, t := range s.Texts {
			texts = append(texts, *t)
		}
	})
	return texts
}

func TestSend(t *testing.T) {
	a, fake := account(t)
	const hook = "https://ivr.example.com:8443/sms/status"
	for _, sender := range []string{ours, pool} {
		text := twilioapi.From(sender)
		text.To, text.Body, text.StatusCallback = caller, "Georgia: 1-877-699-7407 día y noche", hook
		sid, err := a.Send(t.Context(), text)
		got := taken(fake)
		last := got[len(got)-1]
		want := faketwilio.Text{SID: sid, From: text.From, Service: text.MessagingServiceSID,
			To: caller, Body: text.Body, Callback: hook}
		if err != nil || !strings.HasPrefix(sid, "SM") || last != want {
			t.Errorf("%s: %v\n%+v\nwant %+v", sender, err, last, want)
		}
	}
	if n := asked(fake); n != 2 {
		t.Errorf("asked %d times", n)
	}
}

// TestSendRefused asks once, whatever comes.
func TestSendRefused(t *testing.T) {
	const p, r, stop = twilioapi.Permanent, twilioapi.Retry, twilioapi.Stopped
	type F = faketwilio.Fault
	long := strings.Repeat("x", 1601)
	for _, test := range []struct {
		name           string
		from, to, body string
		refuse         int // Twilio's code for this person
		fault          *F  // what goes wrong
		code           int // that the error has
		class          twilioapi.Class
		unsure         bool
		after          time.Duration
		taken          int
	}{
		{name: "landline", refuse: 21614, code: 21614, class: p},
		{name: "landline, again", refuse: 21635, code: 21635, class: p},
		{name: "STOP", refuse: 21610, code: 21610, class: stop},
		{name: "country", refuse: 21408, code: 21408, class: p},
		{name: "trial", refuse: 21608, code: 21608, class: p},
		{name: "no way", refuse: 21612, code: 21612, class: p},
		{name: "no number", to: "4045550100", code: 21211, class: p},
		{name: "nobody", to: " ", code: 21211, class: p},
		{name: "not ours", from: caller, code: 21606, class: p},
		{name: "mute", from: mute, code: 21606, class: p},
		{name: "no such service", from: "MG0", code: 21705, class: p},
		{name: "too long", body: long, code: 21617, class: p},
		{name: "too many", fault: &F{Status: 429, Code: 20429, Wait: "7"}, code: 20429, class: r,
			after: 7 * time.Second},
		{name: "too many, no code", fault: &F{Status: 429}, class: r},
		{name: "queue full", fault: &F{Status: 400, Code: 21611}, code: 21611, class: r},
		{name: "unavailable", fault: &F{Status: 503, Code: 20503}, code: 20503, class: r, unsure: true},
		{name: "unavailable, by a proxy", fault: &F{Status: 502}, class: r, unsure: true},
		{name: "unavailable, and yet sent", fault: &F{Status: 500, Code: 20500, After: true},
			code: 20500, class: r, unsure: true, taken: 1},
		{name: "no answer", fault: &F{}, class: r, unsure: true},
		{name: "no answer, and yet sent", fault: &F{After: true}, class: r, unsure: true, taken: 1},
		{name: "an answer of somebody else's", fault: &F{Status: 200, After: true},
			class: p, unsure: true, taken: 1},
	} {
		a, fake := account(t, func(s *faketwilio.State) {
			s.Refuse = map[string]int{}
			if test.refuse != 0 {
				s.Refuse[caller] = test.refuse
			}
			if test.fault != nil {
				s.Faults = append(s.Faults, test.fault)
			}
		})
		text := twilioapi.From(or(test.from, ours))
		text.To, text.Body = or(test.to, caller), or(test.body, "b")
		_, err := a.Send(t.Context(), text)
		f := fault(t, err)
		if f.Code != test.code || f.Class != test.class ||
			f.Unsure != test.unsure || f.After != test.after {
			t.Errorf("%s: %v: %+v", test.name, err, f)
		}
		if n := asked(fake); n != 1 || len(taken(fake)) != test.taken {
			t.Errorf("%s: asked %d times, took %d texts", test.name, n, len(taken(fake)))
		}
	}
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// TestNobodyThere tells a text that never left from one that may have.
func TestNobodyThere(t *testing.T) {
	a, fake := account(t)
	fake.Close()
	_, err := a.Send(t.Context(), twilioapi.Text{From: ours, To: caller, Body: "b"})
	if f := fault(t, err); f.Class != twilioapi.Retry || f.Unsure {
		t.Errorf("%v: %+v", err, f)
	}
}

// TestSendAtOnce sends from many goroutines through one account.
func TestSendAtOnce(t *testing.T) {
	a, fake := account(t, with(faketwilio.Fault{Status: 503, Times: 10}))
	var all sync.WaitGroup
	for range 30 {
		all.Go(func() {
			_, _ = a.Send(context.Background(), twilioapi.Text{From: ours, To: caller, Body: "b"})
			_, _ = a.Numbers(context.Background())
		})
	}
	all.Wait()
	if n := len(taken(fake)); n < 20 || n > 30 {
		t.Errorf("%d texts", n)
	}
}

// TestDeliver has the callback's signature judged by Twilio's own library.
func TestDeliver(t *testing.T) {
	validator := client.NewRequestValidator(token)
	var got map[string]string
	var signed bool
	hook := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		got = map[string]string{}
		for name := range r.PostForm {
			got[name] = r.PostForm.Get(name)
		}
		signature := r.Header.Get("X-Twilio-Signature")
		signed = validator.Validate("http://"+r.Host+r.RequestURI, got, signature)
		w.WriteHeader(http.StatusNoContent)
		_, _ = io.WriteString(w, "")
	}))
	defer hook.Close()
	a, fake := account(t)
	sid, err := a.Send(t.Context(), twilioapi.Text{MessagingServiceSID: pool, To: caller, Body: "b",
		StatusCallback: hook.URL + "/sms/status#rc=2"})
	if err != nil {
		t.Fatal(err)
	}
	status, err := fake.Deliver(t.Context(), sid, "undelivered", 30006)
	if err != nil || status != http.StatusNoContent || !signed {
		t.Errorf("%d, %v, signed %v", status, err, signed)
	}
	if got["MessageSid"] != sid || got["MessageStatus"] != "undelivered" ||
		got["ErrorCode"] != "30006" ||
		got["MessagingServiceSid"] != pool || got["To"] != caller {
		t.Errorf("%v", got)
	}
	if _, err := fake.Deliver(t.Context(), "SM0", "sent", 0); err == nil {
		t.Error("a text that nobody sent is delivered")
	}
}
