package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"
)

var fallbackCommand = command{
	name:    "fallback",
	summary: "prints the TwiML document that reads every number",
	about: "It needs none of our webhooks. Keep it on a host outside ours, such as a TwiML Bin, and\n" +
		"set it as the number's fallback URL: should this service be away, callers still hear\n" +
		"their number.",
	flags: func(*pflag.FlagSet) func(context.Context, terminal, []string) error {
		return func(_ context.Context, t terminal, _ []string) error {
			line, err := configured()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "%s\n", line.Static())
			return err
		}
	},
}
