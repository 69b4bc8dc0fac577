package webhook

import "github.com/prometheus/client_golang/prometheus"

// Metrics counts what the handler does. Its labels are bounded: routes, outcomes
// and reasons are those of this package.
type Metrics struct {
	webhooks *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
}

// NewMetrics returns metrics that are registered with r.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		webhooks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "premiumline_webhooks_total",
			Help: "Webhooks behind a good signature, by route and outcome (answered, apologised).",
		}, []string{"route", "outcome"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "premiumline_webhook_duration_seconds",
			Help: "Time from a webhook's headers to the end of its answer, by route.",
			Buckets: []float64{
				.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, 1, 5},
		}, []string{"route"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "premiumline_refused_requests_total",
			Help: "Requests that were refused, by reason.",
		}, []string{"reason"}),
	}
	r.MustRegister(m.webhooks, m.seconds, m.refused)
	return m
}

// routeMetrics are the metrics of one route, looked up once.
type routeMetrics struct {
	answered, apologised prometheus.Counter
	seconds              prometheus.Observer
}

func (m *Metrics) route(name string) routeMetrics {
	return routeMetrics{
		answered:   m.webhooks.WithLabelValues(name, "answered"),
		apologised: m.webhooks.WithLabelValues(name, "apologised"),
		seconds:    m.seconds.WithLabelValues(name),
	}
}

func (m *Metrics) refuse(reason string) { m.refused.WithLabelValues(reason).Inc() }
