package calllog_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"premiumline/calllog"
)

// testSums makes calls of every kind, some of them in parts and out of order.
func testSums(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	random := rand.New(rand.NewPCG(3, 4))
	var wg sync.WaitGroup
	for i := range 300 {
		for _, e := range randomCall(random, fmt.Sprint("CA", i)) {
			wg.Go(func() { l.Note(t.Context(), e) })
		}
	}
	wg.Wait()
	eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	sumsAreThoseOfTheCalls(t, l)
}

// randomCall wanders through a few pages.
func randomCall(random *rand.Rand, sid string) []calllog.Event {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	var events []calllog.Event
	for range 1 + random.IntN(8) {
		e := calllog.Event{
			Page: pick("en/menu", "es/menu", "en/zip"), Next: pick("en/menu", "en/zip", "en/bye", ""),
			Outcome: pick("choice", calllog.Wrong, calllog.Silence), Keys: pick("", "7", "945"),
		}
		if random.IntN(4) == 0 {
			e.Way, e.Region = pick(calllog.Transferred, calllog.ReadOut), pick("georgia", "hawaii")
		}
		if random.IntN(6) == 0 {
			e.Region, e.Disposition = pick("georgia", "hawaii"), pick("busy", "completed")
		}
		if random.IntN(6) == 0 {
			e.Way, e.Text = calllog.Texted, &calllog.Text{Region: pick("georgia", "hawaii")}
		}
		events = append(events, e)
	}
	if random.IntN(3) == 0 {
		events = append(events, calllog.Event{Kind: calllog.SMS, Region: pick("georgia", "hawaii"),
			TextStatus: pick(calllog.TextSent, calllog.TextFailed, calllog.TextDelivered)})
	}
	if random.IntN(3) > 0 {
		events = append(events, status(random.IntN(300)))
	}
	return of(sid, noon.Add(time.Duration(random.IntN(5*3600))*time.Second), events...)
}

// sumsAreThoseOfTheCalls adds up the records one by one.
func sumsAreThoseOfTheCalls(t *testing.T, l *calllog.Log) {
	t.Helper()
	sum, open := summary(t, l), 0
	regions, transfers := map[string]int{}, map[string]int{}
	pages, left := map[string]int{}, map[string]int{}
	hours := map[time.Time]int{}
	seconds := map[int]int{}
	texts := map[string]int{}
	records := calls(t, l, calllog.Filter{})
	for _, r := range records {
		hours[r.Started.Truncate(time.Hour)]++
		if r.Ended.IsZero() {
			open++
		}
		for _, x := range r.Transfers {
			transfers[x.Region+" "+x.Disposition]++
		}
		for _, x := range r.Texts {
			texts[x.Status]++
		}
		for _, p := range r.Trail {
			pages[p.Page]++
		}
		if r.Outcome() == calllog.GaveUp {
			left[r.LastPage]++
		}
		regions[r.Region]++
		if r.Way != "" {
			seconds[int(r.ToRegion.Seconds())]++
		}
	}
	same(t, "calls", sum.All.Calls, len(records))
	same(t, "calls in progress", sum.Now, open)
	same(t, "texts", sum.Texts, texts)
	same(t, "seconds to region", sum.All.Seconds, seconds)
	for region, n := range regions {
		same(t, "calls to "+region, sum.Regions[region].Calls, n)
	}
	for key, n := range transfers {
		region, disposition, _ := strings.Cut(key, " ")
		same(t, "transfers "+key, sum.Transfers[region][disposition], n)
	}
	for page, n := range pages {
		same(t, "calls on "+page, sum.Pages[page].Calls, n)
	}
	for page, n := range left {
		same(t, "left on "+page, sum.Pages[page].Left, n)
	}
	for _, h := range sum.Hours {
		same(t, "calls from "+h.Start.String(), h.Calls, hours[h.Start])
	}
	same(t, "hours", len(sum.Hours), len(hours))
}
