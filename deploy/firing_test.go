package deploy_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/rulefmt"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/storage"
	"github.com/prometheus/prometheus/util/annotations"
)

// began is the time of the first sample.
var began = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// TestAlertsFire gives each alert series in Prometheus' own notation, a sample a
// minute, and looks at the end of them whether it fires, and for which labels.
func TestAlertsFire(t *testing.T) {
	rules, fired := alerts(t), map[string]bool{}
	for _, tt := range []struct {
		alert, about string
		series       []string
		want         []string // the series it fires for; nil: it must not
	}{
		{"PremiumlineDown", "one of two is away",
			[]string{`up{job="premiumline",instance="a"} 1x9`, `up{job="premiumline",instance="b"} 1x5 0x3`},
			[]string{`{instance="b", job="premiumline"}`}},
		{"PremiumlineDown", "for one scrape",
			[]string{`up{job="premiumline",instance="a"} 1x5 0 1x3`}, nil},
		{"PremiumlineGone", "nothing is scraped", []string{`up{job="other"} 1x9`},
			[]string{`{job="premiumline"}`}},
		{"PremiumlineGone", "one is there", []string{`up{job="premiumline"} 0x9`}, nil},
		{"PremiumlineCallsFailing", "Twilio asks the fallback", []string{
			`premiumline_webhooks_total{route="fallback",outcome="answered"} 0x10 1x5`,
			`premiumline_webhooks_total{route="voice",outcome="apologised"} 0x15`}, []string{`{}`}},
		{"PremiumlineCallsFailing", "an apology", []string{
			`premiumline_webhooks_total{route="fallback",outcome="answered"} 3x15`,
			`premiumline_webhooks_total{route="page",outcome="apologised"} 0x10 1x5`}, []string{`{}`}},
		{"PremiumlineCallsFailing", "long ago", []string{
			`premiumline_webhooks_total{route="fallback",outcome="answered"} 1x15`,
			`premiumline_webhooks_total{route="page",outcome="apologised"} 2x15`,
			`premiumline_webhooks_total{route="page",outcome="answered"} 0+9x15`}, nil},
		{"PremiumlineSlowAnswers", "two in a hundred", []string{
			`premiumline_webhook_duration_seconds_bucket{le="1"} 0+98x30`,
			`premiumline_webhook_duration_seconds_bucket{le="5"} 0+100x30`,
			`premiumline_webhook_duration_seconds_bucket{le="+Inf"} 0+100x30`}, []string{`{}`}},
		{"PremiumlineSlowAnswers", "one in a thousand", []string{
			`premiumline_webhook_duration_seconds_bucket{le="1"} 0+999x30`,
			`premiumline_webhook_duration_seconds_bucket{le="+Inf"} 0+1000x30`}, nil},
		{"PremiumlineTransfersFailing", "one region is busy, another well", []string{
			`premiumline_transfers_total{region="georgia",disposition="busy"} 0+1x60`,
			`premiumline_transfers_total{region="georgia",disposition="completed"} 0x60`,
			`premiumline_transfers_total{region="hawaii",disposition="busy"} 0x60`,
			`premiumline_transfers_total{region="hawaii",disposition="completed"} 0+1x60`},
			[]string{`{region="georgia"}`}},
		{"PremiumlineTransfersFailing", "one transfer says nothing yet", []string{
			`premiumline_transfers_total{region="georgia",disposition="no-answer"} 0x40 1x20`,
			`premiumline_transfers_total{region="georgia",disposition="completed"} 0x60`}, nil},
		{"PremiumlineTransfersFailing", "callers hang up while it rings", []string{
			`premiumline_transfers_total{region="georgia",disposition="busy"} 0x60`,
			`premiumline_transfers_total{region="georgia",disposition="canceled"} 0+1x60`}, nil},
		{"PremiumlineTextsWaiting", "for long", []string{
			`premiumline_texts_waiting{instance="a"} 0x3 1x10`,
			`premiumline_texts_waiting{instance="b"} 0x3 1x10`}, []string{`{}`}},
		{"PremiumlineTextsWaiting", "each for a moment",
			[]string{`premiumline_texts_waiting 0x3 1x5 0 1x5`}, nil},
		{"PremiumlineTextsWaiting", "the store does not say",
			[]string{`premiumline_texts_waiting NaN+0x20`}, nil},
		{"PremiumlineTextsFailing", "the sender is refused", []string{
			`premiumline_texts_total{status="asked"} 0+1x70`,
			`premiumline_texts_total{status="failed"} 0+1x70`}, []string{`{}`}},
		{"PremiumlineTextsFailing", "Twilio's answers are lost", []string{
			`premiumline_texts_total{status="asked"} 0+1x70`,
			`premiumline_texts_total{status="unsure"} 0+1x70`}, []string{`{}`}},
		{"PremiumlineTextsFailing", "landlines, and who wants no texts", []string{
			`premiumline_texts_total{status="asked"} 0+2x70`,
			`premiumline_texts_total{status="failed"} 0x70`,
			`premiumline_texts_total{status="landline"} 0+1x70`,
			`premiumline_texts_total{status="stopped"} 0+1x70`}, nil},
		{"PremiumlineTextsFailing", "one phone is off", []string{
			`premiumline_texts_total{status="asked"} 0x40 1x30`,
			`premiumline_texts_total{status="failed"} 0x40 1x30`}, nil},
		{"PremiumlineStoreDown", "for long", []string{`premiumline_call_log_up{instance="a"} 1 0x5`},
			[]string{`{instance="a"}`}},
		{"PremiumlineStoreDown", "for a moment", []string{`premiumline_call_log_up 1x5 0 1x2`}, nil},
		{"PremiumlineStoreQueueFilling", "half full",
			[]string{`premiumline_call_log_queued_events{instance="a"} 0+1000x7`},
			[]string{`{instance="a"}`}},
		{"PremiumlineStoreQueueFilling", "a few wait",
			[]string{`premiumline_call_log_queued_events 100x9`}, nil},
		{"PremiumlineRecordsLost", "one",
			[]string{`premiumline_call_log_dropped_events_total{instance="a"} 0x10 1x3`},
			[]string{`{instance="a"}`}},
		{"PremiumlineRecordsLost", "none of late",
			[]string{`premiumline_call_log_dropped_events_total 7x20`}, nil},
		{"PremiumlineSignatureRefusals", "every call",
			[]string{`premiumline_refused_requests_total{reason="signature"} 0+2x20`}, []string{`{}`}},
		{"PremiumlineSignatureRefusals", "another account's",
			[]string{`premiumline_refused_requests_total{reason="account"} 0+2x20`}, []string{`{}`}},
		{"PremiumlineSignatureRefusals", "a scanner sends nothing signed", []string{
			`premiumline_refused_requests_total{reason="method"} 0+50x20`,
			`premiumline_refused_requests_total{reason="no signature"} 0+50x20`}, nil},
		{"PremiumlineNoCalls", "a week ago there were",
			[]string{`premiumline_calls_started_total 0+1x9000 9000x1500`}, []string{`{}`}},
		{"PremiumlineNoCalls", "as many as a week ago",
			[]string{`premiumline_calls_started_total 0+1x10500`}, nil},
		{"PremiumlineNoCalls", "nor a week ago, at night",
			[]string{`premiumline_calls_started_total 5x10500`}, nil},
		{"PremiumlineDirectoryRefused", "still",
			[]string{`premiumline_directory_refused{instance="a"} 0 1x9`},
			[]string{`{instance="a"}`}},
		{"PremiumlineDirectoryRefused", "mended", []string{`premiumline_directory_refused 1x9 0`}, nil},
		{"PremiumlineDirectoriesDiffer", "for long", []string{
			`premiumline_directory_info{instance="a",version="1"} 1x30`,
			`premiumline_directory_info{instance="b",version="2"} 1x30`}, []string{`{}`}},
		{"PremiumlineDirectoriesDiffer", "while it is rolled out", []string{
			`premiumline_directory_info{instance="a",version="2"} 1x30`,
			`premiumline_directory_info{instance="b",version="1"} 1x5`,
			`premiumline_directory_info{instance="b",version="2"} _x6 1x24`}, nil},
		{"PremiumlineNumberUnchecked", "never",
			[]string{`premiumline_directory_oldest_check_timestamp_seconds{instance="a"} 0x70`},
			[]string{`{instance="a"}`}},
		{"PremiumlineNumberUnchecked", "on the first of December", // 35 days before
			[]string{`premiumline_directory_oldest_check_timestamp_seconds 1764547200x70`}, nil},
	} {
		got := firing(t, rules[tt.alert], tt.series)
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s, %s: fires for %q, want %q", tt.alert, tt.about, got, tt.want)
		}
		fired[tt.alert] = fired[tt.alert] || tt.want != nil
	}
	for name := range maps.Keys(rules) {
		if !fired[name] {
			t.Errorf("%s is never seen to fire", name)
		}
	}
}

