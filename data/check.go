package data

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	idForm       = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	areaCodeForm = regexp.MustCompile(`^[2-9]\d\d$`)
	stateForm    = regexp.MustCompile(`^[A-Z]{2}$`)
	zipForm      = regexp.MustCompile(`^\d{3,5}(-\d{3,5})?$`)
	ttyForm      = regexp.MustCompile(`^\d{3,11}$`)
	tagForm      = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

// check looks at all of directory.yaml.
func (l *loader) check() {
	d := l.dir
	if strings.TrimSpace(d.Organisation) == "" {
		l.mistake([]any{"organisation"}, "the organisation has no name: the greeting says it")
	}
	if unspeakable(d.Organisation) {
		l.mistake([]any{"organisation"}, "the name holds a control character: type it anew")
	}
	if len(d.Languages) == 0 {
		l.mistake([]any{"languages"}, "there is no language: list the prompt files, the first to speak first")
	}
	l.unique([]any{"languages"}, "language", d.Languages)
	l.checkRegions()
	l.checkLines()
	l.checkTopics()
	for i, state := range d.ZIPDecides {
		l.form([]any{"zip_decides", i}, state, stateForm, `a state's postal code, "CA"`)
	}
}

func (l *loader) checkRegions() {
	var ids []string
	for i, r := range l.dir.Regions {
		at := []any{"regions", i}
		ids = append(ids, r.ID)
		l.form(under(at, "id"), r.ID, idForm, `lower-case words with hyphens, "northern-california"`)
		l.words(under(at, "name"), r.Name)
		l.optionalWords(under(at, "beside"), r.Beside)
		l.phone(under(at, "phone"), r.Phone)
		l.callers(under(at, "callers"), r.Callers)
	}
	if len(ids) == 0 {
		l.mistake([]any{"regions"}, "there is no region: list at least one, with its number")
	}
	if i := slices.Index(ids, MemberServices); i >= 0 {
		l.mistake([]any{"regions", i, "id"}, "the name %s is taken by the service: choose another", ids[i])
	}
	l.unique([]any{"regions"}, "region", ids)
}

func (l *loader) checkLines() {
	var reached, keys []string
	for i, line := range l.dir.Lines {
		at := []any{"lines", i}
		if line.Key < 1 || line.Key > LastKey {
			l.mistake(under(at, "key"), "key %d is not to be had: a line's key is 1 to %d "+
				"(9 changes the language, 0 is help)", line.Key, LastKey)
		}
		if slices.Contains(keys, fmt.Sprint(line.Key)) {
			l.mistake(under(at, "key"), "key %d is used twice: give each line its own, "+
				"or list the regions in one line", line.Key)
		}
		keys = append(keys, fmt.Sprint(line.Key))
		if len(line.Regions) == 0 {
			l.mistake(at, "the line of key %d leads to no region: list one, or drop the line", line.Key)
		}
		l.regions(under(at, "regions"), line.Regions)
		if line.ByZIP() {
			l.byZIP(at, line)
		}
		l.optionalWords(under(at, "name"), line.Name)
		l.optionalWords(under(at, "first"), line.First)
		for _, id := range line.Regions {
			if slices.Contains(reached, id) {
				l.mistake(under(at, "regions"), "region %s has a line already: keep one", id)
			}
		}
		reached = append(reached, line.Regions...)
	}
	for i, r := range l.dir.Regions {
		if !slices.Contains(reached, r.ID) {
			l.mistake([]any{"regions", i, "id"}, "region %s has no line: nobody can reach it; "+
				"add it to one of the lines", r.ID)
		}
	}
	if d := l.dir; d.MemberServices == nil && len(d.Lines) > 0 &&
		!slices.ContainsFunc(d.Lines, func(line Line) bool { return !line.ByZIP() }) {
		l.mistake([]any{"lines"}, "every line has more than %d regions and asks for the ZIP code: "+
			"a caller who presses nothing would hear no number; add member_services", LastKey)
	}
}

