package ivr

import (
	"slices"

	"premiumline/data"
)

// texts tells whether callers are offered a text about the target.
func (s script) texts(t target) bool { return s.settings.Texts && t.id != data.MemberServices }

// offerText gives a page the key for a text, and the words that offer it.
func (s script) offerText(d *draft, t target, say []phrase) {
	if s.texts(t) {
		d.choices["3"], d.texting = t.page("text"), say
	}
}

// text confirms a text message. Whether this is a mobile phone nobody knows, so
// that silence leads to the read-out.
func (s script) text(t target) {
	p, name := s.Prompts, t.page("text")
	choices := everywhere(name + "/again")
	choices["2"] = t.page("number")
	say := s.prompts(p.Texting, p.ToNumber)
	if s.settings.Transfer {
		choices["#"] = t.page("dial")
		say = append(say, s.prompt(p.Connect, nil))
	}
	say = append(say, s.prompt(p.More, nil))
	pass := func(why, message string, opening []phrase) {
		s.add(draft{
			name: name + why, about: t.id, say: slices.Concat(opening, say), message: message,
			wait: waitKey, choices: choices, noInput: t.page("number"), noMatch: name + "/wrong",
		})
	}
	pass("", s.message(t), nil)
	pass("/again", "", nil)
	pass("/wrong", "", s.prompts(p.WrongKey))
}

// message is the text message with the target's number.
func (s script) message(t target) string {
	p := s.Prompts
	sentences := []phrase{s.prompt(p.Message, facts{"organisation": text(s.dir.Organisation),
		"name": s.words(t.name), "number": text(t.phone.Number.Written())})}
	if t.phone.Open == data.AlwaysOpen {
		sentences = append(sentences, s.prompt(p.MessageAlwaysOpen, nil))
	}
	if t.phone.TTY != "" {
		sentences = append(sentences, s.prompt(p.MessageTTY, facts{"tty": text(t.phone.TTY)}))
	}
	if s.dir.Independent {
		sentences = append(sentences, s.prompt(p.MessageIndependent, nil))
	}
	return written(append(sentences, s.prompt(p.MessageStop, nil)))
}
