package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"premiumline/ivr"
)

// hall is where contestants meet.
type hall struct {
	plan
	workshop
	postgres postgres
	first    request // that each is asked
	samples  []sample
	requests *requests
	env      []string // of every contestant
	out      io.Writer
	pace     map[string]int // webhooks a second of a contestant's paced part
	rest     func()
}

// preparedCalls is how many calls the webhooks are of. They are sent again, as others,
// where that is not enough.
const preparedCalls = 20_000

// measure does all there is to do.
func measure(ctx context.Context, p plan, out io.Writer) (r *results, err error) {
	h := &hall{plan: p, out: out, pace: map[string]int{}, rest: func() {}}
	if h.workshop, err = newWorkshop(ctx); err != nil {
		return nil, err
	}
	defer h.workshop.close()
	programs, err := h.prepare(ctx)
	if err != nil {
		return nil, err
	}
	r = newResults(p)
	r.root = h.root
	defer h.settle(&err)()
	start := time.Now()
	line, err := compileLine()
	if err != nil {
		return nil, err
	}
	r.Compile = millis(time.Since(start))
	if err := h.invite(line); err != nil {
		return nil, err
	}
	if r.Contestants, err = h.compete(ctx, programs); err != nil {
		return nil, err
	}
	return r, h.wholeCalls(ctx, programs, r)
}

// prepare builds the contestants, and leaves those away that are not asked for or
// have no database.
func (h *hall) prepare(ctx context.Context) (programs []program, err error) {
	for _, c := range contestants {
		if h.only != "" && c.name != "floor" && !strings.Contains(","+h.only+",", ","+c.name+",") {
			continue
		}
		if c.records == "postgres" {
			if h.postgres, err = findPostgres(ctx, h.root); err != nil {
				fmt.Fprintf(h.out, "%s is left out, there is no PostgreSQL: %v\n", c.name, err)
				continue
			}
		}
		fmt.Fprintf(h.out, "building %s: %s\n", c.name, c.about)
		p, err := h.build(ctx, c)
		if err != nil {
			return nil, fmt.Errorf("building %s: %w", c.name, err)
		}
		programs = append(programs, p)
	}
	return programs, nil
}

// settle takes this process to its core, and PostgreSQL to the contestants', until
// the function that it returns is called.
func (h *hall) settle(err *error) (leave func()) {
	load, other := cores()
	all := "0-" + strconv.Itoa(runtime.NumCPU()-1)
	mine := exec.Command("taskset", "-a", "-c", "-p", load, strconv.Itoa(os.Getpid()))
	if failed := mine.Run(); failed != nil {
		*err = errors.Join(*err, fmt.Errorf("taskset: %w", failed))
	}
	runtime.GOMAXPROCS(1)
	if load == other {
		fmt.Fprintln(h.out, "one core only: the load and what is measured share it")
		h.rest = func() { time.Sleep(50 * time.Microsecond) }
	}
	if h.postgres.pid == 0 {
		return func() {}
	}
	_ = h.postgres.pin(other)
	return func() { _ = h.postgres.pin(all) }
}

// invite tells the contestants what to answer, and prepares the webhooks.
func (h *hall) invite(line *ivr.Line) error {
	m, err := menuOf(line)
	if err != nil {
		return fmt.Errorf("reading the line's pages: %w", err)
	}
	path := filepath.Join(h.folder, "menu.json")
	if err := writeJSON(path, m); err != nil {
		return err
	}
	first := line.Answer(callers[1].turn("", "")).Document
	later := line.Answer(callers[1].turn(menuPage, keys[0])).Document
	h.env = []string{
		"TWILIO_ACCOUNT_SID=" + account, "TWILIO_AUTH_TOKEN=" + authToken, "PUBLIC_URL=" + publicURL,
		"MENU=" + path, "NODE_ENV=production", "LOG_LEVEL=info",
		fmt.Sprintf("FIRST_BYTES=%d", len(first)), fmt.Sprintf("LATER_BYTES=%d", len(later)),
	}
	h.first = callers[0].request(callOf(preparedCalls), "", "")
	h.samples, h.requests = samplesOf(line), requestsOf(preparedCalls)
	return nil
}

// compete has the rounds.
func (h *hall) compete(ctx context.Context, programs []program) (all []*figures, err error) {
	rounds := make([][]figures, len(programs))
	for round := range h.rounds {
		for i, p := range programs {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			f, err := h.round(ctx, p)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			fmt.Fprintf(h.out, "round %d: %-8s %6.1f µs a webhook, %6.0f a second; at %d/s p99 %5.2f ms\n",
				round+1, p.name, f.CPU, f.Rate, f.Pace, f.P99/1000)
			rounds[i] = append(rounds[i], f)
		}
	}
	for i, p := range programs {
		f := median(rounds[i])
		f.Name, f.About, f.Pace = p.name, p.about, h.pace[p.name]
		f.Version, f.Binary = versionOf(ctx, p.contestant), mebi(p.binary)
		all = append(all, &f)
	}
	return all, nil
}

