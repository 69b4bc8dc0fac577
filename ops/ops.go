// Package ops is the operator's listener: whether the line is alive, whether it
// can answer, and its figures.
//
// It is a listener of its own, on loopback unless the operator says otherwise,
// so that nothing of it can be reached through the address that Twilio calls.
//
//	GET /healthz  200 while the process runs
//	GET /readyz   200 while calls can be answered, else 503 and the reason
//	GET /metrics  figures for Prometheus
package ops

import (
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// NewRegistry returns a registry with the figures of the process itself.
func NewRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(),
	)
	return r
}

// NewHandler returns the handler of the listener. ready tells why calls cannot
// be answered; nil while they can.
func NewHandler(figures prometheus.Gatherer, ready func() error) http.Handler {
	r := mux.NewRouter()
	r.Handle("/healthz", state(func() error { return nil })).Methods(http.MethodGet)
	r.Handle("/readyz", state(ready)).Methods(http.MethodGet)
	r.Handle("/metrics", promhttp.HandlerFor(figures, promhttp.HandlerOpts{})).Methods(http.MethodGet)
	return r
}

// NewServer returns a server for the handler.
func NewServer(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second,
	}
}

func state(check func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
	})
}
