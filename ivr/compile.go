package ivr

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"premiumline/data"
	"premiumline/twiml"
)

// How long the line waits for keys, in seconds after the prompt.
const (
	waitKey     = 8 // for one key
	waitDigit   = 5 // for each digit of a ZIP code; twice that for the first
	waitConnect = 1 // before a transfer that only silence asks for
)

// Compile makes a line of a directory. Its error is [data.Mistakes] where a page
// would be over Twilio's limits.
func Compile(dir *data.Directory, settings Settings) (*Line, error) {
	c := &compiler{
		dir: dir, settings: settings, locator: newLocator(dir),
		line: &Line{languages: dir.Languages, pages: map[string]*Page{}, callerID: settings.CallerID},
	}
	c.line.locator = c.locator
	c.findDestinations()
	for i, name := range dir.Languages {
		next := dir.Languages[(i+1)%len(dir.Languages)]
		s := script{compiler: c, name: name, Language: dir.Prompts[name], next: next}
		s.pages()
		c.spoken = append(c.spoken, s.static()...)
	}
	c.line.static = c.standAlone()
	if err := c.mistakes.OrNil(); err != nil {
		return nil, err
	}
	return c.line, nil
}

// compiler is one run of [Compile].
type compiler struct {
	dir       *data.Directory
	settings  Settings
	locator   *locator
	menu      []option
	targets   []target
	questions []question
	// memberServices is the first page of the service; "": there is none.
	memberServices string

	line     *Line
	spoken   []twiml.Verb // the static document, language by language
	mistakes data.Mistakes
}

// findDestinations finds where the keys of the menu, the ZIP codes and the
// services lead.
func (c *compiler) findDestinations() {
	for _, line := range c.dir.Lines {
		c.menu = append(c.menu, option{line.Key, lineName(c.dir, line), c.destination(line.Regions)})
	}
	for zip, ids := range c.locator.zips {
		c.locator.zipPages[zip] = c.destination(ids)
	}
	if m := c.dir.MemberServices; m != nil {
		c.memberServices = c.arrive(target{data.MemberServices, m.Name, m.Phone})
	}
}

// script writes the pages of one language.
type script struct {
	*compiler
	*data.Language
	name string // "en"
	next string // the language that key 9 leads to; name itself where there is one only
}

// draft is a page as it is designed. Names of pages are without their language.
type draft struct {
	name    string
	about   string // the target or question it is about
	say     []phrase
	menu    func(guess) []phrase // said after say, by the caller's guess; nil: nothing
	texting []phrase             // said instead of say to callers who can take a text; nil: say is
	message string               // texted to a caller who chooses the page
	wait    int                  // seconds; 0: no key is taken
	zip     bool                 // five digits are taken as a ZIP code
	choices map[string]string
	noInput string
	noMatch string
	dial    *target // called when silence ends the page
	dialed  map[string]string
	final   bool
}

// add compiles a draft.
func (s script) add(d draft) {
	if _, twice := s.line.pages[s.url(d.name)]; twice {
		panic("ivr: two pages are named " + s.url(d.name))
	}
	kind, _, _ := strings.Cut(d.name, "/")
	page := &Page{
		Name: s.url(d.name), Kind: kind, About: d.about, Choices: s.choices(d),
		NoInput: s.url(cmp.Or(d.noInput, d.name)), NoMatch: s.url(cmp.Or(d.noMatch, d.name)),
		Dialed: s.urls(d.dialed), ZIP: d.zip, Final: d.final, Message: d.message,
	}
	if d.dial != nil {
		page.Number = d.dial.phone.Number
	}
	variants := []guess{{}}
	if d.menu != nil {
		variants = s.locator.guesses
	}
	for _, g := range variants {
		page.documents = append(page.documents, s.document(d, g))
	}
	if d.texting != nil {
		page.texting = &document{known: s.render(d, d.texting, "")}
	}
	s.line.pages[page.Name] = page
}

// choices returns the draft's choices, and nine: what star repeats, in the next
// language. Who asks for it in the menu has not understood the greeting.
func (s script) choices(d draft) map[string]string {
	choices := s.urls(d.choices)
	if again := d.choices["*"]; again != "" && s.next != s.name {
		choices["9"] = s.next + "/" + strings.TrimSuffix(again, "/list")
	}
	return choices
}

// url returns a page's full name.
func (s script) url(name string) string { return s.name + "/" + name }

