package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Span is a length of time that may be told in days, "90d", or as Go tells it,
// "36h".
type Span time.Duration

// UnmarshalText reads a span; the error tells the form.
func (s *Span) UnmarshalText(text []byte) error {
	if days, ok := strings.CutSuffix(string(text), "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		if err != nil {
			return fmt.Errorf("%q is no number of days: write 90d", text)
		}
		*s = Span(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(string(text))
	if err != nil || d < 0 {
		return fmt.Errorf("%q is no length of time: write 7d or 36h", text)
	}
	*s = Span(d)
	return nil
}

// String returns the span as Go tells it.
func (s Span) String() string { return time.Duration(s).String() }
