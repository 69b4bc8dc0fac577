package data

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

const directoryFile = "directory.yaml"

// Load reads directory.yaml and the prompts of its languages from fsys and
// checks them. A folder that has no prompts is read with the built-in ones.
// Its error is [Mistakes], or tells why a file could not be read.
func Load(fsys fs.FS) (*Directory, error) {
	l := loader{dir: &Directory{Prompts: map[string]*Language{}}, digest: sha256.New()}
	whole, err := l.read(fsys, directoryFile, &l.file, l.dir)
	if err != nil {
		return nil, err
	}
	for _, m := range l.mistakes {
		l.unread = append(l.unread, m.Line)
	}
	prompts := fsys
	if _, err := fs.Stat(fsys, "prompts"); errors.Is(err, fs.ErrNotExist) {
		prompts = builtIn
	}
	for i, name := range l.dir.Languages {
		if err := l.language(prompts, i, name); err != nil {
			return nil, err
		}
	}
	if whole {
		l.check()
	}
	if err := l.mistakes.OrNil(); err != nil {
		return nil, err
	}
	l.dir.Version = hex.EncodeToString(l.digest.Sum(nil)[:6])
	return l.dir, nil
}

// loader is one run of [Load].
type loader struct {
	dir      *Directory
	file     file  // directory.yaml
	unread   []int // lines of directory.yaml that hold what does not belong there
	mistakes Mistakes
	digest   hash.Hash // of every file read
}

// mistake notes what is wrong with the value at path in directory.yaml, unless
// its line could not even be read.
func (l *loader) mistake(path []any, format string, args ...any) {
	line := l.file.line(path...)
	if !slices.Contains(l.unread, line) {
		l.mistakes = append(l.mistakes, Mistake{File: l.file.name, Line: line, Text: fmt.Sprintf(format, args...)})
	}
}

// language reads the file of prompts of one language.
func (l *loader) language(fsys fs.FS, i int, name string) error {
	if !idForm.MatchString(name) {
		l.mistake([]any{"languages", i}, "language %q is no name of a file of prompts: "+
			`write it like "en"`, name)
		return nil
	}
	path := "prompts/" + name + ".yaml"
	if _, err := fs.Stat(fsys, path); errors.Is(err, fs.ErrNotExist) {
		l.mistake([]any{"languages", i}, "language %s has no prompts: write %s", name, path)
		return nil
	}
	lang, f := &Language{}, file{}
	whole, err := l.read(fsys, path, &f, lang)
	if whole {
		l.checkLanguage(f, lang)
	}
	l.dir.Prompts[name] = lang
	return err
}

// read decodes the YAML file into v, strictly, and notes what is wrong in it. It
// reports whether the file was read as a whole: a part that is missing from v is
// then missing from the file. The error is for a file that cannot be read.
func (l *loader) read(fsys fs.FS, name string, f *file, v any) (whole bool, err error) {
	text, err := fs.ReadFile(fsys, name)
	if errors.Is(err, fs.ErrNotExist) {
		l.mistakes = append(l.mistakes, Mistake{File: name, Text: "there is no such file: name a folder that has it"})
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading the directory: %w", err)
	}
	_, _ = fmt.Fprintf(l.digest, "%s %d\n%s", name, len(text), text)
	*f = file{name: name, root: &yaml.Node{}}
	if err := yaml.Unmarshal(text, f.root); err != nil {
		l.mistakes = append(l.mistakes, yamlMistakes(name, err)...)
		return false, nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	err = d.Decode(v)
	if err == nil || errors.Is(err, io.EOF) {
		return l.last(d, name), nil
	}
	mistakes := yamlMistakes(name, err)
	l.mistakes = append(l.mistakes, mistakes...)
	// A mapping with a key twice is not decoded at all.
	return !slices.ContainsFunc(mistakes, func(m Mistake) bool { return m.twice }), nil
}

// last notes what comes after a file's first document, which nobody would read.
func (l *loader) last(d *yaml.Decoder, name string) bool {
	var more yaml.Node
	switch err := d.Decode(&more); {
	case errors.Is(err, io.EOF):
		return true
	case err != nil:
		l.mistakes = append(l.mistakes, yamlMistakes(name, err)...)
	default:
		l.mistakes = append(l.mistakes, Mistake{File: name, Line: more.Line, Text: "a second document " +
			"begins here, or this line is indented less than the first: keep one, lined up"})
	}
	return false
}

var (
	yamlLine      = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)
	yamlUnknown   = regexp.MustCompile(`^field (\S+) not found in type .*$`)
	yamlDuplicate = regexp.MustCompile(`^mapping key "?([^"]*)"? already defined at line (\d+)$`)
	yamlOurs      = regexp.MustCompile(`: write it like `)
	yamlType      = regexp.MustCompile("^cannot unmarshal !!(\\w+)(?: `(.*)`)? into (.*)$")
)

// yamlMistakes puts the errors of the YAML package into an author's words.
func yamlMistakes(name string, err error) (mistakes Mistakes) {
	texts := []string{err.Error()}
	if many := (*yaml.TypeError)(nil); errors.As(err, &many) {
		texts = many.Errors
	}
	for _, text := range texts {
		m := Mistake{File: name, Text: strings.TrimPrefix(text, "yaml: ")}
		if at := yamlLine.FindStringSubmatch(text); at != nil {
			m.Line, _ = strconv.Atoi(at[1])
			m.Text = at[2]
		}
		if strings.HasPrefix(m.Text, "did not find expected") {
			m.Line++ // the package counts lines from zero here
		}
		m.twice = yamlDuplicate.MatchString(m.Text)
		m.Text = plainWords(m.Text)
		mistakes = append(mistakes, m)
	}
	return mistakes
}

func plainWords(text string) string {
	if m := yamlUnknown.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("unknown field %q: look for a slip in its spelling or indentation; "+
			"data/README.md lists the fields", m[1])
	}
	if m := yamlDuplicate.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%q stands here again, first at line %s: keep one", m[1], m[2])
	}
	if m := yamlType.FindStringSubmatch(text); m != nil {
		return fmt.Sprintf("%s does not belong here: data/README.md shows the form of this field",
			strings.TrimSpace(yamlKinds[m[1]]+" "+m[2]))
	}
	if yamlOurs.MatchString(text) {
		return text
	}
	return text + ": is this valid YAML?"
}

var yamlKinds = map[string]string{
	"map": "a list of fields", "seq": "a list", "str": "the text", "int": "the number",
	"bool": "true or false", "float": "the number", "null": "nothing", "timestamp": "the date",
}
