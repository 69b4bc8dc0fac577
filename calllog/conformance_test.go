package calllog_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
)

type storeTest struct {
	name string
	test func(*testing.T, *store)
}

// conformance is what every store must do.
var conformance = []storeTest{
	{"a call is a record and its turns", testCall},
	{"a webhook that comes twice is one event", testTwice},
	{"status callbacks come early, late or never", testStatus},
	{"events in any order make the same record", testOrder},
	{"two logs write the same call", testTwoLogs},
	{"four open an empty database at once", testFourAtOnce},
	{"the sums are those of the calls", testSums},
	{"calls are found", testFilter},
	{"old calls are deleted", testRetention},
	{"a caller is forgotten", testForget},
	{"calls that go quiet are over", testQuiet},
	{"odd text is kept", testOddText},
	{"a refused event keeps no other out", testRefused},
	{"newer tables are refused", testNewer},
	{"a stuck store holds up nobody", testStuck},
	{"a full queue drops and counts", testFull},
	{"closing writes what is queued", testClose},
}

func TestStores(t *testing.T) {
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			for _, c := range slices.Concat(conformance, ofTexts) {
				t.Run(c.name, func(t *testing.T) { c.test(t, s.make(t)) })
			}
		})
	}
}

func testCall(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	events := call("CA1", noon)
	note(t, l, events)
	same(t, "record", calls(t, l, calllog.Filter{}), []calllog.Record{record("CA1", noon)})
	turns, err := l.Turns(t.Context(), "CA1")
	must(t, err)
	same(t, "turns", turns, asKept(events))
	turns, err = l.Turns(t.Context(), "CA2")
	must(t, err)
	same(t, "turns of an unknown call", len(turns), 0)
}

// asKept is events as Turns returns them: what the record holds is not repeated in every turn.
func asKept(events []calllog.Event) []calllog.Event {
	events = slices.Clone(events)
	for i := range events {
		e := &events[i]
		e.ID, e.Stir, e.AreaCode, e.CallerHash, e.Directory = "", "", "", nil, ""
	}
	return events
}

func testTwice(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	for range 2 {
		note(t, l, call("CA1", noon))
	}
	var wg sync.WaitGroup
	for _, e := range slices.Repeat(call("CA1", noon), 3) {
		e.At = e.At.Add(time.Second) // a retry comes later
		wg.Go(func() { l.Note(t.Context(), e) })
	}
	wg.Wait()
	same(t, "record", calls(t, l, calllog.Filter{}), []calllog.Record{record("CA1", noon)})
	same(t, "calls", summary(t, l).All.Calls, 1)
}

func testStatus(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	turns, end := call("", noon)[:4], call("", noon)[4]
	at := func(sid string, events ...calllog.Event) []calllog.Event {
		for i := range events {
			events[i].Call = sid
		}
		return events
	}
	note(t, l, at("CA-early", end))
	note(t, l, at("CA-early", turns...))
	note(t, l, at("CA-late", turns...))
	end.At = noon.Add(10 * time.Minute)
	note(t, l, at("CA-late", end))
	note(t, l, at("CA-never", turns...))
	note(t, l, at("CA-only", end))

	late := record("CA-late", noon)
	late.Last = end.At
	never := record("CA-never", noon)
	never.Last, never.Ended = noon.Add(30*time.Second), time.Time{}
	never.CallStatus, never.CallSeconds = "in-progress", 0
	only := calllog.Record{Call: "CA-only", Started: end.At.Add(-40 * time.Second), Ended: end.At,
		Last: end.At, CallStatus: "completed", CallSeconds: 40}
	same(t, "records", calls(t, l, calllog.Filter{}),
		[]calllog.Record{only, never, late, record("CA-early", noon)})
	same(t, "calls in progress", summary(t, l).Now, 1)
}

func testOrder(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	random := rand.New(rand.NewPCG(1, 2))
	var want []calllog.Record
	for i := range 20 {
		sid := fmt.Sprintf("CA%02d", i)
		want = append(want, record(sid, noon.Add(time.Duration(-i)*time.Minute)))
		events := call(sid, noon.Add(time.Duration(-i)*time.Minute))
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		note(t, l, events)
	}
	same(t, "records", calls(t, l, calllog.Filter{}), want)
	sumsAreThoseOfTheCalls(t, l)
}

