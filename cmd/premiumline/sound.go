package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"premiumline/phone"
	"premiumline/sound"
)

// listening is how somebody hears a call: as the file --wav, from the
// loudspeaker with --say, or not at all.
type listening struct {
	voice  *sound.Voice
	file   *os.File      // nil: none
	player *sound.Player // nil: none
	call   *phone.Call   // the latest that was placed
}

// listen gets ready to hear the line's next call. What cannot work is told
// before anybody calls.
func (f callFlags) listen(
	ctx context.Context, line *phone.Line, args []string,
) (l *listening, err error) {
	l = &listening{}
	line.Placed = func(c *phone.Call) { l.call = c }
	if f.wav == "" && !f.say {
		return l, nil
	}
	if l.voice, err = sound.NewVoice(); err == nil {
		l.player, err = f.player(ctx)
	}
	if err == nil {
		l.file, err = f.soundFile(args)
	}
	if err != nil {
		return nil, errors.Join(err, l.close())
	}
	return l, nil
}

func (f callFlags) player(ctx context.Context) (*sound.Player, error) {
	if !f.say {
		return nil, nil
	}
	p, err := sound.NewPlayer(ctx)
	if err != nil {
		return nil, fmt.Errorf("--say: %w\n--wav FILE writes what would be heard", err)
	}
	return p, nil
}

// soundFile opens --wav, and leaves what it holds as long as nothing better is
// there.
func (f callFlags) soundFile(args []string) (*os.File, error) {
	if f.wav == "" {
		return nil, nil
	}
	if len(args) > 0 && sameFile(f.wav, args[0]) {
		return nil, usageError{fmt.Errorf("--wav %s would write over the transcript", f.wav)}
	}
	file, err := os.OpenFile(f.wav, os.O_WRONLY|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("--wav: %w", err)
	}
	return file, nil
}

// sameFile tells whether two names are those of one file that is there.
func sameFile(a, b string) bool {
	as, aErr := os.Stat(a)
	bs, bErr := os.Stat(b)
	return aErr == nil && bErr == nil && os.SameFile(as, bs)
}

func (l *listening) close() error {
	if l.player == nil {
		return nil
	}
	return l.player.Close()
}

// record writes the call to the file, however it ended.
func (l *listening) record(ctx context.Context) error {
	if l.file == nil {
		return nil
	}
	score := sound.Compose(l.call.Events())
	err := sound.WriteWAV(context.WithoutCancel(ctx), l.file, score, l.voice)
	if err == nil {
		err = l.endFile()
	}
	if err = errors.Join(err, l.file.Close()); err != nil {
		return fmt.Errorf("writing %s: %w", l.file.Name(), err)
	}
	return nil
}

// endFile cuts off what a longer file held before. A pipe holds nothing.
func (l *listening) endFile() error {
	info, err := l.file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return err
	}
	end, err := l.file.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	return l.file.Truncate(end)
}

// tell writes the transcript of the call: line by line as it is heard, if it is.
func (l *listening) tell(ctx context.Context, w io.Writer, transcript string) error {
	rest := strings.SplitAfter(transcript, "\n")
	_, err := l.perform(ctx, l.call.Events(), func(e phone.Event) {
		if text := e.String(); text != "" {
			rest = writeThrough(w, rest, text)
		}
	})
	_, _ = io.WriteString(w, strings.Join(rest, ""))
	return err
}

// writeThrough writes the lines up to the one that is text, and returns those
// behind it.
func writeThrough(w io.Writer, lines []string, text string) []string {
	for i, line := range lines {
		_, _ = io.WriteString(w, line)
		if strings.TrimSpace(line) == text {
			return lines[i+1:]
		}
	}
	return nil
}

// interactive lets the person at the terminal hear the call, or read it, and press
// the keys.
func (l *listening) interactive(
	ctx context.Context, t terminal, line *phone.Line, tr *phone.Transcript,
) error {
	if l.player == nil {
		return interactive(ctx, t, line, tr)
	}
	_, _ = fmt.Fprint(t.out, "A simulated call. Type keys and Enter, also into the speech; "+
		"Enter alone stays silent; Ctrl-D hangs up.\n\n")
	call, err := tr.Place(ctx, line)
	lines, shown := typed(t.in), 0
	for {
		_, silent := l.perform(ctx, call.Events()[shown:], func(e phone.Event) {
			write(t.out, e)
			shown++
		})
		shown = show(t.out, call, shown) // the rest, where it was stopped
		if err = errors.Join(err, silent); err != nil || call.Ended() {
			return err
		}
		var keys typing
		if keys, err = l.prompts(ctx, t.out, call, lines); err == nil {
			shown = len(call.Events())
			err = act(ctx, t.out, call, keys)
		}
	}
}

// prompts speaks until a line is typed, or Ctrl-C, which stops the speech and the
// call's clock where they are; then it waits for a line.
func (l *listening) prompts(
	ctx context.Context, w io.Writer, call *phone.Call, lines <-chan string,
) (keys typing, err error) {
	speaking, stop := context.WithCancel(ctx)
	defer stop()
	ahead, over := call.Ahead(), make(chan error, 1)
	var reached time.Duration
	go func() {
		var err error
		reached, err = l.perform(speaking, ahead, func(e phone.Event) { write(w, e) })
		over <- err
	}()
	select {
	case keys.line, keys.more = <-lines:
		stop()
		err = <-over
	case err = <-over:
	}
	if speaking.Err() != nil {
		return keys, errors.Join(err, call.Pass(ctx, max(0, reached-call.Now())))
	}
	if err = errors.Join(err, call.Hear(ctx)); err != nil {
		return keys, err
	}
	_, _ = fmt.Fprint(w, "> ")
	return next(ctx, lines), nil
}

// perform plays events, and tells begun of each as it begins. To be stopped is no
// error.
func (l *listening) perform(
	ctx context.Context, events []phone.Event, begun func(phone.Event),
) (reached time.Duration, err error) {
	if l.player == nil {
		return 0, nil
	}
	reached, err = l.player.Perform(ctx, sound.Compose(events), l.voice, begun)
	if ctx.Err() != nil {
		err = nil
	}
	return reached, err
}
