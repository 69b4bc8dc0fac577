package webhook

import (
	"bytes"
	"errors"
	"fmt"
)

// MaxFields is how many name=value fields a form may have; Twilio sends about 30.
const MaxFields = 1000

var (
	errSemicolon = errors.New("a semicolon that is not written %3B")
	errEscape    = errors.New("a percent sign that two hex digits do not follow")
)

// Form is a posted application/x-www-form-urlencoded body, decoded once. It reads what
// url.ParseQuery reads and refuses what that refuses; unlike a map it keeps the order of the
// body and can be parsed into again, so a pooled Form costs a webhook no allocation.
type Form struct {
	text  []byte // every name and value, decoded, end to end
	pairs []pair // in the order of the body
}

// A pair is one parameter of a form, as positions in its text: the name ends where the value
// begins. So text[start:end] is name and value without a separator, which is what Twilio signs.
type pair struct{ start, value, end int }

// Parse replaces what f holds by the parameters of body, which it neither changes nor keeps.
// After an error f is empty; the error names the field by its place and quotes nothing of it.
func (f *Form) Parse(body []byte) error {
	f.Reset()
	if n := bytes.Count(body, []byte{'&'}) + 1; n > MaxFields {
		return fmt.Errorf("reading form: %d fields, more than %d", n, MaxFields)
	}
	for place := 1; len(body) > 0; place++ {
		var field []byte
		field, body, _ = bytes.Cut(body, []byte{'&'})
		if err := f.decode(field); err != nil {
			f.Reset()
			return fmt.Errorf("reading form: field %d: %w", place, err)
		}
	}
	return nil
}

// Reset empties f and keeps its memory.
func (f *Form) Reset() {
	f.text, f.pairs = f.text[:0], f.pairs[:0]
}

// Get returns the first value of the parameter that is called name, "" if there is none.
func (f *Form) Get(name string) string {
	for _, p := range f.pairs {
		if string(f.name(p)) == name {
			return string(f.value(p))
		}
	}
	return ""
}

func (f *Form) name(p pair) []byte   { return f.text[p.start:p.value] }
func (f *Form) value(p pair) []byte  { return f.text[p.value:p.end] }
func (f *Form) signed(p pair) []byte { return f.text[p.start:p.end] }

// add appends a parameter that is decoded already.
func (f *Form) add(name, value string) {
	p := pair{start: len(f.text)}
	f.text = append(f.text, name...)
	p.value = len(f.text)
	f.text = append(f.text, value...)
	p.end = len(f.text)
	f.pairs = append(f.pairs, p)
}

// decode appends the parameter of one field; an empty field (a&&b) is none.
func (f *Form) decode(field []byte) (err error) {
	if len(field) == 0 {
		return nil
	}
	if bytes.IndexByte(field, ';') >= 0 {
		return errSemicolon
	}
	name, value, _ := bytes.Cut(field, []byte{'='})
	p := pair{start: len(f.text)}
	if f.text, err = appendDecoded(f.text, name); err != nil {
		return err
	}
	p.value = len(f.text)
	if f.text, err = appendDecoded(f.text, value); err != nil {
		return err
	}
	p.end = len(f.text)
	f.pairs = append(f.pairs, p)
	return nil
}

// appendDecoded appends src to dst with + as a space and %XX as the byte it stands for.
func appendDecoded(dst, src []byte) ([]byte, error) {
	if bytes.IndexByte(src, '%') < 0 && bytes.IndexByte(src, '+') < 0 {
		return append(dst, src...), nil
	}
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '+':
			dst = append(dst, ' ')
		case '%':
			if len(src)-i < 3 || !isHex(src[i+1]) || !isHex(src[i+2]) {
				return dst, errEscape
			}
			dst = append(dst, fromHex(src[i+1])<<4|fromHex(src[i+2]))
			i += 2
		default:
			dst = append(dst, c)
		}
	}
	return dst, nil
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

// fromHex returns the number that a hex digit stands for: the letters' low bits are 1 to 6.
func fromHex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&7 + 9
}
