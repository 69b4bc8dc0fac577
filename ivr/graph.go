package ivr

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Pages returns every page, by name.
func (l *Line) Pages() []*Page {
	return slices.SortedFunc(maps.Values(l.pages), func(a, b *Page) int {
		return cmp.Compare(a.Name, b.Name)
	})
}

// Graph is the call flow as a drawing: what leads from where to where.
type Graph struct {
	edges map[edge][]string // labels
}

type edge struct{ from, to string }

// Graph returns the call flow in the first language. Kinds of pages are drawn;
// with every, each page on its own. The keys that mean the same everywhere
// (0, star, and 9 for the next language) are left out.
func (l *Line) Graph(every bool) Graph {
	g := Graph{map[edge][]string{}}
	language := l.languages[0] + "/"
	name := func(page string) string {
		page = strings.TrimPrefix(page, language)
		if !every {
			page, _, _ = strings.Cut(page, "/")
		}
		return page
	}
	draw := func(from *Page, to, label string) {
		e := edge{name(from.Name), name(to)}
		if e.from != e.to && !slices.Contains(g.edges[e], label) {
			g.edges[e] = append(g.edges[e], label)
		}
	}
	for _, page := range l.Pages() {
		if strings.HasPrefix(page.Name, language) {
			l.drawPage(page, draw)
		}
	}
	return g
}

// drawPage draws the edges that leave a page.
func (l *Line) drawPage(page *Page, draw func(from *Page, to, label string)) {
	for _, key := range slices.Sorted(maps.Keys(page.Choices)) {
		if !strings.Contains("0*9", key) {
			draw(page, page.Choices[key], strings.Replace(key, "#", "pound", 1))
		}
	}
	for _, status := range slices.Sorted(maps.Keys(page.Dialed)) {
		draw(page, page.Dialed[status], status)
	}
	if page.ZIP {
		for _, to := range l.locator.zipPages {
			draw(page, l.languages[0]+"/"+to, "ZIP code")
		}
	}
	if !page.Final && page.Dialed == nil {
		draw(page, page.NoInput, "silence")
		draw(page, page.NoMatch, "other keys")
	}
}

// Mermaid returns the graph as a Mermaid flowchart.
func (g Graph) Mermaid() string {
	var b strings.Builder
	b.WriteString("flowchart TD\n    call((call)) --> menu\n")
	for _, e := range g.sorted() {
		fmt.Fprintf(&b, "    %s -->|%s| %s\n", mermaidID(e.from), g.label(e), mermaidID(e.to))
	}
	return b.String()
}

// mermaidID returns a page's name as Mermaid takes it: "end" is a word of its
// own there, and slashes are shapes.
func mermaidID(name string) string { return strings.NewReplacer("/", "_", ".", "_").Replace(name) }

// DOT returns the graph in Graphviz's language.
func (g Graph) DOT() string {
	var b strings.Builder
	b.WriteString("digraph premiumline {\n    rankdir=LR\n    call [shape=circle]\n    call -> menu\n")
	for _, e := range g.sorted() {
		fmt.Fprintf(&b, "    %q -> %q [label=%q]\n", e.from, e.to, g.label(e))
	}
	return b.String() + "}\n"
}

func (g Graph) sorted() []edge {
	return slices.SortedFunc(maps.Keys(g.edges), func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
}

// label returns what leads along an edge: "1-8, silence".
func (g Graph) label(e edge) string {
	var keys, rest []string
	for _, l := range g.edges[e] {
		if len(l) == 1 {
			keys = append(keys, l)
		} else {
			rest = append(rest, l)
		}
	}
	slices.Sort(keys)
	slices.Sort(rest)
	return strings.Join(append(runs(keys), rest...), ", ")
}

// runs shortens neighbouring keys, "1 2 3 5" to "1-3 5".
func runs(keys []string) []string {
	var out []string
	for i := 0; i < len(keys); {
		j := i
		for j+1 < len(keys) && keys[j+1][0] == keys[j][0]+1 {
			j++
		}
		run := keys[i]
		if j > i {
			run += "-" + keys[j]
		}
		out, i = append(out, run), j+1
	}
	return out
}
