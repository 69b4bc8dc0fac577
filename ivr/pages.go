package ivr

import (
	"fmt"
	"slices"

	"premiumline/data"
)

// pages writes every page of a language. Each function below is one kind of
// page: what it says, and where each key leads.
func (s script) pages() {
	s.menus()
	for _, q := range s.questions {
		s.which(q)
	}
	for _, t := range s.targets {
		if s.settings.Transfer {
			s.connect(t)
		}
		s.number(t)
		if s.texts(t) {
			s.text(t)
		}
	}
	s.zip()
	s.help()
	s.mail()
	s.online()
	s.automatic()
	s.numbers()
	s.add(draft{name: "goodbye", say: s.prompts(s.Prompts.Goodbye), final: true})
}

// menus are the passes of the menu. Each begins for a reason of its own; then
// comes the list, the likely line first.
func (s script) menus() {
	p := s.Prompts
	greeting := []phrase{s.prompt(p.Greeting, facts{"organisation": text(s.dir.Organisation)})}
	if s.dir.Independent {
		greeting = append(greeting, s.prompt(p.Independent, nil))
	}
	pass := func(name, noInput string, opening []phrase) {
		s.add(draft{
			name: name, say: append(opening, s.otherLanguage()...), menu: s.list,
			wait: waitKey, choices: s.menuChoices(), noInput: noInput, noMatch: "menu/wrong",
		})
	}
	pass("menu", "menu/again", greeting)
	pass("menu/list", "menu/again", nil)
	pass("menu/again", "menu/zip", s.prompts(p.Again))
	pass("menu/wrong", "menu/again", s.prompts(p.WrongKey))
	pass("menu/unknown", "menu/again", s.prompts(p.UnknownZIP))
	pass("menu/outside", "menu/again", s.prompts(p.Outside))
	pass("menu/sorry", "menu/again", s.prompts(p.Sorry))
	s.add(draft{
		name: "menu/zip", say: append(s.prompts(p.ZIPToo), s.otherLanguage()...), menu: s.list,
		wait: waitDigit, zip: true, choices: s.menuChoices(), noInput: "numbers",
		noMatch: "menu/unknown",
	})
}

// otherLanguage offers the next language, in its own words and voice.
func (s script) otherLanguage() []phrase {
	if s.next == s.name {
		return nil
	}
	next := s.dir.Prompts[s.next]
	return []phrase{fill(next, next.Prompts.ThisLanguage, nil)}
}

// list reads the lines of the menu, those of the guess before all others.
func (s script) list(g guess) []phrase {
	p := s.Prompts
	var phrases []phrase
	var covered []string
	for _, o := range g.offers {
		phrases = append(phrases, s.option(p.First, o.key, o.name))
		covered = append(covered, o.regions...)
	}
	next := p.First
	if len(g.offers) > 0 {
		next = p.Other
	}
	for i, line := range s.dir.Lines {
		name := s.menu[i].name
		switch rest := without(line.Regions, covered); {
		case len(rest) == 0:
			continue
		case len(rest) < len(line.Regions) && !line.ByZIP():
			name = namesOf(s.dir, rest, either)
		}
		phrases = append(phrases, s.option(next, line.Key, name))
		next = p.Option
	}
	return append(phrases, s.prompts(p.MenuHelp, p.MenuRepeat)...)
}

func (s script) menuChoices() map[string]string {
	choices := everywhere("menu/list")
	for _, o := range s.menu {
		choices[fmt.Sprint(o.key)] = o.page
	}
	return choices
}

// which asks a second question.
func (s script) which(q question) {
	name, choices := "which/"+q.id, everywhere("which/"+q.id)
	var ask []phrase
	prompt := s.Prompts.First
	for _, o := range q.options {
		ask = append(ask, s.option(prompt, o.key, o.name))
		prompt = s.Prompts.Option
		choices[fmt.Sprint(o.key)] = o.page
	}
	ask = append(ask, s.prompts(s.Prompts.MenuRepeat)...)
	pass := func(why, noInput string, opening []phrase) {
		s.add(draft{
			name: name + why, about: q.id, say: append(opening, ask...), wait: waitKey,
			choices: choices, noInput: noInput, noMatch: name + "/wrong",
		})
	}
	pass("", name+"/again", nil)
	pass("/wrong", name+"/again", s.prompts(s.Prompts.WrongKey))
	pass("/again", "numbers", s.prompts(s.Prompts.Again))
}

// connect says where the caller is going. A second of silence, or pound, goes
// there: the transfer stands in the same document, so that it needs no further
// answer of ours.
func (s script) connect(t target) {
	p := s.Prompts
	going := s.prompt(p.Connecting, facts{"name": s.words(t.name)})
	choices := everywhere(t.page("connect"))
	choices["#"], choices["2"] = t.page("dial"), t.page("number")
	pass := func(why string, opening []phrase) {
		d := draft{
			name: t.page("connect") + why, about: t.id,
			say:  slices.Concat(opening, []phrase{going, s.prompt(p.OrNumber, nil)}),
			wait: waitConnect, choices: choices, noInput: t.page("dial"),
			noMatch: t.page("connect") + "/wrong", dial: &t,
		}
		s.offerText(&d, t, slices.Concat(opening, []phrase{going, s.prompt(p.OrText, nil)}))
		s.add(d)
	}
	pass("", nil)
	pass("/wrong", s.prompts(p.WrongKey))
	s.add(draft{name: t.page("dial"), about: t.id, dial: &t, dialed: map[string]string{
		"completed": t.page("number") + "/ended", "answered": t.page("number") + "/ended",
		"busy": t.page("number") + "/busy", unanswered: t.page("number") + "/no-answer",
	}})
}

