package phone_test

import (
	"net/http"
	"testing"
	"time"

	"premiumline/phone"
)

// menu is a Gather in a document that says what comes after it.
func menu(attrs string) http.HandlerFunc {
	return says(`<Gather ` + attrs + `><Say>Press a key.</Say></Gather><Say>Fell through.</Say>`)
}

func TestGather(t *testing.T) {
	const long = `action="/keys" finishOnKey="" numDigits="3"`
	for _, test := range []struct {
		name, attrs, press string
		digits, finished   string // as the action is told; "-": it is not asked
	}{
		{"a key", `action="/keys" numDigits="1"`, "7", "7", ""},
		{"all digits", `action="/keys" numDigits="5"`, "30303", "30303", ""},
		{"the finishing key is not a digit", `action="/keys"`, "12#", "12", "#"},
		{"another finishing key", `action="/keys" finishOnKey="*"`, "1#*", "1#", "*"},
		{"no finishing key", long, "1#*", "1#*", ""},
		{"too few digits time out", long, "12", "12", ""},
		{"the finishing key alone is no input", `action="/keys" numDigits="1"`, "#", "-", ""},
		{"no input, wanted", `action="/keys" actionOnEmptyResult="true"`, "#", "", "#"},
		{"time-out, wanted", `action="/keys" actionOnEmptyResult="true"`, "", "", ""},
		{"time-out", `action="/keys"`, "", "-", ""},
		{"speech hears no key", `action="/keys" input="speech"`, "1", "-", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, script{"/voice": menu(test.attrs), "/keys": says("")})
			c := s.call(t)
			if test.press != "" {
				must(t, c.Press(t.Context(), test.press))
			}
			if !c.Ended() {
				must(t, c.Wait(t.Context()))
			}
			if test.digits == "-" {
				if len(s.requests) != 2 {
					t.Errorf("asked %v, want no action", s.asked())
				}
				return
			}
			form := s.latest(t, "/keys").form
			digits, ok := form["Digits"]
			if !ok || digits[0] != test.digits || form.Get("FinishedOnKey") != test.finished {
				t.Errorf("Digits %q, FinishedOnKey %q, want %q, %q",
					digits, form.Get("FinishedOnKey"), test.digits, test.finished)
			}
			if form.Get("msg") != "Gather End" || form.Get("CallStatus") != "in-progress" {
				t.Errorf("msg %q, CallStatus %q", form.Get("msg"), form.Get("CallStatus"))
			}
		})
	}
}

func TestGatherDefaultActionIsItsOwnDocument(t *testing.T) {
	s := serve(t, script{
		"/voice":         says(`<Redirect>voice/en/menu?pass=1</Redirect>`),
		"/voice/en/menu": says(`<Gather numDigits="1"/>`),
	})
	c := s.call(t)
	must(t, c.Press(t.Context(), "1"))
	if got := s.latest(t, "/voice/en/menu?pass=1").form.Get("Digits"); got != "1" {
		t.Errorf("Digits %q came back to the document, want 1", got)
	}
}

// The time-out starts when the prompts end, and again after each key.
func TestGatherTimeout(t *testing.T) {
	s := serve(t, script{
		"/voice": says(`<Gather timeout="8" numDigits="5" action="/zip">` +
			`<Say>Hello.</Say><Pause length="2"/></Gather>`),
		"/zip": says(""),
	})
	c := s.call(t)
	said := phone.SpeechTime("Hello.", "en-US", 1)
	must(t, c.Pass(t.Context(), said+9*time.Second)) // 1 s before the time-out
	must(t, c.Tap(t.Context(), "1"))
	must(t, c.Pass(t.Context(), 7*time.Second))
	must(t, c.Tap(t.Context(), "2"))
	must(t, c.Pass(t.Context(), 8*time.Second))
	out, at := happened[phone.TimedOut](c)
	if len(out) != 1 || out[0].Digits != "12" || at[0] != said+24*time.Second {
		t.Errorf("timed out %v at %v, want 12 at %v", out, at, said+24*time.Second)
	}
}