// round starts a contestant, measures it and stops it.
func (h *hall) round(ctx context.Context, p program) (f figures, err error) {
	s, discard, err := h.start(ctx, p)
	if err != nil {
		return f, err
	}
	defer func() { err = errors.Join(err, discard()) }()
	f, err = h.watch(p, s)
	if err := s.stop(err); err != nil {
		return f, err
	}
	return f, h.account(ctx, s, &f)
}

// start starts a program on a store of its own.
func (h *hall) start(ctx context.Context, p program) (s *server, discard func() error, err error) {
	database, discard, err := h.database(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	env := append(h.env[:len(h.env):len(h.env)], "DATABASE_URL="+database,
		"CALLER_HASH_KEY=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	if s, err = p.start(env, h.first); err != nil {
		return nil, nil, errors.Join(err, discard())
	}
	s.database = database
	if p.records == "postgres" {
		s.storeProcess = h.postgres.pid
	}
	return s, discard, nil
}

// database makes an empty store for a contestant that keeps records.
func (h *hall) database(ctx context.Context, p program) (string, func() error, error) {
	name := fmt.Sprintf("premiumline_bench_%d", time.Now().UnixNano())
	switch p.records {
	case "sqlite":
		dir := filepath.Join(h.folder, name)
		discard := func() error { return os.RemoveAll(dir) }
		return "sqlite:" + filepath.Join(dir, "calls.db"), discard, os.Mkdir(dir, 0o700)
	case "postgres":
		return h.postgres.create(ctx, name)
	}
	return "", func() error { return nil }, nil
}

// watch measures a server that has started.
func (h *hall) watch(p program, s *server) (f figures, err error) {
	if p.name != "floor" {
		if err := s.inspect(h.samples); err != nil {
			return f, err
		}
	}
	f.Start = millis(s.started)
	time.Sleep(100 * time.Millisecond)
	idle, err := memoryOf(s.pid())
	if err != nil {
		return f, err
	}
	f.Idle = mebi(idle)
	if err := h.saturated(s, h.warm, &figures{}); err != nil {
		return f, err
	}
	if err := h.saturated(s, h.saturate, &f); err != nil {
		return f, err
	}
	loaded, err := memoryOf(s.pid())
	if err != nil {
		return f, err
	}
	f.Loaded = mebi(loaded)
	return f, h.paced(p, s, &f)
}

// saturated measures what a webhook costs while no core could do more.
func (h *hall) saturated(s *server, d time.Duration, f *figures) error {
	before, err := s.spent()
	if err != nil {
		return err
	}
	start := time.Now()
	n, err := saturate(s.addr, h.requests, h.connections, d)
	took := time.Since(start)
	s.answered += n
	if err != nil {
		return err
	}
	after, err := s.spent()
	if err != nil || n == 0 {
		return errors.Join(err, errors.New("nothing was answered"))
	}
	f.Rate = float64(n) / took.Seconds()
	f.CPU = micros(after.own-before.own) / float64(n)
	f.StoreCPU = micros(after.store-before.store) / float64(n)
	f.Allocs = (after.mallocs - before.mallocs) / float64(n)
	return nil
}

// spent is what a server has used up by now.
type spent struct {
	own, store time.Duration // CPU time
	mallocs    float64       // 0: not of Go
}

func (s *server) spent() (now spent, err error) {
	if now.mallocs, err = s.mallocs(); err != nil {
		now.mallocs = 0 // a contestant that is not of Go does not tell
	}
	if now.own, err = cpuOf(s.pid()); err != nil {
		return now, err
	}
	if s.storeProcess != 0 {
		now.store, err = cpuOf(s.storeProcess)
	}
	return now, err
}

// paces are the fixed rates, webhooks a second. A contestant has the highest that is
// below mostLoad of what it can do.
var paces = []int{2000, 1000, 500, 200, 50}

const mostLoad = 0.7

func paceFor(rate float64) int {
	for _, pace := range paces {
		if float64(pace) < mostLoad*rate {
			return pace
		}
	}
	return paces[len(paces)-1]
}

// paced measures how long callers wait. The first round decides on the rate.
func (h *hall) paced(p program, s *server, f *figures) error {
	if h.pace[p.name] == 0 {
		h.pace[p.name] = paceFor(f.Rate)
	}
	f.Pace = h.pace[p.name]
	latency, err := paced(s.addr, h.requests, f.Pace, h.plan.paced, h.rest)
	s.answered += len(latency)
	f.P50, f.P99 = micros(percentile(latency, .5)), micros(percentile(latency, .99))
	return err
}

// account holds the events in the store against the webhooks that were answered.
func (h *hall) account(ctx context.Context, s *server, f *figures) (err error) {
	f.Answered = float64(s.answered)
	if s.database == "" {
		return nil
	}
	stored, err := eventsIn(ctx, s.database)
	if err != nil {
		return fmt.Errorf("counting events: %w", err)
	}
	if f.Stored = float64(stored); stored != s.answered {
		return fmt.Errorf("%d webhooks were answered, %d events are in the store", s.answered, stored)
	}
	return nil
}

func micros(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) }
func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
func mebi(bytes int64) float64       { return float64(bytes) / (1 << 20) }
