package calllog_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// call is one that reaches Georgia at the second attempt and is transferred there.
func call(sid string, at time.Time) []calllog.Event {
	return of(sid, at,
		calllog.Event{Next: "en/menu", Outcome: "start", Offered: "georgia", AreaCode: "404",
			Stir: "TN-Validation-Passed-A", CallerHash: []byte("0123456789abcdef")},
		calllog.Event{Page: "en/menu", Next: "en/menu/2", Outcome: calllog.Silence},
		calllog.Event{Page: "en/menu/2", Next: "en/connect/georgia", Keys: "7", Outcome: "choice",
			Way: calllog.Transferred, Region: "georgia", Taken: true, Took: 800 * time.Microsecond},
		calllog.Event{Page: "en/connect/georgia", Next: "en/bye", Outcome: "transfer",
			Region: "georgia", Disposition: "completed", TransferSeconds: 120},
		status(40),
	)
}

// of makes events a call's: ten seconds apart, in English, turns unless they are something else.
func of(sid string, at time.Time, events ...calllog.Event) []calllog.Event {
	for i := range events {
		e := &events[i]
		e.Call, e.ID, e.At = sid, fmt.Sprint(i), at.Add(time.Duration(i)*10*time.Second)
		if e.Kind == "" {
			e.Kind, e.CallStatus, e.Language, e.Directory = calllog.Turn, "in-progress", "en", "v1"
		}
	}
	return events
}

func status(seconds int) calllog.Event {
	return calllog.Event{Kind: calllog.Status, CallStatus: "completed", CallSeconds: seconds}
}

// record is what call comes to.
func record(sid string, at time.Time) calllog.Record {
	return calllog.Record{
		Call: sid, Started: at, Ended: at.Add(40 * time.Second), Last: at.Add(40 * time.Second),
		Language: "en", Offered: "georgia", Taken: true, Region: "georgia",
		Way: calllog.Transferred, ToRegion: 20 * time.Second,
		Disposition: "completed", TransferSeconds: 120,
		Transfers: []calllog.Transfer{{Region: "georgia", Disposition: "completed", Seconds: 120}},
		Turns:     4, Keys: "7", Silences: 1, LastPage: "en/bye",
		Trail: []calllog.Stop{
			{Page: "en/menu", Visits: 1, Silences: 1}, {Page: "en/menu/2", Visits: 1},
			{Page: "en/connect/georgia", Visits: 1}, {Page: "en/bye", Visits: 1},
		},
		CallStatus: "completed", CallSeconds: 40, Stir: "TN-Validation-Passed-A",
		AreaCode: "404", CallerHash: []byte("0123456789abcdef"), Directory: "v1",
	}
}

// note notes events one after the other, each durable.
func note(t *testing.T, l *calllog.Log, events []calllog.Event) {
	t.Helper()
	for _, e := range events {
		if !l.Note(context.Background(), e) {
			eventually(t, "written", func() bool { return l.Health().Queued == 0 })
		}
	}
}

// calls are the records that f picks, without what only the package can see.
func calls(t *testing.T, l *calllog.Log, f calllog.Filter) []calllog.Record {
	t.Helper()
	all, err := l.Calls(t.Context(), f)
	must(t, err)
	return all
}

func summary(t *testing.T, l *calllog.Log) calllog.Summary {
	t.Helper()
	sum, err := l.Summary(t.Context(), calllog.Period{})
	must(t, err)
	return sum
}

func count(t *testing.T, s *store, table string) (n int) {
	t.Helper()
	db, err := sql.Open(s.driver, s.source)
	must(t, err)
	defer db.Close()
	must(t, db.QueryRow("SELECT count(*) FROM "+table).Scan(&n))
	return n
}

// same compares what a caller of the package can see, and shows the first lines that differ.
func same[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	g, err := json.MarshalIndent(got, "", " ")
	must(t, err)
	w, err := json.MarshalIndent(want, "", " ")
	must(t, err)
	gs, ws := strings.Split(string(g), "\n"), strings.Split(string(w), "\n")
	for i := range max(len(gs), len(ws)) {
		if g, w := line(gs, i), line(ws, i); g != w {
			t.Errorf("%s, line %d of %d:\n got %s\nwant %s", what, i, len(ws), g, w)
			return
		}
	}
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "nothing"
}
