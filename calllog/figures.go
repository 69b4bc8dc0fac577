package calllog

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Figures are sums over calls; those of two sets of calls add up to those of both.
type Figures struct {
	All       Tally                     `json:"all"`
	Languages map[string]*Tally         `json:"languages"` // by Record.Language
	Regions   map[string]*Tally         `json:"regions"`   // by Record.Region; "": none reached
	Outcomes  map[string]*Tally         `json:"outcomes"`  // by Record.Outcome
	Transfers map[string]map[string]int `json:"transfers"` // ended ones: region, disposition
	Pages     map[string]*PageTally     `json:"pages"`     // by page name
	Texts     map[string]int            `json:"texts"`     // by what became of them
}

// Tally counts a group of calls.
type Tally struct {
	Calls   int         `json:"n"`
	Ended   int         `json:"e,omitempty"`
	Reached int         `json:"r,omitempty"` // a line, in any way
	Seconds map[int]int `json:"s,omitempty"` // calls by seconds from answer to region, to 3600
}

// PageTally counts what callers did on a page.
type PageTally struct {
	Calls    int `json:"n"`           // that came to it, however often
	Left     int `json:"l,omitempty"` // that ended there without having reached a line
	Silences int `json:"s,omitempty"`
	Wrong    int `json:"w,omitempty"` // wrong keys
}

// Share is the percentage of the calls that reached a line, 0 to 100; 0 of no calls.
func (t Tally) Share() float64 {
	return 100 * float64(t.Reached) / float64(max(1, t.Calls))
}

// Quantile is the number of seconds from answer to region within which the part q (0 to 1) of
// the calls that reached a line had done so: 0.5 is the median; false if none reached one.
func (t Tally) Quantile(q float64) (seconds int, ok bool) {
	rank := max(1, int(math.Ceil(q*float64(t.Reached))))
	for _, s := range slices.Sorted(maps.Keys(t.Seconds)) {
		rank -= t.Seconds[s]
		if rank <= 0 {
			return s, true
		}
	}
	return 0, false
}

func newFigures() *Figures {
	return &Figures{
		Languages: map[string]*Tally{}, Regions: map[string]*Tally{}, Outcomes: map[string]*Tally{},
		Transfers: map[string]map[string]int{}, Pages: map[string]*PageTally{},
		Texts: map[string]int{},
	}
}

// count adds the call n times: once, or -1 times to take it away.
func (f *Figures) count(r *Record, n int) {
	f.All.count(r, n)
	entry(f.Languages, r.Language).count(r, n)
	entry(f.Regions, r.Region).count(r, n)
	entry(f.Outcomes, r.Outcome()).count(r, n)
	for _, t := range r.Transfers {
		if f.Transfers[t.Region] == nil {
			f.Transfers[t.Region] = map[string]int{}
		}
		f.Transfers[t.Region][t.Disposition] += n
	}
	for _, t := range r.Texts {
		f.Texts[t.Status] += n
	}
	for _, s := range r.Trail {
		entry(f.Pages, s.Page).add(PageTally{n, 0, n * s.Silences, n * s.Wrong})
	}
	if r.Outcome() == GaveUp {
		entry(f.Pages, r.LastPage).Left += n
	}
}

func (t *Tally) count(r *Record, n int) {
	t.Calls += n
	if !r.Ended.IsZero() {
		t.Ended += n
	}
	if r.Way == "" {
		return
	}
	t.Reached += n
	if t.Seconds == nil {
		t.Seconds = map[int]int{}
	}
	t.Seconds[int(min(r.ToRegion.Round(time.Second), time.Hour)/time.Second)] += n
}

// add adds the sums of other calls.
func (f *Figures) add(g *Figures) {
	f.All.add(g.All)
	for _, by := range []struct{ f, g map[string]*Tally }{
		{f.Languages, g.Languages}, {f.Regions, g.Regions}, {f.Outcomes, g.Outcomes},
	} {
		for label, t := range by.g {
			entry(by.f, label).add(*t)
		}
	}
	for region, ends := range g.Transfers {
		if f.Transfers[region] == nil {
			f.Transfers[region] = map[string]int{}
		}
		addCounts(f.Transfers[region], ends)
	}
	for page, t := range g.Pages {
		entry(f.Pages, page).add(*t)
	}
	addCounts(f.Texts, g.Texts)
}

func (t *Tally) add(u Tally) {
	t.Calls += u.Calls
	t.Ended += u.Ended
	t.Reached += u.Reached
	if t.Seconds == nil {
		t.Seconds = make(map[int]int, len(u.Seconds))
	}
	addCounts(t.Seconds, u.Seconds)
}

func (t *PageTally) add(u PageTally) {
	t.Calls += u.Calls
	t.Left += u.Left
	t.Silences += u.Silences
	t.Wrong += u.Wrong
}

// trim takes out what has come down to nothing.
func (f *Figures) trim() {
	f.All.trim()
	for _, tallies := range []map[string]*Tally{f.Languages, f.Regions, f.Outcomes} {
		maps.DeleteFunc(tallies, func(_ string, t *Tally) bool { return t.trim().Calls == 0 })
	}
	for _, ends := range f.Transfers {
		trimCounts(ends)
	}
	trimCounts(f.Texts)
	maps.DeleteFunc(f.Transfers, func(_ string, ends map[string]int) bool { return len(ends) == 0 })
	maps.DeleteFunc(f.Pages, func(_ string, t *PageTally) bool { return *t == PageTally{} })
}

func (t *Tally) trim() *Tally {
	trimCounts(t.Seconds)
	return t
}

func trimCounts[K comparable](m map[K]int) {
	maps.DeleteFunc(m, func(_ K, n int) bool { return n == 0 })
}

func addCounts[K comparable](to, from map[K]int) {
	for k, n := range from {
		to[k] += n
	}
}

func entry[T any](m map[string]*T, label string) *T {
	t := m[label]
	if t == nil {
		t = new(T)
		m[label] = t
	}
	return t
}
