package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/spf13/pflag"

	"premiumline/config"
	"premiumline/data"
)

var forgetCommand = command{
	name: "forget", args: "NUMBER", maxArgs: 1,
	summary: "deletes the call records of one caller",
	about: "NUMBER is the caller's, E.164. It is found by its hash: DATABASE_URL and CALLER_HASH_KEY\n" +
		"must be those of serve.",
	flags: func(*pflag.FlagSet) func(context.Context, terminal, []string) error { return forget },
}

func forget(ctx context.Context, t terminal, args []string) error {
	if len(args) == 0 || !data.Number(args[0]).Valid() {
		return usageError{errors.New("name the caller's number, E.164: premiumline forget +14045550100")}
	}
	c, err := config.Read()
	if err != nil {
		return err
	}
	r, err := openCallLog(ctx, c, slog.New(slog.NewTextHandler(t.err, nil)))
	if err != nil {
		return err
	}
	n, err := r.log.Forget(ctx, r.hasher.Hash(args[0]))
	if err = errors.Join(err, r.close(ctx)); err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "calls deleted: %d\n", n)
	return err
}
