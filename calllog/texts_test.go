package calllog_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

func TestSeal(t *testing.T) {
	sealed := hasher.Seal(number)
	opened, err := hasher.Open(sealed)
	must(t, err)
	same(t, "opened", opened, number)
	same(t, "sealed twice", bytes.Equal(sealed, hasher.Seal(number)), false)
	same(t, "of nobody", hasher.Seal("anonymous") == nil, true)
	other, err := calllog.OpenHasher("", key+"!")
	must(t, err)
	changed := bytes.Clone(sealed)
	changed[len(changed)-1]++
	for _, c := range []struct {
		name   string
		hasher calllog.Hasher
		sealed []byte
	}{
		{"another key", other, sealed}, {"changed", hasher, changed}, {"none", hasher, nil},
	} {
		if _, err := c.hasher.Open(c.sealed); err == nil {
			t.Error("opened: ", c.name)
		}
	}
}

// TestNumberIsSealed searches the files for the number of a caller who is sent a text, and for
// what it is sealed as once the text is sent.
func TestNumberIsSealed(t *testing.T) {
	var c clock
	s := newSQLite(t)
	l := s.open(t, c.options())
	events := textCall("CA1", noon.Add(-time.Minute), "georgia")
	note(t, l, events)
	unknown := func() {
		t.Helper()
		for _, part := range []string{number, number[2:], "5550123"} {
			same(t, part+" in the files", found(t, s, part), false)
		}
	}
	unknown()
	sealed := string(events[1].Text.To)
	same(t, "sealed number in the files", found(t, s, sealed), true)
	sending(t, l, func(context.Context, calllog.Outgoing) calllog.Result {
		unknown()
		return calllog.Result{}
	})
	become(t, l, "georgia sent 0")
	must(t, l.Close(t.Context()))
	unknown()
	same(t, "sealed number in the files", found(t, s, sealed), false)
}

// TestNumberIsNotLogged has Twilio quote the number in an error.
func TestNumberIsNotLogged(t *testing.T) {
	var c clock
	var lines bytes.Buffer
	o := c.options()
	o.Logger = slog.New(slog.NewTextHandler(&lines, nil))
	l, err := calllog.Open(t.Context(), newSQLite(t).url, o)
	must(t, err)
	note(t, l, textCall("CA1", noon.Add(-time.Minute), "georgia"))
	stop := sending(t, l, func(_ context.Context, o calllog.Outgoing) calllog.Result {
		return calllog.Result{Err: fmt.Errorf("%s is no number", o.To), Code: 21211}
	})
	become(t, l, "georgia failed 21211")
	stop()
	must(t, l.Close(t.Context()))
	same(t, "number in the log", strings.Contains(lines.String(), number[1:]), false)
	same(t, "why", strings.Contains(lines.String(), "+... is no number"), true)
}

// TestVersion1 opens a database as the first version of this program left it.
func TestVersion1(t *testing.T) {
	for _, c := range stores {
		t.Run(c.name, func(t *testing.T) {
			s := c.make(t)
			version1(t, s, c.name)
			var now clock
			now.add(time.Minute)
			l := s.open(t, now.options())
			want := record("CA2", noon.Add(time.Minute))
			want.Ended, want.Last = time.Time{}, noon.Add(70*time.Second)
			want.Taken, want.Region, want.Way, want.ToRegion = false, "", "", 0
			want.Disposition, want.TransferSeconds, want.Transfers = "", 0, nil
			want.Turns, want.Keys, want.LastPage, want.Trail = 2, "", "en/menu/2", want.Trail[:2]
			want.CallStatus, want.CallSeconds = "in-progress", 0
			same(t, "records", calls(t, l, calllog.Filter{}),
				[]calllog.Record{want, record("CA1", noon)})
			turns, err := l.Turns(t.Context(), "CA1")
			must(t, err)
			same(t, "turns", turns, asKept(call("CA1", noon)))
			same(t, "calls", summary(t, l).All.Calls, 2)
			sumsAreThoseOfTheCalls(t, l)

			asks := textCall("CA2", noon.Add(2*time.Minute), "georgia")[1:]
			asks[0].ID = "asks"
			note(t, l, asks)
			now.add(3 * time.Minute)
			var twilio carrier
			sending(t, l, twilio.send)
			become(t, l, "georgia sent 0")
		})
	}
}

func version1(t *testing.T, s *store, dialect string) {
	t.Helper()
	tables, err := os.ReadFile("migrations/" + dialect + "/0001_calls.sql")
	must(t, err)
	rows, err := os.ReadFile("testdata/version1.sql")
	must(t, err)
	text := string(rows)
	if dialect == "postgres" {
		text = strings.ReplaceAll(text, "X'", `'\x`)
	}
	execute(t, s.driver, s.source, string(tables)+text+
		"CREATE TABLE calllog_version (version INTEGER NOT NULL); "+
		"INSERT INTO calllog_version VALUES (1)")
}

// TestOutboxUnwell has the store away while a text waits: none is sent that could not be claimed.
func TestOutboxUnwell(t *testing.T) {
	for _, c := range []struct {
		name string
		make func(testing.TB) *store
	}{{"sqlite", newSQLite}, {"postgres", ownPostgres}} {
		t.Run(c.name, func(t *testing.T) {
			var now clock
			var twilio carrier
			s := c.make(t)
			l := s.open(t, now.options())
			note(t, l, textCall("CA1", noon, "georgia"))
			mend := s.fail(t)
			eventually(t, "unwell", func() bool { return !l.Health().OK })
			now.add(time.Minute)
			sending(t, l, twilio.send)
			time.Sleep(500 * time.Millisecond)
			same(t, "sent", twilio.count(), 0)
			if _, _, err := l.Texts(t.Context()); !errors.Is(err, calllog.ErrUnavailable) {
				t.Error("counting texts without a store: ", err)
			}
			mend()
			eventually(t, "well", func() bool { return l.Health().OK })
			become(t, l, "georgia sent 0")
			same(t, "sent", twilio.count(), 1)
		})
	}
}
