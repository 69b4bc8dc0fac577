package ops

import (
	"context"
	"maps"
	"math"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/calllog"
)

// Metrics counts what happens on calls. Its labels are bounded: pages, regions,
// ways and outcomes are those of the directory and the call flow.
type Metrics struct {
	started     prometheus.Counter
	ended       *prometheus.CounterVec
	reached     *prometheus.CounterVec
	transfers   *prometheus.CounterVec
	silences    *prometheus.CounterVec
	wrong       *prometheus.CounterVec
	texts       *prometheus.CounterVec
	toRegion    prometheus.Histogram
	inProgress  prometheus.GaugeFunc
	calls       calls
	collections []prometheus.Collector
}

// NewMetrics returns metrics that are registered with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{calls: calls{open: map[string]Progress{}}}
	m.started = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "premiumline_calls_started_total", Help: "Calls whose first webhook was answered here."})
	m.ended = m.counter("premiumline_calls_ended_total", "Calls whose end was told, by Twilio's status.", "status")
	m.reached = m.counter("premiumline_regions_reached_total",
		"Times a caller reached a line, by region and way.", "region", "way")
	m.transfers = m.counter("premiumline_transfers_total",
		"Transfers that ended, by region and disposition.", "region", "disposition")
	m.silences = m.counter("premiumline_silences_total", "Waits that ended without a key, by page.", "page")
	m.wrong = m.counter("premiumline_wrong_keys_total", "Wrong keys, by page.", "page")
	m.texts = m.counter("premiumline_texts_total",
		"What was told of texts: asked by the caller, sent, delivered, landline, stopped, failed.", "status")
	for _, status := range calllog.TextStatuses() {
		m.texts.WithLabelValues(status) // from 0 on, or the first of each is no increase
	}
	m.toRegion = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "premiumline_time_to_region_seconds",
		Help:    "Time from the answer to the first line reached, of calls that began here.",
		Buckets: []float64{3, 5, 8, 10, 13, 16, 21, 30, 40, 60, 90, 120, 180, 300},
	})
	m.inProgress = prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "premiumline_calls_in_progress",
		Help: "Calls that began here and whose end was not told yet, for two hours at most."},
		m.calls.count)
	r.MustRegister(append(m.collections, m.started, m.toRegion, m.inProgress)...)
	return m
}

func (m *Metrics) counter(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.collections = append(m.collections, c)
	return c
}

// Count counts one event of a call. At the call's end it returns how far the
// call got, as far as this process has seen it.
func (m *Metrics) Count(e calllog.Event) (p Progress, ended bool) {
	if e.Kind == calllog.SMS {
		m.texts.WithLabelValues(e.TextStatus).Inc()
		return p, false
	}
	if e.Text != nil {
		m.texts.WithLabelValues(calllog.TextAsked).Inc()
	}
	before, known := m.calls.take(e)
	switch {
	case e.Kind == calllog.Status:
		m.ended.WithLabelValues(e.CallStatus).Inc()
		return before, true
	case e.Outcome == "start" && !known:
		m.started.Inc()
	case e.Outcome == calllog.Silence:
		m.silences.WithLabelValues(e.Page).Inc()
	case e.Outcome == calllog.Wrong:
		m.wrong.WithLabelValues(e.Page).Inc()
	}
	if e.Disposition != "" {
		m.transfers.WithLabelValues(e.Region, e.Disposition).Inc()
	}
	if e.Way != "" && (e.Way != before.Way || e.Region != before.Region) {
		m.reached.WithLabelValues(e.Region, e.Way).Inc()
		if known && before.Way == "" {
			m.toRegion.Observe(e.At.Sub(before.Began).Seconds())
		}
	}
	return Progress{}, false
}

// Progress is how far a call got.
type Progress struct {
	Began  time.Time // zero: elsewhere
	Page   string    // the last one
	Region string    // the line reached, and how; "" if none was
	Way    string
}

// calls are the calls in progress that began here. They are bounded in time, for
// those whose end is told to another replica, or never; and in number.
type calls struct {
	mu   sync.Mutex
	open map[string]Progress
}

const (
	longestCall = 2 * time.Hour
	mostCalls   = 20_000
)

