package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"premiumline/phone"
	"premiumline/webhook"
)

// callFigures is what whole calls cost with so many in progress.
type callFigures struct {
	InProgress int     `json:"in_progress"`
	Webhooks   float64 `json:"webhooks_per_second"`
	Calls      float64 `json:"calls_per_second"` // that ended
	Each       float64 `json:"webhooks_a_call"`
	PerWebhook float64 `json:"cpu_us_a_webhook"`
	PerCall    float64 `json:"cpu_us_a_call"`
	OneCore    float64 `json:"calls_per_second_and_core"` // at saturation
	Loaded     float64 `json:"loaded_mib"`
	P50        float64 `json:"p50_us"`
}

// actsPerSecond is how many acts the callers do together: keys, waits, hang-ups. Each
// is one webhook or two or three.
const actsPerSecond = 600

// wholeCalls measures calls of serve with its records in SQLite.
func (h *hall) wholeCalls(ctx context.Context, programs []program, r *results) (err error) {
	if h.plan.calls == 0 {
		return nil
	}
	if r.Directories, err = growDirectories(); err != nil {
		return fmt.Errorf("compiling directories: %w", err)
	}
	for _, p := range programs {
		if p.records != "sqlite" {
			continue
		}
		for n := 10; n <= h.most; n *= 10 {
			f, err := h.callsInProgress(ctx, p, n, h.plan.calls)
			if err != nil {
				return fmt.Errorf("%d calls in progress: %w", n, err)
			}
			fmt.Fprintf(h.out, "%6d calls in progress: %6.1f µs a call, %.1f µs a webhook\n",
				n, f.PerCall, f.PerWebhook)
			f.OneCore = r.of(p.name).Rate / f.Each
			r.Calls = append(r.Calls, f)
		}
	}
	return nil
}

// callsInProgress measures so many calls at once.
func (h *hall) callsInProgress(
	ctx context.Context, p program, n int, d time.Duration,
) (f callFigures, err error) {
	s, discard, err := h.start(ctx, p)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, discard()) }()
	defer gogc(400)()
	town := newTown(s.addr, n)
	f, err = town.watch(ctx, s, d)
	if err := s.stop(err); err != nil {
		return f, err
	}
	s.answered += int(town.answered.Load())
	return f, h.account(ctx, s, &figures{})
}

// town is where the callers live.
type town struct {
	line      *phone.Line
	callers   []*resident
	begun     atomic.Int64 // calls
	ended     atomic.Int64
	inEnded   atomic.Int64 // webhooks of the calls that ended
	answered  atomic.Int64 // webhooks
	mu        sync.Mutex
	latencies []time.Duration
	failures  []error
}

func newTown(addr string, n int) *town {
	t := &town{}
	t.line = &phone.Line{
		Public: publicURL, Connect: "http://" + addr, Account: account, Seed: "bench",
		Sign:   func(at string, form url.Values) string { return webhook.Sign(authToken, at, form) },
		Client: &http.Client{Timeout: 15 * time.Second, Transport: t.transport()},
	}
	for range n {
		t.callers = append(t.callers, &resident{})
	}
	return t
}

