package calllog_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
)

// ofTexts is what every store must do with texts.
var ofTexts = []storeTest{
	{"a text is sent once", testTextOnce},
	{"two outboxes send each text once", testTwoOutboxes},
	{"a text is tried again, later and later", testTextAgain},
	{"a refused text is not tried again", testTextRefused},
	{"a text is given up", testTextGivenUp},
	{"a text that nobody sends is given up", testTextNeglected},
	{"a text of a process that ended is not sent again", testTextUnsure},
	{"a status callback settles a text", testTextCallback},
	{"outcomes of a text come in any order", testTextOrder},
	{"texts say nothing of the call", testTextAfterCall},
	{"forgetting and deleting take texts along", testTextForgotten},
	{"an outbox stops when texts are sent", testOutboxStops},
	{"odd texts are kept", testOddTexts},
}

const number = "+14045550123"

var hasher = func() calllog.Hasher {
	h, err := calllog.OpenHasher("", key)
	if err != nil {
		panic(err)
	}
	return h
}()

// textCall is a call on which the numbers of regions are asked for as texts.
func textCall(sid string, at time.Time, regions ...string) []calllog.Event {
	events := []calllog.Event{{Next: "en/menu", CallerHash: hasher.Hash(number)}}
	for _, region := range regions {
		events = append(events, calllog.Event{Page: "en/menu", Way: calllog.Texted, Region: region,
			Text: &calllog.Text{Region: region, Language: "en", Body: "Call " + region + ".",
				To: hasher.Seal(number)}})
	}
	return of(sid, at, events...)
}

// outcome is what is told of a text to Georgia.
func outcome(sid, status string, code int) []calllog.Event {
	return []calllog.Event{{Call: sid, Kind: calllog.SMS, Region: "georgia", TextStatus: status,
		TextCode: code}}
}

// clock is one that a test sets.
type clock struct{ after atomic.Int64 }

func (c *clock) now() time.Time { return noon.Add(time.Duration(c.after.Load())) }

func (c *clock) add(d time.Duration) { c.after.Add(int64(d)) }

func (c *clock) options() calllog.Options {
	return calllog.Options{Now: c.now, Tend: 10 * time.Millisecond}
}

// carrier takes texts, as Twilio does.
type carrier struct {
	mu     sync.Mutex
	sent   []calllog.Outgoing
	answer func(calllog.Outgoing) calllog.Result // nil: takes every text
}

func (c *carrier) send(_ context.Context, o calllog.Outgoing) calllog.Result {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent = append(c.sent, o)
	if c.answer == nil {
		return calllog.Result{SID: "SM1"}
	}
	return c.answer(o)
}

func (c *carrier) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.sent)
}

// texts are what was sent, as call and region, in order of these.
func (c *carrier) texts() (all []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, o := range c.sent {
		all = append(all, o.Call+" "+o.Region)
	}
	slices.Sort(all)
	return all
}

type sender func(context.Context, calllog.Outgoing) calllog.Result

