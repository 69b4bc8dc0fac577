package calllog

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	firstPause = 50 * time.Millisecond
	mostPause  = time.Second
)

// run is the one goroutine that writes: what is queued, and in between what keeps the store tidy.
func (l *Log) run() {
	defer close(l.written)
	defer l.shut()
	tick := time.NewTicker(l.Tend)
	defer tick.Stop()
	for more := false; ; {
		idle := !l.commit()
		select {
		case <-tick.C:
			more = true
		default:
		}
		switch {
		case more:
			more = l.tend()
		case idle && !l.rest(tick.C, &more):
			return
		}
	}
}

// rest waits for something to do; false when there will be nothing more.
func (l *Log) rest(tick <-chan time.Time, more *bool) bool {
	select {
	case <-l.queue.filled:
	case <-tick:
		*more = true
	case <-l.closing:
		return l.queue.size() > 0
	}
	return true
}

// commit writes the oldest batch; false if there is none.
func (l *Log) commit() bool {
	l.queue.gather()
	b := l.queue.take()
	if b == nil {
		return false
	}
	n := l.persist(b.events)
	l.state.wrote(n)
	l.state.drop(len(b.events) - n)
	l.queue.finish(b, n == len(b.events))
	if b.texts {
		signal(l.texted)
	}
	return true
}

// persist writes events however long it takes, or until Close has waited long enough, and returns
// how many there are in the store.
func (l *Log) persist(events []Event) (n int) {
	for pause := firstPause; l.hurry.Err() == nil; pause = min(2*pause, mostPause) {
		start := time.Now()
		err := l.with(func(ctx context.Context, s *store) (err error) {
			n, err = l.write(ctx, s, events)
			return err
		})
		if err == nil {
			l.judge(time.Since(start))
			return n
		}
		l.state.fail(err)
		l.pause(pause)
	}
	return 0
}

// judge closes the circuit when a turn that came now would be written in time: after the batches
// that wait already, if each takes as long as the last one.
func (l *Log) judge(took time.Duration) {
	ahead := l.queue.size() / l.Batch
	if took*time.Duration(1+ahead) <= l.Wait {
		l.state.recover()
	}
}

// pause waits a little more or less than d, or until Close has waited long enough.
func (l *Log) pause(d time.Duration) {
	select {
	case <-time.After(d/2 + rand.N(d)):
	case <-l.hurry.Done():
	}
}

// write gives the store the events and returns how many it took: those that it never will are
// left out, so that they do not keep the others waiting.
func (l *Log) write(ctx context.Context, s *store, events []Event) (n int, err error) {
	err = s.write(ctx, events)
	if err == nil {
		return len(events), nil
	}
	if s.judge(err) != badData {
		return 0, err
	}
	if len(events) == 1 {
		l.Logger.Error("call log refused an event", "call", events[0].Call, "error", err)
		return 0, nil
	}
	half := len(events) / 2
	first, err := l.write(ctx, s, events[:half])
	if err != nil {
		return 0, err
	}
	second, err := l.write(ctx, s, events[half:])
	return first + second, err
}

// with lets do use the store, which is opened if it is not and closed if do fails.
func (l *Log) with(do func(context.Context, *store) error) error {
	l.lookAfter()
	if l.store.Load() == nil {
		if err := l.reopen(l.hurry); err != nil {
			return err
		}
	}
	err := do(l.hurry, l.store.Load())
	if err != nil {
		l.shut()
	}
	return err
}

// lookAfter closes a store that is not the one any more that others would open.
func (l *Log) lookAfter() {
	s := l.store.Load()
	if s == nil {
		return
	}
	if err := s.present(); err != nil {
		l.Logger.Warn("opening the call log anew", "error", err)
		l.shut()
	}
}

// reopen opens the store.
func (l *Log) reopen(ctx context.Context) error {
	s, err := l.open(ctx)
	if err != nil {
		return err
	}
	l.store.Store(s)
	return nil
}

// shut closes the store, if there is one.
func (l *Log) shut() {
	if s := l.store.Swap(nil); s != nil {
		s.close()
	}
}
