package ops

import (
	"context"
	"net/http"
	"time"

	"premiumline/calllog"
)

// snapshot is everything that is on the page. It holds no time of its own, so
// that two are equal if nothing has happened between them.
type snapshot struct {
	Period      string    `json:"period"`
	From        time.Time `json:"from"`
	Stopped     string    `json:"stopped"`     // why calls cannot be answered; "": they can
	Unavailable string    `json:"unavailable"` // why there are no figures; "": there are
	Store       store     `json:"store"`
	Directory   Directory `json:"directory"`
	Figures     *figures  `json:"figures"` // nil: see Unavailable
	Calls       []call    `json:"calls"`
}

// store is the health of the call records.
type store struct {
	OK      bool      `json:"ok"`
	Error   string    `json:"error"`
	Since   time.Time `json:"since"`
	Queued  int       `json:"queued"`
	Written int       `json:"written"`
	Dropped int       `json:"dropped"`
}

func (h *Handler) summary(w http.ResponseWriter, r *http.Request) error {
	q, err := readQuery(r)
	if err != nil {
		return err
	}
	return writeJSON(w, h.snapshot(r.Context(), q))
}

func (h *Handler) snapshot(ctx context.Context, q query) snapshot {
	t := h.records.take(ctx, q)
	s := snapshot{
		Period: q.name, From: q.start(t.at), Store: store(h.options.Log.Health()),
		Directory: h.options.Directory(), Calls: []call{},
	}
	if err := h.options.Ready(); err != nil {
		s.Stopped = err.Error()
	}
	if t.err != nil {
		s.Unavailable = t.err.Error()
		return s
	}
	s.Figures = newFigures(t, q, s.Directory)
	for _, r := range t.calls {
		s.Calls = append(s.Calls, newCall(r))
	}
	return s
}

// figures are what the period's calls add up to.
type figures struct {
	Now       int        `json:"now"`   // calls in progress
	Today     int        `json:"today"` // calls, whatever the period
	All       group      `json:"all"`
	Hours     []bar      `json:"hours"` // of the day, 0 to 23
	Days      []bar      `json:"days"`  // of the period
	Regions   []group    `json:"regions"`
	Outcomes  []group    `json:"outcomes"`
	Languages []group    `json:"languages"`
	Texts     []text     `json:"texts"`     // that callers asked for
	Transfers []transfer `json:"transfers"` // ended ones
	Funnel    []stop     `json:"funnel"`    // pages of every language and region together
	Pages     []stop     `json:"pages"`     // each on its own
}

// group is calls that have something in common.
type group struct {
	Name    string  `json:"name"`
	Calls   int     `json:"calls"`
	Reached int     `json:"reached"` // a line
	Share   float64 `json:"share"`   // of Calls that reached one, per cent
	Median  *int    `json:"median"`  // seconds from answer to region; nil: none reached one
	P95     *int    `json:"p95"`
}

// bar is the calls that started in an hour or on a day.
type bar struct {
	Name    string `json:"name"` // "14", "2026-11-23"
	Calls   int    `json:"calls"`
	Reached int    `json:"reached"`
}

// text is the texts that the same became of.
type text struct {
	Status string `json:"status"` // "delivered"
	Texts  int    `json:"texts"`
}

// transfer is the ended transfers to a region.
type transfer struct {
	Region   string         `json:"region"`
	All      int            `json:"all"`
	Outcomes map[string]int `json:"outcomes"` // by disposition
}

// stop is what callers did on a page.
type stop struct {
	Page     string `json:"page"`
	Calls    int    `json:"calls"` // that came to it
	Left     int    `json:"left"`  // that ended there without a line
	Silences int    `json:"silences"`
	Wrong    int    `json:"wrong"`
}

func newGroup(name string, t calllog.Tally) group {
	return group{name, t.Calls, t.Reached, t.Share(), quantile(t, 0.5), quantile(t, 0.95)}
}

func quantile(t calllog.Tally, q float64) *int {
	seconds, ok := t.Quantile(q)
	if !ok {
		return nil
	}
	return &seconds
}
