package calllog_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
)

// load has callers make calls until stop, which tells how many events they noted and the longest
// that one took.
func load(l *calllog.Log, name string, callers int) (stop func() (noted int, worst time.Duration)) {
	var wg sync.WaitGroup
	var noted, worst atomic.Int64
	ctx, cancel := context.WithCancel(context.Background())
	for i := range callers {
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				for _, e := range call(fmt.Sprintf("CA-%s-%d-%d", name, i, n), time.Now()) {
					start := time.Now()
					l.Note(context.Background(), e)
					noted.Add(1)
					raise(&worst, int64(time.Since(start)))
					time.Sleep(20 * time.Millisecond)
				}
			}
		})
	}
	return func() (int, time.Duration) {
		cancel()
		wg.Wait()
		return int(noted.Load()), time.Duration(worst.Load())
	}
}

func raise(to *atomic.Int64, n int64) {
	for old := to.Load(); n > old && !to.CompareAndSwap(old, n); old = to.Load() {
	}
}

// TestStoreStops has the store fail under load, and stay away long enough to be tried in vain.
func TestStoreStops(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(testing.TB) *store
	}{{"sqlite", newSQLite}, {"postgres", ownPostgres}} {
		t.Run(c.name, func(t *testing.T) {
			s := c.make(t)
			l := s.open(t, calllog.Options{Queue: 100_000, Tend: 100 * time.Millisecond})
			stop := load(l, "before", 8)
			time.Sleep(500 * time.Millisecond)
			mend := s.fail(t)
			eventually(t, "unwell", func() bool { return !l.Health().OK })
			time.Sleep(outage)
			if h := l.Health(); h.OK || h.Error == "" || h.Queued == 0 {
				t.Errorf("while the store is away: %+v", h)
			}
			mend()
			eventually(t, "well", func() bool { return l.Health().OK })
			time.Sleep(200 * time.Millisecond)
			noted, worst := stop()
			eventually(t, "written", func() bool { return l.Health().Queued == 0 })
			same(t, "dropped", l.Health().Dropped, 0)
			same(t, "events in the store", count(t, s, "event"), noted)
			sumsAreThoseOfTheCalls(t, l)
			if worst > 150*time.Millisecond+slack {
				t.Errorf("a turn waited %v", worst)
			}
			t.Logf("%d events, the slowest in %v", noted, worst)
		})
	}
}

const outage = 2 * time.Second

// TestDownAtStart opens a log whose store cannot be reached yet.
func TestDownAtStart(t *testing.T) {
	s := ownPostgres(t)
	mend := s.fail(t)
	l := s.open(t, calllog.Options{Tend: 50 * time.Millisecond})
	same(t, "well", l.Health().OK, false)
	same(t, "durable", l.Note(t.Context(), call("CA1", noon)[0]), false)
	if _, err := l.Summary(t.Context(), calllog.Period{}); err == nil {
		t.Error("a summary without a store")
	}
	mend()
	eventually(t, "well", func() bool { return l.Health().OK })
	eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	same(t, "calls", summary(t, l).All.Calls, 1)
}

// testStuck has another connection keep everybody from writing.
func testStuck(t *testing.T, s *store) {
	const wait = 50 * time.Millisecond
	l := s.open(t, calllog.Options{Wait: wait, Tend: 100 * time.Millisecond})
	note(t, l, call("CA0", noon))
	s.held(t, func() {
		start := time.Now()
		same(t, "durable", l.Note(t.Context(), call("CA1", noon)[0]), false)
		if took := time.Since(start); took < wait || took > wait+slack {
			t.Errorf("the first turn waited %v", took)
		}
		start = time.Now()
		for i := range 1000 {
			l.Note(t.Context(), call(fmt.Sprint("CA1", i), noon)[0])
		}
		if took := time.Since(start); took > slack {
			t.Errorf("a thousand more turns waited %v", took)
		}
		h := l.Health()
		same(t, "well", h.OK, false)
		same(t, "queued", h.Queued, 1001)
	})
	eventually(t, "well", func() bool { return l.Health().OK })
	eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	same(t, "calls", summary(t, l).All.Calls, 1002)
	h := l.Health()
	same(t, "written", h.Written, 5+1001)
	same(t, "dropped", h.Dropped, 0)
	note(t, l, call("CA2", noon))
}

const slack = 2 * time.Second // of a busy machine

func testFull(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{Queue: 10, Batch: 4, Wait: time.Millisecond})
	s.held(t, func() {
		for i := range 25 {
			l.Note(t.Context(), call(fmt.Sprint("CA", i), noon)[0])
		}
		h := l.Health()
		same(t, "queued", h.Queued, 10)
		same(t, "dropped", h.Dropped, 15)
	})
	eventually(t, "written", func() bool { return l.Health().Queued == 0 })
	same(t, "calls", summary(t, l).All.Calls, 10)
	if err := l.Close(t.Context()); err == nil || !strings.Contains(err.Error(), "15 events") {
		t.Error("closing: ", err)
	}
}

func testClose(t *testing.T, s *store) {
	l := s.open(t, calllog.Options{Wait: time.Nanosecond})
	for i := range 100 {
		l.Note(t.Context(), call(fmt.Sprint("CA", i), noon)[0])
	}
	must(t, l.Close(t.Context()))
	same(t, "durable", l.Note(t.Context(), call("CA-late", noon)[0]), false)
	_, err := l.Calls(t.Context(), calllog.Filter{})
	same(t, "unavailable", errors.Is(err, calllog.ErrUnavailable), true)
	same(t, "calls", summary(t, s.open(t, calllog.Options{})).All.Calls, 100)
}
