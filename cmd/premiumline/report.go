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
		by := f.String("by", "outcome", "`GROUP` by region, hour, outcome or language")
		format := f.String("format", "table", "`FORM` of the answer: table, csv or json")
		return func(ctx context.Context, t terminal, _ []string) error {
			return report(ctx, t, *since, *by, *format)
		}
	},
}

// group is a row of a report.
type group struct {
	Name   string  `json:"name"`
	Calls  int     `json:"calls"`
	Share  float64 `json:"reached_percent"`
	Median *int    `json:"median_seconds"` // nil: nobody reached a line
	P95    *int    `json:"p95_seconds"`
}

// groupings make a summary's groups.
var groupings = map[string]func(calllog.Summary) []group{
	"region":   func(s calllog.Summary) []group { return tallies(s.Regions, "none") },
	"outcome":  func(s calllog.Summary) []group { return tallies(s.Outcomes, "") },
	"language": func(s calllog.Summary) []group { return tallies(s.Languages, "") },
	"hour":     hours,
}

// forms write a report.
var forms = map[string]func(io.Writer, string, []group) error{
	"table": writeTable, "csv": writeCSV, "json": writeJSON,
}

func report(ctx context.Context, t terminal, since, by, format string) error {
	var span config.Span
	grouping, write := groupings[by], forms[format]
	switch err := span.UnmarshalText([]byte(since)); {
	case err != nil:
		return usageError{fmt.Errorf("--since %w", err)}
	case grouping == nil:
		return usageError{fmt.Errorf("--by %s: write %s", by, listed(groupings))}
	case write == nil:
		return usageError{fmt.Errorf("--format %s: write %s", format, listed(forms))}
	}
	s, err := summary(ctx, t, time.Duration(span))
	if err != nil {
		return err
	}
	all := groupOf("all", s.All)
	return write(t.out, by, append(grouping(s), all))
}

func listed[V any](of map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(of)), ", ")
}

// summary asks the configured call log.
func summary(ctx context.Context, t terminal, since time.Duration) (s calllog.Summary, err error) {
	c, err := config.Read()
	if err != nil {
		return s, err
	}
	r, err := openCallLog(ctx, c, slog.New(slog.NewTextHandler(t.err, nil)))
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, r.close(ctx)) }()
	return r.log.Summary(ctx, calllog.Period{From: time.Now().Add(-since)})
}

func tallies(of map[string]*calllog.Tally, unnamed string) []group {
	var groups []group
	for _, name := range slices.Sorted(maps.Keys(of)) {
		groups = append(groups, groupOf(cmp.Or(name, unnamed), *of[name]))
	}
	slices.SortStableFunc(groups, func(a, b group) int { return cmp.Compare(b.Calls, a.Calls) })
	return groups
}

func hours(s calllog.Summary) []group {
	var groups []group
	for _, h := range s.Hours {
		groups = append(groups, groupOf(h.Start.Local().Format("2006-01-02 15:04"), h.Tally))
	}
	return groups
}

func groupOf(name string, t calllog.Tally) group {
	quantile := func(q float64) *int {
		if seconds, ok := t.Quantile(q); ok {
			return &seconds
		}
		return nil
	}
	return group{name, t.Calls, t.Share(), quantile(0.5), quantile(0.95)}
}

// cells are a row's texts; what is not known is left blank.
func (g group) cells() []string {
	seconds := func(n *int) string {
		if n == nil {
			return ""
		}
		return strconv.Itoa(*n)
	}
	return []string{g.Name, strconv.Itoa(g.Calls), strconv.FormatFloat(g.Share, 'f', 1, 64),
		seconds(g.Median), seconds(g.P95)}
}

func heads(by string) []string {
	return []string{by, "calls", "reached %", "median s", "p95 s"}
}

func writeTable(w io.Writer, by string, groups []group) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(t, strings.Join(heads(by), "\t"))
	for _, g := range groups {
		_, _ = fmt.Fprintln(t, strings.Join(g.cells(), "\t"))
	}
	return t.Flush()
}

func writeCSV(w io.Writer, by string, groups []group) error {
	c := csv.NewWriter(w)
	_ = c.Write(heads(by))
	for _, g := range groups {
		_ = c.Write(g.cells())
	}
	c.Flush()
	return c.Error()
}

func writeJSON(w io.Writer, _ string, groups []group) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(groups)
}
