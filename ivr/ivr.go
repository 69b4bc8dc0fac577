// Package ivr is the call flow: what a caller hears next. It knows no HTTP, no
// clock and no store.
//
// [Compile] turns a directory, its prompts and the [Settings] into a [Line]: a
// finite set of pages, each rendered to the bytes of one TwiML document per
// language and likely region, so that nothing is rendered while a call waits and
// any mistake stops the start instead of a call. [Line.Answer] is a pure function
// of a [Turn].
//
// # Pages
//
// The state of a call is the name of the page it is on, and it stands in the URL
// that Twilio asks next: "en/menu", "es/number/georgia/busy". The name's first
// part is the language, the second the kind of page, then what the page is
// about, and last why it is heard: "again" after silence, "wrong" after a wrong
// key. A kind is one function in pages.go, text.go or help.go:
//
//	menu       the regions, one key a line; its last pass takes a ZIP code too
//	which      a second question, where regions of one key or ZIP code differ
//	connect    says where the caller is going, and goes there after one second
//	dial       the transfer
//	number     the read-out of a number
//	text       a text message with the number is on its way
//	zip        asks for a ZIP code: from help, and where a key has too many regions to ask
//	help       other ways: ZIP code, mail, online, automatic payments, services
//	mail, online, automatic
//	numbers    reads every number, to a caller who presses nothing
//	goodbye
//
// Keys mean the same everywhere: 0 is help, star repeats, pound skips ahead, 9
// says the same page in the next language. Silence always leads on, and at last
// to numbers and goodbye: from every page, a caller who does nothing has heard a
// number before the call ends. A wrong key starts the three passes of silence
// anew.
//
// # The likely region
//
// The caller's number suggests a region (guess.go), which the menu then offers
// first; it is never taken silently, and keys do not change with it. Since the
// number comes with every turn, it is no part of the page's name: a menu is one
// page with several documents.
package ivr

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"premiumline/data"
)

// Settings is what the operator decides.
type Settings struct {
	// Base is what stands before a page's name in its URL, "/voice" or
	// "https://ivr.example.com/voice".
	Base string
	// Transfer lets callers be connected. Without it numbers are read out only.
	Transfer bool
	// TransferTimeout is how long a transfer rings, in whole seconds.
	TransferTimeout time.Duration
	// Texts offers callers who can take one a text message with the number.
	Texts bool
	// CallerID is shown to the payment line where the caller has no usable
	// number, in E.164 form; "": the number that was called.
	CallerID data.Number
}

// Turn is what one webhook tells.
type Turn struct {
	Page       string // the page the caller was on, "en/menu"; "" as the call begins
	Digits     string // the keys pressed; "" is silence
	DialStatus string // how a transfer ended, Twilio's DialCallStatus; "" when there was none
	Gone       bool   // the caller has hung up
	Caller     Caller
	Called     string // the number that was called, in E.164 form
}

// Caller is what Twilio tells of the caller's number: not where the caller is.
type Caller struct {
	Number  string // E.164, or one of many words for "withheld"
	State   string // of the number's rate centre, "GA"
	City    string
	ZIP     string
	Country string // "US"
}

// ReadTurn returns the turn that a webhook of a page tells of; field returns its
// parameters by Twilio's names, "" where there is none.
func ReadTurn(page string, field func(name string) string) Turn {
	return Turn{
		Page:       page,
		Digits:     field("Digits"),
		DialStatus: field("DialCallStatus"),
		Gone:       field("CallStatus") == "completed",
		Called:     field("To"),
		Caller: Caller{
			Number: field("From"), State: field("FromState"), City: field("FromCity"),
			ZIP: field("FromZip"), Country: field("FromCountry"),
		},
	}
}

// Line is a compiled phone line. It does not change.
type Line struct {
	languages []string
	pages     map[string]*Page
	locator   *locator
	callerID  data.Number
	static    []byte
}

// Page is one document of the call flow, and where each key leads from it.
type Page struct {
	Name    string            // "en/number/georgia/busy"
	Kind    string            // "number"
	About   string            // "georgia", or "" where the kind is not about anything
	Choices map[string]string // the name of the page behind each key
	NoInput string            // the page after silence
	NoMatch string            // the page after any other keys
	Dialed  map[string]string // the page after a transfer, by DialCallStatus
	ZIP     bool              // five digits are taken as a ZIP code
	Number  data.Number       // that the page dials; "": none
	Final   bool              // the call ends with this page
	Message string            // is texted to a caller who chooses this page; "": nothing is

	documents []document // by the caller's guess; one: the same for all
	texting   *document  // for callers who can take a text; nil: the same for all
}

