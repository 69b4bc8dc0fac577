// Command line is the line as serve wires it, but for call records: nobody is told
// of a webhook. The program itself has no such switch.
package main

import (
	"log"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/webhook"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	directory, err := data.Open(os.Getenv("DIRECTORY"))
	if err != nil {
		return err
	}
	line, err := ivr.Compile(directory, ivr.Settings{
		Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second,
	})
	if err != nil {
		return err
	}
	verifier, err := webhook.NewVerifier(
		os.Getenv("PUBLIC_URL"), []string{os.Getenv("TWILIO_AUTH_TOKEN")})
	if err != nil {
		return err
	}
	figures := prometheus.NewRegistry()
	figures.MustRegister(collectors.NewGoCollector())
	go func() {
		log.Fatal(http.ListenAndServe(os.Getenv("ADMIN_ADDR"),
			promhttp.HandlerFor(figures, promhttp.HandlerOpts{})))
	}()
	told := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	handler := webhook.NewHandler(webhook.Options{
		Line: func() *ivr.Line { return line }, Verifier: verifier,
		Account: os.Getenv("TWILIO_ACCOUNT_SID"), Log: told, Metrics: webhook.NewMetrics(figures),
	})
	listener, err := net.Listen("tcp", os.Getenv("ADDR"))
	if err != nil {
		return err
	}
	return webhook.NewServer(handler, told).Serve(listener)
}
