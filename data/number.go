package data

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Number is a telephone number in E.164 form, "+18776997407".
type Number string

// Valid reports whether n has the form of an E.164 number: + and 7 to 15 digits. A
// number of the North American plan is held to its 3-3-4 form, so that a digit too few
// is seen. Every turn of a call asks, and a regular expression would take longer than
// to find the answer.
func (n Number) Valid() bool {
	digits, plus := strings.CutPrefix(string(n), "+")
	switch {
	case !plus || len(digits) < 7 || strings.Trim(digits, "0123456789") != "":
		return false
	case digits[0] == '1':
		return len(digits) == 11 && digits[1] >= '2' && digits[4] >= '2'
	}
	return len(digits) <= 15 && digits[0] >= '2'
}

// Groups returns the digits as they are read out: 1 / 3 / 3 / 2 / 2 for a
// number of the North American plan (the California health-alert guide to
// synthetic speech), in threes for others.
func (n Number) Groups() []string {
	digits := strings.TrimPrefix(string(n), "+")
	if len(digits) == 11 && digits[0] == '1' {
		return []string{digits[:1], digits[1:4], digits[4:7], digits[7:9], digits[9:]}
	}
	var groups []string
	for len(digits) > 4 {
		groups, digits = append(groups, digits[:3]), digits[3:]
	}
	return append(groups, digits)
}

// Written returns the number as it is written: 1-877-699-7407 for one of the North
// American plan, in E.164 form for others.
func (n Number) Written() string {
	if len(n) != len("+18776997407") || !strings.HasPrefix(string(n), "+1") {
		return string(n)
	}
	return string("1-" + n[2:5] + "-" + n[5:8] + "-" + n[8:])
}

// Day is a date without a time; the zero Day is "not yet".
type Day struct{ time.Time }

// UnmarshalYAML reads a day as 2026-11-23; blank is the zero Day.
func (d *Day) UnmarshalYAML(node *yaml.Node) (err error) {
	if node.Value == "" {
		return nil
	}
	if d.Time, err = time.Parse(time.DateOnly, node.Value); err != nil {
		return &yaml.TypeError{Errors: []string{fmt.Sprintf(
			"line %d: %q is no day: write it like 2026-11-23", node.Line, node.Value)}}
	}
	return nil
}

// String returns the day as "2026-11-23", or "never".
func (d Day) String() string {
	if d.IsZero() {
		return "never"
	}
	return d.Format(time.DateOnly)
}
