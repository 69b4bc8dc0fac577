package ops_test

import (
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"premiumline/calllog"
	"premiumline/ops"
)

// TestMetricsOfCalls counts two calls: one is transferred, and tries a busy line
// first; the other gives up after a wrong key and silence.
func TestMetricsOfCalls(t *testing.T) {
	registry := prometheus.NewRegistry()
	m := ops.NewMetrics(registry)
	start := time.Now()
	at := func(call string, seconds int, e calllog.Event) (ops.Progress, bool) {
		e.Call, e.At = call, start.Add(time.Duration(seconds)*time.Second)
		if e.Kind == "" {
			e.Kind = calllog.Turn
		}
		return m.Count(e)
	}
	at("CA1", 0, calllog.Event{Outcome: "start", Next: "en/menu"})
	at("CA1", 12, calllog.Event{Outcome: "choice", Page: "en/menu", Next: "en/connect/georgia",
		Way: calllog.Transferred, Region: "georgia"})
	at("CA1", 20, calllog.Event{Outcome: "transfer", Next: "en/number/georgia/busy",
		Way: calllog.ReadOut, Region: "georgia", Disposition: "busy"})
	at("CA1", 40, calllog.Event{Outcome: "choice", Next: "en/dial/georgia",
		Way: calllog.Transferred, Region: "georgia"})
	at("CA2", 0, calllog.Event{Outcome: "start", Next: "en/menu"})
	at("CA2", 0, calllog.Event{Outcome: "start", Next: "en/menu"}) // it came twice
	at("CA2", 9, calllog.Event{Outcome: calllog.Wrong, Page: "en/menu", Next: "en/menu/wrong"})
	at("CA2", 60, calllog.Event{Outcome: calllog.Silence, Page: "en/menu/wrong", Next: "en/menu/again"})
	p, ended := at("CA2", 61, calllog.Event{Kind: calllog.Status, CallStatus: "completed"})
	if !ended || p.Page != "en/menu/again" || p.Way != "" {
		t.Errorf("the second call got as far as %+v, ended %v", p, ended)
	}
	want := `
# HELP premiumline_calls_ended_total Calls whose end was told, by Twilio's status.
# TYPE premiumline_calls_ended_total counter
premiumline_calls_ended_total{status="completed"} 1
# HELP premiumline_calls_in_progress Calls that began here and whose end was not told yet, for two hours at most.
# TYPE premiumline_calls_in_progress gauge
premiumline_calls_in_progress 1
# HELP premiumline_calls_started_total Calls whose first webhook was answered here.
# TYPE premiumline_calls_started_total counter
premiumline_calls_started_total 2
# HELP premiumline_regions_reached_total Times a caller reached a line, by region and way.
# TYPE premiumline_regions_reached_total counter
premiumline_regions_reached_total{region="georgia",way="read out"} 1
premiumline_regions_reached_total{region="georgia",way="transferred"} 2
# HELP premiumline_silences_total Waits that ended without a key, by page.
# TYPE premiumline_silences_total counter
premiumline_silences_total{page="en/menu/wrong"} 1
# HELP premiumline_transfers_total Transfers that ended, by region and disposition.
# TYPE premiumline_transfers_total counter
premiumline_transfers_total{disposition="busy",region="georgia"} 1
# HELP premiumline_wrong_keys_total Wrong keys, by page.
# TYPE premiumline_wrong_keys_total counter
premiumline_wrong_keys_total{page="en/menu"} 1
`
	names := []string{"premiumline_calls_ended_total", "premiumline_calls_in_progress",
		"premiumline_calls_started_total", "premiumline_regions_reached_total",
		"premiumline_silences_total", "premiumline_transfers_total", "premiumline_wrong_keys_total"}
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), names...); err != nil {
		t.Error(err)
	}
	refused := `
# HELP premiumline_directory_refused 1 while the newest files of the directory were not taken.
# TYPE premiumline_directory_refused gauge
premiumline_directory_refused 1
`
	ops.RegisterDirectory(registry, func() ops.Directory { return ops.Directory{Version: "v1", Refused: "a mistake"} })
	if err := testutil.GatherAndCompare(registry, strings.NewReader(refused), "premiumline_directory_refused"); err != nil {
		t.Error(err)
	}
}