func (s script) urls(names map[string]string) map[string]string {
	full := maps.Clone(names)
	for key, name := range full {
		full[key] = s.url(name)
	}
	return full
}

// document renders the draft for one guess.
func (s script) document(d draft, g guess) document {
	phrases := slices.Clone(d.say)
	if d.menu != nil {
		phrases = append(phrases, d.menu(g)...)
	}
	doc := document{known: s.render(d, phrases, "")}
	if d.dial != nil {
		doc.unknown = bytes.Split(s.render(d, phrases, callerIDMark), []byte(callerIDMark))
	}
	return doc
}

// render returns the bytes of the draft's document.
func (s script) render(d draft, phrases []phrase, callerID string) []byte {
	response := twiml.Response(s.listen(d, phrases))
	switch {
	case d.dial != nil:
		response = append(response, twiml.Dial{
			Action:   s.settings.Base + "/" + s.url(d.dial.page("dial")),
			Timeout:  int(s.settings.TransferTimeout / time.Second),
			CallerID: callerID,
			Numbers:  []twiml.Number{{E164: string(d.dial.phone.Number)}},
		})
	case d.final:
		response = append(response, twiml.Hangup{})
	}
	text, err := twiml.Marshal(response)
	if err != nil {
		s.mistake(d, phrases, err.Error())
	}
	if len(text) > twiml.MaxDocument {
		s.mistake(d, phrases, fmt.Sprintf("its document has %d bytes, Twilio takes %d",
			len(text), twiml.MaxDocument))
	}
	return text
}

// listen returns the verbs that say the phrases and take keys.
func (s script) listen(d draft, phrases []phrase) []twiml.Verb {
	prompts := says(phrases)
	for _, verb := range prompts {
		if n := verb.(twiml.Say).Characters(); n > twiml.MaxSpeech {
			s.mistake(d, phrases, fmt.Sprintf("it says %d characters at a stretch, Twilio takes %d",
				n, twiml.MaxSpeech))
		}
	}
	if d.wait == 0 {
		return prompts
	}
	none := ""
	gather := twiml.Gather{
		Input: "dtmf", Action: s.settings.Base + "/" + s.url(d.name), Timeout: d.wait,
		NumDigits: 1, FinishOnKey: &none, ActionOnEmptyResult: d.dial == nil, Prompts: prompts,
	}
	if !d.zip {
		return []twiml.Verb{gather}
	}
	// The first digit may take twice as long as the others: where none has come,
	// the call falls through to a second Gather that says nothing.
	gather.NumDigits, gather.ActionOnEmptyResult = 5, false
	second := gather
	second.Prompts, second.ActionOnEmptyResult = nil, true
	return []twiml.Verb{gather, second}
}

// mistake blames the longest prompt of a page for what is wrong with it.
func (s script) mistake(d draft, phrases []phrase, what string) {
	longest := slices.MaxFunc(phrases, func(a, b phrase) int {
		return cmp.Compare(characters(a), characters(b))
	})
	told := func(m data.Mistake) bool {
		return m.File == longest.prompt.File && m.Line == longest.prompt.Line
	}
	if slices.ContainsFunc(s.mistakes, told) {
		return // its other pages need the same mend
	}
	s.mistakes = append(s.mistakes, data.Mistake{
		File: longest.prompt.File, Line: longest.prompt.Line,
		Text: fmt.Sprintf("page %s: %s: shorten the prompt %s (or the names it is filled with), "+
			"its longest", s.url(d.name), what, longest.prompt.Name),
	})
}

func characters(p phrase) int { return twiml.Say{Speech: p.speech}.Characters() }

// callerIDMark holds the place of the called number in a rendered document.
const callerIDMark = "CALLED"

// document is a rendered TwiML document. Where it transfers, the caller ID of
// callers without a usable number is the only thing that is not yet known.
type document struct {
	known   []byte   // for callers with a number of their own
	unknown [][]byte // before and after the caller ID; nil where nobody is called
}

// forCaller returns the document's bytes for the caller of a turn.
func (d document) forCaller(t Turn, callerID data.Number) []byte {
	if d.unknown == nil || usable(t.Caller.Number) {
		return d.known
	}
	for _, shown := range []data.Number{callerID, data.Number(t.Called)} {
		if shown.Valid() {
			return bytes.Join(d.unknown, []byte(shown))
		}
	}
	return d.known
}
