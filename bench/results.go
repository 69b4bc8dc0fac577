package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// figures is what was measured of a contestant; what is 0 was not.
type figures struct {
	Name     string  `json:"name"`
	About    string  `json:"about"`
	Version  string  `json:"version,omitempty"`
	CPU      float64 `json:"cpu_us"`                 // a webhook, at saturation
	StoreCPU float64 `json:"store_cpu_us,omitempty"` // of a store that is a process of its own
	Rate     float64 `json:"webhooks_per_second"`    // of one core, at saturation
	Pace     int     `json:"paced_per_second"`
	P50      float64 `json:"p50_us"` // at that pace
	P99      float64 `json:"p99_us"`
	Allocs   float64 `json:"allocs,omitempty"` // a webhook
	Idle     float64 `json:"idle_mib"`         // resident
	Loaded   float64 `json:"loaded_mib"`
	Start    float64 `json:"start_ms"` // to the first answer
	Binary   float64 `json:"binary_mib,omitempty"`
	Answered float64 `json:"answered_a_round"`
	Stored   float64 `json:"stored_a_round,omitempty"` // the same, where records are kept
}

// measured are the figures of which a median is taken.
var measured = []func(*figures) *float64{
	func(f *figures) *float64 { return &f.CPU }, func(f *figures) *float64 { return &f.StoreCPU },
	func(f *figures) *float64 { return &f.Rate }, func(f *figures) *float64 { return &f.Allocs },
	func(f *figures) *float64 { return &f.P50 }, func(f *figures) *float64 { return &f.P99 },
	func(f *figures) *float64 { return &f.Idle }, func(f *figures) *float64 { return &f.Loaded },
	func(f *figures) *float64 { return &f.Start }, func(f *figures) *float64 { return &f.Answered },
	func(f *figures) *float64 { return &f.Stored },
}

// median is of each figure the middle one.
func median(rounds []figures) (m figures) {
	for _, of := range measured {
		var values []float64
		for i := range rounds {
			values = append(values, *of(&rounds[i]))
		}
		slices.Sort(values)
		*of(&m) = values[len(values)/2]
	}
	return m
}

// results is all that was measured.
type results struct {
	Date        string         `json:"date"`
	Machine     string         `json:"machine"`
	Go          string         `json:"go"`
	Commit      string         `json:"commit"`
	Rounds      int            `json:"rounds"`
	Connections int            `json:"connections"`
	Compile     float64        `json:"compile_ms"` // of the line, in a process that just began
	Contestants []*figures     `json:"contestants"`
	Targets     []verdict      `json:"targets"`
	Calls       []callFigures  `json:"calls"`
	Directories []directorySum `json:"directories"`

	root string
}

func newResults(p plan) *results {
	commit, _ := exec.Command("git", "describe", "--always", "--dirty").Output()
	return &results{
		Date: time.Now().UTC().Format(time.DateOnly), Machine: machine(), Go: runtime.Version(),
		Commit: strings.TrimSpace(string(commit)), Rounds: p.rounds, Connections: p.connections,
	}
}

// of returns a contestant's figures; zero ones where it was not measured.
func (r *results) of(name string) figures {
	for _, f := range r.Contestants {
		if f.Name == name {
			return *f
		}
	}
	return figures{}
}

// target is a ratio that shall not be greater than most.
type target struct {
	What  string
	Most  float64
	ratio func(*results) float64
}

func over(of func(figures) float64, name, base string) func(*results) float64 {
	return func(r *results) float64 {
		if of(r.of(base)) == 0 {
			return 0
		}
		return of(r.of(name)) / of(r.of(base))
	}
}

func cpu(f figures) float64    { return f.CPU }
func p99(f figures) float64    { return f.P99 }
func loaded(f figures) float64 { return f.Loaded }

var targets = []target{
	{"CPU a webhook without records, over the floor's", 1.35, over(cpu, "line", "floor")},
	{"CPU a webhook with SQLite, over the floor's", 2.2, over(cpu, "sqlite", "floor")},
	{"CPU a webhook without records, over typical Go's", 0.35, over(cpu, "line", "typical")},
	{"CPU a webhook with SQLite, over typical Go's", 0.35, over(cpu, "sqlite", "typical")},
	{"CPU a webhook without records, over express's", 0.08, over(cpu, "line", "express")},
	{"CPU a webhook with SQLite, over express's", 0.08, over(cpu, "sqlite", "express")},
	{"p99 without records, over the floor's", 2, over(p99, "line", "floor")},
	{"p99 with SQLite, over the floor's", 2, over(p99, "sqlite", "floor")},
	{"start with SQLite, over the floor's start and the compile", 1.5, startRatio},
	{"start without records, over the same", 1.5, bareStartRatio},
	{"memory under load without records, over the floor's", 4, over(loaded, "line", "floor")},
	{"memory under load with SQLite, over the floor's", 4, over(loaded, "sqlite", "floor")},
}

func startRatio(r *results) float64     { return r.startOver("sqlite") }
func bareStartRatio(r *results) float64 { return r.startOver("line") }

// startOver is a start over 1 x the floor's and the compile of the line.
func (r *results) startOver(name string) float64 {
	return r.of(name).Start / (r.of("floor").Start + r.Compile)
}

// verdict is what became of a target.
type verdict struct {
	Target string  `json:"target"`
	Most   float64 `json:"most"`
	Ratio  float64 `json:"ratio"`
	Met    bool    `json:"met"`
}

// judge holds the results against the targets, as far as both sides were measured.
func (r *results) judge() (verdicts []verdict) {
	for _, t := range targets {
		if ratio := t.ratio(r); ratio > 0 {
			verdicts = append(verdicts, verdict{t.What, t.Most, ratio, ratio <= t.Most})
		}
	}
	return verdicts
}

// save writes the results into the repository.
func (r *results) save() error {
	if err := writeJSON(filepath.Join(r.root, "bench", "results.json"), r); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(r.root, "docs"), 0o755); err != nil {
		return err
	}
	chart := filepath.Join(r.root, "docs", "bench.svg")
	if err := os.WriteFile(chart, []byte(r.chart()), 0o644); err != nil {
		return err
	}
	for file, text := range map[string]string{
		"README.md": r.summary(), filepath.Join("bench", "README.md"): r.text(),
	} {
		if err := insertInto(filepath.Join(r.root, file), text); err != nil {
			return err
		}
	}
	return nil
}

func writeJSON(path string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

// mark stands before and after what is written into a page.
const mark = "<!-- bench -->\n"

// insertInto replaces what stands between the marks of a file, if it has any.
func insertInto(path, text string) error {
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	changed, err := insert(string(page), text)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.WriteFile(path, []byte(changed), 0o644)
}

// insert returns the page with the text between its marks; a page without marks stays
// as it is.
func insert(page, text string) (string, error) {
	parts := strings.Split(page, mark)
	switch len(parts) {
	case 1:
		return page, nil
	case 3:
		return parts[0] + mark + text + mark + parts[2], nil
	}
	return "", fmt.Errorf("%d lines %s, want none or two", len(parts)-1, strings.TrimSpace(mark))
}
