package ops

import (
	"context"
	"sync"
	"time"

	"premiumline/calllog"
)

// How long an answer of the store is good: while this process writes events, and
// while only other replicas may.
const (
	freshBusy  = time.Second
	freshQuiet = 5 * time.Second
	patience   = 5 * time.Second // with the store
)

// taken is what the store answered to a query.
type taken struct {
	at      time.Time
	written int // events of this process by then
	period  calllog.Summary
	today   calllog.Summary
	calls   []calllog.Record
	err     error
}

// records asks the store on behalf of every open page: a hundred pages cost it
// what one does.
type records struct {
	log  *calllog.Log
	mu   sync.Mutex
	kept map[query]*taken
}

func newRecords(log *calllog.Log) *records {
	return &records{log: log, kept: map[query]*taken{}}
}

// take returns what the store answers, or answered a moment ago.
func (r *records) take(ctx context.Context, q query) *taken {
	r.mu.Lock()
	defer r.mu.Unlock()
	now, written := time.Now(), r.log.Health().Written
	if t := r.kept[q]; t != nil && t.good(now, written) {
		return t
	}
	t := &taken{at: now, written: written}
	t.err = t.ask(ctx, r.log, q)
	if ctx.Err() != nil {
		return t // the asker has left; the next one asks anew
	}
	r.kept[q] = t
	for q, t := range r.kept {
		if now.Sub(t.at) > time.Minute {
			delete(r.kept, q)
		}
	}
	return t
}

func (t *taken) good(now time.Time, written int) bool {
	age := now.Sub(t.at)
	return age < freshBusy || age < freshQuiet && written == t.written && t.err == nil
}

func (t *taken) ask(ctx context.Context, log *calllog.Log, q query) (err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if t.period, err = log.Summary(ctx, q.span(t.at)); err != nil {
		return err
	}
	t.today = t.period
	if today := (query{periods[0], q.zone}); today != q {
		if t.today, err = log.Summary(ctx, today.span(t.at)); err != nil {
			return err
		}
	}
	t.calls, err = log.Calls(ctx, q.filter(t.at, someCalls))
	return err
}
