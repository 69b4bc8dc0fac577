package calllog_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
)

// BenchmarkNote is what it costs to record an event, durable, with so many callers at a time;
// "none" is the same without a log.
func BenchmarkNote(b *testing.B) {
	for _, callers := range []int{1, 64, 512} {
		b.Run(fmt.Sprintf("none/callers=%d", callers), func(b *testing.B) {
			benchmarkNote(b, callers, func(calllog.Event) bool { return true })
		})
		for _, s := range stores {
			b.Run(fmt.Sprintf("%s/callers=%d", s.name, callers), func(b *testing.B) {
				l := s.make(b).open(b, calllog.Options{Wait: time.Minute})
				benchmarkNote(b, callers, func(e calllog.Event) bool {
					return l.Note(context.Background(), e)
				})
			})
		}
	}
}

// benchmarkNote has callers make whole calls.
func benchmarkNote(b *testing.B, callers int, note func(calllog.Event) bool) {
	var calls atomic.Int64
	b.SetParallelism(max(1, callers/2)) // a multiple of the processors
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for {
			for _, e := range call(fmt.Sprintf("CA%032x", calls.Add(1)), time.Now()) {
				if !pb.Next() {
					return
				}
				if !note(e) {
					b.Error("not durable")
				}
			}
		}
	})
}

// BenchmarkQuestions is what answers cost on a log of so many events over 90 days as
// PREMIUMLINE_BENCH_EVENTS says, or a hundred thousand.
func BenchmarkQuestions(b *testing.B) {
	events, _ := strconv.Atoi(os.Getenv("PREMIUMLINE_BENCH_EVENTS"))
	if events == 0 {
		events = 100_000
	}
	for _, s := range stores {
		b.Run(s.name, func(b *testing.B) {
			l := s.make(b).open(b, calllog.Options{Wait: time.Minute, Retention: 1e6 * time.Hour})
			start := time.Now()
			fill(b, l, events)
			b.Logf("%d events written in %v", events, time.Since(start).Round(time.Second))
			for _, q := range questions {
				b.Run(q.name, func(b *testing.B) {
					for b.Loop() {
						must(b, q.ask(l))
					}
				})
			}
		})
	}
}

const span = 90 * 24 * time.Hour

var questions = []struct {
	name string
	ask  func(*calllog.Log) error
}{
	{"summary of 90 days", summing(calllog.Period{})},
	{"summary of 7 days", summing(calllog.Period{From: noon.Add(-7 * 24 * time.Hour)})},
	{"summary of a day", summing(calllog.Period{From: noon.Add(-24 * time.Hour)})},
	{"last 50 calls", listing(calllog.Filter{Limit: 50})},
	{"last 50 calls to hawaii", listing(calllog.Filter{Limit: 50, Region: "hawaii"})},
	{"50 calls of a day long ago", listing(calllog.Filter{Limit: 50, To: noon.Add(-span / 2)})},
	{"last 1000 that gave up", listing(calllog.Filter{Limit: 1000, Outcome: calllog.GaveUp})},
	{"turns of a call", func(l *calllog.Log) error {
		turns, err := l.Turns(context.Background(), fmt.Sprintf("CA%032x", 1234))
		if err == nil && len(turns) == 0 {
			err = fmt.Errorf("no turns")
		}
		return err
	}},
	{"forget a caller", func(l *calllog.Log) error {
		_, err := l.Forget(context.Background(), []byte("nobody has this hash"))
		return err
	}},
}

func summing(p calllog.Period) func(*calllog.Log) error {
	return func(l *calllog.Log) error {
		_, err := l.Summary(context.Background(), p)
		return err
	}
}

func listing(f calllog.Filter) func(*calllog.Log) error {
	return func(l *calllog.Log) error {
		_, err := l.Calls(context.Background(), f)
		return err
	}
}

// fill writes calls to all regions, in the order in which they came.
func fill(b *testing.B, l *calllog.Log, events int) {
	var wg sync.WaitGroup
	var written, next atomic.Int64
	for i := range 1024 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(uint64(i), 0))
			for int(written.Load()) < events {
				n := next.Add(1)
				at := noon.Add(-span + span/time.Duration(events/4)*time.Duration(n))
				es := commonCall(random, fmt.Sprintf("CA%032x", n), at)
				written.Add(int64(len(es)))
				for _, e := range es {
					if !l.Note(context.Background(), e) {
						b.Error("not written")
					}
				}
			}
		})
	}
	wg.Wait()
}

var regions = []string{"northern-california", "southern-california", "maryland", "virginia",
	"oregon", "southwest-washington", "washington", "colorado", "georgia", "hawaii"}

// commonCall is of three to five events, to any region by any way, or to none.
func commonCall(random *rand.Rand, sid string, at time.Time) []calllog.Event {
	pick := func(words ...string) string { return words[random.IntN(len(words))] }
	language, region := pick("en", "en", "en", "es"), pick(regions...)
	hash := make([]byte, 16)
	for i := range hash {
		hash[i] = byte(random.Uint32())
	}
	start := calllog.Event{Next: language + "/menu", Outcome: "start", Offered: region,
		AreaCode: "404", CallerHash: hash, Stir: "TN-Validation-Passed-A"}
	events := []calllog.Event{start}
	if random.IntN(4) == 0 {
		events = append(events, calllog.Event{Page: start.Next, Next: start.Next + "/2",
			Outcome: pick(calllog.Silence, calllog.Wrong)})
	}
	if random.IntN(5) > 0 {
		connect := language + "/connect/" + region
		events = append(events,
			calllog.Event{Page: start.Next, Next: connect, Keys: "7", Outcome: "choice",
				Way: pick(calllog.Transferred, calllog.ReadOut), Region: region, Taken: true},
			calllog.Event{Page: connect, Outcome: "transfer", Region: region,
				Disposition: pick("completed", "busy", "no-answer"), TransferSeconds: 120})
	}
	events = append(events, status(60))
	events = of(sid, at, events...)
	for i := range events {
		events[i].At = events[i].At.Add(time.Duration(random.IntN(9000)) * time.Millisecond)
		if events[i].Kind == calllog.Turn {
			events[i].Language = language
		}
	}
	return events
}
