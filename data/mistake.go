package data

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Mistake is something wrong in a file of the directory.
type Mistake struct {
	File string // below the directory's folder, "prompts/es.yaml"
	Line int    // 0: the file as a whole
	Text string // what is wrong, and the mend

	twice bool // a key that stands there twice
}

// Error returns the mistake as "file:line: text".
func (m Mistake) Error() string {
	if m.Line == 0 {
		return fmt.Sprintf("%s: %s", m.File, m.Text)
	}
	return fmt.Sprintf("%s:%d: %s", m.File, m.Line, m.Text)
}

// Mistakes is all that is wrong with a directory.
type Mistakes []Mistake

// Error returns the mistakes, a line each.
func (ms Mistakes) Error() string {
	lines := make([]string, len(ms))
	for i, m := range ms {
		lines[i] = m.Error()
	}
	return strings.Join(lines, "\n")
}

// OrNil returns the mistakes in the order of files and lines, or nil where
// there is none.
func (ms Mistakes) OrNil() error {
	if len(ms) == 0 {
		return nil
	}
	slices.SortStableFunc(ms, func(a, b Mistake) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return slices.Compact(ms)
}

// file is a YAML file as read, which knows the line of each of its values.
type file struct {
	name string
	root *yaml.Node
}

// line returns the line of the value that path leads to, by keys (string) and
// indexes (int); of its nearest parent where the value is missing.
func (f file) line(path ...any) int {
	node := f.root
	if node.Kind == yaml.DocumentNode && len(node.Content) > 0 {
		node = node.Content[0]
	}
	line := node.Line
	for _, p := range path {
		if node, line = child(node, p, line); node == nil {
			break
		}
	}
	return line
}

// child returns the value below node and its line; nil and line where there is
// none.
func child(node *yaml.Node, at any, line int) (*yaml.Node, int) {
	switch at := at.(type) {
	case int:
		if node.Kind == yaml.SequenceNode && at < len(node.Content) {
			return node.Content[at], node.Content[at].Line
		}
	case string:
		for i := 0; i+1 < len(node.Content); i += 2 {
			if node.Kind == yaml.MappingNode && node.Content[i].Value == at {
				return node.Content[i+1], node.Content[i].Line
			}
		}
	}
	return nil, line
}