// byZIP looks at a line of more regions than a second question has keys: the ZIP
// code must lead to each of them.
func (l *loader) byZIP(at []any, line Line) {
	if line.Name == nil {
		l.mistake(at, "the line of key %d has %d regions and no name: "+
			"add a name that the menu says instead of theirs", line.Key, len(line.Regions))
	}
	sharing := map[string]int{}
	for i, r := range l.dir.Regions {
		if !slices.Contains(line.Regions, r.ID) {
			continue
		}
		prefixes := r.Callers.Prefixes()
		if len(prefixes) == 0 {
			l.mistake([]any{"regions", i, "id"}, "nobody reaches region %s: a line of more than %d "+
				"regions asks for the ZIP code; list the region's under callers", r.ID, LastKey)
		}
		for _, zip := range prefixes {
			if sharing[zip]++; sharing[zip] == LastKey+1 {
				l.mistake([]any{"regions", i, "callers", "zips"}, "ZIP code %s is listed for more than "+
					"%d regions of key %d, too many to ask: list longer codes", zip, LastKey, line.Key)
			}
		}
	}
}

// checkTopics looks at what help tells.
func (l *loader) checkTopics() {
	d := l.dir
	if m := d.Mail; m != nil {
		l.address(*m)
		l.source([]any{"mail", "source"}, m.Source)
	}
	if o := d.Online; o != nil {
		l.online(*o)
	}
	if a := d.Automatic; a != nil {
		l.source([]any{"automatic", "source"}, a.Source)
		l.saying([]any{"automatic", "change"}, a.Change)
		if d.Online == nil || (d.Online.Guest.blank() && d.Online.SignIn.blank()) {
			l.mistake([]any{"automatic"}, "nobody hears where automatic payments are set up: "+
				"fill in online.guest or online.sign_in")
		}
	}
	if m := d.MemberServices; m != nil {
		l.words([]any{"member_services", "name"}, m.Name)
		l.phone([]any{"member_services", "phone"}, m.Phone)
	}
}

func (l *loader) address(m Mail) {
	if len(m.Address) == 0 {
		l.mistake([]any{"mail", "address"}, "the address is missing: fill it in, or drop mail")
	}
	l.words([]any{"mail", "say"}, m.Say)
	for name, say := range m.Say {
		if digits(say) != digits(strings.Join(m.Address, "")) {
			l.mistake([]any{"mail", "say", name}, "the spoken address has other digits than the "+
				"written one: say every digit of it, in order")
		}
	}
	if len(m.Regions) == 0 {
		l.mistake([]any{"mail", "regions"}, "no region may pay by mail: list those that may, or drop mail")
	}
	l.regions([]any{"mail", "regions"}, m.Regions)
}

func (l *loader) online(o Online) {
	if o.Guest != nil {
		l.site([]any{"online", "guest"}, *o.Guest)
	}
	if o.SignIn != nil {
		l.site([]any{"online", "sign_in"}, *o.SignIn)
	}
	for i, r := range o.Regions {
		at := []any{"online", "regions", i}
		l.regions(under(at, "regions"), r.Regions)
		l.site(at, r.Site)
	}
	if o.Guest.blank() && o.SignIn.blank() && !slices.ContainsFunc(o.Regions,
		func(r RegionalSite) bool { return !r.blank() }) {
		l.mistake([]any{"online"}, "no address is known: fill one in, or drop online")
	}
	if o.Bills != nil {
		l.saying([]any{"online", "bills"}, o.Bills)
	}
}

// site holds the spoken form of an address to the written one.
func (l *loader) site(at []any, s Site) {
	l.source(under(at, "source"), s.Source)
	_, bare, found := strings.Cut(s.Address, "://")
	if !found {
		bare = s.Address
	}
	if said := strings.ReplaceAll(s.Say, " ", ""); said != strings.ToLower(strings.TrimSuffix(bare, "/")) {
		l.mistake(under(at, "say"), "what is said spells %q, the address is %q: "+
			"write its words and letters apart, with . and / between them", said, bare)
	}
}

func (l *loader) saying(at []any, s *Saying) {
	if s == nil {
		return
	}
	l.words(under(at, "say"), s.Say)
	l.source(under(at, "source"), s.Source)
}

func (l *loader) phone(at []any, p Phone) {
	if !p.Number.Valid() {
		l.mistake(under(at, "number"), "%q is no E.164 number: write +, the country code and "+
			"the number, without spaces (+1 and ten digits for the United States)", p.Number)
	}
	if p.Open != "" && p.Open != AlwaysOpen {
		l.mistake(under(at, "open"), "open is %q: write 24/7, or leave it blank "+
			"where the hours are not known", p.Open)
	}
	if p.TTY != "" {
		l.form(under(at, "tty"), p.TTY, ttyForm, "the number that TTY users dial, 711")
	}
	l.source(under(at, "source"), p.Source)
}

