package sound

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"premiumline/phone"
)

// Player is the machine's sound player. It is for one goroutine at a time.
type Player struct {
	command []string
	folder  string // for what is being played
}

// players are the programs that play a WAV file, those of a desktop's sound
// server first: PulseAudio's, ALSA's, PipeWire's, macOS's, SoX's.
var players = [][]string{{"paplay"}, {"aplay", "-q"}, {"pw-play"}, {"afplay"}, {"play", "-q"}}

// ErrNoPlayer is the error of a machine with no program to play sound.
var ErrNoPlayer = errors.New("no sound player is installed: sudo apt-get install alsa-utils " +
	"(the package is called alsa-utils on other systems too)")

// NewPlayer finds a player that can play here, which a moment of silence tells.
// Its error is [ErrNoPlayer], or what the last player says of the audio device.
func NewPlayer(ctx context.Context) (*Player, error) {
	folder, err := os.MkdirTemp("", "premiumline-sound-")
	if err != nil {
		return nil, err
	}
	err = ErrNoPlayer
	for _, command := range players {
		if _, missing := exec.LookPath(command[0]); missing != nil {
			continue
		}
		p := &Player{command, folder}
		failed := p.Play(ctx, make(PCM, Rate/20))
		if failed == nil {
			return p, nil
		}
		err = fmt.Errorf("no audio device plays here: %w", failed)
	}
	return nil, errors.Join(err, os.RemoveAll(folder))
}

// Close removes what the player has left.
func (p *Player) Close() error { return os.RemoveAll(p.folder) }

// Play plays sound to its end, or until the context ends.
func (p *Player) Play(ctx context.Context, sound PCM) error {
	if len(sound) == 0 {
		return nil
	}
	file := filepath.Join(p.folder, "call.wav")
	if err := writeFile(file, sound); err != nil {
		return err
	}
	args := slices.Concat(p.command[1:], []string{file})
	return run(ctx, exec.CommandContext(ctx, p.command[0], args...))
}

// run runs a program, whose error is the last line of what it complains of.
func run(ctx context.Context, cmd *exec.Cmd) error {
	var mistakes bytes.Buffer
	cmd.Stderr = &mistakes
	err := cmd.Run()
	name := filepath.Base(cmd.Path) + ": "
	switch said := lastLine(mistakes.String()); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && said != "":
		return errors.New(name + strings.TrimPrefix(said, name))
	}
	return err
}

// lastLine is what a program said last.
func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndexByte(text, '\n')+1:]
}

func writeFile(name string, sound PCM) error {
	var b bytes.Buffer
	wav, err := newWAV(&b, linear16, len(sound))
	if err == nil {
		err = errors.Join(wav.Write(sound), wav.Close())
	}
	if err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o600)
}

// Perform plays a score as time goes by, from its first cue on, and tells begun
// of each event as its moment comes. It returns how far it came, in the score's
// time: to the end, unless the context ended before.
func (p *Player) Perform(
	ctx context.Context, s Score, v *Voice, begun func(phone.Event),
) (reached time.Duration, err error) {
	if len(s.Cues) == 0 {
		return s.Length, nil
	}
	start := time.Now().Add(-s.Cues[0].At)
	for i, c := range s.Cues {
		heard, err := c.Sound(ctx, v)
		if err == nil {
			err = sleep(ctx, time.Until(start.Add(c.At)))
		}
		if err == nil {
			begun(c.Event)
			err = p.Play(ctx, heard)
		}
		if err != nil {
			return min(time.Since(start), s.end(i)), err
		}
	}
	err = sleep(ctx, time.Until(start.Add(s.Length)))
	return min(time.Since(start), s.Length), err
}

// end is when the cue behind the i-th begins.
func (s Score) end(i int) time.Duration {
	if i+1 == len(s.Cues) {
		return s.Length
	}
	return s.Cues[i+1].At
}

// sleep lets d go by. Its error is the context's end.
func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
	return ctx.Err()
}
