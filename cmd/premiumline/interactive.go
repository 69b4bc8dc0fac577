package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"premiumline/phone"
)

// interactive lets the person at the terminal press the keys.
func interactive(ctx context.Context, t terminal, line *phone.Line, tr *phone.Transcript) error {
	_, _ = fmt.Fprint(t.out, "A simulated call. Type keys and Enter; "+
		"Enter alone stays silent; Ctrl-D hangs up.\n\n")
	call, err := tr.Place(ctx, line)
	lines, shown := typed(t.in), 0
	for {
		if err == nil {
			// Whoever reads the prompts is slower than whoever hears them: keys come
			// when the prompts are over.
			err = call.Hear(ctx)
		}
		shown = show(t.out, call, shown)
		if err != nil || call.Ended() {
			return err
		}
		_, _ = fmt.Fprint(t.out, "> ")
		err = act(ctx, t.out, call, next(ctx, lines))
	}
}

// typed hands on the lines that are typed, until there are no more.
func typed(in io.Reader) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- s.Text()
		}
	}()
	return lines
}

// show writes what happened since the last time, and returns how much that is in
// all.
func show(w io.Writer, call *phone.Call, shown int) int {
	events := call.Events()
	for _, e := range events[shown:] {
		write(w, e)
	}
	return len(events)
}

func write(w io.Writer, e phone.Event) {
	if text := e.String(); text != "" {
		_, _ = fmt.Fprintf(w, "%s\n", text)
	}
}

// typing is a line that was typed.
type typing struct {
	line string
	more bool // false: the lines have ended, or Ctrl-C was pressed
}

// next waits for the person's next line.
func next(ctx context.Context, lines <-chan string) (t typing) {
	select {
	case t.line, t.more = <-lines:
	case <-ctx.Done():
	}
	return t
}

// act does what the person's line says. The end of the lines hangs up.
func act(ctx context.Context, w io.Writer, call *phone.Call, t typing) error {
	keys := strings.ReplaceAll(t.line, " ", "")
	bad := strings.Trim(keys, "0123456789*#")
	switch {
	case !t.more:
		_, _ = fmt.Fprintln(w)
		return call.Hangup(context.WithoutCancel(ctx))
	case keys == "":
		return call.Wait(ctx)
	case bad != "":
		_, _ = fmt.Fprintf(w, "A phone has the keys 0 to 9, * and #; not %q.\n", bad)
		return nil
	}
	return call.PressAt(ctx, 0, keys)
}
