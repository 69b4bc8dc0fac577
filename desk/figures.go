package desk

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"premiumline/ivr"
	"premiumline/phone"
)

// The limits of caller-experience.md.
const (
	ownKeyTime     = 13 * time.Second
	passTime       = 40 * time.Second
	dialTime       = 21 * time.Second // after a right guess
	dialTimeAlone  = 40 * time.Second // without one
	knownKeyTime   = 9 * time.Second  // for a caller who knows the key
	knownPoundTime = 6 * time.Second  // and presses pound as well
	mostKeys       = 2
)

// figure is something measured on the call, beside its limit.
type figure struct {
	ID    string  `json:"id"`
	Name  string  `json:"name"`
	Value float64 `json:"value"` // s, or keys; -1: not yet
	Limit float64 `json:"limit"` // the most that is meant
	Unit  string  `json:"unit"`
	About string  `json:"about"` // whom the limit is for
}

// measure is what the figures of a call are made of.
type measure struct {
	own    time.Duration // the key of the caller's own region was said; 0: not yet
	pass   time.Duration // the length of the menu's first pass
	dialed time.Duration
	keys   string // until then
	knew   bool   // the caller pressed before the key was said
	guess  bool   // the menu offers the caller's own region first
}

// figures measures the call. Of one that began midway the times from the answer
// would tell nothing.
func (d *desk) figures() []figure {
	m := d.measure()
	value := func(t time.Duration) float64 {
		if t == 0 || d.midway {
			return -1
		}
		return t.Seconds()
	}
	limit, about := m.dialLimit()
	keys := float64(len(m.keys))
	if m.dialed == 0 {
		keys = -1
	}
	return []figure{
		{"key", "Own region’s key", value(m.own), ownKeyTime.Seconds(), "s",
			"from the answer, with a right guess"},
		{"dial", "Dialling", value(m.dialed), limit.Seconds(), "s", about},
		{"pass", "Full pass of the menu", value(m.pass), passTime.Seconds(), "s", "all that is said"},
		{"keys", "Keys to the line", keys, mostKeys, "", "a ZIP code takes six"},
	}
}

func (m measure) dialLimit() (time.Duration, string) {
	switch {
	case m.knew && strings.HasSuffix(m.keys, "#"):
		return knownPoundTime, "the caller knows the key, and skips with pound"
	case m.knew:
		return knownKeyTime, "the caller knows the key"
	case m.guess:
		return dialTime, "with a right guess"
	}
	return dialTimeAlone, "with no guess"
}

// measure reads the figures out of the events, and of what is yet to be said.
func (d *desk) measure() (m measure) {
	key := d.ownKey()
	m.guess = d.guessed(key)
	events := d.call.Events()
	for _, e := range slices.Concat(events, d.call.Ahead()) {
		if u, ok := e.What.(phone.Utterance); ok && m.own == 0 && !u.Cut && offers(u.Text, key) {
			m.own = e.At + u.Length
		}
	}
	for _, e := range events {
		switch what := e.What.(type) {
		case phone.Gathering:
			if m.pass == 0 {
				m.pass = what.Prompts
			}
		case phone.Key:
			if !what.Lost && m.dialed == 0 {
				m.keys += what.Key
				m.knew = m.knew || len(m.keys) == 1 && (m.own == 0 || e.At < m.own)
			}
		case phone.Dialed:
			if m.dialed == 0 {
				m.dialed = e.At
			}
		}
	}
	return m
}

// offersKey finds the key that a sentence ends with.
var offersKey = regexp.MustCompile(`\b(\d)\W*$`)

func offers(sentence, key string) bool {
	found := offersKey.FindStringSubmatch(sentence)
	return found != nil && found[1] == key
}

// ownKey is the key of the caller's own region; if nobody has told, the first one
// that the menu offers.
func (d *desk) ownKey() string {
	if d.key != "" {
		return d.key
	}
	for _, e := range slices.Concat(d.call.Events(), d.call.Ahead()) {
		if u, ok := e.What.(phone.Utterance); ok {
			if found := offersKey.FindStringSubmatch(u.Text); found != nil {
				return found[1]
			}
		}
	}
	return ""
}

// guessed tells whether the line offers the key's region before all others.
func (d *desk) guessed(key string) bool {
	start := d.start()
	start.Page = d.options.Line().Answer(start).Page.Name
	start.Digits = key
	return d.options.Line().Answer(start).Taken
}

// likely is the region that the caller's number suggests, by its ID; "": none.
func (d *desk) likely() string {
	first, _, _ := strings.Cut(d.options.Line().Answer(d.start()).Offered, "+")
	return first
}

// start is the turn of the caller's first webhook.
func (d *desk) start() (t ivr.Turn) {
	for _, e := range d.call.Events() {
		if w, ok := e.What.(phone.Webhook); ok {
			all := ivr.ReadTurn("", w.Form.Get)
			return ivr.Turn{Caller: all.Caller, Called: all.Called}
		}
	}
	return t
}