// A key stops the prompt it comes into, and what was not begun is not heard.
func TestBargeIn(t *testing.T) {
	s := serve(t, script{
		"/voice": says(`<Gather numDigits="1" action="/keys"><Say>One fish.<break time="500ms"/>` +
			`Two fish.<break time="500ms"/>Red fish.</Say></Gather>`),
		"/keys": says(`<Hangup/>`),
	})
	c := s.call(t)
	if ahead := c.Ahead(); len(ahead) != 5 {
		t.Fatalf("ahead is %v, want three utterances and two breaks", ahead)
	}
	fish := phone.SpeechTime("One fish.", "en-US", 1)
	after := fish + 600*time.Millisecond
	must(t, c.PressAt(t.Context(), after, "1"))
	said, at := happened[phone.Utterance](c)
	if len(said) != 2 || said[0].Cut || !said[1].Cut {
		t.Fatalf("heard %+v, want one whole and one cut", said)
	}
	if at[1] != fish+500*time.Millisecond || said[1].Length != 100*time.Millisecond {
		t.Errorf("the second began at %v and took %v", at[1], said[1].Length)
	}
	if keys, at := happened[phone.Key](c); len(keys) != 1 || at[0] != after {
		t.Errorf("pressed %v at %v, want %v", keys, at, after)
	}
}

// The clock stands still at any moment, with what is being said half said.
func TestPassIntoAPrompt(t *testing.T) {
	s := serve(t, script{"/voice": says(
		`<Say>Welcome to the line.</Say><Gather numDigits="1"><Say>One fish.</Say></Gather>`)})
	c := s.call(t)
	start := c.Now()
	must(t, c.Pass(t.Context(), 300*time.Millisecond))
	if said, _ := happened[phone.Utterance](c); len(said) != 2 || said[1].Cut {
		t.Errorf("heard %v, want the prompt begun", said)
	}
	if len(c.Ahead()) != 0 || !c.Listening() || c.Now() != start+300*time.Millisecond {
		t.Errorf("ahead %v, at %v", c.Ahead(), c.Now())
	}
	must(t, c.Hangup(t.Context()))
	said, _ := happened[phone.Utterance](c)
	if !said[1].Cut || said[1].Length != 300*time.Millisecond {
		t.Errorf("hanging up left %+v", said[1])
	}
}

// Keys typed ahead of a webhook go to the next Gather; anything said outside a
// Gather swallows them.
func TestTypingAhead(t *testing.T) {
	const code = `<Gather action="/zip" numDigits="2"><Say>The code.</Say></Gather>`
	for _, test := range []struct {
		name, verbs, keys string
		want              string // the second Gather's Digits; "-": it is still listening
	}{
		{"to the next Gather", "", "123", "23"},
		{"through a Redirect", "<Redirect>/again</Redirect>", "123", "23"},
		{"lost in a Gather for speech", `<Gather input="speech"/>`, "123", "-"},
		{"lost in a Say", "<Say>Wait a little, please.</Say>", "123", "-"},
		{"lost in a Pause", `<Pause length="3"/>`, "123", "-"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t, script{
				"/voice": menu(`action="/next" numDigits="1"`),
				"/next":  says(test.verbs + code),
				"/again": says(code),
				"/zip":   says(`<Hangup/>`),
			})
			c := s.call(t)
			must(t, c.Press(t.Context(), test.keys))
			if test.want == "-" {
				keys, _ := happened[phone.Key](c)
				if !c.Listening() || keys[0].Lost || !keys[1].Lost || !keys[2].Lost {
					t.Errorf("keys %+v, listening %v", keys, c.Listening())
				}
				return
			}
			if got := s.latest(t, "/zip").form.Get("Digits"); got != test.want {
				t.Errorf("Digits %q, want %q", got, test.want)
			}
			said, _ := happened[phone.Utterance](c)
			if len(said) != 1 {
				t.Errorf("heard %+v, want the first prompt only", said)
			}
		})
	}
}

func TestKeys(t *testing.T) {
	s := serve(t, script{"/voice": menu(`numDigits="1"`)})
	c := s.call(t)
	for keys, want := range map[string]string{
		"":    "phone: no key to press",
		"12a": `phone: no key 'a': a phone has 0-9, * and #`,
	} {
		if err := c.Press(t.Context(), keys); err == nil || err.Error() != want {
			t.Errorf("Press(%q): %v, want %s", keys, err, want)
		}
	}
	if err := c.Tap(t.Context(), "12"); err == nil || err.Error() != `phone: "12" is more than one key` {
		t.Errorf("two keys at one moment: %v", err)
	}
	must(t, c.Hangup(t.Context()))
	if err := c.Press(t.Context(), "1"); err != phone.ErrEnded {
		t.Errorf("a key after the end: %v", err)
	}
}
