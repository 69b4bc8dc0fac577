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
		case len(rest) < len(line.Regions):
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

// help lists the other ways to the caller's goal, as far as the directory knows
// them. A key that is not offered stays free.
func (s script) help() {
	p, d, choices := s.Prompts, s.dir, everywhere("help")
	choices["#"] = "menu/list"
	var say []phrase
	offer := func(key string, prompt data.Prompt, page string, known bool) {
		if !known {
			return
		}
		choices[key] = page
		with := facts{"key": text(key)}
		if d.MemberServices != nil {
			with["name"] = s.words(d.MemberServices.Name)
		}
		say = append(say, s.prompt(prompt, with))
	}
	offer("1", p.HelpList, "menu/list", true)
	offer("2", p.HelpZIP, "zip", len(s.locator.zips) > 0)
	offer("3", p.HelpMail, "mail", d.Mail != nil)
	offer("4", p.HelpOnline, "online", d.Online != nil)
	offer("5", p.HelpAutomatic, "automatic", d.Automatic != nil)
	offer("6", p.HelpMemberServices, s.memberServices, d.MemberServices != nil)
	say = append(say, s.prompts(p.Emergency, p.MenuRepeat)...)
	s.topic("help", say, choices)
}

// mail tells where payments are mailed, and who may.
func (s script) mail() {
	m, p := s.dir.Mail, s.Prompts
	if m == nil {
		return
	}
	address := facts{"address": slow(m.Say[s.name])}
	s.reading("mail", []phrase{
		s.prompt(p.Mail, address),
		s.prompt(p.MailRegions, facts{"regions": s.words(namesOf(s.dir, m.Regions, both))}),
		s.prompt(p.MailAgain, address),
	})
}

// online tells the addresses for paying online: those of some regions first, so
// that their members need not write down the others.
func (s script) online() {
	o, p := s.dir.Online, s.Prompts
	if o == nil {
		return
	}
	var say []phrase
	for _, site := range o.Regions {
		if site.Address != "" {
			say = append(say, s.prompt(p.OnlineRegion, facts{
				"regions": s.words(namesOf(s.dir, site.Regions, both)), "address": s.address(site.Site)}))
		}
	}
	if len(say) > 0 && (o.Guest != nil || o.SignIn != nil) {
		say = append(say, s.prompt(p.OnlineOthers, nil))
	}
	say = append(append(say, s.site(p.OnlineGuest, o.Guest)...), s.site(p.OnlineSignIn, o.SignIn)...)
	if o.Bills != nil {
		say = append(say, s.prompt(p.Bills, facts{"bills": s.words(o.Bills.Say)}))
	}
	s.reading("online", say)
}

// automatic tells how automatic payments are set up, changed and stopped.
func (s script) automatic() {
	a, o, p := s.dir.Automatic, s.dir.Online, s.Prompts
	if a == nil {
		return
	}
	say := append(s.site(p.AutomaticGuest, o.Guest), s.site(p.OnlineSignIn, o.SignIn)...)
	if a.Change != nil {
		say = append(say, s.prompt(p.AutomaticChange, facts{"change": s.words(a.Change.Say)}))
	}
	s.reading("automatic", say)
}

// reading is a page that is listened to, not answered.
func (s script) reading(name string, say []phrase) {
	choices := everywhere(name)
	choices["#"] = "menu/list"
	s.topic(name, append(say, s.prompts(s.Prompts.MenuRepeat, s.Prompts.More)...), choices)
}

// topic adds the passes of a page below help: it is said twice to a caller who
// presses nothing, then comes the list.
func (s script) topic(name string, say []phrase, choices map[string]string) {
	pass := func(why, noInput string, opening []phrase) {
		s.add(draft{
			name: name + why, say: append(opening, say...), wait: waitKey,
			choices: choices, noInput: noInput, noMatch: name + "/wrong",
		})
	}
	pass("", name+"/again", nil)
	pass("/again", "menu/again", nil)
	pass("/wrong", name+"/again", s.prompts(s.Prompts.WrongKey))
}

// numbers reads every number of the menu, so that nobody leaves without theirs.
// Any key leads back to the list.
func (s script) numbers() {
	pass := func(why string, opening []phrase) {
		say := append(append(opening, s.prompt(s.Prompts.EveryNumber, nil)), s.otherLanguage()...)
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

// everyNumber returns the targets that the lines of the menu lead to.
func (c *compiler) everyNumber() []target {
	var all []target
	for _, line := range c.dir.Lines {
		whole := slices.IndexFunc(c.targets, func(t target) bool { return t.id == setID(line.Regions) })
		if whole >= 0 {
			all = append(all, c.targets[whole])
			continue
		}
		for _, id := range line.Regions {
			i := slices.IndexFunc(c.targets, func(t target) bool { return t.id == id })
			all = append(all, c.targets[i])
		}
	}
	return all
}

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

// site returns a prompt with a site's address; nothing where it is not known.
func (s script) site(p data.Prompt, site *data.Site) []phrase {
	if site == nil || site.Address == "" {
		return nil
	}
	return []phrase{s.prompt(p, facts{"address": s.address(*site)})}
}
