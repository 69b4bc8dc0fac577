package calllog

import (
	"context"
	"testing"
	"time"
)

// TestClaimInDoubt has a claim that seemed to fail be in the store after all: nobody sent its
// texts, so that the same outbox may.
func TestClaimInDoubt(t *testing.T) {
	l, err := Open(t.Context(), "sqlite:"+t.TempDir()+"/calls.db", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close(context.Background())
	l.Note(t.Context(), Event{Call: "CA1", ID: "1", Kind: Turn, Text: &Text{Region: "georgia"}})
	o := NewOutbox(l, OutboxOptions{})
	first := mustClaim(t, o)
	if none := mustClaim(t, o); len(first) != 1 || len(none) != 0 {
		t.Fatalf("claimed %d and %d texts, not 1 and 0", len(first), len(none))
	}
	o.doubt = first[0].claim
	again := mustClaim(t, o)
	if len(again) != 1 || again[0].claim == first[0].claim || o.doubt != 0 {
		t.Errorf("claimed %d texts after a claim in doubt", len(again))
	}
}

func mustClaim(t *testing.T, o *Outbox) []claimed {
	t.Helper()
	time.Sleep(time.Millisecond) // the text is due when it was noted, to the microsecond
	texts, err := o.claim(t.Context(), 4)
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
