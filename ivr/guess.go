package ivr

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"premiumline/data"
)

// guess is what a caller's number suggests: the lines to offer first.
type guess struct {
	name   string // the IDs of what is offered, "southwest-washington+washington"
	offers []offer
}

// has tells whether one of the offers is taken by those keys.
func (g guess) has(digits string) bool {
	return slices.ContainsFunc(g.offers, func(o offer) bool {
		return len(digits) > 0 && int(digits[0]-'0') == o.key
	})
}

// offer is a line that is read before all others.
type offer struct {
	key     int
	name    data.Words
	regions []string // of the line, those that the offer's name covers
}

// id returns the regions' IDs, or the key that stands for too many of them.
func (o offer) id() string {
	if len(o.regions) > data.LastKey {
		return fmt.Sprintf("key-%d", o.key)
	}
	return setID(o.regions)
}

// place is where numbers of an area code or a state belong.
type place struct {
	guess  int            // index of the guess
	cities map[string]int // rate centres, in upper case, that settle it
	zip    bool           // the rate centre's ZIP code settles it
}

// locator finds a caller's likely regions, and the regions of a ZIP code. It is
// made of the directory's area codes, states, cities and ZIP codes.
type locator struct {
	dir       *data.Directory
	guesses   []guess        // the first suggests nothing
	regions   map[string]int // the guess of a caller known to belong to a region, by its ID
	areaCodes map[string]place
	states    map[string]place
	zips      map[string][]string // IDs of regions by ZIP code or prefix
	zipPages  map[string]string   // pages, without their language, by ZIP code or prefix
}

func newLocator(dir *data.Directory) *locator {
	l := &locator{
		dir: dir, guesses: []guess{{}}, regions: map[string]int{},
		areaCodes: map[string]place{}, states: map[string]place{},
		zips: map[string][]string{}, zipPages: map[string]string{},
	}
	areaCodes, states := map[string][]string{}, map[string][]string{}
	for _, r := range dir.Regions {
		l.regions[r.ID] = l.add([]string{r.ID})
		list(areaCodes, r.Callers.AreaCodes, r.ID)
		list(states, r.Callers.States, r.ID)
		list(l.zips, r.Callers.Prefixes(), r.ID)
	}
	for state, ids := range states {
		l.states[state] = l.place(ids, slices.Contains(dir.ZIPDecides, state))
	}
	for code, ids := range areaCodes {
		l.areaCodes[code] = l.place(ids, false)
	}
	return l
}

// list notes id under each of the keys.
func list(index map[string][]string, keys []string, id string) {
	for _, key := range keys {
		index[key] = append(index[key], id)
	}
}

func (l *locator) place(ids []string, zip bool) place {
	p := place{guess: l.add(ids), cities: map[string]int{}, zip: zip}
	for _, id := range ids {
		for _, city := range l.dir.Region(id).Callers.Cities {
			p.cities[strings.ToUpper(city)] = l.regions[id]
		}
	}
	return p
}

// add returns the index of the guess that suggests these regions.
func (l *locator) add(ids []string) int {
	g := l.suggest(ids)
	same := func(other guess) bool {
		return slices.EqualFunc(g.offers, other.offers, func(a, b offer) bool {
			return a.key == b.key && slices.Equal(a.regions, b.regions)
		})
	}
	if i := slices.IndexFunc(l.guesses, same); i >= 0 {
		return i
	}
	l.guesses = append(l.guesses, g)
	return len(l.guesses) - 1
}

// suggest returns the guess for these regions: their line; or two lines, each by
// the name that tells it from its neighbour. More than two is no guess.
func (l *locator) suggest(ids []string) guess {
	var g guess
	lines := linesOf(l.dir, ids)
	switch len(lines) {
	case 1:
		g.offers = []offer{{lines[0].Key, firstName(l.dir, lines[0]), lines[0].Regions}}
	case 2:
		for _, line := range lines {
			g.offers = append(g.offers, l.beside(line, ids))
		}
	}
	var names []string
	for _, o := range g.offers {
		names = append(names, o.id())
	}
	g.name = strings.Join(names, "+")
	return g
}

// beside returns the offer of a line next to another: the one region of it that
// is likely, or the whole of it.
func (l *locator) beside(line data.Line, ids []string) offer {
	likely := intersect(line.Regions, ids)
	if len(likely) > 1 {
		return offer{line.Key, firstName(l.dir, line), line.Regions}
	}
	region := l.dir.Region(likely[0])
	if region.Beside != nil {
		return offer{line.Key, region.Beside, likely}
	}
	return offer{line.Key, region.Name, likely}
}

// guess returns the index of the caller's guess; 0 suggests nothing.
func (l *locator) guess(c Caller) int {
	if !usable(c.Number) || c.Number[1] != '1' || len(c.Number) != len("+14045550100") {
		return 0
	}
	place, known := l.areaCodes[c.Number[2:5]]
	if !known {
		place = l.states[c.State]
	}
	if city, ok := place.cities[strings.ToUpper(c.City)]; ok {
		return city
	}
	if regions := longest(l.zips, c.ZIP); place.zip && len(regions) == 1 {
		return l.regions[regions[0]]
	}
	return place.guess
}

// pageOfZIP returns the name, without the language, of the page that a caller
// with that ZIP code comes to.
func (l *locator) pageOfZIP(zip string) string {
	return cmp.Or(longest(l.zipPages, zip), "menu/outside")
}

// longest returns the value of the longest prefix of zip in the index.
func longest[V any](index map[string]V, zip string) (value V) {
	for n := min(len(zip), 5); n >= 3; n-- {
		if value, ok := index[zip[:n]]; ok {
			return value
		}
	}
	return value
}

// keypadWords are words for a withheld number, spelled on a keypad and sent as if
// they were one: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
var keypadWords = []string{"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"}

// takesTexts tells whether a text message can be sent to the caller's number: one
// of the United States or Canada, and not toll-free, as far as its form tells.
func (c Caller) takesTexts() bool {
	return usable(c.Number) && nanp.MatchString(c.Number) && !tollFree.MatchString(c.Number) &&
		(c.Country == "US" || c.Country == "CA")
}

var (
	nanp     = regexp.MustCompile(`^\+1[2-9]\d{2}[2-9]\d{6}$`)
	tollFree = regexp.MustCompile(`^\+18(00|33|44|55|66|77|88)`)
)

// usable reports whether a caller's number is one that can be called back.
func usable(number string) bool {
	return data.Number(number).Valid() && !slices.Contains(keypadWords, number)
}
