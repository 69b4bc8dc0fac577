// Command premiumline is a phone line that tells callers the one payment number
// of ten that serves their region. Package ivr is its call flow, package webhook
// its face to Twilio; here every command is a short file of wiring.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], terminal{os.Stdin, os.Stdout, os.Stderr}))
}

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// command is one of the program's commands.
type command struct {
	name    string
	args    string // after the flags, as usage shows them
	maxArgs int
	summary string
	about   string // more, for --help
	// flags defines the command's flags and returns what runs once they are
	// read.
	flags func(*pflag.FlagSet) func(ctx context.Context, t terminal, args []string) error
}

func commands() []command {
	return []command{serveCommand, devCommand, callCommand, checkCommand, graphCommand,
		signatureCommand, reportCommand, forgetCommand, provisionCommand, doctorCommand,
		fallbackCommand, healthCommand}
}

// Exit statuses.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// usageError is a mistake in the command line.
type usageError struct{ error }

// run carries out the command line and returns the exit status.
func run(ctx context.Context, args []string, t terminal) int {
	name := "--help"
	if len(args) > 0 {
		name = args[0]
	}
	if name == "--help" || name == "-h" || name == "help" {
		usage(t.out)
		return exitOK
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(ctx, args[1:], t)
		}
	}
	_, _ = fmt.Fprintf(t.err, "premiumline: there is no command %q\n\n", name)
	usage(t.err)
	return exitUsage
}

func (c command) run(ctx context.Context, args []string, t terminal) int {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.Usage = func() {}
	act := c.flags(flags)
	err := flags.Parse(args)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		c.help(t.out, flags)
		return exitOK
	case err != nil:
		err = usageError{err}
	case flags.NArg() > c.maxArgs:
		err = usageError{fmt.Errorf("%q is one argument too many", flags.Arg(c.maxArgs))}
	default:
		err = act(ctx, t, flags.Args())
	}
	return exit(t.err, c.name, err)
}

// exit writes an error as a person reads it, and returns its exit status.
func exit(w io.Writer, name string, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		_, _ = fmt.Fprintf(w, "premiumline %s: %v\nTry: premiumline %s --help\n", name, err, name)
		return exitUsage
	default:
		text := strings.ReplaceAll(err.Error(), "\n", "\n  ")
		_, _ = fmt.Fprintf(w, "premiumline %s: %s\n", name, text)
		return exitFailed
	}
}

func usage(w io.Writer) {
	_, _ = fmt.Fprint(w, "premiumline is a phone line that tells callers which number pays "+
		"their premium.\n\n"+
		"Usage: premiumline COMMAND [FLAGS]\n\n")
	for _, c := range commands() {
		_, _ = fmt.Fprintf(w, "  %-10s %s\n", c.name, c.summary)
	}
	_, _ = fmt.Fprint(w, "\nNew here? premiumline call\nEvery command tells more with --help.\n")
}

func (c command) help(w io.Writer, flags *pflag.FlagSet) {
	usage := []string{"premiumline", c.name}
	if flags.HasFlags() {
		usage = append(usage, "[FLAGS]")
	}
	_, _ = fmt.Fprintf(w, "%s\n\nUsage: %s\n", strings.ToUpper(c.summary[:1])+c.summary[1:]+".",
		strings.TrimSpace(strings.Join(append(usage, c.args), " ")))
	if c.about != "" {
		_, _ = fmt.Fprintf(w, "\n%s\n", c.about)
	}
	if flags.HasFlags() {
		_, _ = fmt.Fprintf(w, "\nFlags:\n%s\n", strings.TrimRight(flags.FlagUsages(), "\n"))
	}
}
