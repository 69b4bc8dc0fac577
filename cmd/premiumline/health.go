package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"premiumline/config"
)

var healthCommand = command{
	name:    "health",
	summary: "asks a running serve whether it can answer, for a container's health check",
	about:   "Asks /readyz at ADMIN_ADDR. The exit status is 0 if calls can be answered, else 1.",
	flags:   func(*pflag.FlagSet) func(context.Context, terminal, []string) error { return health },
}

func health(ctx context.Context, t terminal, _ []string) error {
	c, err := config.Read()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	asked := "http://" + reachable(c.AdminAddr) + "/readyz"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, asked, nil)
	if err != nil {
		return fmt.Errorf("ADMIN_ADDR: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("serve does not answer: %w", err)
	}
	defer response.Body.Close()
	reason, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("serve is not ready: %s", strings.TrimSpace(string(reason)))
	}
	_, err = fmt.Fprintln(t.out, "ok")
	return err
}

// reachable returns the address to ask where a listener is bound to all of them.
func reachable(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = ""
	}
	return net.JoinHostPort(cmp.Or(host, "127.0.0.1"), port)
}
