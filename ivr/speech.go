package ivr

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"premiumline/data"
	"premiumline/twiml"
)

// Silences and rate of what is said; the figures' sources are in the project's
// reference on what callers hear: 500 to 750 ms between options (acixd.org),
// numbers at 75 % of normal speed with 0.5 s between groups (California
// health-alert guide).
const (
	gap      = "500ms"
	slowRate = "75%"
)

// phrase is one sentence as it is said: a prompt with its facts filled in.
type phrase struct {
	language *data.Language
	prompt   data.Prompt
	speech   []twiml.Speech
}

// facts are the values of a prompt's placeholders.
type facts map[string][]twiml.Speech

// text returns plain words as a fact.
func text(words string) []twiml.Speech { return []twiml.Speech{twiml.Text(words)} }

// slow returns words as a fact to be written down.
func slow(words string) []twiml.Speech {
	return []twiml.Speech{twiml.Prosody{Rate: slowRate, Speech: text(words)}}
}

// readOut returns a number as it is read to somebody with a pen, each digit on
// its own.
func readOut(n data.Number) []twiml.Speech {
	var speech []twiml.Speech
	for i, group := range n.Groups() {
		if i > 0 {
			speech = append(speech, twiml.Break{Time: gap})
		}
		speech = append(speech, twiml.Text(oneByOne(group)+", "))
	}
	last := len(speech) - 1
	speech[last] = twiml.Text(strings.TrimSuffix(string(speech[last].(twiml.Text)), ", "))
	return []twiml.Speech{twiml.Prosody{Rate: slowRate, Speech: speech}}
}

// oneByOne returns "8 7 7" for "877", which no voice reads as a cardinal.
func oneByOne(digits string) string { return strings.Join(strings.Split(digits, ""), " ") }

// fill returns the prompt as a phrase with its facts in their places.
func fill(language *data.Language, prompt data.Prompt, with facts) phrase {
	var speech []twiml.Speech
	for i, part := range prompt.Parts() {
		switch {
		case i%2 == 1:
			speech = append(speech, with[part]...)
		case part != "":
			speech = append(speech, twiml.Text(part))
		}
	}
	return phrase{language, prompt, capitalised(joined(speech))}
}

// joined returns the speech with neighbouring words in one piece.
func joined(speech []twiml.Speech) []twiml.Speech {
	var out []twiml.Speech
	for _, s := range speech {
		words, isText := s.(twiml.Text)
		if last := len(out) - 1; isText && last >= 0 {
			if before, ok := out[last].(twiml.Text); ok {
				out[last] = before + words
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// capitalised returns the speech with a capital first letter.
func capitalised(speech []twiml.Speech) []twiml.Speech {
	if words, ok := speech[0].(twiml.Text); ok {
		first, size := utf8.DecodeRuneInString(string(words))
		speech[0] = twiml.Text(string(unicode.ToUpper(first))) + words[size:]
	}
	return speech
}

// stretch is how many bytes of text are said in one Say at the most, unless a
// single sentence is longer. Twilio takes 3,000, but also no more than 4,500 once
// they are URL-encoded (error 13521), where a space or an accent counts thrice or
// more.
const stretch = 1500

// says returns the verbs that say the phrases, half a second apart, each in its
// language's voice.
func says(phrases []phrase) []twiml.Verb {
	var verbs []twiml.Verb
	for len(phrases) > 0 {
		n := together(phrases)
		say := twiml.Say{Voice: phrases[0].language.Voice, Language: phrases[0].language.Tag}
		for _, p := range phrases[:n] {
			say.Speech = append(append(say.Speech, p.speech...), twiml.Break{Time: gap})
		}
		phrases = phrases[n:]
		if len(phrases) == 0 {
			say.Speech = say.Speech[:len(say.Speech)-1]
		}
		verbs = append(verbs, say)
	}
	return verbs
}

// together returns how many of the phrases, from the first, one Say takes.
func together(phrases []phrase) int {
	n, size := 1, characters(phrases[0])
	for ; n < len(phrases) && phrases[n].language == phrases[0].language; n++ {
		if size += characters(phrases[n]); size > stretch {
			break
		}
	}
	return n
}

// written returns phrases without facts in other voices as they are read.
func written(phrases []phrase) string {
	var sentences []string
	for _, p := range phrases {
		sentences = append(sentences, string(p.speech[0].(twiml.Text)))
	}
	return strings.Join(sentences, " ")
}

// words returns a name in the script's language as a fact.
func (s script) words(w data.Words) []twiml.Speech { return text(w[s.name]) }

// address returns a site's address as it is spelled out. Its letters are named in
// the script's language; its words are of the directory's first one, and said so.
func (s script) address(site data.Site) []twiml.Speech {
	var speech []twiml.Speech
	for i, sign := range strings.Fields(site.Say) {
		if i > 0 {
			speech = append(speech, twiml.Text(" "))
		}
		speech = append(speech, s.spelled(sign))
	}
	return []twiml.Speech{twiml.Prosody{Rate: slowRate, Speech: joined(speech)}}
}

func (s script) spelled(sign string) twiml.Speech {
	first := s.dir.Languages[0]
	switch {
	case sign == ".":
		return twiml.Text(s.Prompts.Dot.Text)
	case sign == "/":
		return twiml.Text(s.Prompts.Slash.Text)
	case s.name == first || len(sign) == 1:
		return twiml.Text(sign)
	}
	return twiml.Lang{XMLLang: s.dir.Prompts[first].Tag, Speech: text(sign)}
}
