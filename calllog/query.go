package calllog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"time"
)

// Period is the calls that started at From or later and before To, both taken down to a whole
// hour; a zero time leaves that end open.
type Period struct{ From, To time.Time }

// Summary is what a Period's calls add up to, as far as they have been written.
type Summary struct {
	Period Period
	Now    int // calls in progress, whenever they started
	Figures
	Hours []Hour // those with calls, oldest first
}

// Hour is the calls that started within the hour from Start.
type Hour struct {
	Start time.Time
	Tally
}

// Filter picks calls; a zero field lets every call through.
type Filter struct {
	From, To time.Time // started at From or later and before To, exactly
	Region   string    // Record.Region
	Outcome  string    // Record.Outcome
	Language string    // Record.Language
	Caller   []byte    // Record.CallerHash
	Limit    int       // no more than so many
}

// ErrUnavailable is in the error of a question asked while the store cannot be reached.
var ErrUnavailable = errors.New("call log unavailable")

// Summary answers what became of the period's calls, from sums kept by the hour.
func (l *Log) Summary(ctx context.Context, p Period) (Summary, error) {
	sum := Summary{Period: p, Figures: *newFigures()}
	s, err := l.reader()
	if err != nil {
		return sum, err
	}
	now, err := ask(ctx, s, scanNumber, "SELECT CAST(coalesce(sum(going), 0) AS BIGINT) FROM hour")
	if err != nil {
		return sum, failed("counting the calls in progress", err)
	}
	sum.Now = int(now[0])
	from, to := p.From.Truncate(time.Hour), p.To.Truncate(time.Hour)
	hours, err := ask(ctx, s, scanHour,
		"SELECT start, figures FROM hour WHERE start >= ? AND start < ? ORDER BY start",
		micros(from), end(to))
	for _, h := range hours {
		sum.add(h.figures)
		sum.Hours = append(sum.Hours, Hour{h.start, h.figures.All})
	}
	return sum, failed("adding up the calls", err)
}

// end is the last moment before which a call may have started; 0 stands for none.
func end(t time.Time) int64 {
	if t.IsZero() {
		return math.MaxInt64
	}
	return micros(t)
}

// Calls lists the calls that f picks, the latest first.
func (l *Log) Calls(ctx context.Context, f Filter) ([]Record, error) {
	var all []Record
	for r, err := range l.Each(ctx, f) {
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, nil
}

const pageful = 1000 // calls read at once

// Each goes through the calls that f picks, the latest first, a thousand at a time; after an
// error it ends.
func (l *Log) Each(ctx context.Context, f Filter) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		left := f.Limit
		if left <= 0 {
			left = math.MaxInt
		}
		where, args := f.where()
		for last := (Record{id: math.MaxInt64}); left > 0; {
			size := min(left, pageful)
			page, err := l.page(ctx, where, append(slices.Clone(args), end(last.Started), last.id), size)
			if err != nil {
				yield(Record{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			left -= len(page)
			if len(page) < size {
				return
			}
			last = page[size-1]
		}
	}
}

func (l *Log) page(ctx context.Context, where string, args []any, size int) ([]Record, error) {
	s, err := l.reader()
	if err != nil {
		return nil, err
	}
	calls, err := ask(ctx, s, scanCall, selectCalls(where+"(started, id) < (?, ?) "+
		"ORDER BY started DESC, id DESC LIMIT "+strconv.Itoa(size)), args...)
	return calls, failed("reading calls", err)
}

// where is the filter in SQL, to be followed by another condition.
func (f Filter) where() (text string, args []any) {
	and := func(condition string, values ...any) {
		text += condition + " AND "
		args = append(args, values...)
	}
	and("started >= ? AND started < ?", micros(f.From), end(f.To))
	for _, c := range []struct{ column, value string }{
		{"region", f.Region}, {"language", f.Language},
	} {
		if c.value != "" {
			and(c.column+" = ?", c.value)
		}
	}
	if f.Caller != nil {
		and("caller_hash = ?", f.Caller)
	}
	switch f.Outcome {
	case "":
	case InProgress:
		and("way = '' AND ended = 0")
	case GaveUp:
		and("way = '' AND ended <> 0")
	default:
		and("way = ?", f.Outcome)
	}
	return text, args
}

// Turns lists the events of a call in order, without their IDs; none of a call that is not known.
func (l *Log) Turns(ctx context.Context, sid string) ([]Event, error) {
	s, err := l.reader()
	if err != nil {
		return nil, err
	}
	turns, err := ask(ctx, s, scanEvent, selectEvents+"(SELECT id FROM call WHERE sid = ?)", sid)
	slices.SortFunc(turns, before)
	for i := range turns {
		turns[i].Call, turns[i].key = sid, 0
	}
	return turns, failed("reading the turns of a call", err)
}

// Forget deletes the calls of the caller with this hash and tells how many there were.
func (l *Log) Forget(ctx context.Context, hash []byte) (int, error) {
	s, err := l.reader()
	if err != nil {
		return 0, err
	}
	ids, err := ask(ctx, s, scanNumber, "SELECT id FROM call WHERE caller_hash = ?", hash)
	if err != nil {
		return 0, failed("looking for a caller", err)
	}
	forgotten := 0
	err = inChunks(ids, func(part []int64) error {
		return s.transact(ctx, func(w writing) error {
			n, err := w.remove("id IN ("+listOf(len(part))+")", anys(part)...)
			forgotten += n
			return err
		})
	})
	if err == nil && s.scrub != "" {
		_, err = s.db.ExecContext(ctx, s.scrub)
	}
	return forgotten, failed("forgetting a caller", err)
}

func anys(ids []int64) []any {
	vs := make([]any, len(ids))
	for i, id := range ids {
		vs[i] = id
	}
	return vs
}

// reader is the store, for a question.
func (l *Log) reader() (*store, error) {
	s := l.store.Load()
	if s == nil {
		return nil, fmt.Errorf("%w: %s", ErrUnavailable, l.Health().Error)
	}
	return s, nil
}

// ask puts a question to the store.
func ask[T any](
	ctx context.Context, s *store, scan func(*sql.Rows) (T, error), text string, args ...any,
) ([]T, error) {
	rows, err := s.db.QueryContext(ctx, s.text(text), args...)
	return collect(rows, err, scan)
}

// failed is the error of a question; nil of nil.
func failed(doing string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %s: %w", ErrUnavailable, doing, err)
}
