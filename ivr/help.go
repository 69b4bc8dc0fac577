package ivr

import "premiumline/data"

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

// site returns a prompt with a site's address; nothing where it is not known.
func (s script) site(p data.Prompt, site *data.Site) []phrase {
	if site == nil || site.Address == "" {
		return nil
	}
	return []phrase{s.prompt(p, facts{"address": s.address(*site)})}
}
