package data

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settled is how long a folder must have been quiet before it counts as changed:
// an editor, a checkout or a mounted volume writes several files, one by one.
const settled = 300 * time.Millisecond

// Watch calls changed whenever files of the folder dir were written, once they
// are quiet again, until ctx ends. The error is for a folder that cannot be
// watched.
func Watch(ctx context.Context, dir string, log *slog.Logger, changed func()) error {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return fmt.Errorf("watching the directory: %w", err)
	}
	if err := w.Add(dir); err != nil {
		_ = w.Close()
		return fmt.Errorf("watching the directory: %w", err)
	}
	go watch(ctx, w, dir, log, changed)
	return nil
}

func watch(ctx context.Context, w *fsnotify.Watcher, dir string, log *slog.Logger, changed func()) {
	defer func() { _ = w.Close() }()
	prompts := filepath.Join(dir, "prompts")
	addFolder(w, prompts)
	quiet := time.NewTimer(0)
	quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case err := <-w.Errors:
			log.Warn("watching the directory", "error", err)
		case <-w.Events:
			addFolder(w, prompts) // it may have come, or been replaced
			quiet.Reset(settled)
		case <-quiet.C:
			changed()
		}
	}
}

// addFolder watches a folder if it is there.
func addFolder(w *fsnotify.Watcher, dir string) {
	if info, err := os.Stat(dir); err == nil && info.IsDir() {
		_ = w.Add(dir)
	}
}
