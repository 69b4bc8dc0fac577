package phone

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Transcript is a test of a call, in the form of the call: what the caller does,
// and beneath it what really happened. A line is a word and text up to the end
// of the line; lines that begin with # are comments.
//
// The caller's words:
//
//	call   from FROM to TO [city C] [state S] [zip Z] [country CC] [at PATH?FORM]
//	press  KEYS               hears the prompts out, then presses
//	barge  KEYS [after N s]   presses before the prompt has said a word, or N s into it
//	wait                      lets the Gather time out
//	hangup [after N s]        hears the prompts out, or N s of them, and hangs up
//	hangup [N s later]        hangs up N s after the act above, whatever goes on then
//	dial   STATUS [after N s] what the next transfers meet: completed, busy, no-answer,
//	                          failed, canceled or hung-up (completed, by the far end;
//	                          after completed the caller hangs up). N s is how long they
//	                          talk, or else how long it rings.
//	server [slow after N s] [fails] [repeats]   what befalls the next webhooks: each is
//	                          answered after N s, not at all, twice; or well
//
// A call comes first; dial and server right beneath it hold from its very beginning.
// With at it begins in the middle: [Caller].
// After the last of these words the caller is silent until the call ends.
//
// What happens:
//
//	hear   TEXT     one utterance; hear/es in another language than English
//	cut    TEXT     an utterance cut short by a key, or hanging up; cut/es
//	played SOURCE   a recording
//	dialed NUMBER [as CALLERID]
//	failed TEXT     a webhook whose answer Twilio could not use, or a Dial
//	ended  by the line, by the caller or after the transfer
//	logged TEXT     a line of the server's log
type Transcript struct {
	name    string
	lines   []line
	results bool
}

// HasResults tells whether the transcript says what happens, not only what the
// caller does.
func (t *Transcript) HasResults() bool { return t.results }

// line is one line of a transcript: an act, or a comment or blank line.
type line struct {
	number int
	text   string
	act    act // nil: a result
}

// results are the words for what happens. They are made anew by every run.
var results = []string{"hear", "cut", "played", "dialed", "failed", "ended", "logged"}

// drives read the text after the caller's words.
var drives = map[string]func(text string) (act, error){
	"call":   parseCall,
	"press":  parsePress,
	"barge":  parseBarge,
	"wait":   parseWait,
	"hangup": parseHangup,
	"dial":   parseDial,
	"server": parseServer,
}

// ParseTranscript reads a transcript. Its errors begin with "name:line: ".
func ParseTranscript(name, text string) (*Transcript, error) {
	t := &Transcript{name: name}
	for i, s := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		l, err := parseLine(strings.TrimRight(s, " \t\r"))
		if err == nil {
			l.number = i + 1
			err = t.add(l)
		}
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	if !slices.ContainsFunc(t.lines, isCall) {
		return nil, fmt.Errorf("%s:1: %w", name, errNoCall)
	}
	acts := slices.DeleteFunc(t.lines, func(l line) bool { return l.act == nil })
	t.results, t.lines = len(acts) < len(t.lines), acts
	return t, nil
}

var errNoCall = errors.New("a call comes first: call from +14045550100 to +18005550199")

// add puts a line at the end. A call comes first, and once; a dial right beneath
// it is part of it.
func (t *Transcript) add(l line) error {
	called, last := slices.ContainsFunc(t.lines, isCall), len(t.lines)-1
	_, note := l.act.(noteAct)
	switch {
	case isCall(l) && called:
		return errors.New("a second call: one transcript is one call")
	case !isCall(l) && !called && !note:
		return errNoCall
	case called && isCall(t.lines[last]) && t.lines[last].with(l):
		return nil
	}
	if h, ok := l.act.(hangupAct); ok && h.later {
		t.hasten()
	}
	t.lines = append(t.lines, l)
	return nil
}

// hasten has the latest act end where it is done, not where the next can begin.
func (t *Transcript) hasten() {
	for i, l := range slices.Backward(t.lines) {
		switch act := l.act.(type) {
		case callAct, pressAct, bargeAct, waitAct:
			t.lines[i].act = hasty{act}
			return
		}
	}
}

// with makes a dial or a server part of a call.
func (l *line) with(next line) bool {
	call := l.act.(callAct)
	switch act := next.act.(type) {
	case dialAct:
		call.far = act.far
	case serverAct:
		call.trouble = act.trouble
	default:
		return false
	}
	l.act, l.text = call, l.text+"\n"+next.text
	return true
}

func isCall(l line) bool {
	_, ok := l.call()
	return ok
}

// call is the act that begins the call.
func (l line) call() (callAct, bool) {
	if h, ok := l.act.(hasty); ok {
		l.act = h.act
	}
	call, ok := l.act.(callAct)
	return call, ok
}

