package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

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
	var deleted int
	err := withRecords(ctx, t, func(r *records) (err error) {
		deleted, err = r.log.Forget(ctx, r.hasher.Hash(args[0]))
		return err
	})
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(t.out, "calls deleted: %d\n", deleted)
	return err
}
