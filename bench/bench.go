// Command bench measures the line side by side with what people would otherwise
// run, and writes what came out into README.md, bench/README.md, bench/results.json
// and docs/bench.svg. "make bench" runs it.
//
// # Contestants
//
// Each is a program of its own (contestants.go lists them, their sources are below
// contestants/) and answers the same menu to the same signed webhooks. What they say
// is taken from the compiled line at the start (menu.go), so that it can't drift, and
// before a program is measured its answers are read and held against the line's
// (alike.go). The floor alone checks and says nothing: it is what net/http costs.
//
// # Rounds
//
// A round starts every contestant once, anew, one after the other, so that whatever
// else the machine does hits all of them; what is reported of each is the median over
// the rounds. Where there are two cores, the program that is measured has one of them
// and the load, which is this process, the other.
//
// The requests are bytes before a round begins (requests.go) and answers are read by
// a parser that knows as much of HTTP as it must (answer.go). At saturation a number of
// connections ask again as soon as they are answered (saturate.go). At a fixed rate
// (paced.go) a webhook is due at a random time that no answer puts off, and its latency
// counts from then. CPU time is the kernel's account of the process and all its children
// (process.go).
//
// A wrong answer ends the measurement, and so does one whose event is not in the store
// afterwards.
//
// # Whole calls
//
// calls.go holds calls of package phone open, up to ten thousand at once, and goes on
// with one after the other; directories.go compiles directories of many regions.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// plan is how long what is measured.
type plan struct {
	rounds                int
	warm, saturate, paced time.Duration
	connections, most     int           // at saturation; calls in progress
	calls                 time.Duration // at each number of calls in progress
	only                  string        // names of contestants; "": all
	write                 bool          // the results into the repository
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var p plan
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&p.rounds, "rounds", 5, "how often each contestant is measured")
	flags.DurationVar(&p.warm, "warm", 1500*time.Millisecond, "load before anything is measured")
	flags.DurationVar(&p.saturate, "saturate", 2500*time.Millisecond, "time at saturation")
	flags.DurationVar(&p.paced, "paced", 2500*time.Millisecond, "time at a fixed rate")
	flags.IntVar(&p.connections, "connections", 256, "connections at saturation")
	flags.DurationVar(&p.calls, "calls", 8*time.Second,
		"time at each number of `CALLS` in progress; 0: none")
	flags.IntVar(&p.most, "most", 10_000, "calls in progress at most")
	flags.StringVar(&p.only, "only", "",
		"`NAMES` of contestants, comma-separated, the floor is always one")
	flags.BoolVar(&p.write, "write", false, "write the results into the repository")
	if err := flags.Parse(args); err != nil {
		return err
	}
	r, err := measure(ctx, p, out)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s", r.text())
	if !p.write {
		return nil
	}
	return r.save()
}
