package phone_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"premiumline/phone"
)

// TestTrouble: what befalls the webhooks of a call, in the words of a transcript.
func TestTrouble(t *testing.T) {
	payments := script{
		"/voice": payments["/voice/menu"], "/voice/7": payments["/voice/7"],
		"/voice/fallback": says(`<Say>Every number.</Say>`),
	}
	for name, want := range map[string]string{
		"slow": `
call   from anonymous to +18005550199
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
server slow after 8.5 s
press  7
hear   Georgia. Connecting you now.
hangup
ended  by the caller
`,
		"too slow": `
call   from anonymous to +18005550199
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
server slow after 15 s repeats
press  7
failed /voice/7: no answer within 15 s (11205)
hear   Every number.
ended  by the line
`,
		"an error from the beginning": `
call   from anonymous to +18005550199
dial   busy
server fails
failed /voice: status 500 Internal Server Error (11200)
hear   Every number.
ended  by the line
`,
	} {
		t.Run(name, func(t *testing.T) { replay(t, payments, want) })
	}
}

// TestSlowCounts: a slow answer is silence on the call.
func TestSlowCounts(t *testing.T) {
	c := serve(t, payments).call(t)
	c.Trouble.Slow = 9 * time.Second
	must(t, c.Hear(t.Context()))
	before := c.Now()
	must(t, c.PressAt(t.Context(), 0, "7"))
	if got := c.Now() - before; got != 9*time.Second {
		t.Errorf("the webhook took %v of the call", got)
	}
	c, err := serve(t, payments).Begin(t.Context(), atlanta, phone.FarEnd{}, phone.Trouble{Slow: 4 * time.Second})
	must(t, err)
	if what, until := c.Doing(); what != phone.Asking || until != 4*time.Second {
		t.Errorf("as the call begins, %q until %v goes on", what, until)
	}
}

// TestRepeats: the line is asked twice with one token, and must not change its mind.
func TestRepeats(t *testing.T) {
	s := serve(t, payments)
	c := s.call(t)
	c.Trouble.Repeats = true
	must(t, c.Press(t.Context(), "7"))
	hooks, _ := happened[phone.Webhook](c)
	again := hooks[len(hooks)-1]
	if first := hooks[len(hooks)-2]; !again.Again || first.Again || again.Signature != first.Signature {
		t.Errorf("the webhooks were %v", hooks)
	}

	asked := 0
	c = serve(t, script{
		"/voice": menu(`numDigits="1" action="/n"`),
		"/n": func(w http.ResponseWriter, r *http.Request) {
			asked++
			says(fmt.Sprintf("<Say>%d</Say>", asked))(w, r)
		},
		"/voice/fallback": says(""),
	}).call(t)
	c.Trouble.Repeats = true
	must(t, c.Press(t.Context(), "7"))
	hooks, _ = happened[phone.Webhook](c)
	const want = "/n: the same webhook sent again got another answer (11200)"
	if err := hooks[2].Err; err == nil || err.Error() != want {
		t.Errorf("the second answer gave %v", err)
	}
}

// TestDoing: what goes on from moment to moment.
func TestDoing(t *testing.T) {
	h := hand{t, serve(t, payments).call(t)}
	h.FarEnd.Ring = 2 * time.Second
	seen := []phone.Doing{}
	look := func() {
		what, until := h.Doing()
		if seen = append(seen, what); what != "" && until < h.Now() {
			t.Errorf("%q was over before %v", what, h.Now())
		}
	}
	look()
	h.after(12*time.Second, "7")
	look()
	h.pass(time.Second)
	look()
	h.pass(4 * time.Second)
	look()
	h.pass(2 * time.Second)
	look()
	h.hangup()
	look()
	if got := fmt.Sprint(seen); got != "[gather webhook gather ringing talking ]" {
		t.Errorf("what went on: %s", got)
	}
}
