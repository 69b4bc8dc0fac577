package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
	"premiumline/phone"
	"premiumline/twilioapi/faketwilio"
)

// textAccount is an account that a fake Twilio has; textFrom is its number.
const (
	textAccount = "AC0123456789abcdef0123456789abcdef"
	textToken   = "0123456789abcdef"
	textFrom    = "+18005550199"
)

// texting is a line that can send texts, and the Twilio that takes them.
type texting struct {
	started
	*faketwilio.Twilio
	line *phone.Line
}

func newTexting(t *testing.T, faults ...*faketwilio.Fault) texting {
	t.Helper()
	fake := faketwilio.Start(faketwilio.State{
		Account: textAccount, Token: textToken, Faults: faults,
		Numbers: []*faketwilio.Number{{SID: "PN1", Number: textFrom, SMS: true, Verified: "TWILIO_APPROVED"}},
		Refuse:  map[string]int{"+14045550121": 21610, "+14045550122": 21614},
	})
	t.Cleanup(fake.Close)
	before := twilioTransport
	twilioTransport = fake.Transport()
	t.Cleanup(func() { twilioTransport = before })
	c := testConfig()
	c.AccountSID, c.AuthTokens, c.MessagingFrom = textAccount, []string{textToken}, textFrom
	s := startWith(t, c)
	t.Cleanup(func() { s.stop(); <-s.ended })
	return texting{s, fake, newPhoneLine(s.public, "", textAccount, textToken)}
}

// ask has a caller from Georgia ask for a text, twice, and hang up.
func (x texting) ask(t *testing.T, from string, keys string) (sid string) {
	t.Helper()
	call, err := x.line.Call(t.Context(), phone.Caller{From: from, To: textFrom})
	for _, key := range strings.Split(keys, "") {
		if err == nil {
			err = call.PressAt(t.Context(), time.Second, key)
		}
	}
	if err == nil {
		err = call.Hangup(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return call.SID()
}

// became waits until the record of a call says what became of its text.
func (x texting) became(t *testing.T, sid, status string) {
	t.Helper()
	last := "nothing"
	for range 500 {
		for r, err := range x.records.log.Each(t.Context(), calllog.Filter{}) {
			if err == nil && r.Call == sid && len(r.Texts) == 1 {
				last = r.Texts[0].Status
			}
		}
		if last == status {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("the text is %s, want %s", last, status)
}

// taken are the texts that Twilio took.
func (x texting) taken() (texts []faketwilio.Text) {
	x.With(func(s *faketwilio.State) {
		for _, text := range s.Texts {
			texts = append(texts, *text)
		}
	})
	return texts
}

// TestTextIsSent: once, though the caller asks again, and what becomes of it is kept.
func TestTextIsSent(t *testing.T) {
	x := newTexting(t)
	sid := x.ask(t, "+14045550100", "7323")
	x.became(t, sid, calllog.TextSent)
	texts := x.taken()
	if len(texts) != 1 || texts[0].To != "+14045550100" || texts[0].From != textFrom ||
		!strings.Contains(texts[0].Body, "Georgia: 1-877-699-7407.") {
		t.Fatalf("Twilio took %+v", texts)
	}
	for _, status := range []string{"queued", "delivered", "sent"} {
		if answered, err := x.Deliver(t.Context(), texts[0].SID, status, 0); answered != 204 || err != nil {
			t.Errorf("%s is answered %d, %v", status, answered, err)
		}
	}
	x.became(t, sid, calllog.TextDelivered)
	records, err := x.records.log.Calls(t.Context(), calllog.Filter{Outcome: calllog.Texted})
	if err != nil || len(records) != 1 || records[0].Region != "georgia" {
		t.Errorf("texted were %+v, %v", records, err)
	}
}

// TestTextInSpanish is in the caller's language.
func TestTextInSpanish(t *testing.T) {
	x := newTexting(t)
	x.became(t, x.ask(t, "+12135550100", "923"), calllog.TextSent)
	if texts := x.taken(); len(texts) != 1 || !strings.Contains(texts[0].Body, "California del sur") {
		t.Errorf("Twilio took %+v", texts)
	}
}

// TestTextThatIsNotDelivered: a landline, a caller who wants none, an error at Twilio.
func TestTextThatIsNotDelivered(t *testing.T) {
	x := newTexting(t,
		&faketwilio.Fault{Method: "POST", Path: "Messages", Times: 1, Status: 429, Code: 20429, Wait: "1"})
	later := x.ask(t, "+14045550100", "73") // refused at first, and sent again
	x.became(t, x.ask(t, "+14045550121", "73"), calllog.TextStopped)
	x.became(t, x.ask(t, "+14045550122", "73"), calllog.TextLandline)
	x.became(t, later, calllog.TextSent)
	texts := x.taken()
	if len(texts) != 1 {
		t.Fatalf("Twilio took %+v", texts)
	}
	if _, err := x.Deliver(t.Context(), texts[0].SID, "undelivered", 30006); err != nil {
		t.Fatal(err)
	}
	x.became(t, later, calllog.TextLandline)
}

// TestAnswerOfATextIsLost: nobody knows whether it was sent, so that it is not sent
// again; the status callback tells.
func TestAnswerOfATextIsLost(t *testing.T) {
	x := newTexting(t, &faketwilio.Fault{Method: "POST", Path: "Messages", Times: 1, After: true})
	sid := x.ask(t, "+14045550100", "73")
	x.became(t, sid, calllog.TextUnsure)
	texts := x.taken()
	if len(texts) != 1 {
		t.Fatalf("Twilio took %+v", texts)
	}
	if _, err := x.Deliver(t.Context(), texts[0].SID, "delivered", 0); err != nil {
		t.Fatal(err)
	}
	x.became(t, sid, calllog.TextDelivered)
}

// TestTextsAreCounted: in the figures that Prometheus asks for, and in the report.
func TestTextsAreCounted(t *testing.T) {
	x := newTexting(t)
	x.became(t, x.ask(t, "+14045550100", "73"), calllog.TextSent)
	x.became(t, x.ask(t, "+14045550121", "73"), calllog.TextStopped)
	text := scraped(t, x.service)
	for _, want := range []string{`texts_total{status="asked"} 2`, `texts_total{status="sent"} 1`,
		`texts_total{status="stopped"} 1`, `texts_waiting 0`,
		`regions_reached_total{region="georgia",way="texted"} 2`} {
		if !slices.Contains(strings.Split(text, "\n"), "premiumline_"+want) {
			t.Errorf("%s is not in\n%s", want, text)
		}
	}
	sum, err := x.records.log.Summary(t.Context(), calllog.Period{})
	if err != nil {
		t.Fatal(err)
	}
	var report bytes.Buffer
	const want = "text,texts\nsent,1\nstopped,1\nall,2\n"
	err = writeCSV(&report, []string{"text", "texts"}, groupings["text"].rows(sum))
	if err != nil || report.String() != want {
		t.Errorf("reported are\n%s%v, want\n%s", &report, err, want)
	}
}

// scraped is what the operator's listener tells Prometheus.
func scraped(t *testing.T, s *service) string {
	t.Helper()
	status, text := get(fmt.Sprintf("http://%s/metrics", s.admnL.Addr()))
	if status != 200 {
		t.Fatalf("status %d", status)
	}
	return text
}