// number reads a number out, for somebody with a pen.
func (s script) number(t target) {
	p, name := s.Prompts, t.page("number")
	choices := everywhere(name)
	if s.settings.Transfer {
		choices["#"] = t.page("dial")
	}
	pass := func(why, noInput string, opening []phrase) {
		d := draft{
			name: name + why, about: t.id, say: slices.Concat(opening, s.readOut(t), s.ways()),
			wait: waitKey, choices: choices, noInput: noInput, noMatch: name + "/wrong",
		}
		s.offerText(&d, t, slices.Concat(opening, s.readOut(t), s.prompts(p.Text), s.ways()))
		s.add(d)
	}
	pass("", name+"/again", nil)
	pass("/again", name+"/last", nil)
	pass("/last", "goodbye", nil)
	pass("/wrong", name+"/again", s.prompts(p.WrongKey))
	if s.settings.Transfer {
		pass("/busy", name+"/again", s.prompts(p.Busy))
		pass("/no-answer", name+"/again", s.prompts(p.NoAnswer))
		pass("/ended", name+"/again", s.prompts(p.Ended))
	}
}

func (s script) readOut(t target) []phrase {
	p, number := s.Prompts, readOut(t.phone.Number)
	say := []phrase{
		s.prompt(p.NumberOf, facts{"name": s.words(t.name)}),
		s.prompt(p.Number, facts{"number": number}),
		s.prompt(p.NumberAgain, facts{"number": number}),
	}
	if t.phone.Open == data.AlwaysOpen {
		say = append(say, s.prompt(p.AlwaysOpen, nil))
	}
	if t.phone.TTY != "" {
		say = append(say, s.prompt(p.TTY, facts{"tty": text(oneByOne(t.phone.TTY))}))
	}
	return say
}

// ways tells what can be done after a number.
func (s script) ways() []phrase {
	p := s.Prompts
	if s.settings.Transfer {
		return s.prompts(p.Repeat, p.Connect, p.More)
	}
	return s.prompts(p.Repeat, p.More)
}

// zip asks for a ZIP code. What is none is asked once more, then the list comes.
func (s script) zip() {
	p, choices := s.Prompts, everywhere("zip")
	choices["#"] = "menu/list"
	pass := func(why, noInput, noMatch string, opening []phrase) {
		s.add(draft{
			name: "zip" + why, say: append(opening, s.prompts(p.EnterZIP, p.Skip)...),
			wait: waitDigit, zip: true, choices: choices, noInput: noInput, noMatch: noMatch,
		})
	}
	pass("", "zip/again", "zip/wrong", nil)
	pass("/again", "menu/again", "zip/wrong", nil)
	pass("/wrong", "menu/again", "menu/unknown", s.prompts(p.UnknownZIP))
}

// numbers reads every number of the menu, so that nobody leaves without theirs.
// Any key leads back to the list.
func (s script) numbers() {
	pass := func(why string, opening []phrase) {
		say := opening
		if !s.someByZIP() {
			say = append(say, s.prompt(s.Prompts.EveryNumber, nil))
		}
		say = append(say, s.otherLanguage()...)
		s.add(draft{
			name: "numbers" + why, say: append(say, s.eachNumber()...), wait: waitKey,
			choices: everywhere("numbers"), noInput: "goodbye", noMatch: "menu/list",
		})
	}
	pass("", nil)
	pass("/sorry", s.prompts(s.Prompts.Sorry))
}

func (s script) eachNumber() []phrase {
	var say []phrase
	for _, t := range s.everyNumber() {
		say = append(say, s.prompt(s.Prompts.Each,
			facts{"name": s.words(t.name), "number": readOut(t.phone.Number)}))
	}
	return say
}

// everyNumber returns the targets that the lines of the menu lead to. For lines
// that have too many, Member Services stands in.
func (c *compiler) everyNumber() []target {
	var all []target
	add := func(id string) (known bool) {
		i := slices.IndexFunc(c.targets, func(t target) bool { return t.id == id })
		if i >= 0 {
			all = append(all, c.targets[i])
		}
		return i >= 0
	}
	if c.someByZIP() {
		add(data.MemberServices)
	}
	for _, line := range c.dir.Lines {
		if line.ByZIP() || add(setID(line.Regions)) {
			continue
		}
		for _, id := range line.Regions {
			add(id)
		}
	}
	return all
}

// someByZIP tells whether a line of the menu asks for the ZIP code.
func (c *compiler) someByZIP() bool { return slices.ContainsFunc(c.dir.Lines, data.Line.ByZIP) }

// everywhere returns the choices that pages have in common: star says the page
// again, zero is help.
func everywhere(again string) map[string]string {
	return map[string]string{"*": again, "0": "help"}
}

// prompt returns a prompt with its facts as a phrase.
func (s script) prompt(p data.Prompt, with facts) phrase { return fill(s.Language, p, with) }

// prompts returns prompts that need no facts as phrases.
func (s script) prompts(prompts ...data.Prompt) []phrase {
	var phrases []phrase
	for _, p := range prompts {
		phrases = append(phrases, s.prompt(p, nil))
	}
	return phrases
}

// option returns a phrase that offers a key.
func (s script) option(p data.Prompt, key int, name data.Words) phrase {
	return s.prompt(p, facts{"name": s.words(name), "key": text(fmt.Sprint(key))})
}
