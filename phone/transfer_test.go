package phone_test

import (
	"net/http"
	"testing"
	"time"

	"premiumline/phone"
)

func dial(attrs string) http.HandlerFunc {
	return says(`<Dial ` + attrs + `><Number>+18776997407</Number></Dial>` +
		`<Say>Behind the dial.</Say>`)
}

// What the Dial's action is told, by what the far end does.
func TestTransfer(t *testing.T) {
	const s = time.Second
	type told struct{ status, duration, bridged, call string }
	stays := func(status string) told { return told{status, "", "false", "in-progress"} }
	for _, test := range []struct {
		name  string
		far   phone.FarEnd
		attrs string
		want  told
		took  time.Duration // from dialling to the end of the transfer
	}{
		{"answers, caller hangs up", phone.FarEnd{}, "",
			told{"completed", "60", "true", "completed"}, 64 * s},
		{"hangs up first", phone.FarEnd{HangsUp: true, Talk: 40 * s}, "",
			told{"completed", "40", "true", "in-progress"}, 44 * s},
		{"time limit", phone.FarEnd{}, `timeLimit="10"`,
			told{"completed", "10", "true", "in-progress"}, 14 * s},
		{"busy", phone.FarEnd{Status: "busy"}, "", stays("busy"), 4 * s},
		{"failed", phone.FarEnd{Status: "failed", Ring: s}, "", stays("failed"), s},
		{"canceled", phone.FarEnd{Status: "canceled"}, "", stays("canceled"), 4 * s},
		{"no answer", phone.FarEnd{Status: "no-answer"}, "", stays("no-answer"), 35 * s},
		{"no answer, sooner", phone.FarEnd{Status: "no-answer"}, `timeout="10"`,
			stays("no-answer"), 15 * s},
		{"answers too late", phone.FarEnd{Ring: 36 * s}, "", stays("no-answer"), 35 * s},
		{"caller ID is no number", phone.FarEnd{}, `callerId="anonymous"`, stays("failed"), 0},
		{"caller ID is a keypad word", phone.FarEnd{}, `callerId="+266696687"`, stays("failed"), 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			srv := serve(t, script{
				"/voice":  says(`<Gather numDigits="1" action="/dial"/>`),
				"/dial":   dial(`action="/dialed" ` + test.attrs),
				"/dialed": says(`<Say>That line did not answer.</Say>`),
			})
			c := srv.call(t)
			c.FarEnd = test.far
			must(t, c.Press(t.Context(), "7"))
			form := srv.latest(t, "/dialed").form
			got := told{form.Get("DialCallStatus"), form.Get("DialCallDuration"),
				form.Get("DialBridged"), form.Get("CallStatus")}
			if got != test.want {
				t.Errorf("the action was told %+v, want %+v", got, test.want)
			}
			if sid := form.Get("DialCallSid"); len(sid) != 34 || sid == c.SID() {
				t.Errorf("DialCallSid %q", sid)
			}
			_, from := happened[phone.Dialed](c)
			_, to := happened[phone.Transferred](c)
			if to[0]-from[0] != test.took {
				t.Errorf("it took %v, want %v", to[0]-from[0], test.took)
			}
			said, _ := happened[phone.Utterance](c)
			if heard := len(said) > 0; heard != (test.want.call == "in-progress") {
				t.Errorf("heard %v", said)
			}
		})
	}
}

func TestDialWithoutActionGoesOn(t *testing.T) {
	replay(t, script{"/voice": dial("")}, `
call   from +14045550100 to +18005550199
dial   busy
dialed +18776997407
hear   Behind the dial.
ended  by the line
`)
}

func TestCallerID(t *testing.T) {
	for attrs, want := range map[string]phone.Dialed{
		"":                           {Number: "+18776997407", CallerID: georgia},
		`callerId="` + tollway + `"`: {Number: "+18776997407", CallerID: tollway, Given: true},
	} {
		c := serve(t, script{"/voice": dial(attrs)}).call(t)
		if got, _ := happened[phone.Dialed](c); got[0] != want {
			t.Errorf("dialed %+v, want %+v", got[0], want)
		}
	}
}

// Hanging up while it rings, and while they talk, tells the action as well.
func TestHangupInTransfer(t *testing.T) {
	for after, want := range map[time.Duration]struct{ status, duration, ended string }{
		2 * time.Second:  {"canceled", "", "by the caller"},
		14 * time.Second: {"completed", "10", "after the transfer"},
	} {
		s := serve(t, script{
			"/voice":  says(`<Gather numDigits="1" action="/dial"/>`),
			"/dial":   dial(`action="/dialed"`),
			"/dialed": says(`<Say>Nobody hears this.</Say>`),
		})
		c := s.call(t)
		must(t, c.Tap(t.Context(), "7"))
		must(t, c.Pass(t.Context(), phone.WebhookTime+after))
		must(t, c.Hangup(t.Context()))
		form := s.latest(t, "/dialed").form
		if form.Get("CallStatus") != "completed" || form.Get("DialCallStatus") != want.status ||
			form.Get("DialCallDuration") != want.duration {
			t.Errorf("after %v the action was told %v", after, form)
		}
		ended, _ := happened[phone.Ended](c)
		said, _ := happened[phone.Utterance](c)
		if string(ended[0].How) != want.ended || len(said) > 0 {
			t.Errorf("ended %s with %v, want %s", ended[0].How, said, want.ended)
		}
	}
}

// With hangupOnStar the caller leaves the other line and comes back to this one.
func TestHangupOnStar(t *testing.T) {
	for attrs, want := range map[string]bool{`hangupOnStar="true"`: true, "": false} {
		s := serve(t, script{
			"/voice": says(`<Gather numDigits="1" action="/dial"/>`),
			"/dial":  dial(attrs),
		})
		c := s.call(t)
		must(t, c.Tap(t.Context(), "7"))
		must(t, c.Pass(t.Context(), 10*time.Second))
		must(t, c.Tap(t.Context(), "*"))
		must(t, c.Pass(t.Context(), 5*time.Second))
		if back := c.Ended(); back != want {
			t.Errorf("%q: back on the line %v, want %v", attrs, back, want)
		}
	}
}
