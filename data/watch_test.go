package data_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"premiumline/data"
)

// TestWatch: a change is told once its files are quiet, also in the prompts, also
// in a prompts folder that came later.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	write := func(name string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(time.Now().String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("directory.yaml")
	changed := make(chan struct{}, 100)
	err := data.Watch(t.Context(), dir, slog.New(slog.DiscardHandler), func() { changed <- struct{}{} })
	if err != nil {
		t.Fatal(err)
	}
	told := func(what string) {
		t.Helper()
		select {
		case <-changed:
		case <-time.After(20 * time.Second):
			t.Fatalf("nobody was told of %s", what)
		}
	}
	for range 5 {
		write("directory.yaml")
	}
	told("a new directory.yaml")
	write("prompts/en.yaml")
	told("a new folder of prompts")
	write("prompts/en.yaml")
	told("a new prompt")
	if n := len(changed); n > 0 {
		t.Errorf("%d changes were told too often", n)
	}
}

func TestWatchNothing(t *testing.T) {
	err := data.Watch(t.Context(), "testdata/nowhere", slog.New(slog.DiscardHandler), func() {})
	if err == nil {
		t.Error("a folder that is not there is watched")
	}
}