// Answer is what comes after a turn.
type Answer struct {
	Page     *Page
	Document []byte // the page's TwiML for this caller
	Outcome  Outcome
	Offered  string // what the caller's number suggests, "georgia"; "": nothing
	Taken    bool   // the caller chose what was offered
}

// Outcome is what a caller did, or met, on the page of a turn.
type Outcome string

// The outcomes of a turn.
const (
	Started     Outcome = "start"    // the call begins
	Chose       Outcome = "choice"   // a key of the page
	GaveZIP     Outcome = "zip"      // a ZIP code
	Silence     Outcome = "silence"  // no-input
	WrongKey    Outcome = "wrong"    // no-match
	Transferred Outcome = "transfer" // a transfer is over
	LostPage    Outcome = "lost"     // the page is not there
	HungUp      Outcome = "hangup"   // the caller is gone
	Failed      Outcome = "apology"  // our own fault
)

// unanswered is what any outcome of a transfer counts as that Twilio may invent.
const unanswered = "no-answer"

// Answer returns the page that comes after the turn, with its document for this
// caller. It always finds one.
func (l *Line) Answer(t Turn) Answer {
	name, outcome := l.next(t)
	page, i := l.pages[name], l.locator.guess(t.Caller)
	guess := l.locator.guesses[i]
	return Answer{
		Page: page, Document: page.document(i, t.Caller).forCaller(t, l.callerID), Outcome: outcome,
		Offered: guess.name, Taken: outcome == Chose && l.isMenu(t.Page) && guess.has(t.Digits),
	}
}

func (l *Line) isMenu(page string) bool { return l.pages[page].Kind == "menu" }

// next returns the name of the page that comes after the turn.
func (l *Line) next(t Turn) (string, Outcome) {
	page, known := l.pages[t.Page]
	if t.Page == "" {
		return l.languages[0] + "/menu", Started
	}
	if !known {
		return l.lost(t), LostPage
	}
	digits := page.digits(t.Digits)
	choice, match := l.choice(page, digits, t.Caller)
	switch {
	case t.Gone:
		return l.language(t.Page) + "/goodbye", HungUp
	case t.DialStatus != "":
		return page.dialed(t.DialStatus), Transferred
	case digits == "":
		return page.NoInput, Silence
	case match:
		return choice, Chose
	case page.ZIP && fiveDigits.MatchString(digits):
		return l.language(t.Page) + "/" + l.locator.pageOfZIP(digits), GaveZIP
	default:
		return page.NoMatch, WrongKey
	}
}

// choice returns the page behind the keys. A text is none of the choices of a
// caller who cannot take one.
func (l *Line) choice(page *Page, digits string, caller Caller) (name string, match bool) {
	name, match = page.Choices[digits]
	if match && l.pages[name].Message != "" && !caller.takesTexts() {
		return "", false
	}
	return name, match
}

// lost leads a caller whose page is not there, as after a reload, to the menu in
// their language.
func (l *Line) lost(t Turn) string { return l.language(t.Page) + "/menu/sorry" }

// language returns the language that a page's name begins with, or else the
// first one.
func (l *Line) language(page string) string {
	language, _, _ := strings.Cut(page, "/")
	if !slices.Contains(l.languages, language) {
		return l.languages[0]
	}
	return language
}

// Apology returns the answer to a turn that went wrong in our own hands: the
// menu, with an apology.
func (l *Line) Apology(t Turn) Answer { return l.plain(l.lost(t)) }

// Fallback returns the answer for a call that Twilio could not go on with at the
// given page: every number, with an apology.
func (l *Line) Fallback(page string) Answer { return l.plain(l.language(page) + "/numbers/sorry") }

// plain returns a page as it is for a caller nothing is known of.
func (l *Line) plain(name string) Answer {
	page := l.pages[name]
	return Answer{Page: page, Document: page.documents[0].known, Outcome: Failed}
}

var fiveDigits = regexp.MustCompile(`^\d{5}$`)

// digits returns the keys as they are meant. Where a page waits for more keys
// than one, it is silent for seconds after the first: a key pressed again
// meanwhile is the same key.
func (p *Page) digits(keys string) string {
	if p.ZIP && keys != "" && len(keys) < 5 && strings.Trim(keys, keys[:1]) == "" {
		return keys[:1]
	}
	return keys
}

func (p *Page) dialed(status string) string {
	if to, ok := p.Dialed[status]; ok {
		return to
	}
	if to, ok := p.Dialed[unanswered]; ok {
		return to
	}
	return p.NoInput
}

func (p *Page) document(guess int, caller Caller) document {
	if p.texting != nil && caller.takesTexts() {
		return *p.texting
	}
	if guess >= len(p.documents) {
		guess = 0
	}
	return p.documents[guess]
}