// firing returns the labels of the series for which a rule fires at the end of what is
// given: its expression held for as long as the rule asks for, minute for minute.
func firing(t *testing.T, rule rulefmt.Rule, given []string) (fires []string) {
	t.Helper()
	store, end := storeOf(t, given)
	wait := time.Duration(rule.For)
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 1e6, Timeout: time.Minute, LookbackDelta: 90 * time.Second, Parser: promqlParser})
	defer func() { _ = engine.Close() }()
	query := must(engine.NewRangeQuery(context.Background(), store, nil, rule.Expr,
		end.Add(-wait), end, time.Minute))(t)
	matrix := must(query.Exec(t.Context()).Matrix())(t)
	for _, held := range matrix {
		if len(held.Floats) == int(wait/time.Minute)+1 {
			series := labels.NewBuilder(held.Metric).Del("__name__").Labels()
			fires = append(fires, series.String())
		}
	}
	slices.Sort(fires)
	return fires
}

// storeOf returns a store of the series, and the time of the last sample.
func storeOf(t *testing.T, given []string) (storage.Queryable, time.Time) {
	t.Helper()
	var all []promql.Series
	longest := 0
	for _, text := range given {
		metric, values, err := promqlParser.ParseSeriesDesc(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		series := promql.Series{Metric: metric}
		for i, value := range values {
			if !value.Omitted {
				at := began.Add(time.Duration(i) * time.Minute).UnixMilli()
				series.Floats = append(series.Floats, promql.FPoint{T: at, F: value.Value})
			}
		}
		all, longest = append(all, series), max(longest, len(values))
	}
	find := func(_ bool, _ *storage.SelectHints, by ...*labels.Matcher) storage.SeriesSet {
		other := func(s promql.Series) bool {
			return slices.ContainsFunc(by, func(m *labels.Matcher) bool {
				return !m.Matches(s.Metric.Get(m.Name))
			})
		}
		return &found{series: slices.DeleteFunc(slices.Clone(all), other)}
	}
	end := began.Add(time.Duration(longest-1) * time.Minute)
	return &storage.MockQueryable{MockQuerier: &storage.MockQuerier{SelectMockFunction: find}}, end
}

// found is series one after the other.
type found struct {
	series []promql.Series
	next   int
}

// Next implements [storage.SeriesSet].
func (f *found) Next() bool { f.next++; return f.next <= len(f.series) }

// At implements [storage.SeriesSet].
func (f *found) At() storage.Series { return promql.NewStorageSeries(f.series[f.next-1]) }

// Err implements [storage.SeriesSet].
func (f *found) Err() error { return nil }

// Warnings implements [storage.SeriesSet].
func (f *found) Warnings() annotations.Annotations { return nil }
