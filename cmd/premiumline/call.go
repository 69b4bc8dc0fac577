package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"premiumline/config"
	"premiumline/ivr"
	"premiumline/phone"
	"premiumline/webhook"
)

var callCommand = command{
	name: "call", args: "[FILE]", maxArgs: 1,
	summary: "places a simulated call and shows what the caller hears",
	about: "Without --press and FILE, a person at the terminal presses the keys; where there is no\n" +
		"terminal, nobody does. FILE is a transcript, such as this command prints: its call is\n" +
		"placed and compared with what it says. Without --url the line answers inside this\n" +
		"process. With --url a running one does; the webhooks are then signed with the first\n" +
		"TWILIO_AUTH_TOKEN, for PUBLIC_URL where that is set (a server behind a proxy), else for\n" +
		"the URL itself. --wav and --say need espeak-ng; they keep three seconds of the talk that\n" +
		"follows a transfer.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		var c callFlags
		f.StringVar(&c.from, "from", "+14045550100", "the caller's `NUMBER`, E.164, or anonymous")
		f.StringVar(&c.to, "to", "+18005550199", "the `NUMBER` that is called, E.164")
		f.StringVar(&c.city, "city", "", "`CITY` of the caller's rate centre")
		f.StringVar(&c.state, "state", "", "`STATE` of the caller's rate centre, GA")
		f.StringVar(&c.zip, "zip", "", "`ZIP` code of the caller's rate centre")
		f.StringVar(&c.press, "press", "", "`KEYS` to press; a comma stands for silence until the line goes on by itself")
		f.StringVar(&c.dial, "dial", "", "`STATUS` that transfers meet: completed, busy, no-answer, failed, hung-up")
		f.StringVar(&c.wav, "wav", "", "write what the caller hears to `FILE`, as a telephone carries it")
		f.BoolVar(&c.say, "say", false, "speak the call, as time goes by")
		f.StringVar(&c.url, "url", "", "`ORIGIN` of a running line, http://127.0.0.1:8080")
		return func(ctx context.Context, t terminal, args []string) error {
			f.Visit(func(given *pflag.Flag) { c.given = append(c.given, given.Name) })
			return c.run(ctx, t, args)
		}
	},
}

// callFlags is the command line of call.
type callFlags struct {
	from, to, city, state, zip string
	press, dial, url, wav      string
	say                        bool
	given                      []string // names of the flags that were given
}

func (f callFlags) run(ctx context.Context, t terminal, args []string) error {
	transcript, want, err := f.transcript(args)
	if err != nil {
		return err
	}
	line, hangUp, err := f.line()
	if err != nil {
		return err
	}
	defer hangUp()
	ear, err := f.listen(ctx, line, args)
	if err != nil {
		return err
	}
	defer ear.close()
	if len(args) == 0 && !slices.Contains(f.given, "press") && atTerminal(t.in) {
		err := ear.interactive(ctx, t, line, transcript)
		return errors.Join(f.explained(err), ear.record(ctx))
	}
	got, err := transcript.Run(ctx, line, nil)
	unheard := errors.Join(ear.record(ctx), ear.tell(ctx, t.out, got))
	switch {
	case unheard != nil:
		return errors.Join(err, unheard)
	case err != nil && len(args) == 0:
		return f.explained(errors.Unwrap(err)) // without the line of a file that nobody wrote
	case err == nil && transcript.HasResults():
		return compare(args[0], got, want)
	}
	return f.explained(err)
}

// explained puts the mend before an error of the call.
func (f callFlags) explained(err error) error {
	var failed *phone.WebhookError
	switch {
	case errors.Is(err, phone.ErrEnded) && f.press != "":
		return fmt.Errorf("--press %s goes on after the call has ended: leave the rest away", f.press)
	case f.url == "" || !errors.As(err, &failed):
		return err
	case failed.Code == notReached:
		return fmt.Errorf("nothing answers at %s: start a line there, or mend --url\n%w", f.url, err)
	case strings.HasPrefix(failed.Why, "status 403"):
		return fmt.Errorf("%s refuses our webhooks: TWILIO_AUTH_TOKEN, TWILIO_ACCOUNT_SID and "+
			"PUBLIC_URL must be those that the line was started with\n%w", f.url, err)
	}
	return err
}

// notReached is Twilio's code for a webhook without an answer.
const notReached = "11205"

func atTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// transcript returns the call that the command line asks for, and its file's
// text.
func (f callFlags) transcript(args []string) (t *phone.Transcript, text string, err error) {
	if len(args) == 0 {
		if strings.ContainsAny(f.from[:min(1, len(f.from))], "0123456789") {
			return nil, "", usageError{fmt.Errorf("--from %s is no E.164 number: "+
				"write it with +, or write anonymous", f.from)}
		}
		if t, err = phone.ParseTranscript("call", f.text()); err != nil {
			return nil, "", inFlags(err)
		}
		return t, "", nil
	}
	if others := slices.DeleteFunc(slices.Clone(f.given), withFile); len(others) > 0 {
		return nil, "", usageError{fmt.Errorf("FILE says who calls, which keys are pressed and what "+
			"transfers meet: leave --%s away", strings.Join(others, ", --"))}
	}
	file, err := os.ReadFile(args[0])
	if err != nil {
		return nil, "", err
	}
	t, err = phone.ParseTranscript(args[0], string(file))
	return t, string(file), err
}

// withFile tells of a flag whether a transcript can have it.
func withFile(flag string) bool { return slices.Contains([]string{"url", "wav", "say"}, flag) }

// inFlags is a mistake in text, told as one in the flag that the words are of.
func inFlags(err error) error {
	text := strings.TrimPrefix(errors.Unwrap(err).Error(), "call: ")
	return usageError{errors.New("--" + strings.Replace(text, "phone: ", "", 1))}
}

// text returns the flags in the words of a transcript.
func (f callFlags) text() string {
	var b strings.Builder
	b.WriteString("call from " + f.from + " to " + f.to)
	for _, part := range [][2]string{{"city", f.city}, {"state", f.state}, {"zip", f.zip}} {
		if part[1] != "" {
			b.WriteString(" " + part[0] + " " + strings.Join(strings.Fields(part[1]), " "))
		}
	}
	if f.dial != "" {
		b.WriteString("\ndial " + f.dial)
	}
	for i, keys := range strings.Split(f.press, ",") {
		if i > 0 {
			b.WriteString("\nwait")
		}
		if keys != "" {
			b.WriteString("\npress " + keys)
		}
	}
	return b.String()
}

// line returns the line to call, and what to do when the call is over.
func (f callFlags) line() (*phone.Line, func(), error) {
	c, err := config.Read()
	if err != nil {
		return nil, nil, err
	}
	if f.url == "" {
		return inProcess(c)
	}
	u, err := url.Parse(f.url)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return nil, nil, fmt.Errorf("--url %q is no address: write http://127.0.0.1:8080", f.url)
	}
	if len(c.AuthTokens) == 0 {
		return nil, nil, errors.New("TWILIO_AUTH_TOKEN is not set: " +
			"webhooks to --url are signed with it; premiumline dev prints the one it made")
	}
	account := c.AccountSID
	if account == "" {
		account = simulatedAccount
	}
	public := c.PublicURL
	if public == "" {
		public = strings.TrimRight(f.url, "/")
	}
	return newPhoneLine(public, f.url, account, c.AuthTokens[0]), func() {}, nil
}

func newPhoneLine(public, connect, account, token string) *phone.Line {
	return &phone.Line{
		Public: public, Connect: connect, Account: account, Seed: rand.Text(),
		Sign: func(u string, form url.Values) string { return webhook.Sign(token, u, form) },
	}
}

// inProcess starts a line of its own on loopback.
func inProcess(c config.Config) (*phone.Line, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	c.PublicURL = "http://" + l.Addr().String()
	c.AccountSID, c.AuthTokens = simulatedAccount, []string{rand.Text()}
	log := slog.New(slog.DiscardHandler)
	compiled, _, err := compile(c)
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	h, err := newHandler(c, prometheus.NewRegistry(), webhook.Options{
		Line: func() *ivr.Line { return compiled }, Log: log,
	})
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	server := webhook.NewServer(h, log)
	go func() { _ = server.Serve(l) }()
	line := newPhoneLine(c.PublicURL, "", c.AccountSID, c.AuthTokens[0])
	return line, func() { _ = server.Close() }, nil
}

// compare tells where a call went otherwise than its file says, but for what the
// server logged and the width of white space.
func compare(name, got, want string) error {
	g, w := rows(got), rows(want)
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(w):
			return fmt.Errorf("%s:%d: the file ends here, the call goes on: %s",
				name, len(w)+1, g[i].text)
		case i >= len(g):
			return fmt.Errorf("%s:%d: the call ended before: %s", name, w[i].number, w[i].text)
		case g[i].text != w[i].text:
			return fmt.Errorf("%s:%d: the call went otherwise\nin the file: %s\nreally:      %s",
				name, w[i].number, w[i].text, g[i].text)
		}
	}
	return nil
}

// numbered is a line of a transcript and its place, from 1.
type numbered struct {
	text   string
	number int
}

// rows returns the lines of a transcript that compare looks at.
func rows(transcript string) (all []numbered) {
	for i, line := range strings.Split(strings.TrimRight(transcript, "\r\n"), "\n") {
		if !strings.HasPrefix(line, "logged") {
			all = append(all, numbered{strings.Join(strings.Fields(line), " "), i + 1})
		}
	}
	return all
}
