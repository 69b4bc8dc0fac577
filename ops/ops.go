// Package ops is the operator's listener: whether the line is alive, whether it
// can answer, its figures, and the dashboard, a page to leave open.
//
// It is a listener of its own, on loopback unless the operator says otherwise,
// so that nothing of it can be reached through the address that Twilio calls.
// With a password, everything but health needs it.
//
//	GET /                  the dashboard
//	GET /events            server-sent events: a snapshot whenever it has changed
//	GET /summary.json      the same snapshot, once
//	GET /calls.json        the latest calls
//	GET /calls.csv         every call of a period, for a spreadsheet
//	GET /calls/{sid}.json  the turns of a call
//	GET /healthz           200 while the process runs
//	GET /readyz            200 while calls can be answered, else 503 and the reason
//	GET /metrics           figures for Prometheus
//
// # What the page shows
//
// One snapshot holds everything that is on the page (snapshot.go), so that its
// parts never contradict each other, and the same document is asked once or
// sent whenever it differs from the last (events.go). Figures are added up here
// and by calllog; the page only draws them. Days and hours are those of the
// operator's time zone, which the page sends along.
//
// Open pages ask the store once a second together, not each (records.go), and
// only while events are being written. A store that cannot be reached costs the
// page its figures and nothing else: the rest of the snapshot does not need it.
//
// # The page
//
// static/ is served as it is, with what pages share (internal/page): HTML, CSS and
// ES modules without a build step, and one library (static/vendor). The policy lets
// it load from here only and run nothing that stands inline.
package ops

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"premiumline/calllog"
	"premiumline/internal/page"
)

// Options are what the operator's listener tells of; all but Password must be
// set.
type Options struct {
	Figures   prometheus.Gatherer
	Ready     func() error     // why calls cannot be answered; nil while they can
	Log       *calllog.Log     // of the calls
	Directory func() Directory // that answers now
	Password  string           // asked for everything but health; "": loopback only
}

// Handler answers on the operator's listener.
type Handler struct {
	http.Handler
	options Options
	records *records
	end     context.Context // done when the server shuts down
	stop    context.CancelFunc
}

// NewHandler returns the handler of the listener.
func NewHandler(o Options) *Handler {
	end, stop := context.WithCancel(context.Background())
	h := &Handler{options: o, records: newRecords(o.Log), end: end, stop: stop}
	h.Handler = guard(o.Password, h.routes())
	return h
}

func (h *Handler) routes() http.Handler {
	r := mux.NewRouter()
	r.Handle("/healthz", state(func() error { return nil }, nil))
	r.Handle("/readyz", state(h.options.Ready, h.callLog))
	r.Handle("/metrics", promhttp.HandlerFor(h.options.Figures, promhttp.HandlerOpts{}))
	r.Handle("/events", answer(h.events))
	r.Handle("/summary.json", answer(h.summary))
	r.Handle("/calls.json", answer(h.calls))
	r.Handle("/calls.csv", answer(h.csv))
	r.Handle("/calls/{sid:[A-Za-z0-9]+}.json", answer(h.turns))
	for path, file := range page.Files(static) {
		r.Handle(path, file)
	}
	return r
}

// NewServer returns a server for the handler. Its Shutdown ends the streams of
// open pages, which would hold it up.
func NewServer(h *Handler) *http.Server {
	s := &http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 30 * time.Second,
	}
	s.RegisterOnShutdown(h.stop)
	return s
}

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

// state answers ok, with what there is to say about it, or why not.
func state(check func() error, about func() string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ok")
		if about != nil {
			_, _ = fmt.Fprintln(w, about())
		}
	})
}

// callLog tells how the call log is. The line answers without it.
func (h *Handler) callLog() string {
	if health := h.options.Log.Health(); !health.OK {
		return fmt.Sprintf("call log: not well, %d events wait: %s", health.Queued, health.Error)
	}
	return "call log: ok"
}
