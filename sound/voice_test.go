package sound_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"premiumline/phone"
	"premiumline/sound"
)

const unlimited = time.Hour

func voice(t testing.TB) *sound.Voice {
	t.Helper()
	v, err := sound.NewVoice()
	must(t, err)
	return v
}

// said is an utterance as the voice says it within room.
func said(t testing.TB, v *sound.Voice, u phone.Utterance, room time.Duration) sound.PCM {
	t.Helper()
	p, err := v.Say(t.Context(), u, room)
	must(t, err)
	return p
}

func english(text string) phone.Utterance {
	return phone.Utterance{Text: text, Language: "en-US"}
}

const longPrompt = "For help, your ZIP code, or other ways to pay, press zero."

// What a voice says takes as long as phone.SpeechTime thinks, and loses what a
// telephone does not carry.
func TestVoice(t *testing.T) {
	v := voice(t)
	slow := english(longPrompt)
	slow.SSML = `<prosody rate="75%">` + longPrompt + `</prosody>`
	for name, test := range map[string]struct {
		utterance phone.Utterance
		want      time.Duration
	}{
		"English": {english(longPrompt), phone.SpeechTime(longPrompt, "en-US", 1)},
		"slow":    {slow, phone.SpeechTime(longPrompt, "en-US", 0.75)},
		"Spanish": {phone.Utterance{Text: "Resto del estado de Washington, oprima 5.",
			Language: "es-US"}, phone.SpeechTime("Resto del estado de Washington, oprima 5.", "es", 1)},
		"text that is no SSML": {english("Kaiser & <Sons>, press 1."),
			phone.SpeechTime("Kaiser and Sons, press 1.", "en", 1)},
		"no words": {english("."), 0},
	} {
		p := said(t, v, test.utterance, unlimited)
		if off := (p.Duration() - test.want).Seconds(); max(off, -off) > 0.2*test.want.Seconds()+0.1 {
			t.Errorf("%s: %v, want %v", name, p.Duration(), test.want)
		}
		if len(p) > 0 && (loudness(p) < -25 || loudness(p) > -10) {
			t.Errorf("%s: %.1f dBm0", name, loudness(p))
		}
	}
	if hum := power(said(t, v, english(longPrompt), unlimited), 60); hum > -60 {
		t.Errorf("%.1f dBm0 at 60 Hz, which no telephone carries", hum)
	}
}

