package ops_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
	"premiumline/data"
	"premiumline/ops"
)

// listener is an operator's listener that serves, and what it tells of.
type listener struct {
	*testing.T
	url       string
	log       *calllog.Log
	server    *http.Server
	directory atomic.Pointer[ops.Directory]
	ready     atomic.Pointer[error]
}

// serve starts a listener with the records of database.
func serve(t *testing.T, database, password string) *listener {
	t.Helper()
	log, err := calllog.Open(t.Context(), database,
		calllog.Options{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{T: t, log: log}
	l.directory.Store(directory(t))
	l.ready.Store(new(error))
	server := ops.NewServer(ops.NewHandler(ops.Options{
		Figures: ops.NewRegistry(), Log: log, Password: password,
		Ready:     func() error { return *l.ready.Load() },
		Directory: func() ops.Directory { return *l.directory.Load() },
	}))
	l.server = server
	tcp, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.url = "http://" + tcp.Addr().String()
	go func() { _ = server.Serve(tcp) }()
	t.Cleanup(func() {
		_ = server.Close()
		_ = log.Close(context.WithoutCancel(t.Context()))
	})
	return l
}

// breaks says that calls cannot be answered, refuses that a directory was not taken.
func (l *listener) breaks(why string) {
	err := errors.New(why)
	l.ready.Store(&err)
}

func (l *listener) refuses(why string) {
	d := *l.directory.Load()
	d.Refused = why
	l.directory.Store(&d)
}

// sqlite is a database of its own for a test; nowhere is one that is down.
func sqlite(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "calls.db") }

const nowhere = "postgres://premiumline@127.0.0.1:9/calls"

// directory is the built-in one, its first number checked.
func directory(t *testing.T) *ops.Directory {
	t.Helper()
	d, err := data.Open("")
	if err != nil {
		t.Fatal(err)
	}
	out := &ops.Directory{Organisation: d.Organisation, Version: d.Version, Loaded: time.Now()}
	for _, line := range d.Lines {
		out.Lines = append(out.Lines,
			ops.Line{Key: line.Key, Name: line.Name["en"], Regions: line.Regions})
	}
	for _, r := range d.Regions {
		out.Phones = append(out.Phones,
			ops.Phone{Region: r.ID, Name: r.Name["en"], Number: string(r.Phone.Number)})
	}
	out.Phones = append(out.Phones, ops.Phone{Region: data.MemberServices, Name: "Member Services",
		Number: string(d.MemberServices.Phone.Number)})
	out.Phones[0].Checked = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	return out
}

// note writes a call: its events, each so many seconds after start.
func (l *listener) note(start time.Time, sid string, events ...calllog.Event) {
	l.Helper()
	for i, e := range events {
		e.Call, e.ID = sid, fmt.Sprint(sid, i, e.ID)
		e.At = start.Add(time.Duration(e.At.Second()+60*e.At.Minute()) * time.Second)
		if !l.log.Note(context.Background(), e) {
			l.Fatalf("event %d of %s was not kept", i, sid)
		}
	}
}

// The events of a call. The first number is when, in seconds from the answer.

func second(n int) time.Time { return time.Unix(int64(n), 0).UTC() }

func answered(language, areaCode, offered string) calllog.Event {
	return calllog.Event{Kind: calllog.Turn, At: second(0), Outcome: "start", Next: language + "/menu",
		Language: language, AreaCode: areaCode, Offered: offered, Took: 1200 * time.Microsecond,
		Stir: "TN-Validation-Passed-A", Directory: "2f6c1e"}
}

func turn(at int, page, outcome, keys, next string) calllog.Event {
	return calllog.Event{Kind: calllog.Turn, At: second(at), Page: page, Outcome: outcome, Keys: keys,
		Next: next, Language: page[:2], Took: 800 * time.Microsecond}
}

func reaching(e calllog.Event, way, region string) calllog.Event {
	e.Way, e.Region = way, region
	return e
}

func taking(e calllog.Event) calllog.Event {
	e.Taken = true
	return e
}

func dialed(at int, page, region, disposition string, seconds int, next string) calllog.Event {
	e := turn(at, page, "transfer", "", next)
	e.Region, e.Disposition, e.TransferSeconds = region, disposition, seconds
	return e
}

func hungUp(at int) calllog.Event {
	return calllog.Event{
		Kind: calllog.Status, At: second(at), CallStatus: "completed", CallSeconds: at}
}

func textBecame(at int, region, status string) calllog.Event {
	return calllog.Event{Kind: calllog.SMS, At: second(at), Region: region, TextStatus: status}
}
