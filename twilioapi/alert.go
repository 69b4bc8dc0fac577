package twilioapi

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Alert is a code that Twilio noted about a request to one of our URLs, or several of the same.
type Alert struct {
	Code  int
	Times int
	Last  time.Time // when it was last noted
	URL   string    // of the last, without query and fragment
	Meaning
}

// maxAlerts is how many alerts are looked at, ours and others.
const maxAlerts = 1000

// noted is an alert as Twilio lists it.
type noted struct {
	Code string    `json:"error_code"`
	At   time.Time `json:"date_generated"`
	URL  string    `json:"request_url"`
}

// Alerts returns what Twilio noted since a time (30 days ago at most) about URLs under origin, one
// for each code, the latest first; the error is an [*Error].
func (a *Account) Alerts(ctx context.Context, origin string, since time.Time) ([]Alert, error) {
	var ours []noted
	err := a.repeat(ctx, "reading Twilio's alerts", func(e *exchange) error {
		all, err := e.alerts(since)
		ours = slices.DeleteFunc(all, func(n noted) bool { return !under(origin, n.URL) })
		return err
	})
	return summed(ours), err
}

func (e *exchange) alerts(since time.Time) (all []noted, err error) {
	query := url.Values{
		"StartDate": {since.UTC().Format(time.RFC3339)}, "PageSize": {"200"},
	}
	address := "https://monitor.twilio.com/v1/Alerts"
	for address != "" && len(all) < maxAlerts {
		var page struct {
			Alerts []noted `json:"alerts"`
			Meta   struct {
				Next string `json:"next_page_url"`
			} `json:"meta"`
		}
		if err := e.get(address, query, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Alerts...)
		address, query = page.Meta.Next, nil // the next address has the query in it
	}
	return all, nil
}

// under tells whether an address is the origin's or of a path below it.
func under(origin, address string) bool {
	rest, found := strings.CutPrefix(address, strings.TrimRight(origin, "/"))
	return found && (rest == "" || strings.ContainsAny(rest[:1], "/?#"))
}

// summed makes one alert of all that have the same code.
func summed(all []noted) []Alert {
	codes := map[int]Alert{}
	for _, n := range all {
		code, _ := strconv.Atoi(n.Code) // one that is no number is shown as 0
		alert := codes[code]
		alert.Code, alert.Times = code, alert.Times+1
		alert.Meaning, _ = MeaningOf(code)
		if !n.At.Before(alert.Last) {
			address, _, _ := strings.Cut(n.URL, "?")
			alert.URL, _, _ = strings.Cut(address, "#")
			alert.Last = n.At
		}
		codes[code] = alert
	}
	var alerts []Alert
	for _, alert := range codes {
		alerts = append(alerts, alert)
	}
	slices.SortFunc(alerts, func(a, b Alert) int {
		return cmp.Or(b.Last.Compare(a.Last), cmp.Compare(a.Code, b.Code))
	})
	return alerts
}
