package twiml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// reader takes a document apart into tokens.
type reader struct {
	doc    []byte
	tokens *xml.Decoder
	start  int64 // of the latest token, in doc
}

var errBeginning = errors.New("a document begins with " + declaration + " or <Response>")

// locate tells the line of an error: the parser's own, or that of the latest token.
func (r *reader) locate(err error) error {
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("twiml: line %d: %s", syntax.Line, syntax.Msg)
	}
	return fmt.Errorf("twiml: line %d: %w", 1+bytes.Count(r.doc[:r.start], []byte("\n")), err)
}

// encoding/xml lets pass what these do not: white space before a declaration,
// whatever is in it, attributes without a space between, and half an emoji, as
// software escapes it that thinks in UTF-16.
var (
	opening = regexp.MustCompile(`^(<\?xml\s+version` + quoted(`1\.0`) +
		`(\s+encoding` + quoted(`(?i:utf-8)`) + `)?(\s+standalone` + quoted(`(yes|no)`) + `)?` +
		`\s*\?>\s*)?<[^?]`)
	startTag      = regexp.MustCompile(`^<[^\s/>]+(\s+[^\s=]+\s*=\s*("[^"]*"|'[^']*'))*\s*/?>$`)
	halfCharacter = regexp.MustCompile(`&#(x0*[dD][89a-fA-F][0-9a-fA-F]{2}|` +
		`0*5(529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));`)
)

func quoted(word string) string { return `\s*=\s*("` + word + `"|'` + word + `')` }

// begin reads up to the start of the root.
func (r *reader) begin() (xml.StartElement, error) {
	if !opening.Match(r.doc) {
		return xml.StartElement{}, errBeginning
	}
	start, err := r.outside()
	switch {
	case err == io.EOF:
		err = errors.New("no <Response>")
	case err == nil && nameOf(start.Name) != root.name:
		err = fmt.Errorf("the root is <%s>, not <Response>", nameOf(start.Name))
	}
	return start, err
}

// end refuses whatever stands after the root, but comments and white space.
func (r *reader) end() error {
	start, err := r.outside()
	switch err {
	case io.EOF:
		return nil
	case nil:
		return fmt.Errorf("<%s> stands after the end of <Response>", nameOf(start.Name))
	}
	return err
}

// outside reads up to the next element that is in no other; io.EOF: there is none.
func (r *reader) outside() (xml.StartElement, error) {
	for {
		token, err := r.next()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := token.(xml.StartElement); ok {
			return start, nil
		}
		if !r.blank() {
			return xml.StartElement{}, errors.New("text may not stand outside <Response>")
		}
	}
}

// next reads a token that is neither comment nor declaration.
func (r *reader) next() (xml.Token, error) {
	for {
		r.start = r.tokens.InputOffset()
		token, err := r.tokens.Token()
		if err != nil {
			return nil, err
		}
		skip, err := r.check(token)
		if !skip || err != nil {
			return token, err
		}
	}
}

// check refuses the tokens that TwiML has not, and tells which ones say nothing.
func (r *reader) check(token xml.Token) (skip bool, err error) {
	switch token := token.(type) {
	case xml.Comment:
		if foreign := foreignTo(string(token)); foreign != "" {
			return false, errors.New("XML cannot hold " + foreign)
		}
		return true, nil
	case xml.ProcInst:
		if r.start > 0 {
			return false, errors.New("a processing instruction may not stand in TwiML")
		}
		return true, nil
	case xml.Directive:
		return false, errors.New("a DOCTYPE may not stand in TwiML")
	case xml.StartElement:
		if !startTag.Match(r.raw()) {
			return false, fmt.Errorf("<%s>: no space between attributes", nameOf(token.Name))
		}
	}
	if half := halfCharacter.Find(r.raw()); half != nil {
		return false, fmt.Errorf("%s is no character", half)
	}
	return false, nil
}

// raw is the latest token as it stands in the document.
func (r *reader) raw() []byte { return r.doc[r.start:r.tokens.InputOffset()] }

// blank tells whether the latest token is white space, and skips it if not.
func (r *reader) blank() bool {
	raw := r.raw()
	text := bytes.TrimLeft(raw, whiteSpace)
	r.start += int64(len(raw) - len(text))
	return len(text) == 0
}

const whiteSpace = " \t\r\n"

// nameOf is a name as it is written: encoding/xml replaces the prefix xml.
func nameOf(n xml.Name) string {
	switch n.Space {
	case "":
		return n.Local
	case "http://www.w3.org/XML/1998/namespace":
		return "xml:" + n.Local
	}
	return n.Space + ":" + n.Local
}
