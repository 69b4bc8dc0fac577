package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/pflag"

	"premiumline/config"
	"premiumline/data"
	"premiumline/twilioapi"
)

var provisionCommand = command{
	name:    "provision",
	summary: "points a number of the Twilio account at this line",
	about: "Shows what the number is set to (-) and what it will be (+), and changes it with\n" +
		"--apply only. What was is kept in a file first, and --restore FILE sets it again. Without\n" +
		"--number it lists the account's numbers. TWILIO_ACCOUNT_SID and the first of\n" +
		"TWILIO_AUTH_TOKEN say whose they are, PUBLIC_URL where the line is. The fallback is best\n" +
		"on another host, such as a TwiML Bin.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		var o provisioning
		f.StringVar(&o.number, "number", "", "the `NUMBER` that callers dial, E.164")
		f.BoolVar(&o.apply, "apply", false, "change it, instead of only showing what would change")
		f.StringVar(&o.restore, "restore", "", "set a number to what `FILE` says it was")
		f.StringVar(&o.fallback, "fallback", "", "`URL` asked when the line does not answer "+
			"(default PUBLIC_URL/voice/fallback)")
		f.StringVar(&o.smsURL, "sms-url", "", "`URL` that is told of texts to the number")
		return func(ctx context.Context, t terminal, _ []string) error { return provision(ctx, t, o) }
	},
}

// provisioning is what the flags ask for.
type provisioning struct {
	number, restore  string
	fallback, smsURL string
	apply            bool
}

func (o provisioning) check() error {
	switch {
	case o.restore != "" && (o.number != "" || o.fallback != "" || o.smsURL != ""):
		return errors.New("the file of --restore says it all: leave the other flags away")
	case o.number == "" && o.restore == "" && (o.apply || o.fallback != "" || o.smsURL != ""):
		return errors.New("--number is needed: which one shall be set up?")
	case o.number != "" && !data.Number(o.number).Valid():
		return fmt.Errorf("--number %q: not an E.164 number, +18005550199", o.number)
	}
	return errors.Join(checkURL("--fallback", o.fallback), checkURL("--sms-url", o.smsURL))
}

func checkURL(flag, address string) error {
	u, err := url.Parse(address)
	if address != "" && (err != nil || u.Scheme != "https" || u.Hostname() == "") {
		return fmt.Errorf("%s %q: write an address with https://", flag, address)
	}
	return nil
}

func provision(ctx context.Context, t terminal, o provisioning) error {
	if err := o.check(); err != nil {
		return usageError{err}
	}
	c, err := config.Read()
	if err := errors.Join(err, c.CheckAccount()); err != nil {
		return err
	}
	p := provisioner{account: newAccount(c), out: t.out, apply: o.apply}
	switch {
	case o.restore != "":
		return p.restore(ctx, o.restore)
	case o.number == "":
		return p.list(ctx, c.PublicURL)
	}
	if err := c.CheckHTTPS(); err != nil {
		return err
	}
	return p.setUp(ctx, c.PublicURL, o)
}

// provisioner shows and changes settings of an account's numbers.
type provisioner struct {
	account *twilioapi.Account
	out     io.Writer
	apply   bool
}

func (p provisioner) print(format string, args ...any) {
	_, _ = fmt.Fprintf(p.out, format, args...)
}

// list shows every number of the account, and what it is set to.
func (p provisioner) list(ctx context.Context, public string) error {
	numbers, err := p.account.Numbers(ctx)
	if err != nil {
		return err
	}
	if len(numbers) == 0 {
		p.print("The account has no number: buy one in the Twilio console.\n")
	}
	for _, n := range numbers {
		p.print("%s %q%s\n", n.Number, n.Name, answering(public, n.Settings))
		for _, s := range twilioapi.KnownSettings {
			if value := n.Settings[s]; value != "" {
				p.print("  %-22s %s\n", s, value)
			}
		}
	}
	return nil
}

// answering tells who answers a number's calls, where that is not plain to see.
func answering(public string, now twilioapi.Settings) string {
	switch {
	case now[twilioapi.Trunk] != "":
		return ": calls go to a SIP trunk, the voice URLs are ignored"
	case now[twilioapi.VoiceApplication] != "":
		return ": calls go to an application, the voice URLs are ignored"
	case answeredBy(public, now):
		return ": calls go to this line"
	}
	return ""
}

// setUp points a number at the line.
func (p provisioner) setUp(ctx context.Context, public string, o provisioning) error {
	n, err := p.find(ctx, o.number)
	if err != nil {
		return fmt.Errorf("--number: %w", err)
	}
	wanted := wantedSettings(public, o.fallback, o.smsURL, n.Settings)
	if wanted[twilioapi.VoiceFallback] == public+"/voice/fallback" {
		p.print("The fallback is on the line's own host: while that is away, callers hear nothing.\n" +
			"Put what premiumline fallback prints into a TwiML Bin, and give its URL to --fallback.\n\n")
	}
	return p.change(ctx, n, wanted)
}

func (p provisioner) find(ctx context.Context, number string) (twilioapi.Number, error) {
	n, err := p.account.Number(ctx, number)
	switch {
	case errors.Is(err, twilioapi.ErrNotOwned):
		return n, fmt.Errorf("%w: premiumline provision lists those it has; is it of another "+
			"(sub-)account?", err)
	case err == nil && !n.Voice:
		return n, fmt.Errorf("number %s takes no calls: choose one with voice capability",
			twilioapi.Masked(number))
	}
	return n, err
}

// change shows what must change of a number, and changes it where that is asked for.
func (p provisioner) change(
	ctx context.Context, n twilioapi.Number, wanted twilioapi.Settings,
) error {
	changes := twilioapi.Plan(n.Settings, wanted)
	if len(changes) == 0 {
		p.print("%s is set up like this already.\n", n.Number)
		return nil
	}
	p.print("%s %q\n", n.Number, n.Name)
	writeChanges(p.out, changes)
	if !p.apply {
		p.print("\nNothing was changed: --apply does that.\n")
		return nil
	}
	file, err := keep(p.account.SID(), n)
	if err != nil {
		return err
	}
	p.print("\nWhat was is kept in %s.\n", file)
	if err := p.carryOut(ctx, n, changes, wanted); err != nil {
		return fmt.Errorf("%w\nto have it as it was: premiumline provision --restore %s --apply",
			err, file)
	}
	p.print("Changed, and read back: %s is set up like this.\n", n.Number)
	return nil
}

// carryOut makes the changes, and reads back what the number is set to then. After an answer that
// never came, only that tells what happened.
func (p provisioner) carryOut(
	ctx context.Context, n twilioapi.Number, changes []twilioapi.Change, wanted twilioapi.Settings,
) error {
	failed := p.account.Apply(ctx, n.SID, changes)
	var fault *twilioapi.Error
	if failed != nil && !(errors.As(failed, &fault) && fault.Unsure) {
		return fmt.Errorf("nothing was changed: %w", failed)
	}
	now, err := p.account.Read(ctx, n.SID)
	if err != nil {
		return errors.Join(failed, fmt.Errorf("what the number is set to now is not known: %w", err))
	}
	left := twilioapi.Plan(now.Settings, wanted)
	if len(left) == 0 {
		return nil
	}
	p.print("Read back, and still not as wanted:\n")
	writeChanges(p.out, left)
	return errors.Join(failed, fmt.Errorf("%d of %d settings are not as wanted: try again",
		len(left), len(changes)))
}
