package ivr

import (
	"slices"
	"strings"

	"premiumline/data"
)

// target is where choices lead at last: one number, for one region, for several
// that share it, or for a service.
type target struct {
	id    string // "georgia", "oregon.southwest-washington", "member-services"
	name  data.Words
	phone data.Phone
}

// page returns the name of the target's page of that kind.
func (t target) page(kind string) string { return kind + "/" + t.id }

// question asks which of several regions, where a key or a ZIP code alone does
// not tell.
type question struct {
	id      string // "southwest-washington.washington"
	options []option
}

// option is one answer to a question, or one line of the menu.
type option struct {
	key  int
	name data.Words
	page string // where it leads
}

// destination returns the first page for callers who belong to one of the
// regions: their number, a question, or, where a question has too few keys, the
// page that asks for the ZIP code. It notes the target or the question.
func (c *compiler) destination(ids []string) string {
	lines := linesOf(c.dir, ids)
	switch {
	case len(lines) > 1:
		return c.ask(ids, c.lineOptions(lines, ids))
	case len(ids) > data.LastKey:
		return "zip"
	case c.shareNumber(ids):
		return c.arrive(target{setID(ids), namesOf(c.dir, ids, either), c.dir.Region(ids[0]).Phone})
	default:
		return c.ask(ids, c.regionOptions(ids))
	}
}

// lineOptions asks by the lines' own keys.
func (c *compiler) lineOptions(lines []data.Line, ids []string) []option {
	var options []option
	for _, line := range lines {
		page := c.destination(intersect(line.Regions, ids))
		options = append(options, option{line.Key, c.locator.beside(line, ids).name, page})
	}
	return options
}

// regionOptions asks by keys 1, 2, ...
func (c *compiler) regionOptions(ids []string) []option {
	var options []option
	for i, id := range ids {
		options = append(options, option{i + 1, c.dir.Region(id).Name, c.destination([]string{id})})
	}
	return options
}

func (c *compiler) shareNumber(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool {
		return c.dir.Region(id).Phone.Number != c.dir.Region(ids[0]).Phone.Number
	})
}

// ask notes a question and returns its page.
func (c *compiler) ask(ids []string, options []option) string {
	q := question{setID(ids), options}
	if !slices.ContainsFunc(c.questions, func(known question) bool { return known.id == q.id }) {
		c.questions = append(c.questions, q)
	}
	return "which/" + q.id
}

// arrive notes a target and returns its first page.
func (c *compiler) arrive(t target) string {
	if !slices.ContainsFunc(c.targets, func(known target) bool { return known.id == t.id }) {
		c.targets = append(c.targets, t)
	}
	if c.settings.Transfer {
		return t.page("connect")
	}
	return t.page("number")
}

// setID returns the name of a set of regions in a page's name.
func setID(ids []string) string { return strings.Join(ids, ".") }
