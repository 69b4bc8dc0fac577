package twiml_test

import (
	"encoding/xml"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"premiumline/twiml"
)

// Whatever is read is the same when it was written and read again.
func FuzzRoundTrip(f *testing.F) {
	for _, doc := range canonical {
		f.Add([]byte(declaration + doc))
	}
	for _, doc := range []string{
		"<?xml version='1.0'?>\n<!-- a --><Response>\r\n<Hangup ></Hangup >\t</Response>\n",
		"<Response><Say>a<!-- b --><![CDATA[]]]]>&gt;<![CDATA[]]><break/></Say></Response>",
		"<Response><Gather><Say voice='\"&#10;'>\r&#xD;&#x1F600;</Say></Gather></Response>",
		"<Response><Dial><Number> +18776997407\t</Number></Dial></Response>",
		"<Response xmlns:a='b'><a:Say/></Response>",
		"<!DOCTYPE a [<!ENTITY b 'c'>]><Response>&b;</Response>",
	} {
		f.Add([]byte(doc))
	}
	f.Fuzz(func(t *testing.T, doc []byte) {
		read, err := twiml.Unmarshal(doc)
		if err != nil || len(doc) > twiml.MaxDocument/6 { // escaped it is at most 6 times as long
			return
		}
		written, err := twiml.Marshal(read)
		if err != nil {
			t.Fatalf("read %+v: %v", read, err)
		}
		again, err := twiml.Unmarshal(written)
		if err != nil || !reflect.DeepEqual(read, again) {
			t.Fatalf("read  %+v\nwrote %s\nread  %+v, %v", read, written, again, err)
		}
	})
}

// Any words are either said exactly, or refused because XML has not got them.
func FuzzWords(f *testing.F) {
	for _, words := range []string{"it's", `<"&'>]]>`, "a\r\nb\t", "ñ𝄞\uFFFD", "\x00", "\xff", "\uFFFE"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, words string) {
		want := twiml.Response{twiml.Say{
			Voice:  "_" + words,
			Speech: []twiml.Speech{twiml.Text("_" + words)},
		}}
		doc, err := twiml.Marshal(want)
		if err != nil {
			if isXML(words) && len(words) < twiml.MaxDocument/12-100 {
				t.Fatal(err)
			}
			return
		}
		if got, err := twiml.Unmarshal(doc); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("wrote %s\nread  %+v, %v", doc, got, err)
		}
	})
}

// isXML tells whether encoding/xml can write the words without U+FFFD in place
// of some.
func isXML(words string) bool {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(words)); err != nil || !utf8.ValidString(words) {
		return false
	}
	return strings.Count(b.String(), "\uFFFD") == strings.Count(words, "\uFFFD")
}
