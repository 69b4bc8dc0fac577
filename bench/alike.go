package main

import (
	"fmt"
	"strings"

	"premiumline/ivr"
	"premiumline/twiml"
)

// sample is a webhook whose answer is looked at closely, and the line's own document.
type sample struct {
	request request
	want    []byte
}

// samplesOf is every greeting, every line and every wrong key, once.
func samplesOf(line *ivr.Line) (samples []sample) {
	for i, c := range callers {
		add := func(page, keys string) {
			call := callOf(len(samples))
			samples = append(samples,
				sample{c.request(call, page, keys), line.Answer(c.turn(page, keys)).Document})
		}
		add("", "")
		add(menuPage, keys[i%len(keys)])
		add(menuPage, wrongKey)
	}
	return samples
}

// sizeOff is by how much a document may be longer or shorter than the line's. twilio-go's is a
// quarter shorter: it can say no breaks.
const sizeOff = 0.28

// check tells how an answer differs from the line's in what a caller hears.
func (s sample) check(got []byte) error {
	want, err := outline(s.want)
	if err != nil {
		return fmt.Errorf("reading the line's answer: %w", err)
	}
	heard, err := outline(got)
	if err != nil {
		return fmt.Errorf("reading the answer: %w", err)
	}
	if heard != want {
		return fmt.Errorf("answered\n%s\nwant\n%s", heard, want)
	}
	if off := float64(len(got))/float64(len(s.want)) - 1; off > sizeOff || off < -sizeOff {
		return fmt.Errorf("answered %d bytes, the line answers %d", len(got), len(s.want))
	}
	return nil
}

// outline is what a document makes the caller hear, and where it leads.
func outline(document []byte) (string, error) {
	verbs, err := twiml.Unmarshal(document)
	if err != nil {
		return "", err
	}
	var lines []string
	for _, verb := range verbs {
		switch v := verb.(type) {
		case twiml.Gather:
			lines = append(lines, fmt.Sprintf("gather %s %s %d s, %d key, when empty %v",
				v.Input, v.Action, v.Timeout, v.NumDigits, v.ActionOnEmptyResult))
			for _, prompt := range v.Prompts {
				lines = append(lines, spoken(prompt))
			}
		case twiml.Dial:
			number := v.Numbers[0].E164
			lines = append(lines, fmt.Sprintf("dial %s %d s %s", v.Action, v.Timeout, number))
		default:
			lines = append(lines, fmt.Sprintf("%T", v))
		}
	}
	return strings.Join(lines, "\n"), nil
}

func spoken(prompt twiml.Verb) string {
	say, ok := prompt.(twiml.Say)
	if !ok {
		return fmt.Sprintf("%T", prompt)
	}
	return fmt.Sprintf("say %s %s: %s", say.Voice, say.Language, twiml.Plain(say.Speech))
}
