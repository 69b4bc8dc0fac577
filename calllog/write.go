package calllog

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// place is where an event is stored.
type place struct{ call, key int64 }

// calls are the calls of a batch, by CallSid.
type calls map[string]*change

// write stores events that are not there yet and adds them to their calls.
func (s *store) write(ctx context.Context, events []Event) error {
	return s.transact(ctx, func(w writing) error {
		calls, err := w.calls(events)
		if err != nil {
			return fmt.Errorf("reading calls: %w", err)
		}
		events := calls.have(events)
		fresh, err := w.insert(events, calls)
		if err != nil {
			return fmt.Errorf("writing events: %w", err)
		}
		if err := w.texts(fresh, calls); err != nil {
			return fmt.Errorf("writing texts: %w", err)
		}
		changed, err := w.fold(fresh, calls)
		if err != nil {
			return fmt.Errorf("adding events to calls: %w", err)
		}
		if err := w.save(changed); err != nil {
			return fmt.Errorf("writing calls: %w", err)
		}
		return w.recount(changed)
	})
}

// calls finds the calls of the events, and gives new ones their ids.
func (w writing) calls(events []Event) (calls, error) {
	found := make(calls, len(events))
	err := w.recollect()
	if err != nil {
		return nil, err
	}
	var sids []any
	for i := range events {
		sid := events[i].Call
		if found[sid] != nil {
			continue
		}
		r, known := w.lately.calls[sid]
		found[sid] = &change{r, r}
		if !known {
			sids = append(sids, sid)
		}
	}
	err = inChunks(sids, func(part []any) error {
		rows, err := w.query(selectCalls("sid IN ("+listOf(len(part))+")"), part...)
		known, err := collect(rows, err, scanCall)
		for _, r := range known {
			*found[r.Call] = change{r, r}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return found, w.assign(events, found)
}

// assign gives the calls that are not known yet ids, in the order of their events. A text does not
// make a call: it stands in the store with its call, and one that is not there was deleted.
func (w writing) assign(events []Event, found calls) error {
	var next int64
	for i := range events {
		c := found[events[i].Call]
		if c.now.id != 0 || events[i].Kind == SMS {
			continue
		}
		if next == 0 {
			last, err := w.number("SELECT coalesce(max(id), 0) FROM call")
			if err != nil {
				return err
			}
			next = last
		}
		next++
		c.now.id = next
	}
	return nil
}

// have is the events of calls that there are.
func (c calls) have(events []Event) []Event {
	gone := func(e Event) bool { return e.Kind == SMS && c[e.Call].now.id == 0 }
	if slices.ContainsFunc(events, gone) {
		events = slices.DeleteFunc(slices.Clone(events), gone)
	}
	return events
}

// insert writes the events and returns those that were not there yet.
func (w writing) insert(events []Event, found calls) ([]*Event, error) {
	written := make(map[place]bool, len(events))
	args := make([]any, 0, min(len(events), chunks[0])*len(eventColumns))
	err := inChunks(events, func(part []Event) error {
		args = args[:0]
		for i := range part {
			args = eventValues(args, found[part[i].Call].now.id, &part[i])
		}
		rows, err := w.query(insertEvents(len(part)), args...)
		places, err := collect(rows, err, scanPlace)
		for _, p := range places {
			written[p] = true
		}
		return err
	})
	var fresh []*Event
	for i := range events {
		p := place{found[events[i].Call].now.id, events[i].key}
		if written[p] {
			fresh = append(fresh, &events[i])
			delete(written, p)
		}
	}
	return fresh, err
}

func scanPlace(rows *sql.Rows) (p place, err error) {
	err = rows.Scan(&p.call, &p.key)
	return p, err
}

// fold adds the fresh events to their calls and returns the calls that changed.
func (w writing) fold(fresh []*Event, found calls) (changed []*change, err error) {
	seen := make(map[*change]bool, len(fresh))
	for _, e := range fresh {
		c := found[e.Call]
		if !seen[c] {
			seen[c] = true
			changed = append(changed, c)
			c.now.Trail = slices.Clone(c.now.Trail)
		}
		if e.Kind == SMS || e.At.After(c.now.Last) {
			c.now.add(e)
			continue
		}
		if c.now, err = w.refold(c.now, e); err != nil {
			return nil, err
		}
	}
	return changed, nil
}

// refold makes a call's record anew from all its events, because e is not the latest of them.
func (w writing) refold(r Record, e *Event) (Record, error) {
	rows, err := w.query(selectEvents+"?", r.id)
	events, err := collect(rows, err, scanEvent)
	if err != nil {
		return r, err
	}
	r.identify(e)
	now := fold(events)
	now.id, now.Call = r.id, e.Call
	now.Stir, now.AreaCode, now.Directory = r.Stir, r.AreaCode, r.Directory
	now.CallerHash = r.CallerHash
	return now, nil
}

// save writes the changed calls.
func (w writing) save(changed []*change) error {
	var moved, ordinary []*change
	for _, c := range changed {
		w.remember(&c.now)
		if c.old.Started.Equal(c.now.Started) {
			ordinary = append(ordinary, c)
			continue
		}
		moved = append(moved, c)
	}
	if err := w.upsert(moved, settled); err != nil {
		return err
	}
	return w.upsert(ordinary, timely)
}

func (w writing) upsert(changed []*change, keep []string) error {
	args := make([]any, 0, min(len(changed), chunks[0])*len(callColumns))
	return inChunks(changed, func(part []*change) error {
		args = args[:0]
		for _, c := range part {
			args = callValues(args, &c.now)
		}
		return w.exec(upsertCalls(len(part), keep), args...)
	})
}
