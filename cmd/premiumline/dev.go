package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"premiumline/config"
)

var devCommand = command{
	name:    "dev",
	summary: "puts a phone on the desk that calls the line; no account is needed",
	about: "Starts the line on loopback with an auth token of its own, and a page to call it from:\n" +
		"keypad, transcript, every webhook, and the call flow. With DIRECTORY, the folder's prompts\n" +
		"are read again whenever they are written; what is wrong with them stands on the page.\n" +
		"ADDR (127.0.0.1:8080), ADMIN_ADDR and TRANSFER count here too.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		format := f.String("log-format", "text", "`FORM` of log lines: text, or json")
		return func(ctx context.Context, t terminal, _ []string) error { return dev(ctx, t, *format) }
	},
}

// simulatedAccount is the account of simulated calls where none is configured.
// No account of Twilio's has this SID.
var simulatedAccount = "AC" + strings.Repeat("0", 32)

func dev(ctx context.Context, t terminal, format string) error {
	c, err := devConfig()
	if err != nil {
		return err
	}
	log, err := newLogger(t, format, c.LogLevel)
	if err != nil {
		return err
	}
	logs := newTail(log.Handler())
	s, err := listen(c, log, slog.New(logs))
	if err != nil {
		return err
	}
	if err := s.putOnDesk(c, logs); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(t.out, `The phone is on the desk: open %s and call.
In a terminal: %s
Ctrl-C stops the line.
`, s.public, s.command(c))
	return s.run(ctx)
}

// emptied returns a shell's assignments for the variables that are set here: they
// would have the call made for another line than this one.
func emptied(names ...string) (assignments string) {
	for _, name := range names {
		if os.Getenv(name) != "" {
			assignments += name + "= "
		}
	}
	return assignments
}

// devConfig is the environment's configuration, with credentials of its own.
func devConfig() (config.Config, error) {
	c, err := config.Read()
	if err != nil {
		return c, err
	}
	if os.Getenv("ADDR") == "" {
		c.Addr = "127.0.0.1:" + strings.TrimPrefix(c.Addr, ":")
	}
	if os.Getenv("DATABASE_URL") == "" {
		c.DatabaseURL = "" // thrown away at the end
	}
	c.AccountSID, c.AuthTokens, c.PublicURL = simulatedAccount, []string{rand.Text()}, ""
	return c, nil
}

// self returns how the program was started, for commands to copy.
func self() string {
	if strings.Contains(os.Args[0], "go-build") {
		return "go run ./cmd/premiumline"
	}
	return os.Args[0]
}
