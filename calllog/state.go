package calllog

import (
	"errors"
	"log/slog"
	"sync"
	"time"
)

// Health is the state of a Log and its store.
type Health struct {
	OK      bool      // turns are durable when Note returns
	Error   string    // what is wrong; what was last wrong if OK; "" if nothing ever was
	Since   time.Time // when OK last changed
	Queued  int       // events in memory
	Written int       // events since Open
	Dropped int       // events since Open that will never be written
}

// Health tells how the Log and its store are, without asking the store.
func (l *Log) Health() Health {
	queued := l.queue.size()
	l.state.mu.Lock()
	defer l.state.mu.Unlock()
	h := l.state.Health
	h.Queued = queued
	return h
}

var errSlow = errors.New("the store is slow")

// state is whether Note waits for the store: a circuit that the first failure opens, and a commit
// that is as fast as it should be closes.
type state struct {
	mu sync.Mutex
	Health
	sick   chan struct{} // closed while not OK
	logger *slog.Logger
	now    func() time.Time

	reported time.Time // when drops were last logged
	silent   int       // drops since
}

func newState(o Options) *state {
	return &state{
		Health: Health{OK: true, Since: o.Now()}, sick: make(chan struct{}),
		logger: o.Logger, now: o.Now,
	}
}

// unwell is closed as long as, or as soon as, the store is not well.
func (s *state) unwell() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sick
}

// fail is told of everything that goes wrong; what is new is logged.
func (s *state) fail(err error) {
	if s.failed(err) {
		s.logger.Error("call log unwell; calls go on, events are queued", "error", err)
	}
}

// failed tells whether err is news.
func (s *state) failed(err error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := !s.OK && (s.Error == err.Error() || errors.Is(err, errSlow))
	if known {
		return false
	}
	s.Error = err.Error()
	if s.OK {
		s.OK, s.Since = false, s.now()
		close(s.sick)
	}
	return true
}

// recover is told when the store does what it should.
func (s *state) recover() {
	s.mu.Lock()
	was := s.Health
	if !was.OK {
		s.OK, s.Since = true, s.now()
		s.sick = make(chan struct{})
	}
	s.mu.Unlock()
	if !was.OK {
		s.logger.Info("call log well again", "after", s.now().Sub(was.Since).String(),
			"written", was.Written, "dropped", was.Dropped)
	}
}

func (s *state) wrote(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Written += n
}

const dropNews = 10 * time.Second // between two log lines about dropped events

// drop counts events that are lost, and logs them together.
func (s *state) drop(n int) {
	if n == 0 {
		return
	}
	if news, all := s.dropped(n); news > 0 {
		s.logger.Error("call log dropped events", "events", news, "in all", all)
	}
}

func (s *state) dropped(n int) (news, all int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Dropped += n
	s.silent += n
	if s.now().Sub(s.reported) < dropNews {
		return 0, s.Dropped
	}
	news, s.silent = s.silent, 0
	s.reported = s.now()
	return news, s.Dropped
}
