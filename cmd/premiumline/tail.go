package main

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
)

// tail hands log entries on, and keeps those of calls at info and above as lines of
// a transcript: without what differs from call to call.
type tail struct {
	slog.Handler
	kept *latest
}

// latest is the latest entries.
type latest struct {
	mu      sync.Mutex
	entries []entry
}

type entry struct{ call, text string }

// keptEntries is how many are kept: a test of a call has some ten.
const keptEntries = 500

func newTail(next slog.Handler) *tail { return &tail{next, &latest{}} }

func (t *tail) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelInfo || t.Handler.Enabled(ctx, level)
}

func (t *tail) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelInfo {
		t.keep(ctx, r)
	}
	if !t.Handler.Enabled(ctx, r.Level) {
		return nil
	}
	return t.Handler.Handle(ctx, r)
}

func (t *tail) keep(ctx context.Context, r slog.Record) {
	var text bytes.Buffer
	var call string
	h := slog.NewTextHandler(&text, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			switch a.Key {
			case "call":
				call = a.Value.String()
				return slog.Attr{}
			case slog.TimeKey, slog.LevelKey:
				return slog.Attr{}
			}
			return a
		},
	})
	if err := h.Handle(ctx, r); err == nil && call != "" {
		t.kept.add(entry{call, strings.TrimSpace(strings.Replace(text.String(), "msg=", "", 1))})
	}
}

func (k *latest) add(e entry) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.entries = append(k.entries[max(0, len(k.entries)+1-keptEntries):], e)
}

// of returns the lines of a call since it was last asked about.
func (t *tail) of(call string) (lines []string) {
	t.kept.mu.Lock()
	defer t.kept.mu.Unlock()
	var others []entry
	for _, e := range t.kept.entries {
		if e.call == call {
			lines = append(lines, e.text)
		} else {
			others = append(others, e)
		}
	}
	t.kept.entries = others
	return lines
}
