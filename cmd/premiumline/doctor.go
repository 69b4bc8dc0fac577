package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/pflag"

	"premiumline/data"
)

var doctorCommand = command{
	name:    "doctor",
	summary: "checks everything between a caller and an answer",
	about: "Each line says ok, warn, fail or, where a check before it failed, that it was not\n" +
		"checked; and what to do. The line itself must run. Nothing is changed and no call is\n" +
		"recorded. The exit status is 0 if nothing failed, else 1.",
	flags: func(f *pflag.FlagSet) func(context.Context, terminal, []string) error {
		number := f.String("number", "", "the `NUMBER` that callers dial, E.164 "+
			"(default: each that calls the line)")
		inJSON := f.Bool("json", false, "write the findings as JSON")
		return func(ctx context.Context, t terminal, _ []string) error {
			return doctor(ctx, t, *number, *inJSON)
		}
	},
}

// state is how a check went.
type state string

// The states, from good to bad.
const (
	well       state = "ok"
	doubtful   state = "warn"
	failed     state = "fail"
	notChecked state = "not checked"
)

// finding is what a check found out.
type finding struct {
	Check string `json:"check"`
	State state  `json:"state"`
	Says  string `json:"says"`
	Do    string `json:"do,omitempty"`
}

// checkup is one of the doctor's checks.
type checkup struct {
	name  string
	needs []string // names of those before it that must not have failed
	run   func(context.Context, *patient) []finding
}

func doctor(ctx context.Context, t terminal, number string, inJSON bool) error {
	if number != "" && !data.Number(number).Valid() {
		return usageError{fmt.Errorf("--number %q: not an E.164 number, +18005550199", number)}
	}
	shown := showFinding(t.out)
	if inJSON {
		shown = func(finding) {}
	}
	findings := examine(ctx, checkups, &patient{number: number}, shown)
	if inJSON {
		if err := writeFindings(t.out, findings); err != nil {
			return err
		}
	}
	if n := count(findings, failed); n > 0 {
		return fmt.Errorf("%d failed", n)
	}
	return nil
}

// examine runs the checks in their order, each if those it needs have not failed, and shows each
// finding at once.
func examine(ctx context.Context, checks []checkup, p *patient, shown func(finding)) []finding {
	var all []finding
	unsound := map[string]bool{}
	for _, c := range checks {
		var found []finding
		if why := unmet(c, unsound); why != "" {
			found = []finding{{State: notChecked, Says: why + " failed before"}}
		} else {
			found = c.run(ctx, p)
		}
		unsound[c.name] = count(found, failed)+count(found, notChecked) > 0
		for _, f := range found {
			f.Check = c.name
			all = append(all, f)
			shown(f)
		}
	}
	return all
}

// unmet returns the first that a check needs and that failed.
func unmet(c checkup, unsound map[string]bool) string {
	for _, name := range c.needs {
		if unsound[name] {
			return name
		}
	}
	return ""
}

func count(findings []finding, s state) (n int) {
	for _, f := range findings {
		if f.State == s {
			n++
		}
	}
	return n
}

// showFinding writes findings as people read them.
func showFinding(w io.Writer) func(finding) {
	return func(f finding) {
		says := lineBreak.ReplaceAllString(f.Says, "\n"+strings.Repeat(" ", 26))
		_, _ = fmt.Fprintf(w, "%-12s %-12s %s\n", f.State, f.Check, says)
		if f.Do != "" {
			_, _ = fmt.Fprintf(w, "%-25s -> %s\n", "", f.Do)
		}
	}
}

var lineBreak = regexp.MustCompile(`\n\s*`)

func writeFindings(w io.Writer, findings []finding) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(struct {
		OK     bool      `json:"ok"`
		Checks []finding `json:"checks"`
	}{count(findings, failed) == 0, findings})
}

// The findings of a check that has only one.
func isWell(format string, args ...any) []finding {
	return []finding{{State: well, Says: fmt.Sprintf(format, args...)}}
}

func isDoubtful(do, format string, args ...any) []finding {
	return []finding{{State: doubtful, Says: fmt.Sprintf(format, args...), Do: do}}
}

func hasFailed(do, format string, args ...any) []finding {
	return []finding{{State: failed, Says: fmt.Sprintf(format, args...), Do: do}}
}

// faults makes a finding of each error that is joined in err. What they say has its mend in it.
func faults(err error) (found []finding) {
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return hasFailed("", "%v", err)
	}
	for _, one := range joined.Unwrap() {
		found = append(found, faults(one)...)
	}
	return found
}
