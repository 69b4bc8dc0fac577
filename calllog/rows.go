package calllog

import (
	"database/sql"
	"strings"
	"time"
)

// callColumns are the columns of the call table in the order of callValues and scanCall.
var callColumns = strings.Fields(`id sid started ended last quiet language offered taken region
	way to_region disposition transfer_seconds transfers turns keys wrong silences last_page trail
	call_status call_seconds stir area_code caller_hash directory texts`)

func callValues(to []any, r *Record) []any {
	return append(to, r.id, r.Call, micros(r.Started), micros(r.Ended), micros(r.Last),
		micros(r.quiet), r.Language, r.Offered, r.Taken, r.Region, r.Way,
		r.ToRegion.Microseconds(), r.Disposition, int64(r.TransferSeconds),
		packTransfers(r.Transfers), int64(r.Turns), r.Keys, int64(r.Wrong), int64(r.Silences),
		r.LastPage, packTrail(r.Trail), r.CallStatus, int64(r.CallSeconds), r.Stir, r.AreaCode,
		r.CallerHash, r.Directory, packTexts(r.Texts))
}

func scanCall(rows *sql.Rows) (r Record, err error) {
	var started, ended, last, quiet, toRegion int64
	var transfers, trail, texts string
	err = rows.Scan(&r.id, &r.Call, &started, &ended, &last, &quiet, &r.Language, &r.Offered,
		&r.Taken, &r.Region, &r.Way, &toRegion, &r.Disposition, &r.TransferSeconds, &transfers,
		&r.Turns, &r.Keys, &r.Wrong, &r.Silences, &r.LastPage, &trail, &r.CallStatus,
		&r.CallSeconds, &r.Stir, &r.AreaCode, &r.CallerHash, &r.Directory,
		&texts)
	r.Started, r.Ended = instant(started), instant(ended)
	r.Last, r.quiet = instant(last), instant(quiet)
	r.ToRegion = time.Duration(toRegion) * time.Microsecond
	r.Transfers, r.Trail = unpackTransfers(transfers), unpackTrail(trail)
	r.Texts = unpackTexts(texts)
	return r, err
}

// eventColumns are the columns of the event table in the order of eventValues and, with
// textColumns, of scanEvent.
var eventColumns = strings.Fields(`call_id key at kind page next keys outcome language offered
	taken region way disposition transfer_seconds call_status call_seconds took_us`)

// textColumns are of few events, which are given them once they are written: two columns more
// would cost every event some hundredths of its time.
const textColumns = ", text_status, text_code"

func eventValues(to []any, id int64, e *Event) []any {
	return append(to, id, e.key, micros(e.At), e.Kind, e.Page, e.Next, e.Keys, e.Outcome,
		e.Language, e.Offered, e.Taken, e.Region, e.Way, e.Disposition, int64(e.TransferSeconds),
		e.CallStatus, int64(e.CallSeconds), e.Took.Microseconds())
}

func scanEvent(rows *sql.Rows) (e Event, err error) {
	var id, at, took int64
	err = rows.Scan(&id, &e.key, &at, &e.Kind, &e.Page, &e.Next, &e.Keys, &e.Outcome,
		&e.Language, &e.Offered, &e.Taken, &e.Region, &e.Way, &e.Disposition, &e.TransferSeconds,
		&e.CallStatus, &e.CallSeconds, &took, &e.TextStatus, &e.TextCode)
	e.At, e.Took = instant(at), time.Duration(took)*time.Microsecond
	return e, err
}

// micros is t as it is stored; 0 is no time at all.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func instant(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// collect reads all rows.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
