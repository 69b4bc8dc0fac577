package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/calllog"
	"premiumline/config"
	"premiumline/data"
	"premiumline/ivr"
	"premiumline/ops"
	"premiumline/webhook"
)

// grace is how long calls in flight may take to be answered at the end.
const grace = 10 * time.Second

// compile makes the line of the configured directory.
func compile(c config.Config) (*ivr.Line, *data.Directory, error) {
	directory, err := data.Open(c.Directory)
	if err != nil {
		return nil, nil, inFolder(c.Directory, err)
	}
	line, err := ivr.Compile(directory, ivr.Settings{
		Base:            basePath(c.PublicURL) + "/voice",
		Transfer:        c.Transfer,
		TransferTimeout: c.TransferTimeout,
		Texts:           c.MessagingFrom != "",
		CallerID:        data.Number(c.CallerID),
	})
	if err != nil {
		return nil, nil, inFolder(c.Directory, err)
	}
	return line, directory, nil
}

// configured makes the line that the environment configures.
func configured() (*ivr.Line, error) {
	c, err := config.Read()
	if err != nil {
		return nil, err
	}
	line, _, err := compile(c)
	return line, err
}

// basePath returns the path prefix of the public URL.
func basePath(publicURL string) string {
	u, err := url.Parse(publicURL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// inFolder puts the folder before the files that mistakes are in.
func inFolder(folder string, err error) error {
	var mistakes data.Mistakes
	if !errors.As(err, &mistakes) {
		return fmt.Errorf("%s: %w", cmp.Or(folder, "built-in directory"), err)
	}
	if folder != "" {
		for i := range mistakes {
			mistakes[i].File = strings.TrimRight(folder, "/") + "/" + mistakes[i].File
		}
	}
	return fmt.Errorf("the directory has mistakes\n%w", mistakes)
}

// newHandler returns the handler of Twilio's webhooks. o says what answers them; the
// configuration, whose they are.
func newHandler(c config.Config, figures prometheus.Registerer, o webhook.Options,
) (http.Handler, error) {
	verifier, err := webhook.NewVerifier(c.PublicURL, c.AuthTokens)
	if err != nil {
		return nil, fmt.Errorf("PUBLIC_URL, TWILIO_AUTH_TOKEN: %w", err)
	}
	o.Verifier, o.Account, o.Metrics = verifier, c.AccountSID, webhook.NewMetrics(figures)
	return webhook.NewHandler(o), nil
}

// service is a running line: its two listeners, the directory and the call log.
type service struct {
	log           *slog.Logger
	public        string // the URL it answers for
	calls, admin  *http.Server
	callsL, admnL net.Listener
	live          *live
	records       *records
	outbox        *calllog.Outbox // nil: no texts are offered
	stopping      atomic.Bool
}

// listen starts both listeners; nothing is served before run. webhooks is the log
// of what answers Twilio.
func listen(c config.Config, log, webhooks *slog.Logger) (*service, error) {
	calls, err := listenOn("ADDR", c.Addr)
	if err != nil {
		return nil, err
	}
	admin, err := listenOn("ADMIN_ADDR", c.AdminAddr)
	if err != nil {
		return nil, errors.Join(err, calls.Close())
	}
	s := &service{log: log, callsL: calls, admnL: admin}
	if err := s.wire(c, webhooks); err != nil {
		return nil, errors.Join(err, calls.Close(), admin.Close())
	}
	return s, nil
}

// wire puts the line behind its two listeners. Without a public URL it answers
// for its own address.
func (s *service) wire(c config.Config, webhooks *slog.Logger) (err error) {
	c.PublicURL = cmp.Or(c.PublicURL, "http://"+reachable(s.callsL.Addr().String()))
	s.public = c.PublicURL
	figures := ops.NewRegistry()
	if s.live, err = newLive(c, s.log, figures); err != nil {
		return err
	}
	if s.records, err = openCallLog(context.Background(), c, s.log); err != nil {
		return err
	}
	s.records.metrics, s.records.version = ops.NewMetrics(figures), s.live.version
	s.outbox = newOutbox(c, s.records)
	ops.RegisterLog(figures, s.records.log.Health)
	if s.outbox != nil {
		ops.RegisterTexts(figures, s.records.log.Texts)
	}
	ops.RegisterDirectory(figures, s.live.shown)
	h, err := newHandler(c, figures, webhook.Options{
		Line: s.live.line, Log: webhooks, Note: s.records.note, Version: s.live.version,
	})
	if err != nil {
		return errors.Join(err, s.records.close(context.Background()))
	}
	s.calls = webhook.NewServer(h, s.log)
	s.admin = ops.NewServer(ops.NewHandler(ops.Options{
		Figures: figures, Log: s.records.log, Directory: s.live.shown, Password: c.AdminPassword,
		Ready: s.ready,
	}))
	return nil
}

// ready tells why calls cannot be answered. A line that compiled can, whatever
// the call log does.
func (s *service) ready() error {
	if s.stopping.Load() {
		return errors.New("stopping")
	}
	return nil
}

func listenOn(variable, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: choose another address", variable, err)
	}
	return l, nil
}

// run serves until the context ends, then answers what is in flight.
func (s *service) run(ctx context.Context) error {
	s.live.watch(ctx)
	texts := s.sendTexts(ctx)
	failed := make(chan error, 2)
	go func() { failed <- s.calls.Serve(s.callsL) }()
	go func() { failed <- s.admin.Serve(s.admnL) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		s.log.Info("stopping")
	}
	s.stopping.Store(true)
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	err = errors.Join(err, s.calls.Shutdown(end), s.admin.Shutdown(end))
	texts()
	return errors.Join(err, s.records.close(end))
}

// sendTexts sends what callers ask for until the context ends; finish then waits for
// those on their way.
func (s *service) sendTexts(ctx context.Context) (finish func()) {
	if s.outbox == nil {
		return func() {}
	}
	ctx, stop := context.WithCancel(ctx)
	var running sync.WaitGroup
	running.Go(func() { s.outbox.Run(ctx) })
	return func() {
		stop()
		running.Wait()
	}
}
