package main

import (
	"fmt"
	"time"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/twiml"
)

// menu is what the contestants are to answer: the pages of the compiled line, which
// they read as JSON.
type menu struct {
	Greetings map[string]page `json:"greetings"` // by the caller's area code; "": of any other
	Wrong     map[string]page `json:"wrong"`     // the same, after a wrong key
	Lines     map[string]page `json:"lines"`     // by key
}

// page is a Gather and what comes after it.
type page struct {
	Action  string `json:"action"`
	Timeout int    `json:"timeout"` // seconds
	Empty   bool   `json:"empty"`   // the action is asked also when no key came
	Say     []say  `json:"say"`
	Dial    *dial  `json:"dial,omitempty"`
}

// say is sentences with half a second between them; the last may be empty.
type say struct {
	Voice     string   `json:"voice"`
	Language  string   `json:"language"`
	Sentences []string `json:"sentences"`
}

type dial struct {
	Action  string `json:"action"`
	Timeout int    `json:"timeout"` // seconds
	Number  string `json:"number"`  // E.164
}

// compileLine compiles the built-in directory as serve does.
func compileLine() (*ivr.Line, error) {
	directory, err := data.Open("")
	if err != nil {
		return nil, err
	}
	return ivr.Compile(directory, ivr.Settings{
		Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second,
	})
}

// menuOf asks the line for every page that the callers below will hear.
func menuOf(line *ivr.Line) (m menu, err error) {
	m = menu{map[string]page{}, map[string]page{}, map[string]page{}}
	for _, c := range callers {
		if m.Greetings[c.known], err = pageOf(line, c.turn("", "")); err != nil {
			return m, err
		}
		if m.Wrong[c.known], err = pageOf(line, c.turn(menuPage, wrongKey)); err != nil {
			return m, err
		}
	}
	for _, key := range keys {
		if m.Lines[key], err = pageOf(line, callers[0].turn(menuPage, key)); err != nil {
			return m, err
		}
	}
	return m, nil
}

// pageOf is the page that answers the turn.
func pageOf(line *ivr.Line, t ivr.Turn) (p page, err error) {
	verbs, err := twiml.Unmarshal(line.Answer(t).Document)
	if err != nil {
		return p, err
	}
	for _, verb := range verbs {
		switch v := verb.(type) {
		case twiml.Gather:
			p.Action, p.Timeout, p.Empty = v.Action, v.Timeout, v.ActionOnEmptyResult
			p.Say, err = saysOf(v.Prompts)
		case twiml.Dial:
			p.Dial = &dial{v.Action, v.Timeout, v.Numbers[0].E164}
		default:
			err = fmt.Errorf("page %q has a %T: the contestants do not know it", t.Page, v)
		}
		if err != nil {
			return p, err
		}
	}
	return p, nil
}

func saysOf(prompts []twiml.Verb) (says []say, err error) {
	for _, prompt := range prompts {
		s, ok := prompt.(twiml.Say)
		if !ok {
			return nil, fmt.Errorf("a prompt is a %T: the contestants do not know it", prompt)
		}
		sentences, err := sentencesOf(s)
		if err != nil {
			return nil, err
		}
		says = append(says, say{s.Voice, s.Language, sentences})
	}
	return says, nil
}

// sentencesOf cuts a Say at its breaks.
func sentencesOf(s twiml.Say) ([]string, error) {
	sentences := []string{""}
	for _, part := range s.Speech {
		switch p := part.(type) {
		case twiml.Text:
			sentences[len(sentences)-1] += string(p)
		case twiml.Break:
			sentences = append(sentences, "")
		default:
			return nil, fmt.Errorf("a Say has a %T: the contestants do not know it", part)
		}
	}
	return sentences, nil
}