// transport counts the webhooks and how long each took.
func (t *town) transport() http.RoundTripper {
	inner := &http.Transport{MaxIdleConns: 256, MaxIdleConnsPerHost: 256, DisableCompression: true}
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		start := time.Now()
		resp, err := inner.RoundTrip(r)
		if err == nil {
			t.answered.Add(1)
			t.mu.Lock()
			t.latencies = append(t.latencies, time.Since(start))
			t.mu.Unlock()
		}
		return resp, err
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// watch places all the calls, waits until they are well mixed, and measures for d.
func (t *town) watch(ctx context.Context, s *server, d time.Duration) (f callFigures, err error) {
	if err := t.fill(ctx); err != nil {
		return f, err
	}
	t.latencies = t.latencies[:0]
	before, err := cpuOf(s.pid())
	if err != nil {
		return f, err
	}
	asked, ended, inEnded, start := t.answered.Load(), t.ended.Load(), t.inEnded.Load(), time.Now()
	t.live(ctx, d)
	took := time.Since(start).Seconds()
	after, err := cpuOf(s.pid())
	if err := errors.Join(append(t.failures, err, ctx.Err())...); err != nil {
		return f, err
	}
	webhooks, calls := float64(t.answered.Load()-asked), float64(t.ended.Load()-ended)
	memory, err := memoryOf(s.pid())
	slices.Sort(t.latencies)
	f = callFigures{
		InProgress: len(t.callers), Webhooks: webhooks / took, Calls: calls / took,
		Each:       float64(t.inEnded.Load()-inEnded) / calls,
		PerWebhook: micros(after-before) / webhooks, Loaded: mebi(memory),
		P50: micros(percentile(t.latencies, .5)),
	}
	f.PerCall = f.PerWebhook * f.Each
	return f, err
}

// fill brings every caller on the line, each to another moment of the call.
func (t *town) fill(ctx context.Context) error {
	for i, r := range t.callers {
		for range i % 4 {
			r.act(ctx, t)
		}
	}
	for _, r := range t.callers {
		for r.call == nil {
			r.act(ctx, t)
		}
	}
	return errors.Join(t.failures...)
}

// live has the callers act in turns, as many a second as they do together, whether or
// not those before them have been answered. One who waits for an answer is passed over.
func (t *town) live(ctx context.Context, d time.Duration) {
	var group sync.WaitGroup
	start, next := time.Now(), 0
	for acts := 0; time.Since(start) < d && ctx.Err() == nil; time.Sleep(time.Millisecond) {
		for due := int(time.Since(start).Seconds() * actsPerSecond); acts < due; acts++ {
			r := t.callers[next%len(t.callers)]
			next++
			if r.busy.CompareAndSwap(false, true) {
				group.Go(func() { r.act(ctx, t); r.busy.Store(false) })
			}
		}
	}
	group.Wait()
}

func (t *town) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.failures) < 5 {
		t.failures = append(t.failures, err)
	}
}

// resident is somebody who calls again and again.
type resident struct {
	busy atomic.Bool
	call *phone.Call // nil: between two calls
	plan []act
}

// act does the next thing: calls, or goes on with the call, and hangs up in the end.
func (r *resident) act(ctx context.Context, t *town) {
	if err := r.do(ctx, t); err != nil {
		t.fail(err)
		r.call = nil
		return
	}
	if r.call.Ended() {
		t.ended.Add(1)
		for _, e := range r.call.Events() {
			if _, ok := e.What.(phone.Webhook); ok {
				t.inEnded.Add(1)
			}
		}
		r.call = nil
	}
}

func (r *resident) do(ctx context.Context, t *town) (err error) {
	switch {
	case r.call == nil:
		caller, plan, far := habit(uint64(t.begun.Add(1)))
		r.plan = plan
		r.call, err = t.line.Call(ctx, caller)
		r.call.FarEnd = far
		return err
	case len(r.plan) == 0:
		return r.call.Hangup(ctx)
	}
	next := r.plan[0]
	r.plan = r.plan[1:]
	return next(ctx, r.call)
}

// gogc sets how much our own garbage collector lets gather, until the function that
// it returns is called.
func gogc(percent int) (back func()) {
	runtime.GC()
	before := debug.SetGCPercent(percent)
	return func() { debug.SetGCPercent(before) }
}

func callsTable(all []callFigures) string {
	rows := [][]string{{"calls in progress", "CPU µs a webhook", "webhooks a call", "CPU µs a call",
		"calls/s on a saturated core", "p50 ms", "MiB"}}
	for _, f := range all {
		rows = append(rows, []string{
			fmt.Sprint(f.InProgress), fmt.Sprintf("%.0f", f.PerWebhook), fmt.Sprintf("%.2f", f.Each),
			fmt.Sprintf("%.0f", f.PerCall), fmt.Sprintf("%.0f", f.OneCore), fmt.Sprintf("%.2f", f.P50/1000),
			fmt.Sprintf("%.0f", f.Loaded),
		})
	}
	return markdown(rows)
}
