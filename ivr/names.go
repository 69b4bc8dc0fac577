package ivr

import (
	"slices"
	"strings"

	"premiumline/data"
)

// linesOf returns the lines of the menu that hold one of these regions.
func linesOf(dir *data.Directory, ids []string) []data.Line {
	var lines []data.Line
	for _, line := range dir.Lines {
		if len(intersect(line.Regions, ids)) > 0 {
			lines = append(lines, line)
		}
	}
	return lines
}

// intersect returns those of a that are in b, in the order of a.
func intersect(a, b []string) []string {
	var both []string
	for _, id := range a {
		if slices.Contains(b, id) {
			both = append(both, id)
		}
	}
	return both
}

// without returns those of a that are not in b.
func without(a, b []string) []string {
	var rest []string
	for _, id := range a {
		if !slices.Contains(b, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

// lineName returns a line's name as it is read in the menu.
func lineName(dir *data.Directory, line data.Line) data.Words {
	if line.Name != nil {
		return line.Name
	}
	return namesOf(dir, line.Regions, either)
}

// firstName returns a line's name where it is read before all others.
func firstName(dir *data.Directory, line data.Line) data.Words {
	if line.First != nil {
		return line.First
	}
	return lineName(dir, line)
}

// either and both choose the word that joins the last two names.
func either(p data.Prompts) string { return p.Or.Text }
func both(p data.Prompts) string   { return p.And.Text }

// namesOf returns the regions' names in each language, joined.
func namesOf(dir *data.Directory, ids []string, word func(data.Prompts) string) data.Words {
	words := data.Words{}
	for _, language := range dir.Languages {
		var names []string
		for _, id := range ids {
			names = append(names, dir.Region(id).Name[language])
		}
		words[language] = join(names, word(dir.Prompts[language].Prompts))
	}
	return words
}

// join returns "a, b and c".
func join(names []string, word string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " " + word + " " + names[last]
}
