package desk

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"

	"premiumline/ivr"
	"premiumline/phone"
)

// base is what stands before a page's name in its URL.
const base = "/voice"

// flowPage is a page of the line as it is drawn.
type flowPage struct {
	Name     string    `json:"name"`     // "en/number/georgia/busy"
	Language string    `json:"language"` // "en"
	Kind     string    `json:"kind"`     // "number"
	About    string    `json:"about"`    // "georgia", or ""
	Why      string    `json:"why"`      // it is heard again: "busy"; "": the first time
	Starts   bool      `json:"starts"`   // a call can begin here
	Leads    []passage `json:"leads"`
}

// passage is a way from a page to another, by keys or what else happens.
type passage struct {
	To    string `json:"to"`
	Label string `json:"label"` // "1, 3, silence"
}

// flow is every page of the line and where it leads. The keys that mean the same
// everywhere (0, star, 9) are left out, but for the way from the menu to help.
func flow(line *ivr.Line) []flowPage {
	pages := []flowPage{}
	entries := entriesOf(line)
	for _, p := range line.Pages() {
		language, rest, _ := strings.Cut(p.Name, "/")
		why := strings.TrimPrefix(strings.TrimPrefix(rest, p.Kind), "/")
		why = strings.TrimPrefix(strings.TrimPrefix(why, p.About), "/")
		_, starts := entries[p.Name]
		pages = append(pages, flowPage{
			Name: p.Name, Language: language, Kind: p.Kind, About: p.About, Why: why,
			Starts: starts, Leads: leads(p),
		})
	}
	return pages
}

// leads is the ways out of a page, those to one page together.
func leads(p *ivr.Page) []passage {
	labels := map[string][]string{}
	add := func(to, label string) {
		if to != p.Name {
			labels[to] = append(labels[to], label)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(p.Choices)) {
		if !strings.Contains("0*9", key) || key == "0" && p.Kind == "menu" {
			add(p.Choices[key], strings.Replace(key, "#", "pound", 1))
		}
	}
	for _, status := range slices.Sorted(maps.Keys(p.Dialed)) {
		add(p.Dialed[status], status)
	}
	if !p.Final && p.Dialed == nil {
		add(p.NoInput, "silence")
		add(p.NoMatch, "other keys")
	}
	all := []passage{}
	for _, to := range slices.Sorted(maps.Keys(labels)) {
		all = append(all, passage{to, strings.Join(labels[to], ", ")})
	}
	return all
}

// entriesOf is where a call begins that begins at a page, by the page's name: the
// page is the answer to a webhook of one that leads there.
func entriesOf(line *ivr.Line) map[string]string {
	entries := map[string]string{}
	add := func(to, from, field, value string) {
		if _, known := entries[to]; !known && to != from {
			entries[to] = base + "/" + from + "?" + url.Values{field: {value}}.Encode()
		}
	}
	for _, p := range line.Pages() {
		for _, key := range slices.Sorted(maps.Keys(p.Choices)) {
			add(p.Choices[key], p.Name, "Digits", key)
		}
		for _, status := range slices.Sorted(maps.Keys(p.Dialed)) {
			add(p.Dialed[status], p.Name, "DialCallStatus", status)
		}
		if !p.Final && p.Dialed == nil {
			add(p.NoInput, p.Name, "Digits", "")
			add(p.NoMatch, p.Name, "Digits", unknownKeys)
		}
	}
	entries[line.Answer(ivr.Turn{}).Page.Name] = ""
	return entries
}

// unknownKeys are no choice and no ZIP code of any page.
const unknownKeys = "123"

// entry is where a call begins that begins at a page; "": at the beginning.
func entry(line *ivr.Line, name string) (string, error) {
	at, known := entriesOf(line)[name]
	if name != "" && !known {
		return "", refuse("page", "no call can begin at %q: choose another page", name)
	}
	return at, nil
}

// pageOf is the name of the page that a webhook led to; "": to none.
func pageOf(line *ivr.Line, w phone.Webhook) string {
	u, err := url.Parse(w.URL)
	if err != nil || w.Err != nil {
		return ""
	}
	switch _, name, _ := strings.Cut(u.Path, base); name {
	case "/status":
		return ""
	case "/fallback":
		_, failed, _ := strings.Cut(w.Form.Get("ErrorUrl"), base+"/")
		return line.Fallback(failed).Page.Name
	default:
		return line.Answer(ivr.ReadTurn(strings.TrimPrefix(name, "/"), w.Form.Get)).Page.Name
	}
}

// behind is the page of the transfer that stands in a page's document.
func behind(line *ivr.Line, name string) string {
	for _, p := range line.Pages() {
		if p.Name == name && p.Dialed == nil {
			return cmp.Or(p.NoInput, name)
		}
	}
	return name
}

// lineMessage tells a page of the line that answers.
func lineMessage(o Options) any {
	line := o.Line()
	return struct {
		Is           string     `json:"is"`
		Organisation string     `json:"organisation"`
		Folder       string     `json:"folder"`
		Mistake      string     `json:"mistake"`
		Callers      []Caller   `json:"callers"`
		Pages        []flowPage `json:"pages"`
		Dashboard    string     `json:"dashboard"`
		Command      string     `json:"command"`
	}{"line", line.Organisation, line.Folder, line.Mistake, line.Callers, flow(line.Line),
		o.Dashboard, o.Command}
}
