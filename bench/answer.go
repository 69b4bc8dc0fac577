package main

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
)

// answer is what a contestant sent back.
type answer struct {
	head, body []byte
	size       int // bytes on the wire
}

var (
	errNoHTTP  = errors.New("the answer is not HTTP")
	errTooLong = errors.New("the answer is too long")
)

// parseAnswer finds an answer at the beginning of b, in the little of HTTP/1.1 that
// the contestants write: a length, or one chunk after the other. ok is false while some
// of it is missing.
func parseAnswer(b []byte) (a answer, ok bool, err error) {
	if len(b) > 9 && !bytes.HasPrefix(b, []byte("HTTP/1.1 ")) {
		return a, false, errNoHTTP
	}
	end := bytes.Index(b, []byte("\r\n\r\n"))
	if end < 0 {
		return a, false, nil
	}
	a.head = b[:end+2]
	length, known := field(a.head, "Content-Length")
	if !known {
		return parseChunks(a, b, end+4)
	}
	n, err := strconv.Atoi(string(length))
	if err != nil {
		return a, false, errNoHTTP
	}
	a.size = end + 4 + n
	if len(b) < a.size {
		return a, false, nil
	}
	a.body = b[end+4 : a.size]
	return a, true, nil
}

// parseChunks reads chunks from at on.
func parseChunks(a answer, b []byte, at int) (answer, bool, error) {
	for {
		end := bytes.Index(b[at:], []byte("\r\n"))
		if end < 0 {
			return a, false, nil
		}
		n, err := strconv.ParseUint(string(b[at:at+end]), 16, 16)
		if err != nil {
			return a, false, errNoHTTP
		}
		from := at + end + 2
		at = from + int(n) + 2
		if len(b) < at {
			return a, false, nil
		}
		if n == 0 {
			a.size = at
			return a, true, nil
		}
		a.body = append(a.body, b[from:at-2]...)
	}
}

// field returns the value of a field of the head.
func field(head []byte, name string) (value []byte, ok bool) {
	for line := range bytes.SplitSeq(head, []byte("\r\n")) {
		n := len(name)
		if len(line) > n && line[n] == ':' && bytes.EqualFold(line[:n], []byte(name)) {
			return bytes.TrimSpace(line[n+1:]), true
		}
	}
	return nil, false
}

// check tells why an answer is none that Twilio could use: every single one is
// looked at.
func (a answer) check() error {
	media, _ := field(a.head, "Content-Type")
	body := bytes.TrimRight(a.body, "\n")
	switch {
	case !bytes.HasPrefix(a.head, []byte("HTTP/1.1 200")):
		status, _, _ := bytes.Cut(a.head, []byte("\r\n"))
		return fmt.Errorf("answered %s: %.200s", status, a.body)
	case !bytes.HasPrefix(media, []byte("text/xml")):
		return fmt.Errorf("answered a %s", media)
	case !bytes.HasPrefix(body, []byte("<?xml ")) || !bytes.HasSuffix(body, []byte("</Response>")):
		return fmt.Errorf("answered what is no TwiML: %.200s", a.body)
	}
	return nil
}