// parseLine reads a line. That of a result has no act.
func parseLine(s string) (line, error) {
	if s == "" || s[0] == '#' {
		return line{text: s, act: noteAct{}}, nil
	}
	word, text, _ := strings.Cut(s, " ")
	if bare, _, _ := strings.Cut(word, "/"); slices.Contains(results, bare) {
		return line{text: s}, nil
	}
	parse, ok := drives[word]
	if !ok {
		known := strings.Join(append(slices.Sorted(maps.Keys(drives)), results...), ", ")
		return line{}, fmt.Errorf("unknown word %q; known are %s", word, known)
	}
	text = strings.Join(strings.Fields(text), " ")
	a, err := parse(text)
	if err != nil {
		return line{}, fmt.Errorf("%s: %w", word, err)
	}
	return line{text: row(word, text), act: a}, nil
}

func parseCall(text string) (act, error) {
	var caller Caller
	parts := map[string]*string{
		"from": &caller.From, "to": &caller.To, "city": &caller.City,
		"state": &caller.State, "zip": &caller.ZIP, "country": &caller.Country, "at": &caller.At,
	}
	var part *string
	for _, word := range strings.Fields(text) {
		if p, ok := parts[word]; ok {
			part = p
			continue
		}
		if part == nil {
			return nil, fmt.Errorf("%q is not one of from, to, city, state, zip, country, at", word)
		}
		*part = strings.TrimSpace(*part + " " + word)
	}
	return callAct{caller: caller}, errors.Join(checkNumbers(caller), checkAt(caller.At))
}

// checkAt wants the path of a webhook.
func checkAt(at string) error {
	u, err := url.Parse(at)
	if at != "" && (err != nil || u.Host != "" || !strings.HasPrefix(at, "/")) {
		return fmt.Errorf("at %q: not the path of a webhook, /voice/en/menu?Digits=7", at)
	}
	return nil
}

// plusNumber lets pass what E.164 does not: keypad words can be short.
var plusNumber = regexp.MustCompile(`^\+\d{5,15}$`)

// checkNumbers wants a number to call, and a caller's that could be one.
func checkNumbers(c Caller) error {
	if !e164.MatchString(c.To) {
		return fmt.Errorf("to %q: not an E.164 number, +18005550199", c.To)
	}
	if strings.HasPrefix(c.From, "+") && !plusNumber.MatchString(c.From) {
		return fmt.Errorf("from %q: not a telephone number", c.From)
	}
	return nil
}

func parsePress(text string) (act, error) { return pressAct{text}, checkKeys(text) }

func parseBarge(text string) (act, error) {
	keys, rest, _ := strings.Cut(text, " ")
	after, _, err := parseAfter(rest)
	return bargeAct{keys, after}, errors.Join(checkKeys(keys), err)
}

func parseWait(text string) (act, error) {
	if text != "" {
		return nil, fmt.Errorf("%q is too much: it stands alone", text)
	}
	return waitAct{}, nil
}

func parseHangup(text string) (act, error) {
	if since, ok := strings.CutSuffix(text, " later"); ok {
		after, _, err := parseAfter("after " + since)
		return hangupAct{after: after, later: true}, err
	}
	after, given, err := parseAfter(text)
	return hangupAct{after: after, hearOut: !given}, err
}

// statuses are what a transfer can meet; hungUp is completed by the far end.
var statuses = []string{completed, busy, noAnswer, failed, canceled, hungUp}

const hungUp = "hung-up"

func parseDial(text string) (act, error) {
	status, rest, _ := strings.Cut(text, " ")
	if !slices.Contains(statuses, status) {
		return nil, fmt.Errorf("%q is not one of %s", status, strings.Join(statuses, ", "))
	}
	after, _, err := parseAfter(rest)
	far := FarEnd{Status: status, Ring: after}
	switch status {
	case hungUp:
		far = FarEnd{Status: completed, Talk: after, HangsUp: true}
	case completed:
		far = FarEnd{Status: completed, Talk: after}
	}
	return dialAct{far}, err
}

// parseAfter reads "after 2.5 s", or nothing.
func parseAfter(text string) (after time.Duration, given bool, err error) {
	if text == "" {
		return 0, false, nil
	}
	number, ok := strings.CutPrefix(text, "after ")
	number, unit := strings.CutSuffix(number, " s")
	n, bad := strconv.ParseFloat(number, 64)
	if !ok || !unit || bad != nil || n < 0 || n > 86400 {
		return 0, false, fmt.Errorf("%q is not \"after N s\"", text)
	}
	return time.Duration(n * float64(time.Second)), true, nil
}

// after writes what parseAfter reads, to the millisecond.
func after(d time.Duration) string {
	return "after " + strconv.FormatFloat(d.Round(time.Millisecond).Seconds(), 'f', -1, 64) + " s"
}
