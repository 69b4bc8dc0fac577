package calllog

import (
	"cmp"
	"hash/fnv"
	"strings"
	"time"
)

// The kinds of Event.
const (
	Turn     = "turn"     // a webhook that was answered with what the caller hears next
	Status   = "status"   // the status callback at the end of the call
	Fallback = "fallback" // Twilio gave up on a turn and asked the fallback URL
	SMS      = "sms"      // what became of a text
	Assumed  = "assumed"  // this package's own: no end was told, and the line has been quiet
)

// The outcomes of a turn that a Record counts.
const (
	Wrong   = "wrong"   // a key or ZIP code that leads nowhere
	Silence = "silence" // no key came
)

// The ways in which a caller reaches a line.
const (
	Transferred    = "transferred"
	ReadOut        = "read out"
	Texted         = "texted"
	MemberServices = "member services"
)

// Event is one webhook of a call and what it did; only Call, ID and Kind must be set, and of an
// event of kind SMS, which needs no ID, Region and TextStatus.
type Event struct {
	Call string    // CallSid
	ID   string    // the same for a webhook that comes twice, unlike any other of the call
	At   time.Time // when the webhook came; default: now
	Kind string    // Turn, Status, Fallback or SMS

	Page     string // the page that asked, "en/menu"; "" at the start of a call
	Next     string // the page that the answer leads to, "en/connect/georgia"; "" where none does
	Keys     string // as pressed; more than 3 at once, such as a ZIP code, are cut to 3
	Outcome  string // "start", "choice", "zip", Silence, Wrong, "transfer", "lost", "apology"
	Language string // BCP 47
	Offered  string // the likely line that was offered, "georgia"; "" if none
	Taken    bool   // this event chose the offered line

	Way    string // how this event reached a line; "" if it did not
	Region string // that line, "georgia", "member-services"; or the one whose transfer ended

	Disposition     string // of a transfer that ended with this event: "completed", "busy"...
	TransferSeconds int    // and how long it lasted

	CallStatus  string // Twilio's, "in-progress", "completed"...; final ones end the call
	CallSeconds int    // length of the call, in its status callback

	Stir       string // StirVerstat, "TN-Validation-Passed-A"
	AreaCode   string // of the caller's number, "404"
	CallerHash []byte // of the caller's number (see Hasher); never the number itself
	Directory  string // version of the directory that answered

	Text       *Text  // what the caller asked for on this turn; nil if nothing
	TextStatus string // what became of the text about Region, TextSent...; with a Text, TextAsked
	TextCode   int    // Twilio's error code of that text, 0 if none

	Took time.Duration // from the webhook's arrival to its answer, without the call log

	key int64 // what is stored of ID: 64 bits are plenty to tell a call's webhooks apart
}

// ended tells whether the call is over with this event.
func (e *Event) ended() bool {
	switch e.CallStatus {
	case "completed", "busy", "failed", "no-answer", "canceled":
		return true
	}
	return e.Kind == Status || e.Kind == Assumed
}

func keyOf(id string) int64 {
	h := fnv.New64a()
	h.Write([]byte(id))
	return int64(h.Sum64())
}

// before puts the events of a call in order, whatever order they came in.
func before(a, b Event) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.key, b.key))
}

// clean makes e one that every store can keep: one bad character must not hold up a batch.
func (e *Event) clean() {
	e.At = e.At.Truncate(time.Microsecond).UTC()
	if e.Text != nil {
		e.ask()
	}
	if e.Kind == SMS {
		e.report()
	}
	e.key = keyOf(e.ID)
	e.Keys = e.Keys[:min(mostPressed, len(e.Keys))]
	for _, s := range []*string{
		&e.Call, &e.Kind, &e.Page, &e.Next, &e.Keys, &e.Outcome, &e.Language, &e.Offered,
		&e.Way, &e.Region, &e.Disposition, &e.CallStatus, &e.Stir, &e.AreaCode, &e.Directory,
		&e.TextStatus,
	} {
		*s = cleanText(*s, longestText)
	}
	for _, name := range []*string{&e.Page, &e.Next, &e.Region, &e.Disposition} {
		*name = oneWord.Replace(*name)
	}
}

// oneWord makes a name one that Record.Trail and Record.Transfers can be written with.
var oneWord = strings.NewReplacer(" ", "_", ":", "_")

const mostPressed = 3 // keys of one turn: neither a home nor a number can be told from them

const longestText = 128 // bytes; the longest page name has some 30

func cleanText(s string, longest int) string {
	if len(s) > longest {
		s = s[:longest]
	}
	if plain(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\x00", "")
}

// plain tells whether s is printable ASCII, as nearly every text here is.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
