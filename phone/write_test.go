package phone_test

import (
	"maps"
	"testing"
	"time"

	"premiumline/phone"
)

// hand makes a call by hand.
type hand struct {
	*testing.T
	*phone.Call
}

// after lets time go by, then presses a key.
func (h hand) after(d time.Duration, key string) {
	h.Helper()
	must(h.T, h.Pass(h.Context(), d))
	must(h.T, h.Tap(h.Context(), key))
}

func (h hand) pass(d time.Duration) { must(h.T, h.Pass(h.Context(), d)) }
func (h hand) hangup()              { must(h.T, h.Hangup(h.Context())) }

// A call that was made by hand is written as a transcript that replays it.
func TestCallAsTranscript(t *testing.T) {
	const s, ms = time.Second, time.Millisecond
	ctx, payments := t.Context(), maps.Clone(payments)
	payments["/voice/fallback"] = says(`<Gather><Say>Every number.</Say></Gather>`)
	for name, play := range map[string]func(h hand){
		"silence":  func(h hand) { must(t, h.Wait(ctx)) },
		"keys":     func(h hand) { must(t, h.Press(ctx, "71")) },
		"barge in": func(h hand) { must(t, h.PressAt(ctx, s, "7")) },
		"at once":  func(h hand) { must(t, h.PressAt(ctx, 0, "7")) },
		"hang up":  func(h hand) { h.pass(9 * s); h.hangup() },
		"hang up in the prompt": func(h hand) {
			h.pass(2 * s)
			h.hangup()
		},
		"a key in its own time": func(h hand) {
			h.after(12*s, "7")
			h.pass(3 * s)
		},
		"busy, then another key": func(h hand) {
			h.FarEnd.Status = "busy"
			must(t, h.Press(ctx, "7"))
			must(t, h.Wait(ctx))
			h.FarEnd = phone.FarEnd{HangsUp: true, Talk: 90 * s}
			must(t, h.Press(ctx, "7"))
			must(t, h.Wait(ctx))
			must(t, h.Press(ctx, "*"))
		},
		"a second key while the first is out": func(h hand) {
			h.after(12*s, "7")
			h.after(123*ms, "1")
		},
		"keys of one Gather, slowly": func(h hand) {
			h.after(1234*ms, "7")
			h.after(4*s, "1")
			h.after(1701*ms, "2")
		},
		"hang up while a webhook is out": func(h hand) {
			h.after(12*s, "7")
			h.pass(300 * ms)
			h.hangup()
		},
		"hang up while it rings": func(h hand) {
			h.FarEnd.Ring = 20 * s
			h.after(12*s, "7")
			h.pass(15 * s)
			h.hangup()
		},
		"hang up in the talk": func(h hand) {
			h.after(12*s, "7")
			h.pass(20 * s)
			h.hangup()
		},
		"it still rings":     func(h hand) { h.after(12*s, "7"); h.pass(7 * s) },
		"it is still spoken": func(h hand) { h.pass(2750 * ms) },
		"they still talk":    func(h hand) { h.after(12*s, "7"); h.pass(15 * s) },
		"hang up after the time-out": func(h hand) {
			must(t, h.Hear(ctx))
			h.pass(5300 * ms) // 300 ms into the goodbye
			h.hangup()
		},
		"a key after the time-out": func(h hand) {
			h.after(12*s, "7")
			h.FarEnd.Status = "busy"
			h.pass(10 * s)
			h.after(2*s, "7")
		},
		"an error": func(h hand) {
			h.Trouble.Fails = true
			h.after(12*s, "7")
			h.pass(3 * s)
		},
		"slow, then well again": func(h hand) {
			h.Trouble.Slow = 8 * s
			h.after(12*s, "7")
			h.Trouble = phone.Trouble{}
			h.after(10*s, "1")
		},
		"an error after the time-out": func(h hand) {
			h.FarEnd.Status = "no-answer"
			h.after(12*s, "7")
			h.pass(2 * s)
			h.Trouble.Fails = true
			h.pass(38 * s)
			h.hangup()
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := hand{t, serve(t, payments).call(t)}
			play(h)
			t.Log("\n" + h.Transcript())
			replay(t, payments, h.Transcript())
		})
	}
}

// A call that begins in the middle of the line, with a transfer that rings.
func TestCallFromTheMiddleAsTranscript(t *testing.T) {
	line := script{
		"/voice/dial": says(`<Dial action="/voice/done"><Number>+18776997407</Number></Dial>`),
		"/voice/7":    payments["/voice/7"],
		"/voice/done": payments["/voice/done"],
		"/voice/menu": payments["/voice/menu"],
	}
	for _, at := range []string{"/voice/dial", "/voice/menu?Digits=1"} {
		s := serve(t, line)
		c, err := s.Begin(t.Context(), phone.Caller{From: georgia, To: tollway, At: at},
			phone.FarEnd{Ring: 9 * time.Second}, phone.Trouble{})
		must(t, err)
		h := hand{t, c}
		h.pass(3 * time.Second)
		t.Log("\n" + h.Transcript())
		replay(t, line, h.Transcript())
		if form := s.requests[0].form; form.Get("CallStatus") != "in-progress" {
			t.Errorf("the call begins at %s with %v", at, form)
		}
	}
}