// It hurries where there is little room, stops where it was cut, and says the
// same words only once.
func TestVoiceInRoom(t *testing.T) {
	v := voice(t)
	whole := said(t, v, english(longPrompt), unlimited)
	for _, part := range []time.Duration{95, 70, 40} {
		room := whole.Duration() * part / 100
		p := said(t, v, english(longPrompt), room)
		if p.Duration() > room || p.Duration() < room*8/10 {
			t.Errorf("%v in a room of %v", p.Duration(), room)
		}
	}
	cut := english(longPrompt)
	cut.Cut = true
	p := said(t, v, cut, time.Second)
	if p.Duration() != time.Second || p[4000] != whole[4000] {
		t.Errorf("cut after a second: %v", p.Duration())
	}
	if p := said(t, v, english(longPrompt), 0); len(p) != 0 {
		t.Errorf("%v without room", p.Duration())
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := v.Say(ended, english(longPrompt), unlimited); err != nil {
		t.Errorf("saying the same again: %v", err)
	}
	_, err := v.Say(ended, english("Something else."), unlimited)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

func TestNoVoice(t *testing.T) {
	_, err := voice(t).Say(t.Context(), phone.Utterance{Text: "nuqneH", Language: "xx"}, unlimited)
	const want = `saying "nuqneH" in xx: espeak-ng: ` +
		`Error: The specified espeak-ng voice does not exist.`
	if err == nil || err.Error() != want {
		t.Errorf("a language without voice: %v, want %s", err, want)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := sound.NewVoice(); !errors.Is(err, sound.ErrNoVoice) {
		t.Errorf("without espeak-ng: %v", err)
	}
	if _, err := sound.NewPlayer(t.Context()); !errors.Is(err, sound.ErrNoPlayer) {
		t.Errorf("without a player: %v", err)
	}
}

// line answers a call with a menu of two languages; 7 connects, 1 is busy.
func line(t *testing.T) *phone.Line {
	documents := map[string]string{
		"/voice": `<Gather numDigits="2" action="/keys" timeout="3"><Say>Welcome to the line.` +
			`<break time="500ms"/><lang xml:lang="es-US">Para español, oprima nueve.</lang></Say></Gather>`,
		"/keys": `<Play digits="w5"/><Dial action="/after"><Number>+18005550100</Number></Dial>`,
		"/after": `<Say>The number is <prosody rate="75%">1,<break time="500ms"/>8 7 7.</prosody></Say>` +
			`<Play>/bell.mp3</Play>`,
		"/voice/status": "",
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		fmt.Fprintf(w, "<Response>%s</Response>", documents[r.URL.Path])
	}))
	t.Cleanup(s.Close)
	return &phone.Line{Public: s.URL, Account: "AC" + strings.Repeat("0", 32)}
}

// recording is the events of a transcript's call, and its WAV file read back.
func recording(t *testing.T, transcript string) ([]phone.Event, sound.PCM) {
	t.Helper()
	tr, err := phone.ParseTranscript("call", "call from +14045550100 to +18005550199\n"+transcript)
	must(t, err)
	l := line(t)
	var call *phone.Call
	l.Placed = func(c *phone.Call) { call = c }
	_, err = tr.Run(t.Context(), l, nil)
	must(t, err)
	var file bytes.Buffer
	must(t, sound.WriteWAV(t.Context(), &file, sound.Compose(call.Events()), voice(t)))
	p, err := readWAV(file.Bytes())
	must(t, err)
	return call.Events(), p
}

const slice = 100 * time.Millisecond

// What was pressed and said is heard where the call's clock has it, and nothing
// else is.
func TestRecording(t *testing.T) {
	events, p := recording(t, "dial busy\nbarge 7* after 2.2 s")
	var speech, silence []time.Duration
	for _, e := range events {
		switch w := e.What.(type) {
		case phone.Key:
			if got := pressed(from(p, e.At+10*time.Millisecond, slice)); got != w.Key {
				t.Errorf("at %v %q is heard, want %s", e.At, got, w.Key)
			}
		case phone.Utterance:
			speech = append(speech, e.At)
			if w.Cut {
				silence = append(silence, e.At+w.Length+150*time.Millisecond)
			}
		case phone.Sound:
			key := pressed(from(p, e.At+phone.KeyGap+10*time.Millisecond, slice))
			if w.Source == "w5" && key != "5" {
				t.Errorf("the line's own key is heard as %q", key)
			}
			silence = append(silence, e.At+200*time.Millisecond)
		case phone.Dialed:
			rings, busy := from(p, e.At+slice, slice), from(p, e.At+2*time.Second+slice, slice)
			if power(rings, 440) < -21 || power(rings, 480) < -21 || power(busy, 620) < -26 {
				t.Error("it neither rings nor is busy")
			}
			silence = append(silence, e.At-slice, e.At+2600*time.Millisecond)
		}
	}
	for _, at := range speech {
		if level := loudness(from(p, at, 4*slice)); level < -30 || pressed(from(p, at, slice)) != "" {
			t.Errorf("nobody speaks at %v: %.1f dBm0", at, level)
		}
	}
	for _, at := range silence {
		if level := loudness(from(p, at, slice)); level > -50 {
			t.Errorf("%.1f dBm0 at %v, want silence", level, at)
		}
	}
	if end := events[len(events)-1].At; p.Duration() != end.Truncate(time.Second/sound.Rate) {
		t.Errorf("the recording has %v, the call %v", p.Duration(), end)
	}
}

// A minute's talk is three seconds, with a beep in the middle.
func TestRecordingOfATransfer(t *testing.T) {
	events, p := recording(t, "press 77")
	for _, e := range events {
		if _, ok := e.What.(phone.Dialed); ok {
			answered := e.At + phone.RingTime
			if p.Duration() != answered+3*time.Second {
				t.Errorf("%v long, answered at %v", p.Duration(), answered)
			}
			beep := from(p, answered+1450*time.Millisecond, slice)
			before := from(p, answered+slice, time.Second)
			if power(beep, 330) < -18 || loudness(before) > -60 {
				t.Errorf("beep %.1f dBm0, before it %.1f", power(beep, 330), loudness(before))
			}
		}
	}
}
