package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/pflag"

	"premiumline/config"
	"premiumline/data"
)

var checkCommand = command{
	name: "check", args: "[DIR]", maxArgs: 1,
	summary: "tells whether a directory is sound",
	about: "DIR is a folder with directory.yaml and, unless the built-in ones serve, prompts/.\n" +
		"Without it DIRECTORY is checked, or the built-in directory. Every mistake is told with\n" +
		"its file, line and mend; then the exit status is 1.",
	flags: func(*pflag.FlagSet) func(context.Context, terminal, []string) error { return check },
}

func check(_ context.Context, t terminal, args []string) error {
	c, err := config.Read()
	if err != nil {
		return err
	}
	if len(args) > 0 {
		c.Directory = args[0]
	}
	line, directory, err := compile(c)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(t.out, "The directory of %s is sound.\n"+
		"Regions: %d, keys: %d, languages: %s, pages: %d.\n",
		directory.Organisation, len(directory.Regions), len(directory.Lines),
		strings.Join(directory.Languages, " "), len(line.Pages()))
	phones(t.out, directory.Phones())
	return nil
}

// phones lists the numbers, and when a person last rang each.
func phones(w io.Writer, phones []data.Phone) {
	never := 0
	for _, p := range phones {
		_, _ = fmt.Fprintf(w, "  %-16s taken %s, last rung %s\n", p.Number, p.Source.Taken, p.Checked)
		if p.Checked.IsZero() {
			never++
		}
	}
	if never > 0 {
		_, _ = fmt.Fprintf(w, "%d of %d numbers were never rung by a person: ring them, "+
			"and write the day behind \"checked:\" in directory.yaml.\n", never, len(phones))
	}
}
