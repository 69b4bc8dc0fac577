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
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/config"
	"premiumline/data"
	"premiumline/ivr"
	"premiumline/ops"
	"premiumline/webhook"
)

// grace is how long calls in flight may take to be answered at the end.
const grace = 10 * time.Second

// compile makes the line of the configured directory.
func compile(c config.Config) (*ivr.Line, error) {
	directory, err := data.Open(c.Directory)
	if err != nil {
		return nil, inFolder(c.Directory, err)
	}
	line, err := ivr.Compile(directory, ivr.Settings{
		Base:            basePath(c.PublicURL) + "/voice",
		Transfer:        c.Transfer,
		TransferTimeout: c.TransferTimeout,
		CallerID:        data.Number(c.CallerID),
	})
	if err != nil {
		return nil, inFolder(c.Directory, err)
	}
	return line, nil
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

// newHandler returns the handler of Twilio's webhooks for a configuration.
func newHandler(c config.Config, log *slog.Logger, figures prometheus.Registerer) (http.Handler, error) {
	line, err := compile(c)
	if err != nil {
		return nil, err
	}
	verifier, err := webhook.NewVerifier(c.PublicURL, c.AuthTokens)
	if err != nil {
		return nil, err
	}
	return webhook.NewHandler(webhook.Options{
		Line: func() *ivr.Line { return line }, Verifier: verifier, Account: c.AccountSID,
		Log: log, Metrics: webhook.NewMetrics(figures),
	}), nil
}

// service is the two listeners of a running line.
type service struct {
	log           *slog.Logger
	public        string // the URL it answers for
	calls, admin  *http.Server
	callsL, admnL net.Listener
}

// listen starts both listeners; nothing is served before run.
func listen(c config.Config, log *slog.Logger) (*service, error) {
	calls, err := listenOn("ADDR", c.Addr)
	if err != nil {
		return nil, err
	}
	admin, err := listenOn("ADMIN_ADDR", c.AdminAddr)
	if err != nil {
		return nil, errors.Join(err, calls.Close())
	}
	s, err := newService(c, log, calls, admin)
	if err != nil {
		return nil, errors.Join(err, calls.Close(), admin.Close())
	}
	return s, nil
}

// newService returns the line behind its two listeners. Without a public URL it
// answers for its own address.
func newService(c config.Config, log *slog.Logger, calls, admin net.Listener) (*service, error) {
	c.PublicURL = cmp.Or(c.PublicURL, "http://"+reachable(calls.Addr().String()))
	figures := ops.NewRegistry()
	h, err := newHandler(c, log, figures)
	if err != nil {
		return nil, err
	}
	ready := func() error { return nil } // a line that compiled can answer
	return &service{
		log: log, public: c.PublicURL, callsL: calls, admnL: admin,
		calls: webhook.NewServer(h, log), admin: ops.NewServer(ops.NewHandler(figures, ready)),
	}, nil
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
	failed := make(chan error, 2)
	go func() { failed <- s.calls.Serve(s.callsL) }()
	go func() { failed <- s.admin.Serve(s.admnL) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		s.log.Info("stopping")
	}
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	return errors.Join(err, s.calls.Shutdown(end), s.admin.Shutdown(end))
}
