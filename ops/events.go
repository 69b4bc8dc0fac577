package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	tick      = time.Second      // between two looks for a change
	heartbeat = 15 * time.Second // the longest silence: proxies close streams that are quiet
	writeWait = 10 * time.Second // for a page that takes nothing any more
)

// events sends the snapshot, again whenever it has changed, until the page is
// closed or the server shuts down. A browser comes back by itself. "beat" is an
// event, not a comment, so that a page can tell a quiet line from a dead one.
func (h *Handler) events(w http.ResponseWriter, r *http.Request) error {
	q, err := readQuery(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("X-Accel-Buffering", "no") // nginx would hold the events back
	if r.Method == http.MethodHead {
		return nil
	}
	out := &stream{w: w, control: http.NewResponseController(w)}
	ctx, stop := context.WithCancel(r.Context())
	defer stop()
	defer context.AfterFunc(h.end, stop)()
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for out.offer(h.snapshot(ctx, q)) == nil {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
		}
	}
	return nil
}

// stream is an open page.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	last    []byte
	sent    time.Time
}

// offer sends the snapshot if it is news.
func (s *stream) offer(snap snapshot) error {
	text, err := json.Marshal(snap)
	switch {
	case err != nil:
		return err
	case !bytes.Equal(text, s.last):
		s.last = text
		return s.send("snapshot", text)
	case time.Since(s.sent) >= heartbeat:
		return s.send("beat", nil)
	}
	return nil
}

func (s *stream) send(event string, data []byte) error {
	s.sent = time.Now()
	if err := s.control.SetWriteDeadline(s.sent.Add(writeWait)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", event, data); err != nil {
		return err
	}
	return s.control.Flush()
}
