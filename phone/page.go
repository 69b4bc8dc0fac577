package phone

import (
	"fmt"
	"strings"
)

// page is the text of a transcript.
type page struct{ strings.Builder }

func (p *page) write(lines ...string) {
	for _, l := range lines {
		p.WriteString(l)
		p.WriteByte('\n')
	}
}

func (p *page) results(events []Event) {
	for _, e := range events {
		if text, ok := result(e.What); ok {
			p.write(text)
		}
	}
}

// row is a line of a transcript: the word, padded to the column of the texts.
func row(word, text string) string {
	return strings.TrimRight(fmt.Sprintf("%-6s %s", word, text), " ")
}

// result is the line of what happened; the caller's own acts have none here.
func result(w What) (text string, ok bool) {
	switch w := w.(type) {
	case Utterance:
		return row(w.word(), w.Text), true
	case Sound:
		return row("played", w.Source), true
	case Dialed:
		return row("dialed", w.number()), true
	case Transferred:
		return row("failed", "a dial, for its caller ID ("+w.Code+")"), w.Code != ""
	case Webhook:
		return row("failed", fmt.Sprint(w.Err)), w.Err != nil
	case Ended:
		return row("ended", string(w.How)), true
	}
	return "", false
}

// word is hear, or cut, with the language if it is not English.
func (u Utterance) word() string {
	word := "hear"
	if u.Cut {
		word = "cut"
	}
	primary, _, _ := strings.Cut(strings.ToLower(u.Language), "-")
	if primary == "en" {
		return word
	}
	return word + "/" + primary
}

func (d Dialed) number() string {
	if d.Given {
		return d.Number + " as " + d.CallerID
	}
	return d.Number
}
