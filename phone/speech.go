package phone

import (
	"cmp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"premiumline/twiml"
)

// english is the language of a Say that names none.
const english = "en-US"

// pace is how long a voice takes over what a text is made of.
type pace struct {
	start   time.Duration // any text at all
	letter  time.Duration
	digit   time.Duration // read alone, as telephone numbers are written: "8 7 7"
	capital time.Duration // one that stands alone and is spelled: "T T Y"
	comma   time.Duration // and colon, semicolon
	stop    time.Duration // between sentences
}

const ms = time.Millisecond

// paces are those of espeak-ng at 150 words a minute, fitted to some fifty
// prompts in each language; speech_test.go holds them to it.
var paces = map[string]pace{
	"en": {start: 97 * ms, letter: 73 * ms, digit: 353 * ms,
		capital: 474 * ms, comma: 275 * ms, stop: 278 * ms},
	"es": {start: 179 * ms, letter: 79 * ms, digit: 420 * ms,
		capital: 79 * ms, comma: 153 * ms, stop: 401 * ms},
}

// SpeechTime is about how long it takes to say text in language, a BCP 47 tag,
// at rate times the normal speed. It is within 10 % over a menu and 20 % over a
// sentence. A language it does not know is taken for English.
func SpeechTime(text, language string, rate float64) time.Duration {
	p := paceOf(language)
	sum := p.start
	runes := []rune(strings.TrimRight(text, " .?!:;,"))
	if len(runes) == 0 {
		return 0
	}
	for i, r := range runes {
		sum += p.of(r, alone(runes, i))
	}
	return atRate(sum, rate)
}

// atRate is how long d lasts at a rate, in whole milliseconds: a transcript tells
// no less, and must meet the same moment.
func atRate(d time.Duration, rate float64) time.Duration {
	return time.Duration(float64(d) / rate).Round(ms)
}

func paceOf(language string) pace {
	primary, _, _ := strings.Cut(language, "-")
	if p, ok := paces[strings.ToLower(primary)]; ok {
		return p
	}
	return paces["en"]
}

func (p pace) of(r rune, alone bool) time.Duration {
	switch {
	case unicode.IsDigit(r):
		return p.digit
	case alone && unicode.IsUpper(r) && !strings.ContainsRune("AIO", r):
		return p.capital
	case unicode.IsLetter(r):
		return p.letter
	case strings.ContainsRune(",:;", r):
		return p.comma
	case strings.ContainsRune(".?!", r):
		return p.stop
	}
	return 0
}

// alone tells whether no letter stands beside the i-th rune.
func alone(runes []rune, i int) bool {
	return (i == 0 || !unicode.IsLetter(runes[i-1])) &&
		(i+1 == len(runes) || !unicode.IsLetter(runes[i+1]))
}

// utterances is what a Say lets the caller hear: a break at the top level, or
// another language, ends one utterance and begins the next.
func utterances(s twiml.Say) []heard {
	var all []heard
	var run []twiml.Speech
	language := cmp.Or(s.Language, english)
	say := func(speech []twiml.Speech, language string) {
		u := Utterance{Text: twiml.Plain(speech), Language: language, Voice: s.Voice}
		u.SSML, _ = twiml.SSML(speech) // it has been read from TwiML, so it can be written
		if u.Length = (voice{language, 1}).takes(speech); u.Text != "" {
			all = append(all, u)
		}
	}
	for _, part := range s.Speech {
		switch part := part.(type) {
		case twiml.Break:
			say(run, language)
			all, run = append(all, Pause{Length: breakTime(part)}), nil
		case twiml.Lang:
			say(run, language)
			say(part.Speech, part.XMLLang)
			run = nil
		default:
			run = append(run, part)
		}
	}
	say(run, language)
	return all
}

// voice speaks a language at a multiple of its normal speed.
type voice struct {
	language string
	rate     float64
}

// takes is how long the voice takes over speech.
func (v voice) takes(speech []twiml.Speech) time.Duration {
	var sum time.Duration
	var text strings.Builder
	flush := func(then time.Duration) {
		sum += SpeechTime(text.String(), v.language, v.rate) + then
		text.Reset()
	}
	for _, part := range speech {
		switch part := part.(type) {
		case twiml.Break:
			flush(breakTime(part))
		case twiml.Prosody:
			flush(voice{v.language, v.rate * speed(part.Rate)}.takes(part.Speech))
		case twiml.Lang:
			flush(voice{part.XMLLang, v.rate}.takes(part.Speech))
		case twiml.P:
			flush(v.takes(part.Speech) + v.pause())
		case twiml.S:
			flush(v.takes(part.Speech) + v.pause())
		case twiml.SayAs:
			text.WriteString(spelled(part))
		default:
			text.WriteString(twiml.Plain([]twiml.Speech{part}))
		}
		text.WriteByte(' ')
	}
	flush(0)
	return sum
}

// pause is the silence between sentences.
func (v voice) pause() time.Duration {
	return atRate(paceOf(v.language).stop, v.rate)
}

// breakTime is a break's length; one that names none is as long as a comma's.
func breakTime(b twiml.Break) time.Duration {
	d, err := time.ParseDuration(b.Time)
	if err != nil {
		return paces["en"].comma
	}
	return d
}

// speeds are SSML's words for a rate, as Amazon Polly takes them.
var speeds = map[string]float64{
	"x-slow": 0.5, "slow": 0.75, "medium": 1, "fast": 1.25, "x-fast": 1.75,
}

// speed is a prosody's rate as a multiple of the normal one.
func speed(rate string) float64 {
	if s, ok := speeds[rate]; ok {
		return s
	}
	percent, err := strconv.ParseFloat(strings.TrimSuffix(rate, "%"), 64)
	if err != nil || percent <= 0 {
		return 1
	}
	return percent / 100
}

// spelled is a say-as as it is read: digits and letters one by one, if so told.
func spelled(s twiml.SayAs) string {
	switch s.InterpretAs {
	case "digits", "characters", "spell-out", "telephone":
		return strings.Join(strings.Split(s.Text, ""), " ")
	}
	return s.Text
}