// sending runs an outbox until the test ends, or stop.
func sending(t *testing.T, l *calllog.Log, send sender) (stop func()) {
	o := calllog.NewOutbox(l, calllog.OutboxOptions{
		Hasher: hasher, Send: send, Poll: 5 * time.Millisecond, Grace: 100 * time.Millisecond,
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		o.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-ended
	}
	t.Cleanup(stop)
	return stop
}

// outcomes are what became of texts, as "georgia sent 0".
func outcomes(t *testing.T, l *calllog.Log) string {
	t.Helper()
	var all []string
	for _, r := range calls(t, l, calllog.Filter{}) {
		for _, x := range r.Texts {
			all = append(all, fmt.Sprint(x.Region, " ", x.Status, " ", x.Code))
		}
	}
	return strings.Join(all, ", ")
}

func become(t *testing.T, l *calllog.Log, want string) {
	t.Helper()
	eventually(t, want, func() bool { return outcomes(t, l) == want })
	sumsAreThoseOfTheCalls(t, l)
}

// settled tells that the outbox is empty, and holds no number.
func settled(t *testing.T, s *store, l *calllog.Log) {
	t.Helper()
	waiting, oldest, err := l.Texts(t.Context())
	must(t, err)
	same(t, "waiting", waiting, 0)
	same(t, "the oldest", oldest.IsZero(), true)
	same(t, "numbers", count(t, s, "text WHERE recipient IS NOT NULL OR body <> ''"), 0)
}

func testTextOnce(t *testing.T, s *store) {
	var c clock
	var twilio carrier
	logs := []*calllog.Log{s.open(t, c.options()), s.open(t, c.options())}
	again := textCall("CA1", noon.Add(time.Minute), "georgia")[1:] // the caller asks once more
	again[0].ID = "again"
	for range 2 {
		for _, l := range logs {
			note(t, l, textCall("CA1", noon, "georgia", "hawaii"))
			note(t, l, again)
		}
	}
	waiting, oldest, err := logs[0].Texts(t.Context())
	must(t, err)
	same(t, "waiting", waiting, 2)
	same(t, "the oldest", oldest, noon.Add(10*time.Second))
	same(t, "before", outcomes(t, logs[0]), "georgia asked 0, hawaii asked 0")
	c.add(time.Minute)
	sending(t, logs[1], twilio.send)
	become(t, logs[0], "georgia sent 0, hawaii sent 0")
	for _, l := range logs {
		note(t, l, again)
		note(t, l, textCall("CA1", noon, "georgia"))
	}
	note(t, logs[1], textCall("CA2", c.now(), "georgia")) // wakes the outbox
	c.add(time.Minute)
	become(t, logs[1], "georgia sent 0, georgia sent 0, hawaii sent 0")
	same(t, "sent", twilio.texts(), []string{"CA1 georgia", "CA1 hawaii", "CA2 georgia"})
	want := calllog.Outgoing{Call: "CA1", Region: "georgia", Language: "en", To: number,
		Body: "Call georgia."}
	same(t, "sent as it should be", slices.Contains(twilio.sent, want), true)
	r := calls(t, logs[0], calllog.Filter{})[1]
	same(t, "way", r.Way, calllog.Texted)
	settled(t, s, logs[0])
}

func testTwoOutboxes(t *testing.T, s *store) {
	var c clock
	var twilio carrier
	logs := []*calllog.Log{s.open(t, c.options()), s.open(t, c.options())}
	var want []string
	var wg sync.WaitGroup
	for i := range 500 {
		sid := fmt.Sprintf("CA%03d", i)
		want = append(want, sid+" georgia")
		wg.Go(func() { note(t, logs[i%2], textCall(sid, noon.Add(-time.Minute), "georgia")) })
	}
	wg.Wait()
	for _, l := range logs {
		sending(t, l, twilio.send)
	}
	eventually(t, "all sent", func() bool { return summary(t, logs[0]).Texts["sent"] == 500 })
	time.Sleep(50 * time.Millisecond)
	same(t, "sent", twilio.texts(), want)
	sumsAreThoseOfTheCalls(t, logs[1])
	settled(t, s, logs[0])
}

func testTextAgain(t *testing.T, s *store) {
	var c clock
	var after time.Duration
	twilio := carrier{answer: func(calllog.Outgoing) calllog.Result {
		return calllog.Result{Err: errors.New("overloaded"), Code: 20429, Retry: true, After: after}
	}}
	l := s.open(t, c.options())
	note(t, l, textCall("CA1", noon.Add(-10*time.Second), "georgia"))
	sending(t, l, twilio.send)
	for i, most := range []int{2, 4, 8, 16, 32, 64, 128, 256, 300, 300} {
		waits := due(t, s, i+1).Sub(c.now())
		longest := time.Duration(most) * time.Second
		if waits < longest/2 || waits > longest {
			t.Errorf("wait %d is %v, not half of %v or more", i+1, waits, longest)
		}
		c.add(waits - time.Millisecond)
		time.Sleep(20 * time.Millisecond)
		same(t, "tries before it is due", twilio.count(), i+1)
		if i == 3 {
			after = 77 * time.Second // is what the next wait must be at least
			c.add(time.Millisecond)
			same(t, "as Twilio says", due(t, s, i+2).Sub(c.now()), after)
			return
		}
		c.add(time.Millisecond)
	}
}

// due is when a text is due after so many tries.
func due(t *testing.T, s *store, tries int) time.Time {
	t.Helper()
	db, err := sql.Open(s.driver, s.source)
	must(t, err)
	defer db.Close()
	var us int64
	eventually(t, fmt.Sprint("tried ", tries, " times"), func() bool {
		return db.QueryRow(fmt.Sprint("SELECT due FROM text WHERE claim = 0 AND tries = ", tries)).
			Scan(&us) == nil
	})
	return time.UnixMicro(us)
}

func testTextRefused(t *testing.T, s *store) {
	var c clock
	l := s.open(t, c.options())
	refused := errors.New("refused")
	for i, r := range []struct {
		calllog.Result
		want string
	}{
		{calllog.Result{}, "georgia sent 0"},
		{calllog.Result{Err: refused, Code: 21610}, "georgia stopped 21610"},
		{calllog.Result{Err: refused, Code: 21614}, "georgia landline 21614"},
		{calllog.Result{Err: refused, Code: 30006}, "georgia landline 30006"},
		{calllog.Result{Err: refused, Code: 21211}, "georgia failed 21211"},
		{calllog.Result{Err: refused}, "georgia failed 0"},
		{calllog.Result{Err: refused, Unsure: true}, "georgia unsure 0"},
	} {
		twilio := carrier{answer: func(calllog.Outgoing) calllog.Result { return r.Result }}
		sid := fmt.Sprint("CA", i)
		stop := sending(t, l, twilio.send)
		note(t, l, textCall(sid, c.now(), "georgia"))
		c.add(10 * time.Second)
		become(t, l, r.want)
		c.add(20 * time.Minute)
		time.Sleep(30 * time.Millisecond)
		stop()
		same(t, r.want+": tries", twilio.count(), 1)
		_, err := l.Forget(t.Context(), hasher.Hash(number))
		must(t, err)
	}
	settled(t, s, l)
}

func testTextGivenUp(t *testing.T, s *store) {
	var c clock
	twilio := carrier{answer: func(calllog.Outgoing) calllog.Result {
		return calllog.Result{Err: errors.New("busy"), Code: 503, Retry: true, After: time.Hour}
	}}
	l := s.open(t, c.options())
	note(t, l, textCall("CA1", noon.Add(-10*time.Second), "georgia"))
	sending(t, l, twilio.send)
	same(t, "last due", due(t, s, 1), noon.Add(30*time.Minute))
	c.add(30*time.Minute - time.Second)
	time.Sleep(30 * time.Millisecond)
	same(t, "before", outcomes(t, l), "georgia asked 0")
	c.add(time.Second)
	become(t, l, "georgia failed 503")
	same(t, "tries", twilio.count(), 1)
	settled(t, s, l)
}

func testTextNeglected(t *testing.T, s *store) {
	var c clock
	l := s.open(t, c.options())
	note(t, l, textCall("CA1", noon.Add(-10*time.Second), "georgia"))
	c.add(30 * time.Minute)
	time.Sleep(50 * time.Millisecond)
	same(t, "before", outcomes(t, l), "georgia asked 0")
	c.add(2 * time.Minute)
	become(t, l, "georgia failed 0")
	settled(t, s, l)
	var twilio carrier
	sending(t, l, twilio.send)
	time.Sleep(50 * time.Millisecond)
	same(t, "sent", twilio.count(), 0)
}

// hang is a Send that never comes back.
func hang(context.Context, calllog.Outgoing) calllog.Result { select {} }

func testTextUnsure(t *testing.T, s *store) {
	var c clock
	var twilio carrier
	l := s.open(t, c.options())
	note(t, l, textCall("CA1", noon.Add(-10*time.Second), "georgia"))
	stop := sending(t, l, hang)
	eventually(t, "claimed", func() bool { return count(t, s, "text WHERE claim <> 0") == 1 })
	stop()
	c.add(2*time.Minute - time.Second)
	sending(t, l, twilio.send)
	time.Sleep(50 * time.Millisecond)
	same(t, "while it may be sent", outcomes(t, l), "georgia asked 0")
	c.add(time.Second)
	become(t, l, "georgia unsure 0")
	settled(t, s, l)
	note(t, l, outcome("CA1", calllog.TextDelivered, 0))
	become(t, l, "georgia delivered 0")
	same(t, "sent", twilio.count(), 0)
}

func testTextCallback(t *testing.T, s *store) {
	var c clock
	l := s.open(t, c.options())
	note(t, l, textCall("CA1", noon.Add(-10*time.Second), "georgia"))
	stop := sending(t, l, hang)
	eventually(t, "claimed", func() bool { return count(t, s, "text WHERE claim <> 0") == 1 })
	stop()
	c.add(time.Second)
	note(t, l, outcome("CA1", calllog.TextLandline, 30006))
	become(t, l, "georgia landline 30006")
	settled(t, s, l)
	c.add(10 * time.Minute)
	time.Sleep(50 * time.Millisecond)
	same(t, "later", outcomes(t, l), "georgia landline 30006")
	turns, err := l.Turns(t.Context(), "CA1")
	must(t, err)
	same(t, "asked", turns[1].TextStatus, calllog.TextAsked)
	same(t, "told", turns[2].TextStatus, calllog.TextLandline)
	same(t, "code", turns[2].TextCode, 30006)
}

func testOutboxStops(t *testing.T, s *store) {
	var c clock
	var twilio carrier
	c.add(time.Minute)
	l := s.open(t, c.options())
	for i := range 10 {
		note(t, l, textCall(fmt.Sprint("CA", i), noon, "georgia"))
	}
	begun, end := make(chan struct{}, 10), make(chan struct{})
	stop := sending(t, l, func(ctx context.Context, o calllog.Outgoing) calllog.Result {
		begun <- struct{}{}
		<-end
		return twilio.send(ctx, o)
	})
	for range 4 {
		<-begun
	}
	time.AfterFunc(50*time.Millisecond, func() { close(end) })
	stop()
	same(t, "sent before the end", twilio.count(), 4)
	eventually(t, "noted", func() bool { return summary(t, l).Texts["sent"] == 4 })
	waiting, _, err := l.Texts(t.Context())
	must(t, err)
	same(t, "waiting", waiting, 6)
	sending(t, l, twilio.send)
	eventually(t, "sent after a new start", func() bool { return summary(t, l).Texts["sent"] == 10 })
	same(t, "sent", len(slices.Compact(twilio.texts())), 10)
}