func testTwoLogs(t *testing.T, s *store) {
	logs := []*calllog.Log{s.open(t, calllog.Options{}), s.open(t, calllog.Options{})}
	var wg sync.WaitGroup
	var want []calllog.Record
	for i := range 40 {
		sid, at := fmt.Sprintf("CA%02d", i), noon.Add(time.Duration(-i)*time.Minute)
		want = append(want, record(sid, at))
		for j, e := range call(sid, at) {
			wg.Go(func() { logs[(i+j)%2].Note(t.Context(), e) })
		}
	}
	wg.Wait()
	for _, l := range logs {
		eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	}
	same(t, "records", calls(t, logs[0], calllog.Filter{}), want)
	sumsAreThoseOfTheCalls(t, logs[1])
}

func testFourAtOnce(t *testing.T, s *store) {
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			l := s.open(t, calllog.Options{})
			if h := l.Health(); !h.OK {
				t.Errorf("unwell after opening: %s", h.Error)
			}
			note(t, l, call(fmt.Sprint("CA", i), noon))
		})
	}
	wg.Wait()
	same(t, "calls", summary(t, s.open(t, calllog.Options{})).All.Calls, 4)
}

func testFilter(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	note(t, l, call("CA1", noon))
	note(t, l, of("CA2", noon.Add(time.Minute), calllog.Event{Next: "en/menu"}, status(5)))
	note(t, l, of("CA3", noon.Add(time.Hour), calllog.Event{Next: "en/menu"}))
	for _, c := range []struct {
		filter calllog.Filter
		want   string
	}{
		{calllog.Filter{}, "CA3 CA2 CA1"},
		{calllog.Filter{Limit: 2}, "CA3 CA2"},
		{calllog.Filter{From: noon.Add(time.Second)}, "CA3 CA2"},
		{calllog.Filter{To: noon.Add(time.Hour)}, "CA2 CA1"},
		{calllog.Filter{Region: "georgia"}, "CA1"},
		{calllog.Filter{Region: "hawaii"}, ""},
		{calllog.Filter{Outcome: calllog.Transferred}, "CA1"},
		{calllog.Filter{Outcome: calllog.GaveUp}, "CA2"},
		{calllog.Filter{Outcome: calllog.InProgress}, "CA3"},
		{calllog.Filter{Language: "en", Limit: 1}, "CA3"},
		{calllog.Filter{Language: "es"}, ""},
		{calllog.Filter{Caller: []byte("0123456789abcdef")}, "CA1"},
	} {
		same(t, fmt.Sprintf("%+v", c.filter), sids(calls(t, l, c.filter)), c.want)
	}
	sum, err := l.Summary(t.Context(), calllog.Period{From: noon.Add(time.Hour)})
	must(t, err)
	same(t, "calls from one o'clock", sum.All.Calls, 1)
	sum, err = l.Summary(t.Context(), calllog.Period{To: noon.Add(time.Hour)})
	must(t, err)
	same(t, "calls to one o'clock", sum.All.Calls, 2)
}

func sids(records []calllog.Record) string {
	var sids []string
	for _, r := range records {
		sids = append(sids, r.Call)
	}
	return strings.Join(sids, " ")
}

func testRetention(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{
		Retention: 24 * time.Hour, Tend: 10 * time.Millisecond,
		Now: func() time.Time { return noon.Add(24 * time.Hour) },
	})
	var wg sync.WaitGroup
	for i := range 450 { // more than two deletions' worth
		wg.Go(func() { note(t, l, call(fmt.Sprint("CA-old", i), noon.Add(-time.Minute))) })
	}
	wg.Wait()
	kept := call("CA-new", noon)
	slices.Reverse(kept) // its end first, or it would seem to have gone quiet
	note(t, l, kept)
	eventually(t, "deleted", func() bool { return len(calls(t, l, calllog.Filter{})) == 1 })
	same(t, "calls", sids(calls(t, l, calllog.Filter{})), "CA-new")
	turns, err := l.Turns(t.Context(), "CA-old1")
	must(t, err)
	same(t, "turns of a deleted call", len(turns), 0)
	same(t, "events", count(t, s, "event"), 5)
	sumsAreThoseOfTheCalls(t, l)
}

