package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
)

var graphCommand = command{
	name:    "graph",
	summary: "draws the call flow as Mermaid or DOT",
	about: "Kinds of pages are drawn, not every page. The keys that mean the same everywhere are\n" +
		"left out: 0 is help, star repeats, 9 changes the language.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		dot := f.Bool("dot", false, "draw in Graphviz's language instead of Mermaid's")
		every := f.Bool("every", false, "draw every page instead of kinds of pages")
		return func(_ context.Context, t terminal, _ []string) error {
			line, err := configured()
			if err != nil {
				return err
			}
			graph := line.Graph(*every)
			if *dot {
				_, err = fmt.Fprint(t.out, graph.DOT())
			} else {
				_, err = fmt.Fprint(t.out, graph.Mermaid())
			}
			return err
		}
	},
}
