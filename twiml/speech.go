package twiml

import (
	"encoding/xml"
	"strings"
)

// MaxSpeech is how many characters one [Say] may have in an Amazon Polly voice
// (error 13521).
const MaxSpeech = 3000

// Speech is a part of what a [Say] says: [Text], or one of the SSML elements
// [Break], [Prosody], [SayAs], [Lang], [P], [S] and [Sub]. Twilio's basic voices,
// "man" and "woman", know only Text.
type Speech interface {
	// spoken is what is heard of it, with a gap for each silence.
	spoken(gap string) string
}

// Text is plain words.
type Text string

// Break is a silence.
type Break struct {
	XMLName xml.Name `xml:"break"`
	// Time is the silence's length as SSML writes it, "500ms" or "1s"; "": as
	// after a comma.
	Time string `xml:"time,attr,omitempty" twiml:"[0-9]+(\\.[0-9]+)?m?s"`
}

// Prosody says its speech at another rate, as "75%" of the normal one.
type Prosody struct {
	XMLName xml.Name `xml:"prosody"`
	Rate    string   `xml:"rate,attr" twiml:"[0-9]+%|(x-)?slow|medium|(x-)?fast"`
	Speech  []Speech
}

// SayAs says its text as a kind of thing, "digits", "telephone" or "date".
type SayAs struct {
	XMLName     xml.Name `xml:"say-as"`
	InterpretAs string   `xml:"interpret-as,attr"`
	Text        string   `xml:",chardata"`
}

// Lang says its speech as a speaker of another language would.
type Lang struct {
	XMLName xml.Name `xml:"lang"`
	XMLLang string   `xml:"xml:lang,attr"` // BCP 47, "es-US"
	Speech  []Speech
}

// P is a paragraph: a longer silence stands before and after it.
type P struct {
	XMLName xml.Name `xml:"p"`
	Speech  []Speech
}

// S is a sentence: a silence as at a full stop ends it.
type S struct {
	XMLName xml.Name `xml:"s"`
	Speech  []Speech
}

// Sub says its alias in place of its text.
type Sub struct {
	XMLName xml.Name `xml:"sub"`
	Alias   string   `xml:"alias,attr"`
	Text    string   `xml:",chardata"`
}

func (t Text) spoken(string) string        { return string(t) }
func (Break) spoken(gap string) string     { return gap }
func (p Prosody) spoken(gap string) string { return spoken(p.Speech, gap) }
func (s SayAs) spoken(string) string       { return s.Text }
func (l Lang) spoken(gap string) string    { return spoken(l.Speech, gap) }
func (p P) spoken(gap string) string       { return gap + spoken(p.Speech, gap) + gap }
func (s S) spoken(gap string) string       { return gap + spoken(s.Speech, gap) + gap }
func (s Sub) spoken(string) string         { return s.Alias }

// Characters is how much of [MaxSpeech] the Say takes: its spoken text, without
// markup, in bytes of UTF-8, since Twilio counts "single byte characters".
func (s Say) Characters() int { return len(spoken(s.Speech, "")) }

// Plain is the speech as it is heard: words with single spaces between them.
func Plain(speech []Speech) string {
	return strings.Join(strings.Fields(spoken(speech, " ")), " ")
}

func spoken(speech []Speech, gap string) string {
	var b strings.Builder
	for _, part := range speech {
		b.WriteString(part.spoken(gap))
	}
	return b.String()
}