func testForget(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	note(t, l, call("CA1", noon))
	note(t, l, call("CA2", noon.Add(time.Hour)))
	other := call("CA3", noon)
	other[0].CallerHash = []byte("another caller's")
	note(t, l, other)
	n, err := l.Forget(t.Context(), []byte("0123456789abcdef"))
	must(t, err)
	same(t, "forgotten", n, 2)
	same(t, "calls", sids(calls(t, l, calllog.Filter{})), "CA3")
	same(t, "events", count(t, s, "event"), 5)
	sumsAreThoseOfTheCalls(t, l)
	n, err = l.Forget(t.Context(), nil)
	must(t, err)
	same(t, "forgotten without a hash", n, 0)
}

func testQuiet(t *testing.T, s *store) {
	var later atomic.Int64 // how long after noon it is
	l := s.open(t, calllog.Options{
		Tend: 10 * time.Millisecond,
		Now:  func() time.Time { return noon.Add(time.Duration(later.Load())) },
	})
	start, connect := calllog.Event{Next: "en/menu"}, calllog.Event{Way: calllog.Transferred}
	note(t, l, of("CA-gone", noon, start))
	note(t, l, of("CA-back", noon, start))
	note(t, l, of("CA-talks", noon, start, connect))
	note(t, l, of("CA-menu", noon.Add(59*time.Minute), start))
	later.Store(int64(time.Hour))
	open := func() string { return sids(calls(t, l, calllog.Filter{Outcome: calllog.InProgress})) }
	eventually(t, "over", func() bool { return open() == "CA-menu" })
	back := of("CA-back", noon, start, start)[1:]
	back[0].At = noon.Add(59 * time.Minute)
	note(t, l, back)
	same(t, "calls in the menu", open(), "CA-menu CA-back")
	sum := summary(t, l)
	same(t, "calls in progress", sum.Now, 3)
	same(t, "left in the menu", sum.Pages["en/menu"].Left, 1)
	sumsAreThoseOfTheCalls(t, l)
	note(t, l, of("CA-gone", noon, start, status(7))[1:])
	gone := calls(t, l, calllog.Filter{Outcome: calllog.GaveUp})
	same(t, "the end", gone[0].Ended, noon.Add(7*time.Second))
	same(t, "the last word", gone[0].CallStatus, "completed")
	sumsAreThoseOfTheCalls(t, l)
}

func testOddText(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	odd := "a\x00b\xffc d:e"
	note(t, l, of("CA\x00", noon,
		calllog.Event{Page: odd, Next: odd, Region: odd, Way: odd, Disposition: odd,
			Outcome: calllog.Wrong, Keys: strings.Repeat("9", 5000), Stir: "é"},
		calllog.Event{Page: strings.Repeat("é", 500), Next: " "},
	))
	r := calls(t, l, calllog.Filter{})[0]
	same(t, "trail", r.Trail,
		[]calllog.Stop{{Page: "abc_d_e", Visits: 1, Wrong: 1}, {Page: "_", Visits: 1}})
	same(t, "transfers", r.Transfers, []calllog.Transfer{{Region: "abc_d_e", Disposition: "abc_d_e"}})
	same(t, "keys", r.Keys, "999")
	same(t, "dropped", l.Health().Dropped, 0)
	sumsAreThoseOfTheCalls(t, l)
}

func testRefused(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{})
	execute(t, s.driver, s.source, s.refuse)
	var wg sync.WaitGroup
	for i := range 20 {
		page := "taken"
		if i%7 == 0 {
			page = "refused"
		}
		e := of(fmt.Sprint("CA", i), noon, calllog.Event{Page: page})[0]
		wg.Go(func() { l.Note(t.Context(), e) })
	}
	wg.Wait()
	eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	h := l.Health()
	same(t, "written", h.Written, 17)
	same(t, "dropped", h.Dropped, 3)
	same(t, "well", h.OK, true)
	same(t, "calls", summary(t, l).All.Calls, 17)
}

func testNewer(t *testing.T, s *store) {
	must(t, s.open(t, calllog.Options{}).Close(t.Context()))
	execute(t, s.driver, s.source, "INSERT INTO calllog_version VALUES (99)")
	_, err := calllog.Open(t.Context(), s.url, calllog.Options{})
	if !errors.Is(err, calllog.ErrUnusable) || !strings.Contains(err.Error(), "of version 99") {
		t.Error("opening newer tables: ", err)
	}
}