func (l *loader) callers(at []any, c Callers) {
	each := func(field string, values []string, form *regexp.Regexp, example string) {
		for i, v := range values {
			l.form(under(at, field, i), v, form, example)
		}
		l.unique(under(at, field), field, values)
	}
	each("area_codes", c.AreaCodes, areaCodeForm, "an area code of three digits, 404")
	each("states", c.States, stateForm, "a state's postal code, GA")
	each("zips", c.ZIPs, zipForm, "a ZIP code, a prefix of it, or a range: 30301, 303, 300-319")
	each("cities", c.Cities, regexp.MustCompile(`\S`), "a city's name")
	for i, z := range c.ZIPs {
		if _, _, sound := zipRange(z); !sound {
			l.mistake(under(at, "zips", i), "the range %s runs backwards or mixes lengths: "+
				"write 300-319", z)
		}
	}
	if len(c.AreaCodes)+len(c.States)+len(c.Cities)+len(c.ZIPs) > 0 {
		l.source(under(at, "source"), c.Source)
	}
}

// source wants a fact to say where it comes from and when it was taken.
func (l *loader) source(at []any, s Source) {
	switch _, ok := l.dir.Sources[s.Name]; {
	case s.Name == "":
		l.mistake(at, "this fact has no source: name one of sources")
	case !ok:
		l.mistake(at, "source %q is not among sources: add it there", s.Name)
	case s.Taken.IsZero():
		l.mistake(at, "the day is missing when this was taken from %s: write taken: 2026-11-23", s.Name)
	}
}

// words wants a text in every language.
func (l *loader) words(at []any, w Words) {
	for _, name := range l.dir.Languages {
		if strings.TrimSpace(w[name]) == "" {
			l.mistake(at, "the words in language %s are missing: add %s: ...", name, name)
		}
		if unspeakable(w[name]) {
			l.mistake(under(at, name), "these words hold a control character: type them anew")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if !slices.Contains(l.dir.Languages, name) {
			l.mistake(under(at, name), "language %s is not among languages: add it there, "+
				"or drop this", name)
		}
	}
}

func (l *loader) optionalWords(at []any, w Words) {
	if w != nil {
		l.words(at, w)
	}
}

func (l *loader) regions(at []any, ids []string) {
	l.unique(at, "region", ids)
	for i, id := range ids {
		if !slices.ContainsFunc(l.dir.Regions, func(r Region) bool { return r.ID == id }) {
			l.mistake(under(at, i), "there is no region %q: add it to regions, or mend the name", id)
		}
	}
}

func (l *loader) form(at []any, value string, form *regexp.Regexp, example string) {
	if !form.MatchString(value) {
		l.mistake(at, "%q is not what belongs here: %s", value, example)
	}
}

// unique notes a value that stands in a list twice.
func (l *loader) unique(at []any, what string, values []string) {
	for i, v := range values {
		if slices.Contains(values[:i], v) {
			l.mistake(under(at, i), "%s %s stands here twice: keep one", what, v)
		}
	}
}

// checkLanguage looks at one file of prompts.
func (l *loader) checkLanguage(f file, lang *Language) {
	note := func(line int, format string, args ...any) {
		l.mistakes = append(l.mistakes, Mistake{File: f.name, Line: line, Text: fmt.Sprintf(format, args...)})
	}
	if !tagForm.MatchString(lang.Tag) {
		note(f.line("language"), "language %q is no BCP 47 tag: write en-US", lang.Tag)
	}
	if lang.Voice == "" {
		note(f.line("voice"), "the voice is missing: name one that Twilio has for %s, "+
			"Polly.Joanna", lang.Tag)
	}
	for field, p := range lang.Prompts.all() {
		name := field.Tag.Get("yaml")
		if p.Line == 0 {
			note(f.line("prompts"), "prompt %s is missing: write it in this language", name)
			continue
		}
		p.Name, p.File = name, f.name
		for _, text := range p.check(strings.Fields(field.Tag.Get("with"))) {
			note(p.Line, "prompt %s %s", name, text)
		}
	}
}

// unspeakable tells whether a text holds what no document to Twilio can.
func unspeakable(text string) bool { return strings.ContainsFunc(text, unicode.IsControl) }

// under returns the path that leads from at to more.
func under(at []any, more ...any) []any { return slices.Concat(at, more) }

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
