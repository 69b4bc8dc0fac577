package calllog

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

const pruned = 200 // calls deleted in one transaction, so that no turn waits long for it

// tend does a part of what keeps the store sound, and tells whether there is more: it sees that the
// store is there while nobody calls, ends the calls that no status callback ended, settles
// the texts that nobody sends any more, and deletes the calls that are past their time.
func (l *Log) tend() (more bool) {
	start := time.Now()
	err := l.with(func(ctx context.Context, s *store) (err error) {
		more, err = l.tidy(ctx, s)
		return err
	})
	if err != nil {
		l.state.fail(fmt.Errorf("tending the store: %w", err))
		return false
	}
	l.judge(time.Since(start))
	return more
}

func (l *Log) tidy(ctx context.Context, s *store) (more bool, err error) {
	if err := s.assume(ctx, l.Now()); err != nil {
		return false, fmt.Errorf("ending calls that have gone quiet: %w", err)
	}
	if err := s.expire(ctx, l.Now()); err != nil {
		return false, fmt.Errorf("settling texts that nobody sends: %w", err)
	}
	n, err := s.prune(ctx, l.Now().Add(-l.Retention))
	if err != nil {
		return false, fmt.Errorf("deleting old calls: %w", err)
	}
	return n == pruned, nil
}

// prune deletes some of the calls that started before t.
func (s *store) prune(ctx context.Context, t time.Time) (n int, err error) {
	err = s.transact(ctx, func(w writing) error {
		n, err = w.remove("started < ? ORDER BY started LIMIT "+strconv.Itoa(pruned), micros(t))
		return err
	})
	return n, err
}

// assume ends the calls that have been quiet for too long to be still there.
func (s *store) assume(ctx context.Context, now time.Time) error {
	hours, err := ask(ctx, s, scanNumber, "SELECT start FROM hour WHERE going > 0")
	for _, hour := range hours {
		var quiet []Event
		quiet, err = ask(ctx, s, scanQuiet, "SELECT sid, quiet FROM call WHERE started >= ? AND "+
			"started < ? AND ended = 0 AND quiet < ? LIMIT 500",
			hour, hour+time.Hour.Microseconds(), micros(now))
		if err == nil && len(quiet) > 0 {
			err = s.write(ctx, quiet)
		}
		if err != nil {
			break
		}
	}
	return err
}

// scanQuiet is the assumed end of a call, the same whoever notices.
func scanQuiet(rows *sql.Rows) (Event, error) {
	var quiet int64
	e := Event{Kind: Assumed}
	err := rows.Scan(&e.Call, &quiet)
	e.At, e.key = instant(quiet), quiet
	return e, err
}