// take takes in an event and returns how far its call was before.
func (c *calls) take(e calllog.Event) (before Progress, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, known = c.open[e.Call]
	switch {
	case e.Kind == calllog.Status:
		delete(c.open, e.Call)
	case known, e.Outcome == "start" && c.room(e.At):
		after := before
		if !known {
			after.Began = e.At
		}
		if after.Page = e.Next; e.Way != "" {
			after.Region, after.Way = e.Region, e.Way
		}
		c.open[e.Call] = after
	}
	return before, known
}

// room makes room for one more call, and tells whether there is any.
func (c *calls) room(now time.Time) bool {
	if len(c.open) >= mostCalls {
		c.drop(now)
	}
	return len(c.open) < mostCalls
}

// drop forgets the calls that are too old to be in progress.
func (c *calls) drop(now time.Time) {
	maps.DeleteFunc(c.open, func(_ string, p Progress) bool { return now.Sub(p.Began) > longestCall })
}

func (c *calls) count() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(time.Now())
	return float64(len(c.open))
}

// RegisterLog registers the health of the call log with r.
func RegisterLog(r prometheus.Registerer, health func() calllog.Health) {
	gauge := func(name, help string, value func(calllog.Health) float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return value(health()) }))
	}
	counter := func(name, help string, value func(calllog.Health) int) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(value(health())) }))
	}
	gauge("premiumline_call_log_up", "1 while events are durable when their webhook is answered.",
		func(h calllog.Health) float64 { return number(h.OK) })
	gauge("premiumline_call_log_queued_events", "Events in memory that wait for the store.",
		func(h calllog.Health) float64 { return float64(h.Queued) })
	counter("premiumline_call_log_written_events_total", "Events that are in the store.",
		func(h calllog.Health) int { return h.Written })
	counter("premiumline_call_log_dropped_events_total", "Events that will never be in the store.",
		func(h calllog.Health) int { return h.Dropped })
}

// RegisterTexts registers how many texts wait to be sent with r.
func RegisterTexts(
	r prometheus.Registerer, waiting func(context.Context) (int, time.Time, error),
) {
	r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "premiumline_texts_waiting", Help: "Texts that wait to be sent; NaN: the store does not say.",
	}, func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		n, _, err := waiting(ctx)
		if err != nil {
			return math.NaN()
		}
		return float64(n)
	}))
}

func number(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}

// RegisterDirectory registers the directory in use with r.
func RegisterDirectory(r prometheus.Registerer, directory func() Directory) {
	r.MustRegister(directoryFigures{directory})
}

// directoryFigures tells of the directory in use as it is when asked.
type directoryFigures struct{ directory func() Directory }

var (
	directoryInfo = prometheus.NewDesc("premiumline_directory_info",
		"1, of the directory in use.", []string{"version"}, nil)
	directoryRefused = prometheus.NewDesc("premiumline_directory_refused",
		"1 while the newest files of the directory were not taken.", nil, nil)
	oldestCheck = prometheus.NewDesc("premiumline_directory_oldest_check_timestamp_seconds",
		"Day on which the number was last rung that was not rung for longest; 0: one was never.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (directoryFigures) Describe(d chan<- *prometheus.Desc) {
	d <- directoryInfo
	d <- directoryRefused
	d <- oldestCheck
}

// Collect implements [prometheus.Collector].
func (f directoryFigures) Collect(m chan<- prometheus.Metric) {
	d := f.directory()
	m <- prometheus.MustNewConstMetric(directoryInfo, prometheus.GaugeValue, 1, d.Version)
	m <- prometheus.MustNewConstMetric(directoryRefused, prometheus.GaugeValue, number(d.Refused != ""))
	m <- prometheus.MustNewConstMetric(oldestCheck, prometheus.GaugeValue, d.oldestCheck())
}

// oldestCheck is when the phone was last rung that was not rung for longest, in
// seconds since 1970; 0 where one was never.
func (d Directory) oldestCheck() float64 {
	oldest := 0.0
	for _, p := range d.Phones {
		if p.Checked.IsZero() {
			return 0
		}
		if at := float64(p.Checked.Unix()); oldest == 0 || at < oldest {
			oldest = at
		}
	}
	return oldest
}
