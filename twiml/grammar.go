package twiml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"math"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// document is the root, made an element like any other.
type document struct {
	XMLName xml.Name `xml:"Response"`
	Verbs   []Verb
}

// grammar lists the elements, and in which others each may stand. It follows
// VoiceResponse.d.ts in npm's twilio, which Twilio generates; there is no schema.
var grammar = []*element{
	describe(document{}, ""),
	describe(Say{}, "Response Gather"),
	describe(Play{}, "Response Gather"),
	describe(Pause{}, "Response Gather"),
	describe(Gather{}, "Response"),
	describe(Dial{}, "Response"),
	describe(Number{}, "Dial"),
	describe(Redirect{}, "Response"),
	describe(Hangup{}, "Response"),
	describe(Reject{}, "Response"),
	describe(Break{}, "Say lang p prosody s"),
	describe(Lang{}, "Say lang p prosody s"),
	describe(P{}, "Say lang prosody"),
	describe(Prosody{}, "Say lang p prosody s"),
	describe(S{}, "Say lang p prosody"),
	describe(SayAs{}, "Say lang p prosody s"),
	describe(Sub{}, "Say lang p prosody s"),
}

var root = grammar[0]

// element is what a type and its tags say of an XML element.
type element struct {
	name    string
	typ     reflect.Type
	parents []string // the elements it may stand in
	attrs   []*field
	content *field // its text or elements; nil: it is always empty
}

// field is an attribute of an element, or its content.
type field struct {
	name     string // "": the content
	index    int    // among the struct's fields
	required bool   // the attribute is not omitempty
	form     form
}

// form is what the text of a field may be.
type form struct {
	fits func(string) bool
	want string // the same for people
}

// describe reads the tags of zero, which may stand in the named parents.
func describe(zero any, parents string) *element {
	t := reflect.TypeOf(zero)
	e := &element{name: t.Name(), typ: t, parents: strings.Fields(parents)}
	for i := range t.NumField() {
		tag := t.Field(i).Tag
		name, options, _ := strings.Cut(tag.Get("xml"), ",")
		f := &field{name: name, index: i, form: formOf(t.Field(i))}
		switch {
		case t.Field(i).Name == "XMLName":
			e.name = name
		case name == "":
			e.content = f
		default:
			f.required = !strings.Contains(options, "omitempty")
			e.attrs = append(e.attrs, f)
		}
	}
	return e
}

// formOf is the form in a field's `twiml` tag: "1..600" or "1.." is a whole
// number, else it is a regular expression for all of the text. Without a tag
// any text will do but none.
func formOf(f reflect.StructField) form {
	tag := f.Tag.Get("twiml")
	low, high, isRange := strings.Cut(tag, "..")
	switch {
	case isRange:
		return wholeNumber(low, high)
	case f.Type.Kind() == reflect.Bool:
		return matching("true|false")
	case tag == "":
		return form{func(s string) bool { return s != "" }, "some text"}
	}
	return matching(tag)
}

func matching(pattern string) form {
	return form{regexp.MustCompile("^(?:" + pattern + ")$").MatchString, pattern}
}

// wholeNumber is a form of the digits 0-9 alone: no sign, no white space.
func wholeNumber(low, high string) form {
	least, _ := strconv.ParseUint(low, 10, 31)
	most, want := uint64(math.MaxInt32), "a whole number from "+low
	if high != "" {
		most, _ = strconv.ParseUint(high, 10, 31)
		want += " to " + high
	}
	return form{func(s string) bool {
		n, err := strconv.ParseUint(s, 10, 31)
		return err == nil && least <= n && n <= most
	}, want}
}

// elementOf is the element that is written as the type, or nil.
func elementOf(t reflect.Type) *element {
	return find(func(e *element) bool { return e.typ == t })
}

// elementNamed is the element of that name, or nil.
func elementNamed(name string) *element {
	return find(func(e *element) bool { return e.name == name })
}

func find(is func(*element) bool) *element {
	if i := slices.IndexFunc(grammar, is); i >= 0 {
		return grammar[i]
	}
	return nil
}

// in is the part of v that holds the element's content, or the zero Value.
func (e *element) in(v reflect.Value) reflect.Value {
	if e.content == nil {
		return reflect.Value{}
	}
	return v.Field(e.content.index)
}

// checkPlace refuses the element in that parent, or not as its first.
func (e *element) checkPlace(parent *element, first bool) error {
	switch {
	case !slices.Contains(e.parents, parent.name):
		return fmt.Errorf("<%s> may not stand in <%s>%s", e.name, parent.name, parent.only())
	case e.typ == reflect.TypeFor[Reject]() && !first:
		return errors.New("<Reject> only works as the first verb")
	}
	return nil
}

// only lists what may stand in e, for errors: ", only Say, Play, Pause".
func (e *element) only() (list string) {
	for _, child := range grammar {
		if slices.Contains(child.parents, e.name) {
			list += ", " + child.name
		}
	}
	return strings.Replace(list, ", ", ", only ", 1)
}

// check refuses a text that the field of the element may not have. An error
// does not quote content: it can be a telephone number.
func (e *element) check(f *field, text string) error {
	what := strings.TrimSpace("<" + e.name + "> " + f.name)
	foreign := foreignTo(text)
	switch {
	case foreign != "":
		return fmt.Errorf("%s: XML cannot hold %s", what, foreign)
	case f.form.fits(text):
		return nil
	case f.name == "":
		return fmt.Errorf("%s: want %s", what, f.form.want)
	}
	return fmt.Errorf("%s=%q: want %s", what, text, f.form.want)
}

// foreignTo names the first thing in text that XML 1.0 does not have, or "".
func foreignTo(text string) string {
	for i, r := range text {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD"):
			return "invalid UTF-8"
		case r < ' ' && !strings.ContainsRune("\t\n\r", r), r == 0xFFFE, r == 0xFFFF:
			return fmt.Sprintf("%U", r)
		}
	}
	return ""
}
