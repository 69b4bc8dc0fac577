package twiml

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>`

// Marshal writes the response as a compact document, the same bytes each time.
// It returns an error, which names element and attribute, where the response
// cannot be said in TwiML, or takes more than [MaxDocument] bytes.
func Marshal(r Response) ([]byte, error) {
	var w writer
	w.WriteString(declaration)
	if err := w.element(root, reflect.ValueOf(document{Verbs: r})); err != nil {
		return nil, fmt.Errorf("twiml: %w", err)
	}
	if err := checkLength(w.Bytes()); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// SSML writes speech as it stands inside a <speak> element, for a voice to read.
// Its errors are those of [Marshal].
func SSML(speech []Speech) (string, error) {
	var w writer
	if err := w.content(elementNamed("Say"), reflect.ValueOf(speech)); err != nil {
		return "", fmt.Errorf("twiml: %w", err)
	}
	return w.String(), nil
}

func checkLength(doc []byte) error {
	if len(doc) > MaxDocument {
		return fmt.Errorf("twiml: a document of %d bytes, Twilio reads %d", len(doc), MaxDocument)
	}
	return nil
}

type writer struct{ bytes.Buffer }

func (w *writer) element(e *element, v reflect.Value) error {
	w.WriteString("<" + e.name)
	for _, f := range e.attrs {
		if err := w.attr(e, f, v.Field(f.index)); err != nil {
			return err
		}
	}
	w.WriteString(">")
	start := w.Len()
	if err := w.content(e, e.in(v)); err != nil {
		return err
	}
	if w.Len() == start {
		w.Truncate(start - len(">"))
		w.WriteString("/>")
		return nil
	}
	w.WriteString("</" + e.name + ">")
	return nil
}

func (w *writer) attr(e *element, f *field, v reflect.Value) error {
	text, isSet := format(v)
	if !isSet && !f.required {
		return nil
	}
	if err := e.check(f, text); err != nil {
		return err
	}
	w.WriteString(" " + f.name + `="` + inAttribute.Replace(text) + `"`)
	return nil
}

// format is the text of an attribute, and whether it was set: a pointer tells
// an empty value from none, any other type takes its zero value for none.
func format(v reflect.Value) (text string, isSet bool) {
	if v.Kind() != reflect.Pointer {
		return fmt.Sprint(v), !v.IsZero()
	}
	if v.IsNil() {
		return "", false
	}
	return fmt.Sprint(v.Elem()), true
}

func (w *writer) content(e *element, in reflect.Value) error {
	switch in.Kind() {
	case reflect.String:
		return w.text(e, e.content, in.String())
	case reflect.Slice:
		for i := range in.Len() {
			if err := w.part(e, in.Index(i).Interface(), i == 0); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writer) part(parent *element, part any, first bool) error {
	if text, ok := part.(Text); ok {
		return w.text(parent, words, string(text))
	}
	e := elementOf(reflect.TypeOf(part))
	if e == nil {
		return fmt.Errorf("<%s> holds a %T, which TwiML has not", parent.name, part)
	}
	if err := e.checkPlace(parent, first); err != nil {
		return err
	}
	return w.element(e, reflect.ValueOf(part))
}

// words is the form of text among elements: any.
var words = &field{form: matching("(?s).*")}

func (w *writer) text(e *element, f *field, text string) error {
	if err := e.check(f, text); err != nil {
		return err
	}
	w.WriteString(inText.Replace(text))
	return nil
}

// An unescaped line end is a different one when it is read, or a space.
var (
	inText      = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	inAttribute = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;",
		`"`, "&quot;", "\n", "&#10;", "\t", "&#9;")
)
