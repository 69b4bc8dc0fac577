package calllog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

// testTextOrder has a text sent, unsure, failed and delivered, told twice and in any order.
func testTextOrder(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{Now: func() time.Time { return noon.Add(time.Minute) }})
	random := rand.New(rand.NewPCG(5, 6))
	var want []calllog.Record
	for i := range 20 {
		sid := fmt.Sprintf("CA%02d", i)
		at := noon.Add(time.Duration(-i) * time.Minute)
		events := textCall(sid, at, "georgia", "hawaii")
		events = append(events, of(sid, at.Add(30*time.Second), status(40))...)
		events[3].ID = "status"
		first := random.IntN(len(events)) // a text's outcome is never the first of a call
		note(t, l, events[first:first+1])
		for range 2 {
			for _, status := range []string{calllog.TextSent, calllog.TextUnsure,
				calllog.TextDelivered, calllog.TextFailed, "nonsense"} {
				events = append(events, outcome(sid, status, 0)...)
			}
		}
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		note(t, l, events)
		want = append(want, calllog.Record{
			Call: sid, Started: at, Ended: at.Add(40 * time.Second), Last: at.Add(30 * time.Second),
			Language: "en", Region: "hawaii", Way: calllog.Texted, ToRegion: 10 * time.Second,
			Turns: 3, LastPage: "en/menu", Trail: []calllog.Stop{{Page: "en/menu", Visits: 1}},
			Texts: []calllog.TextOutcome{
				{Region: "georgia", Status: calllog.TextDelivered},
				{Region: "hawaii", Status: calllog.TextAsked}},
			CallStatus: "completed", CallSeconds: 40, CallerHash: hasher.Hash(number),
			Directory: "v1",
		})
	}
	same(t, "records", calls(t, l, calllog.Filter{}), want)
	same(t, "texts", summary(t, l).Texts,
		map[string]int{calllog.TextDelivered: 20, calllog.TextAsked: 20})
	sumsAreThoseOfTheCalls(t, l)
}

// testTextAfterCall has outcomes come hours after the call, which must not move its end, nor have
// a transfer seem over.
func testTextAfterCall(t *testing.T, s *store) {
	var c clock
	l := s.open(t, c.options())
	connect := calllog.Event{Way: calllog.Transferred, Region: "georgia"}
	note(t, l, of("CA-talks", noon, calllog.Event{Next: "en/menu"}, connect))
	note(t, l, of("CA-gone", noon, calllog.Event{Next: "en/menu"}))
	tell := func(status string) {
		for _, sid := range []string{"CA-talks", "CA-gone", "CA-never-was"} {
			note(t, l, outcome(sid, status, 0))
		}
	}
	c.add(time.Minute)
	tell(calllog.TextSent)
	c.add(time.Hour)
	gone := func() []calllog.Record { return calls(t, l, calllog.Filter{Outcome: calllog.GaveUp}) }
	eventually(t, "over", func() bool { return len(gone()) == 1 })
	tell(calllog.TextDelivered)
	time.Sleep(50 * time.Millisecond)
	same(t, "over", sids(gone()), "CA-gone")
	same(t, "the end", gone()[0].Ended, noon)
	same(t, "the last event", gone()[0].Last, noon.Add(10*time.Minute)) // the assumed end
	same(t, "calls", summary(t, l).All.Calls, 2)
	same(t, "calls in progress", summary(t, l).Now, 1)
	become(t, l, "georgia delivered 0, georgia delivered 0")
}

func testTextForgotten(t *testing.T, s *store) {
	var c clock
	o := c.options()
	o.Retention = time.Hour
	l := s.open(t, o)
	note(t, l, textCall("CA1", noon, "georgia", "hawaii"))
	_, err := l.Forget(t.Context(), hasher.Hash(number))
	must(t, err)
	same(t, "texts of one forgotten", count(t, s, "text"), 0)
	note(t, l, outcome("CA1", calllog.TextSent, 0)) // it had been on its way
	same(t, "calls", summary(t, l).All.Calls, 0)
	same(t, "events", count(t, s, "event"), 0)
	note(t, l, textCall("CA2", noon, "georgia"))
	c.add(61 * time.Minute)
	eventually(t, "deleted", func() bool { return len(calls(t, l, calllog.Filter{})) == 0 })
	same(t, "texts of old calls", count(t, s, "text"), 0)
	same(t, "hours", count(t, s, "hour"), 0)
}

func testOddTexts(t *testing.T, s *store) {
	var c clock
	var twilio carrier
	l := s.open(t, c.options())
	events := textCall("CA1", noon.Add(-time.Minute), "a b:c")
	events[1].Text.Body = "Ll\xffame a \x00Hawái" + strings.Repeat("é", 2000)
	note(t, l, events)
	nobody := textCall("CA2", noon.Add(-2*time.Minute), "hawaii")
	nobody[1].Text.To = hasher.Seal("anonymous")
	note(t, l, nobody)
	sending(t, l, twilio.send)
	become(t, l, "a_b_c sent 0, hawaii failed 0")
	same(t, "sent", twilio.count(), 1)
	same(t, "text", strings.HasPrefix(twilio.sent[0].Body, "Llame a Hawáiéé"), true)
	same(t, "is cut", len(twilio.sent[0].Body) <= 1600, true)
	settled(t, s, l)
}
