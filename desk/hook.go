package desk

import (
	"bytes"
	"encoding/xml"
	"maps"
	"net/http"
	"slices"
	"strings"

	"premiumline/phone"
)

// hook is a webhook as the inspector shows it.
type hook struct {
	Method    string      `json:"method"`
	URL       string      `json:"url"`
	Form      [][2]string `json:"form"` // by name
	Signature string      `json:"signature"`
	Verdict   string      `json:"verdict"` // on the signature: good, bad or missing
	Again     bool        `json:"again"`   // a retry
	Status    int         `json:"status"`  // 0: there was no answer
	Took      float64     `json:"took"`    // ms, in real time
	Type      string      `json:"type"`    // of the answer
	Answer    string      `json:"answer"`  // formatted
	Failed    string      `json:"failed"`  // why Twilio cannot use it; ""
	Curl      string      `json:"curl"`    // sends it again, signed
}

func (d *desk) hook(w phone.Webhook) *hook {
	h := &hook{
		Method: w.Method, URL: w.URL, Form: [][2]string{}, Signature: w.Signature, Again: w.Again,
		Verdict: "good", Status: w.Status, Took: float64(w.Took.Microseconds()) / 1000,
		Type: w.ContentType, Answer: layOut(w.Answer), Curl: curl(w),
	}
	for _, name := range slices.Sorted(maps.Keys(w.Form)) {
		for _, value := range w.Form[name] {
			h.Form = append(h.Form, [2]string{name, value})
		}
	}
	switch {
	case w.Signature == "":
		h.Verdict = "missing"
	case !d.options.Verify(w.URL, w.Signature, w.Form):
		h.Verdict = "bad"
	}
	if w.Err != nil {
		h.Failed = w.Err.Error()
	}
	return h
}

// curl is a command that sends the webhook once more. The signature is the same:
// it is over URL and form alone.
func curl(w phone.Webhook) string {
	lines := []string{"curl -sS -X " + w.Method + " " + quoted(w.URL)}
	if w.Method == http.MethodGet {
		lines[0] += " -G"
	}
	if w.Signature != "" {
		lines = append(lines, "-H "+quoted("X-Twilio-Signature: "+w.Signature))
	}
	for _, name := range slices.Sorted(maps.Keys(w.Form)) {
		for _, value := range w.Form[name] {
			lines = append(lines, "--data-urlencode "+quoted(name+"="+value))
		}
	}
	return strings.Join(lines, " \\\n  ")
}

// quoted is a word as a shell takes it.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// structure is the elements that hold others on lines of their own.
var structure = []string{"Response", "Gather", "Dial"}

// layOut puts each element of TwiML on a line of its own, one that holds text with
// all of that. What is no XML stays as it is.
func layOut(doc []byte) string {
	var l layout
	dec := xml.NewDecoder(bytes.NewReader(doc))
	for start := int64(0); ; start = dec.InputOffset() {
		token, err := dec.Token()
		if err != nil {
			return strings.TrimRight(l.String()+string(doc[start:]), "\n")
		}
		l.add(token, string(doc[start:dec.InputOffset()]))
	}
}

// layout is TwiML being laid out.
type layout struct {
	strings.Builder
	depth  int // of structure
	inside int // elements within the one on this line
}

func (l *layout) add(token xml.Token, text string) {
	switch token := token.(type) {
	case xml.StartElement:
		l.open(token.Name.Local, text)
	case xml.EndElement:
		l.close(text)
	default:
		if l.inside > 0 {
			l.WriteString(text)
		} else if text = strings.TrimSpace(text); text != "" {
			l.line(text)
		}
	}
}

func (l *layout) open(name, text string) {
	switch {
	case l.inside > 0:
		l.inside++
		l.WriteString(text)
	case slices.Contains(structure, name):
		l.line(text)
		l.depth++
	default:
		l.inside++
		l.WriteString(strings.Repeat("  ", l.depth) + text)
	}
}

// close ends an element; one that was written as empty has no text for that.
func (l *layout) close(text string) {
	if l.inside == 0 {
		l.depth--
		if text != "" {
			l.line(text)
		}
		return
	}
	l.WriteString(text)
	if l.inside--; l.inside == 0 {
		l.WriteByte('\n')
	}
}

func (l *layout) line(text string) { l.WriteString(strings.Repeat("  ", l.depth) + text + "\n") }
