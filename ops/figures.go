package ops

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"premiumline/calllog"
)

func newFigures(t *taken, q query, d Directory) *figures {
	f := t.period.Figures
	return &figures{
		Now: t.period.Now, Today: t.today.All.Calls, All: newGroup("", f.All),
		Hours: byHour(t.period.Hours, q), Days: byDay(t.period.Hours, q, t.at),
		Regions: groups(f.Regions), Outcomes: groups(f.Outcomes), Languages: groups(f.Languages),
		Texts: texts(f.Texts), Transfers: transfers(f.Transfers),
		Funnel: stops(f.Pages, funnelName(d)),
		Pages:  stops(f.Pages, func(page string) string { return page }),
	}
}

// byHour adds the calls up by the hour of the day.
func byHour(hours []calllog.Hour, q query) []bar {
	bars, zone := make([]bar, 24), q.location()
	for i := range bars {
		bars[i].Name = strconv.Itoa(i)
	}
	for _, h := range hours {
		bars[h.Start.In(zone).Hour()].add(h.Tally)
	}
	return bars
}

// byDay adds the calls up by the day.
func byDay(hours []calllog.Hour, q query, now time.Time) []bar {
	bars, index, start := make([]bar, q.days), map[string]int{}, q.start(now)
	for i := range bars {
		bars[i].Name = start.AddDate(0, 0, i).Format(time.DateOnly)
		index[bars[i].Name] = i
	}
	for _, h := range hours {
		// an hour that the period begins in the middle of is its first day's
		day, ok := index[h.Start.In(start.Location()).Format(time.DateOnly)]
		if !ok && h.Start.After(start) { // by another machine's clock
			day = len(bars) - 1
		}
		bars[day].add(h.Tally)
	}
	return bars
}

func (b *bar) add(t calllog.Tally) {
	b.Calls += t.Calls
	b.Reached += t.Reached
}

// groups lists the largest first.
func groups(tallies map[string]*calllog.Tally) []group {
	all := []group{}
	for name, t := range tallies {
		all = append(all, newGroup(name, *t))
	}
	slices.SortFunc(all, func(a, b group) int {
		return cmp.Or(b.Calls-a.Calls, cmp.Compare(a.Name, b.Name))
	})
	return all
}

func texts(became map[string]int) []text {
	all := []text{}
	for status, n := range became {
		all = append(all, text{status, n})
	}
	slices.SortFunc(all, func(a, b text) int {
		return cmp.Or(b.Texts-a.Texts, cmp.Compare(a.Status, b.Status))
	})
	return all
}

func transfers(ended map[string]map[string]int) []transfer {
	all := []transfer{}
	for region, outcomes := range ended {
		t := transfer{Region: region, Outcomes: outcomes}
		for n := range maps.Values(outcomes) {
			t.All += n
		}
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b transfer) int {
		return cmp.Or(b.All-a.All, cmp.Compare(a.Region, b.Region))
	})
	return all
}

// stops adds the pages up by what name makes of them, the most visited first.
func stops(pages map[string]*calllog.PageTally, name func(string) string) []stop {
	sums := map[string]stop{}
	for page, t := range pages {
		s := sums[name(page)]
		s.Page = name(page)
		s.Calls += t.Calls
		s.Left += t.Left
		s.Silences += t.Silences
		s.Wrong += t.Wrong
		sums[s.Page] = s
	}
	all := slices.AppendSeq([]stop{}, maps.Values(sums))
	slices.SortFunc(all, func(a, b stop) int {
		return cmp.Or(b.Calls-a.Calls, b.Left-a.Left, cmp.Compare(a.Page, b.Page))
	})
	return all
}

// funnelName leaves a page's language and region out of its name:
// "es/number/georgia/busy" is "number/busy". A call that changes either counts
// once for each.
func funnelName(d Directory) func(string) string {
	region := map[string]bool{}
	for _, p := range d.Phones {
		region[p.Region] = true
	}
	return func(page string) string {
		_, rest, ok := strings.Cut(page, "/")
		if !ok {
			return page
		}
		parts := slices.DeleteFunc(strings.Split(rest, "/"), func(s string) bool { return region[s] })
		return strings.Join(parts, "/")
	}
}
