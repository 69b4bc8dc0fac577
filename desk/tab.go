package desk

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/coder/websocket"
)

// maxMessage is the longest message that a page may send, in bytes. A transcript
// of an hour is shorter.
const maxMessage = 256 << 10

// farewell is how long a call may take to hang up after its tab is closed.
const farewell = 20 * time.Second

// tab is the life of a page: it tells of the line, and does what it is asked. When
// the page goes its call is hung up.
func (h *Handler) tab(w http.ResponseWriter, r *http.Request) {
	socket, err := websocket.Accept(w, r, nil)
	if err != nil {
		return // Accept has answered
	}
	defer func() { _ = socket.CloseNow() }()
	socket.SetReadLimit(maxMessage)
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer cancel()
	defer context.AfterFunc(h.end, cancel)()
	go h.tell(ctx, socket)
	d := &desk{options: h.options}
	defer d.close(context.WithoutCancel(ctx))
	for {
		_, text, err := socket.Read(ctx)
		if err != nil || send(ctx, socket, d.answer(ctx, text)) != nil {
			return
		}
	}
}

// tell tells a page of the line, now and whenever it changes.
func (h *Handler) tell(ctx context.Context, socket *websocket.Conn) {
	for {
		changed := h.options.Changed()
		if send(ctx, socket, lineMessage(h.options)) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
	}
}

func send(ctx context.Context, socket *websocket.Conn, message any) error {
	text, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return socket.Write(ctx, websocket.MessageText, text)
}

// answer does what a message asks, and returns the one that answers it.
func (d *desk) answer(ctx context.Context, text []byte) any {
	var r request
	if err := json.Unmarshal(text, &r); err != nil {
		return refuse("", "the message cannot be read: %v", err)
	}
	act, known := acts[r.Do]
	if !known {
		return refuse("", "there is nothing like %q to do", r.Do)
	}
	message, err := act(d, ctx, r)
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return refused
	case err != nil:
		return refuse("", "%v", err)
	}
	return message
}

// acts are what a page can ask.
var acts = map[string]func(*desk, context.Context, request) (any, error){
	"call":    (*desk).begin,
	"pass":    (*desk).pass,
	"tap":     (*desk).tap,
	"hangup":  (*desk).hangup,
	"far":     (*desk).meet,
	"trouble": (*desk).befall,
	"save":    (*desk).save,
	"replay":  (*desk).replay,
}
