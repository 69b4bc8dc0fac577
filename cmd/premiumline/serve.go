package main

import (
	"context"
	"errors"
	"log/slog"

	"github.com/spf13/pflag"

	"premiumline/config"
)

var serveCommand = command{
	name:    "serve",
	summary: "answers Twilio's webhooks",
	about: "The environment says how: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and PUBLIC_URL are\n" +
		"needed; README.md lists the others. Logs are JSON lines on standard error.",
	flags: func(*pflag.FlagSet) func(context.Context, terminal, []string) error { return serve },
}

func serve(ctx context.Context, t terminal, _ []string) error {
	c, err := config.Read()
	if err := errors.Join(err, c.CheckServe()); err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(t.err, &slog.HandlerOptions{Level: c.LogLevel}))
	s, err := listen(c, log)
	if err != nil {
		return err
	}
	log.Info("the line answers", "addr", s.callsL.Addr().String(),
		"admin", s.admnL.Addr().String(), "public_url", c.PublicURL)
	return s.run(ctx)
}
