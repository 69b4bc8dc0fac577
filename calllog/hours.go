package calllog

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// change is a call before and after a transaction.
type change struct {
	old, now Record // old.id is 0 for a call that was not known, now.id for one that goes
}

// hours are the sums that a transaction changes, by the hour's first microsecond.
type hours map[int64]*Figures

// recount brings the sums by hour in step with changed calls.
func (w writing) recount(changes []*change) error {
	sums := hours{}
	for _, c := range changes {
		if err := errors.Join(w.count(sums, &c.old, -1), w.count(sums, &c.now, 1)); err != nil {
			return fmt.Errorf("reading the sums of an hour: %w", err)
		}
	}
	for hour, f := range sums {
		if err := w.setFigures(hour, f); err != nil {
			return fmt.Errorf("writing the sums of an hour: %w", err)
		}
	}
	return nil
}

// count adds a call n times to the sums of its hour.
func (w writing) count(sums hours, r *Record, n int) (err error) {
	if r.id == 0 {
		return nil
	}
	hour := micros(r.Started.Truncate(time.Hour))
	f := sums[hour]
	if f == nil {
		if f, err = w.figures(hour); err != nil {
			return err
		}
		sums[hour] = f
	}
	f.count(r, n)
	return nil
}

// figures reads the sums of an hour.
func (w writing) figures(hour int64) (*Figures, error) {
	rows, err := w.query("SELECT start, figures FROM hour WHERE start = ?", hour)
	known, err := collect(rows, err, scanHour)
	if err != nil || len(known) == 0 {
		return newFigures(), err
	}
	return known[0].figures, nil
}

// setFigures writes the sums of an hour, or deletes those of an hour without calls.
func (w writing) setFigures(hour int64, f *Figures) error {
	f.trim()
	if f.All.Calls == 0 {
		return w.exec("DELETE FROM hour WHERE start = ?", hour)
	}
	text, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return w.exec("INSERT INTO hour (start, going, figures) VALUES (?, ?, ?) ON CONFLICT (start) "+
		"DO UPDATE SET going = excluded.going, figures = excluded.figures",
		hour, int64(f.All.Calls-f.All.Ended), string(text))
}

type hourRow struct {
	start   time.Time
	figures *Figures
}

func scanHour(rows *sql.Rows) (hourRow, error) {
	var start int64
	var text sql.RawBytes
	if err := rows.Scan(&start, &text); err != nil {
		return hourRow{}, err
	}
	f := newFigures()
	return hourRow{instant(start), f}, json.Unmarshal(text, f)
}

// remove deletes the calls that where picks, their events and texts, and their part in the sums.
func (w writing) remove(where string, args ...any) (int, error) {
	rows, err := w.query(selectCalls(where), args...)
	calls, err := collect(rows, err, scanCall)
	if err != nil {
		return 0, fmt.Errorf("reading calls to delete: %w", err)
	}
	var gone []*change
	for _, r := range calls {
		gone = append(gone, &change{old: r})
		w.lately.drop(r.Call)
	}
	if err := inChunks(calls, w.erase); err != nil {
		return 0, fmt.Errorf("deleting calls: %w", err)
	}
	return len(calls), w.recount(gone)
}

// erase deletes calls, their events and their texts.
func (w writing) erase(calls []Record) error {
	ids := make([]any, len(calls))
	for i := range calls {
		ids[i] = calls[i].id
	}
	in := " IN (" + listOf(len(ids)) + ")"
	return errors.Join(w.exec("DELETE FROM event WHERE call_id"+in, ids...),
		w.exec("DELETE FROM text WHERE call_id"+in, ids...),
		w.exec("DELETE FROM call WHERE id"+in, ids...))
}
