package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/pflag"

	"premiumline/config"
)

var serveCommand = command{
	name:    "serve",
	summary: "answers Twilio's webhooks",
	about: "The environment says how: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and PUBLIC_URL are\n" +
		"needed; README.md lists the others. Logs are lines on standard error.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		format := f.String("log-format", "json", "`FORM` of log lines: json, or text for people")
		return func(ctx context.Context, t terminal, _ []string) error { return serve(ctx, t, *format) }
	},
}

func serve(ctx context.Context, t terminal, format string) error {
	c, err := config.Read()
	if err := errors.Join(err, c.CheckServe()); err != nil {
		return err
	}
	log, err := newLogger(t, format, c.LogLevel)
	if err != nil {
		return err
	}
	s, err := listen(c, log, log)
	if err != nil {
		return err
	}
	log.Info("the line answers", "addr", s.callsL.Addr().String(),
		"admin", s.admnL.Addr().String(), "public_url", c.PublicURL)
	return s.run(ctx)
}

// newLogger returns a logger of that form on standard error.
func newLogger(t terminal, format string, level slog.Level) (*slog.Logger, error) {
	options := &slog.HandlerOptions{Level: level}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(t.err, options)), nil
	case "text":
		return slog.New(slog.NewTextHandler(t.err, options)), nil
	}
	return nil, usageError{fmt.Errorf("--log-format %s: write json or text", format)}
}
