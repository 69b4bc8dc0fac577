package sound_test

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"premiumline/phone"
	"premiumline/sound"
)

// aplayOnly leaves of the machine's players ALSA's, with a configuration of its
// own.
func aplayOnly(t *testing.T, config string) {
	t.Helper()
	folder := t.TempDir()
	for _, program := range []string{"aplay", "espeak-ng"} {
		path, err := exec.LookPath(program)
		must(t, err)
		must(t, os.Symlink(path, filepath.Join(folder, program)))
	}
	t.Setenv("PATH", folder)
	file := filepath.Join(folder, "asound.conf")
	must(t, os.WriteFile(file, []byte(config), 0o600))
	t.Setenv("ALSA_CONFIG_PATH", file)
}

// soundCard is ALSA's device that writes what it plays to a file, as fast as it
// comes.
func soundCard(t *testing.T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "played.raw")
	aplayOnly(t, `pcm.!default { type file slave.pcm { type null } file "`+file+`" format "raw" }`)
	return file
}

// played is what the sound card has played since it was last asked.
func played(t *testing.T, file string) (p sound.PCM) {
	t.Helper()
	raw, err := os.ReadFile(file)
	must(t, err)
	must(t, os.Remove(file))
	for ; len(raw) > 1; raw = raw[2:] {
		p = append(p, int16(binary.LittleEndian.Uint16(raw)))
	}
	return p
}

func TestPlayer(t *testing.T) {
	card := soundCard(t)
	p, err := sound.NewPlayer(t.Context())
	must(t, err)
	defer p.Close()
	played(t, card)
	want := sound.DTMF("5").For(time.Second)
	must(t, p.Play(t.Context(), want))
	if got := played(t, card); len(got) < len(want) || pressed(got[:len(want)]) != "5" {
		t.Errorf("%d samples played, want %d", len(got), len(want))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Play(ended, want); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end of the context: %v", err)
	}
}

func TestNoSoundCard(t *testing.T) {
	aplayOnly(t, "")
	_, err := sound.NewPlayer(t.Context())
	const want = "no audio device plays here: aplay: main:831: audio open error: " +
		"No such file or directory"
	if err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// Cues are performed at their time, and stopping tells how far it came.
func TestPerform(t *testing.T) {
	soundCard(t)
	p, err := sound.NewPlayer(t.Context())
	must(t, err)
	defer p.Close()
	const begin = 40 * time.Second // in the middle of a call
	score := sound.Compose([]phone.Event{
		{At: begin, What: phone.Key{Key: "7"}},
		{At: begin + 300*time.Millisecond, What: phone.Utterance{Text: "Georgia.", Language: "en-US",
			Length: 600 * time.Millisecond}},
		{At: begin + 900*time.Millisecond, What: phone.Pause{Length: time.Minute}},
	})
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	v := voice(t)
	start := time.Now()
	var begun []time.Duration
	reached, err := p.Perform(ctx, score, v, func(e phone.Event) {
		begun = append(begun, time.Since(start))
		if late := time.Since(start) - (e.At - begin); late < 0 || late > 3*time.Second {
			t.Errorf("%v is performed %v late", e.What, late)
		}
		if _, ok := e.What.(phone.Pause); ok {
			time.AfterFunc(100*time.Millisecond, stop)
		}
	})
	if !errors.Is(err, context.Canceled) || len(begun) != 3 {
		t.Errorf("%d events were performed: %v", len(begun), err)
	}
	if reached < begin+time.Second || reached > begin+5*time.Second {
		t.Errorf("it reached %v, want about %v", reached, begin+time.Second)
	}
}
