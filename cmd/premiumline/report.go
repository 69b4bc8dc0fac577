package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/pflag"

	"premiumline/calllog"
	"premiumline/config"
)

var reportCommand = command{
	name:    "report",
	summary: "tells what became of the calls",
	about: "Figures come from the call log of DATABASE_URL, as on the dashboard. Calls are counted in\n" +
		"whole hours.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		since := f.String("since", "7d", "how far back: `SPAN` such as 7d or 36h")
		by := f.String("by", "outcome", "`GROUP` by region, hour, outcome or language; or text, what became of texts")
		format := f.String("format", "table", "`FORM` of the answer: table, csv or json")
		return func(ctx context.Context, t terminal, _ []string) error {
			return report(ctx, t, *since, *by, *format)
		}
	},
}

// group is a row of a report.
type group struct {
	Name   string   `json:"name"`
	Calls  int      `json:"calls"`           // or texts
	Share  *float64 `json:"reached_percent"` // nil: of no calls, but texts
	Median *int     `json:"median_seconds"`  // nil: nobody reached a line
	P95    *int     `json:"p95_seconds"`
}

// grouping is one way to report: what its columns are called, the first after the
// grouping itself, and its rows with the one of all.
type grouping struct {
	heads []string
	rows  func(calllog.Summary) []group
}

var ofCalls = []string{"calls", "reached %", "median s", "p95 s"}

var groupings = map[string]grouping{
	"region":   {ofCalls, func(s calllog.Summary) []group { return tallies(s, s.Regions, "none") }},
	"outcome":  {ofCalls, func(s calllog.Summary) []group { return tallies(s, s.Outcomes, "") }},
	"language": {ofCalls, func(s calllog.Summary) []group { return tallies(s, s.Languages, "") }},
	"hour":     {ofCalls, hours},
	"text":     {[]string{"texts"}, texts},
}

// forms write a report.
var forms = map[string]func(w io.Writer, heads []string, groups []group) error{
	"table": writeTable, "csv": writeCSV, "json": writeJSON,
}

func report(ctx context.Context, t terminal, since, by, format string) error {
	var span config.Span
	grouping, known := groupings[by]
	write := forms[format]
	switch err := span.UnmarshalText([]byte(since)); {
	case err != nil:
		return usageError{fmt.Errorf("--since %w", err)}
	case !known:
		return usageError{fmt.Errorf("--by %s: write %s", by, listed(groupings))}
	case write == nil:
		return usageError{fmt.Errorf("--format %s: write %s", format, listed(forms))}
	}
	s, err := summary(ctx, t, time.Duration(span))
	if err != nil {
		return err
	}
	return write(t.out, append([]string{by}, grouping.heads...), grouping.rows(s))
}

func listed[V any](of map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(of)), ", ")
}

// summary asks the configured call log.
func summary(ctx context.Context, t terminal, since time.Duration) (s calllog.Summary, err error) {
	err = withRecords(ctx, t, func(r *records) error {
		s, err = r.log.Summary(ctx, calllog.Period{From: time.Now().Add(-since)})
		return err
	})
	return s, err
}

// withRecords has do use the configured call log.
func withRecords(ctx context.Context, t terminal, do func(*records) error) error {
	c, err := config.Read()
	if err != nil {
		return err
	}
	r, err := openCallLog(ctx, c, slog.New(slog.NewTextHandler(t.err, nil)))
	if err != nil {
		return err
	}
	return errors.Join(do(r), r.close(ctx))
}

func tallies(s calllog.Summary, of map[string]*calllog.Tally, unnamed string) []group {
	var groups []group
	for _, name := range slices.Sorted(maps.Keys(of)) {
		groups = append(groups, groupOf(cmp.Or(name, unnamed), *of[name]))
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(b.Calls, a.Calls) })
	return append(groups, groupOf("all", s.All))
}

func hours(s calllog.Summary) []group {
	var groups []group
	for _, h := range s.Hours {
		groups = append(groups, groupOf(h.Start.Local().Format("2006-01-02 15:04"), h.Tally))
	}
	return append(groups, groupOf("all", s.All))
}

// texts are what became of the texts that callers asked for.
func texts(s calllog.Summary) []group {
	var groups []group
	all := group{Name: "all"}
	for _, status := range calllog.TextStatuses() {
		if n := s.Texts[status]; n > 0 {
			groups = append(groups, group{Name: status, Calls: n})
			all.Calls += n
		}
	}
	return append(groups, all)
}

func groupOf(name string, t calllog.Tally) group {
	quantile := func(q float64) *int {
		if seconds, ok := t.Quantile(q); ok {
			return &seconds
		}
		return nil
	}
	share := t.Share()
	return group{name, t.Calls, &share, quantile(0.5), quantile(0.95)}
}

// cells are a row's texts; what is not known is left blank.
func (g group) cells() []string {
	seconds := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	share := ""
	if g.Share != nil {
		share = strconv.FormatFloat(*g.Share, 'f', 1, 64)
	}
	return []string{g.Name, strconv.Itoa(g.Calls), share, seconds(g.Median), seconds(g.P95)}
}

func writeTable(w io.Writer, heads []string, groups []group) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, strings.Join(heads, "\t"))
	for _, g := range groups {
		_, _ = fmt.Fprintln(t, strings.Join(g.cells()[:len(heads)], "\t"))
	}
	return t.Flush()
}

func writeCSV(w io.Writer, heads []string, groups []group) error {
	c := csv.NewWriter(w)
	_ = c.Write(heads)
	for _, g := range groups {
		_ = c.Write(g.cells()[:len(heads)])
	}
	c.Flush()
	return c.Error()
}

func writeJSON(w io.Writer, _ []string, groups []group) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(groups)
}
