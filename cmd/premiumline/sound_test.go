package main

import (
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"premiumline/config"
	"premiumline/phone"
	"premiumline/sound"
)

// TestCallsInSound renders calls that the call flow is tested with, and sets them
// beside the call's clock.
func TestCallsInSound(t *testing.T) {
	emptyEnvironment(t)
	c, err := config.Read()
	must(t, err)
	line, hangUp, err := inProcess(c)
	must(t, err)
	defer hangUp()
	voice, err := sound.NewVoice()
	must(t, err)
	for _, name := range []string{"connect-impatient", "help-mail", "knows-the-key",
		"silence-to-the-end", "spanish-busy", "spanish-zip", "star-repeats", "transfer-busy",
		"transfer-no-answer", "zip"} {
		events := eventsOf(t, line, filepath.Join("../../ivr/testdata/calls", name+".txt"))
		score := sound.Compose(events)
		var heard sound.PCM
		must(t, score.Stream(t.Context(), voice, func(p sound.PCM) error {
			heard = append(heard, p...)
			return nil
		}))
		clock := events[len(events)-1].At - leftOut(events)
		if off := heard.Duration() - clock; off.Abs() > time.Millisecond {
			t.Errorf("%s: %v in sound, %v by the clock", name, heard.Duration(), clock)
		}
		voiced := spokenIn(t, score, voice)
		if voiced.most > 0.2 {
			t.Errorf("%s: the voice must hurry by %.0f %%", name, 100*voiced.most)
		}
		t.Logf("%-18s call %5.1f s, sound %5.1f s; speech %5.1f s, estimated %5.1f s; "+
			"%d of %d utterances hurried, by %.0f %% at most", name,
			events[len(events)-1].At.Seconds(), heard.Duration().Seconds(), voiced.real.Seconds(),
			voiced.estimate.Seconds(), voiced.hurried, voiced.utterances, 100*voiced.most)
	}
}

// TestBargeIn is a person at the terminal who types a key when a prompt begins,
// and then hangs up in the middle of another.
func TestBargeIn(t *testing.T) {
	emptyEnvironment(t)
	card := filepath.Join(t.TempDir(), "asound.conf")
	must(t, os.WriteFile(card, []byte(`pcm.!default { type null }`), 0o600))
	t.Setenv("ALSA_CONFIG_PATH", card)
	t.Setenv("PULSE_SERVER", "/nowhere") // else a desktop would speak
	c, err := config.Read()
	must(t, err)
	line, hangUp, err := inProcess(c)
	must(t, err)
	defer hangUp()
	ear, err := callFlags{say: true}.listen(t.Context(), line, nil)
	must(t, err)
	defer ear.close()
	tr, err := phone.ParseTranscript("call", "call from +14045550100 to +18005550199")
	must(t, err)
	in, keyboard := io.Pipe()
	p := &person{keyboard: keyboard, replies: []reply{
		{"This is an independent service.", "7\n"}, {"Or press 2", ""},
	}}
	must(t, ear.interactive(t.Context(), terminal{in: in, out: p, err: p}, line, tr))
	const want = `^call   from \+14045550100 to \+18005550199
hear   Kaiser Permanente premium payment numbers\.
cut    This is an independent service\.
barge  7 after [34]\.?\d* s
hear   Georgia\. Connecting you now\.
cut    Or press 2 to hear the number\.
hangup after [23]\.?\d* s
ended  by the caller
$`
	if got := ear.call.Transcript(); !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("the call went\n%s", got)
	}
}

// person types when something is shown.
type person struct {
	keyboard *io.PipeWriter
	replies  []reply
}

type reply struct{ to, keys string } // no keys: Ctrl-D

// Write is what the terminal shows the person.
func (p *person) Write(shown []byte) (int, error) {
	if len(p.replies) > 0 && strings.Contains(string(shown), p.replies[0].to) {
		keys := p.replies[0].keys
		p.replies = p.replies[1:]
		time.AfterFunc(300*time.Millisecond, func() {
			_, _ = io.WriteString(p.keyboard, keys)
			if keys == "" {
				_ = p.keyboard.Close()
			}
		})
	}
	return len(shown), nil
}

// eventsOf places a file's call.
func eventsOf(t *testing.T, line *phone.Line, file string) []phone.Event {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	transcript, err := phone.ParseTranscript(file, string(text))
	must(t, err)
	var call *phone.Call
	line.Placed = func(c *phone.Call) { call = c }
	_, err = transcript.Run(t.Context(), line, nil)
	must(t, err)
	return call.Events()
}

// leftOut is what the recording of a call has not: all but three seconds of each
// talk.
func leftOut(events []phone.Event) (d time.Duration) {
	for _, e := range events {
		if transfer, ok := e.What.(phone.Transferred); ok {
			d += max(0, transfer.Talk-3*time.Second)
		}
	}
	return d
}

// speech is how all that a call says to its end fits into its time.
type speech struct {
	real, estimate      time.Duration
	utterances, hurried int
	most                float64 // by how much the voice must hurry, as a part of normal speed
}

func spokenIn(t *testing.T, s sound.Score, v *sound.Voice) (all speech) {
	t.Helper()
	for _, c := range s.Cues {
		u, ok := c.Event.What.(phone.Utterance)
		if !ok || u.Cut {
			continue
		}
		p, err := v.Say(t.Context(), u, time.Hour)
		must(t, err)
		all.utterances, all.real, all.estimate =
			all.utterances+1, all.real+p.Duration(), all.estimate+u.Length
		if p.Duration() > c.Room {
			all.hurried++
			all.most = max(all.most, p.Duration().Seconds()/c.Room.Seconds()-1)
		}
	}
	return all
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
