package ops

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the image has no time zones of its own

	"premiumline/calllog"
)

// period is a choice of calls: those of some days, today the last.
type period struct {
	name string // as in the URL
	days int
}

// periods are what the page offers; the first is what a URL without one means.
var periods = []period{{"today", 1}, {"7d", 7}, {"30d", 30}}

// query is what a URL asks for.
type query struct {
	period
	zone string // IANA name of the operator's time zone; "": the server's
}

// How many calls are listed where the URL does not say, and at most.
const (
	someCalls = 30
	manyCalls = 500
)

func readQuery(r *http.Request) (query, error) {
	q := query{periods[0], r.URL.Query().Get("zone")}
	if _, err := time.LoadLocation(q.zone); err != nil {
		return q, refusal{http.StatusBadRequest,
			fmt.Sprintf("zone=%q is no time zone; one would be America/Los_Angeles", q.zone)}
	}
	name := r.URL.Query().Get("period")
	var names []string
	for _, p := range periods {
		if name == p.name {
			q.period = p
			return q, nil
		}
		names = append(names, p.name)
	}
	if name != "" {
		return q, refusal{http.StatusBadRequest,
			fmt.Sprintf("period=%q is not known; it is one of %s", name, strings.Join(names, ", "))}
	}
	return q, nil
}

func readLimit(r *http.Request) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return someCalls, nil
	}
	limit, err := strconv.Atoi(text)
	if err != nil || limit < 1 || limit > manyCalls {
		return 0, refusal{http.StatusBadRequest,
			fmt.Sprintf("limit=%q is not a number of calls from 1 to %d", text, manyCalls)}
	}
	return limit, nil
}

// location is where the operator's clock is.
func (q query) location() *time.Location {
	if q.zone == "" {
		return time.Local
	}
	zone, err := time.LoadLocation(q.zone)
	if err != nil { // readQuery has loaded it once
		return time.UTC
	}
	return zone
}

// start is the midnight that the period begins with.
func (q query) start(now time.Time) time.Time {
	now = now.In(q.location())
	return time.Date(now.Year(), now.Month(), now.Day()+1-q.days, 0, 0, 0, 0, now.Location())
}

// span is the period's calls. It begins with a whole hour, as the sums that
// calllog keeps do: in a zone that is half an hour off, thirty minutes early.
func (q query) span(now time.Time) calllog.Period {
	return calllog.Period{From: q.start(now).Truncate(time.Hour)}
}

func (q query) filter(now time.Time, limit int) calllog.Filter {
	return calllog.Filter{From: q.span(now).From, Limit: limit}
}
