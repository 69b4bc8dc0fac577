package twiml

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Unmarshal reads a document, strictly: an element, attribute, value or text
// that it would have to pass over is an error, which names element, attribute
// and line. White space between verbs, comments and CDATA are as in XML;
// entities beyond XML's own five and any DOCTYPE are refused.
func Unmarshal(doc []byte) (Response, error) {
	if err := checkLength(doc); err != nil {
		return nil, err
	}
	r := reader{doc: doc, tokens: xml.NewDecoder(bytes.NewReader(doc))}
	response, err := r.response()
	if err != nil {
		return nil, r.locate(err)
	}
	return response, nil
}

func (r *reader) response() (Response, error) {
	start, err := r.begin()
	if err != nil {
		return nil, err
	}
	v, err := r.element(root, start)
	if err != nil {
		return nil, err
	}
	return v.Interface().(document).Verbs, r.end()
}

func (r *reader) element(e *element, start xml.StartElement) (reflect.Value, error) {
	v, at := reflect.New(e.typ).Elem(), r.start
	if err := e.setAttrs(v, start.Attr); err != nil {
		return v, err
	}
	in := e.in(v)
	if err := r.content(e, in); err != nil || in.Kind() != reflect.String {
		return v, err
	}
	r.start = at
	return v, e.checkContent(in)
}

func (e *element) setAttrs(v reflect.Value, attrs []xml.Attr) error {
	seen := map[string]bool{}
	for _, a := range attrs {
		name := nameOf(a.Name)
		if seen[name] {
			return fmt.Errorf("<%s> has two attributes %q", e.name, name)
		}
		seen[name] = true
		if err := e.setAttr(v, name, a.Value); err != nil {
			return err
		}
	}
	for _, f := range e.attrs {
		if f.required && !seen[f.name] {
			return fmt.Errorf("<%s> lacks its attribute %q", e.name, f.name)
		}
	}
	return nil
}

func (e *element) setAttr(v reflect.Value, name, text string) error {
	hint := ""
	for _, f := range e.attrs {
		if f.name == name {
			if err := e.check(f, text); err != nil {
				return err
			}
			parse(text, v.Field(f.index))
			return nil
		}
		if strings.EqualFold(f.name, name) {
			hint = " (" + f.name + "?)"
		}
	}
	return fmt.Errorf("<%s> has no attribute %q%s", e.name, name, hint)
}

// parse sets an attribute to a text of its form.
func parse(text string, v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		parse(text, v.Elem())
	case reflect.Int:
		n, _ := strconv.Atoi(text) // wholeNumber has looked at it
		v.SetInt(int64(n))
	case reflect.Bool:
		v.SetBool(text == "true")
	default:
		v.SetString(text)
	}
}

// content reads up to the end of the element, whose content goes in.
func (r *reader) content(e *element, in reflect.Value) error {
	for {
		token, err := r.next()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = r.child(e, in, token)
		case xml.CharData:
			err = r.text(e, in, string(token))
		case xml.EndElement:
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *reader) child(parent *element, in reflect.Value, start xml.StartElement) error {
	e := elementNamed(nameOf(start.Name))
	if e == nil {
		return unknown(nameOf(start.Name))
	}
	first := in.Kind() == reflect.Slice && in.Len() == 0
	if err := e.checkPlace(parent, first); err != nil {
		return err
	}
	v, err := r.element(e, start)
	if err == nil {
		in.Set(reflect.Append(in, v))
	}
	return err
}

func unknown(name string) error {
	similar := find(func(e *element) bool { return strings.EqualFold(e.name, name) })
	if similar != nil {
		return fmt.Errorf("no element is named <%s> (<%s>?)", name, similar.name)
	}
	return fmt.Errorf("no element is named <%s>", name)
}

func (r *reader) text(e *element, in reflect.Value, text string) error {
	switch {
	case in.Kind() == reflect.String:
		in.SetString(in.String() + text)
	case in.Kind() == reflect.Slice && in.Type().Elem() == reflect.TypeFor[Speech]():
		say(in, Text(text))
	case !r.blank():
		return fmt.Errorf("text may not stand in <%s>", e.name)
	}
	return nil
}

// say adds text to mixed content. A comment or CDATA does not part a Text in two.
func say(in reflect.Value, text Text) {
	if n := in.Len(); n > 0 {
		if before, ok := in.Index(n - 1).Interface().(Text); ok {
			in.Index(n - 1).Set(reflect.ValueOf(before + text))
			return
		}
	}
	if text != "" {
		in.Set(reflect.Append(in, reflect.ValueOf(text)))
	}
}

// checkContent refuses a text that is not the element's. White space around a
// URL or a number goes; in speech it may part words, and stays.
func (e *element) checkContent(in reflect.Value) error {
	if !e.typ.Implements(reflect.TypeFor[Speech]()) {
		in.SetString(strings.Trim(in.String(), whiteSpace))
	}
	return e.check(e.content, in.String())
}
