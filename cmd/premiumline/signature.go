package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"premiumline/config"
	"premiumline/webhook"
)

var signatureCommand = command{
	name:    "signature",
	summary: "tells why a webhook's signature does not fit",
	about: "Prints what is signed, a line each, and the signature that every TWILIO_AUTH_TOKEN gives.\n" +
		"With --header, the X-Twilio-Signature that came, it tells the likeliest reason why that\n" +
		"differs. PUBLIC_URL, where set, is what the server takes its own address for.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		address := f.String("url", "", "the webhook's `URL` as Twilio has it, with its query")
		body := f.String("body", "", "`FILE` with the body as it came; - is standard input")
		header := f.String("header", "", "the X-Twilio-`SIGNATURE` that came with it")
		return func(_ context.Context, t terminal, _ []string) error {
			return signature(t, *address, *body, *header)
		}
	},
}

func signature(t terminal, address, body, header string) error {
	if address == "" || body == "" {
		return usageError{errors.New("--url and --body are needed")}
	}
	c, err := config.Read()
	if err != nil {
		return err
	}
	if len(c.AuthTokens) == 0 {
		return errors.New("TWILIO_AUTH_TOKEN is not set: signatures are made with it")
	}
	text, err := readBody(t.in, body)
	if err != nil {
		return err
	}
	d, err := webhook.Diagnose(address, text, header, c.AuthTokens, c.PublicURL)
	if err != nil {
		return err
	}
	for _, line := range d.Lines() {
		_, _ = fmt.Fprintln(t.out, line)
	}
	if header != "" && !d.Accepted {
		return errors.New("the header does not fit")
	}
	return nil
}

// readBody reads a form as it was posted. A line's end that an editor put behind
// it is not of it.
func readBody(in io.Reader, name string) ([]byte, error) {
	if name == "-" {
		text, err := io.ReadAll(in)
		return bytes.TrimRight(text, "\r\n"), err
	}
	text, err := os.ReadFile(name)
	return bytes.TrimRight(text, "\r\n"), err
}
