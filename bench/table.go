package main

import (
	"fmt"
	"strings"
)

// column is one of the table: what it is called, its figure, and how it is written.
type column struct {
	head   string
	value  func(*figures) float64
	format string
	ratio  bool // it is also written over the floor's
}

var columns = []column{
	{"CPU µs a webhook", func(f *figures) float64 { return f.CPU }, "%.1f", true},
	{"webhooks/s on one core", func(f *figures) float64 { return f.Rate }, "%.0f", true},
	{"at a rate of", func(f *figures) float64 { return float64(f.Pace) }, "%.0f/s", false},
	{"p50 ms", func(f *figures) float64 { return f.P50 / 1000 }, "%.2f", true},
	{"p99 ms", func(f *figures) float64 { return f.P99 / 1000 }, "%.2f", true},
	{"allocations", func(f *figures) float64 { return f.Allocs }, "%.0f", false},
	{"MiB idle", func(f *figures) float64 { return f.Idle }, "%.0f", true},
	{"MiB loaded", func(f *figures) float64 { return f.Loaded }, "%.0f", true},
	{"start ms", func(f *figures) float64 { return f.Start }, "%.0f", true},
	{"binary MiB", func(f *figures) float64 { return f.Binary }, "%.1f", false},
}

// cell is a figure, with its ratio to the floor's where that is told.
func (c column) cell(f, floor *figures) string {
	value := c.value(f)
	if value == 0 {
		return "-"
	}
	text := fmt.Sprintf(c.format, value)
	if base := c.value(floor); c.ratio && f != floor && base > 0 {
		text += fmt.Sprintf(" (%s x)", ratio(value/base))
	}
	return text
}

// ratio writes a ratio with as many digits as say something.
func ratio(r float64) string {
	switch {
	case r < 0.095:
		return fmt.Sprintf("%.3f", r)
	case r < 9.95:
		return fmt.Sprintf("%.2f", r)
	}
	return fmt.Sprintf("%.0f", r)
}

// markdown is a table of rows, the first of which is its head.
func markdown(rows [][]string) string {
	var b strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			b.WriteString("| --- |" + strings.Repeat(" ---: |", len(row)-1) + "\n")
		}
	}
	return b.String()
}

// contestantsTable is a row a contestant, with the columns whose heads are named;
// without names with all.
func (r *results) contestantsTable(heads ...string) string {
	rows := [][]string{{""}}
	var chosen []column
	for _, c := range columns {
		if len(heads) == 0 || strings.Contains(strings.Join(heads, ","), c.head) {
			chosen, rows[0] = append(chosen, c), append(rows[0], c.head)
		}
	}
	for _, f := range r.Contestants {
		row := []string{f.About}
		for _, c := range chosen {
			row = append(row, c.cell(f, r.Contestants[0]))
		}
		rows = append(rows, row)
	}
	return markdown(rows)
}

// caption says when and where the figures were taken.
func (r *results) caption() string {
	return fmt.Sprintf("Measured on %s on %s, %s, commit %s: medians of %d rounds, %d connections at "+
		"saturation; in parentheses over the floor's.\n", r.Date, r.Machine, r.Go, r.Commit, r.Rounds,
		r.Connections)
}

// summary is what README.md shows.
func (r *results) summary() string {
	return "\n" + r.contestantsTable("CPU µs a webhook", "webhooks/s on one core", "p99 ms", "MiB loaded",
		"start ms") + "\n" + r.caption() + "\n"
}

// text is what bench/README.md shows.
func (r *results) text() string {
	parts := []string{r.contestantsTable(), r.caption() + r.remarks()}
	r.Targets = r.judge()
	rows := [][]string{{"target", "at most", "measured", ""}}
	for _, v := range r.Targets {
		rows = append(rows, []string{v.Target, ratio(v.Most), ratio(v.Ratio), metOrNot(v.Met)})
	}
	parts = append(parts, markdown(rows))
	if len(r.Calls) > 0 {
		parts = append(parts, callsTable(r.Calls))
	}
	if len(r.Directories) > 0 {
		parts = append(parts, directoriesTable(r.Directories))
	}
	return "\n" + strings.Join(parts, "\n") + "\n"
}

func metOrNot(met bool) string {
	if met {
		return "met"
	}
	return "missed"
}

// remarks tells what belongs to the table.
func (r *results) remarks() string {
	text := ""
	for _, f := range r.Contestants {
		if f.StoreCPU > 0 {
			text += fmt.Sprintf("PostgreSQL itself takes another %.1f µs a webhook, on the same core. ",
				f.StoreCPU)
		}
		if f.Version != "" {
			text += f.Version + ". "
		}
	}
	return text + fmt.Sprintf("The line compiles in %.1f ms.\n", r.Compile)
}
