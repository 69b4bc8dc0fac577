package phone

import (
	"net/url"
	"time"
)

// Event is something that happened on a call.
type Event struct {
	At   time.Duration // since the answer
	What What
}

// String returns the event as the line of a transcript; "" where that has none,
// as for the caller's own acts.
func (e Event) String() string {
	if text, ok := result(e.What); ok {
		return text
	}
	return ""
}

// What is what happened: [Webhook], [Utterance], [Pause], [Sound],
// [Gathering], [Key], [TimedOut], [Dialed], [Transferred] or [Ended].
type What interface{ what() }

// Webhook is a request to the line, and its answer.
type Webhook struct {
	Method string
	URL    string // in the public space, without fragment
	Form   url.Values
	// Signature is X-Twilio-Signature, over URL and Form; "": it was not signed.
	Signature string
	// Again tells that it is the request before, sent a second time.
	Again bool
	// Status is HTTP's; 0: there was no answer.
	Status      int
	ContentType string
	Answer      []byte        // the body, no more of it than Twilio reads
	Took        time.Duration // in real time
	// Err is why Twilio could not use the answer, a [*WebhookError]; nil: it could.
	Err error

	trouble *Trouble // that befell it; nil: none can
}

// Utterance is one stretch of speech, from one break to the next.
type Utterance struct {
	Text     string
	SSML     string // Text with its pauses and rates, as inside <speak>; "": Text alone
	Language string // BCP 47, "en-US"
	Voice    string // Twilio's name, "Polly.Joanna"
	Length   time.Duration
	Cut      bool // by a key or the caller's hanging up; Length is what was heard
}

// Pause is silence that the line asked for.
type Pause struct {
	Length time.Duration
	Cut    bool
}

// Sound is a recording, or keys, that the line plays.
type Sound struct {
	Source string // the URL, or the keys
	Length time.Duration
	Cut    bool
}

// Gathering is the beginning of a Gather: from now on keys are heard.
type Gathering struct {
	Prompts     time.Duration // the length of what is said meanwhile
	Timeout     time.Duration // the wait after that, and after each key
	NumDigits   int           // how many keys finish it; 0: any number
	FinishOnKey string        // "": none
}

// Key is a key the caller presses.
type Key struct {
	Key  string // one of 0-9, * and #
	Lost bool   // nothing gathered
}

// TimedOut is a Gather that waited in vain.
type TimedOut struct {
	Digits string // what had been pressed before that
}

// Dialed is a number that a transfer rings.
type Dialed struct {
	Number   string // as the line wrote it, E.164 if it is right
	CallerID string // what the far end is shown
	Given    bool   // by the line; else it is the caller's own
}

// Transferred is the end of a transfer.
type Transferred struct {
	Status string // DialCallStatus
	Talk   time.Duration
	Stays  bool   // the caller is still on the line
	Code   string // "13214": it failed for a caller ID that is no number; else ""
}

// Ended is the end of the call.
type Ended struct{ How Ending }

// Ending is who ended a call.
type Ending string

// The endings, as a transcript writes them.
const (
	ByLine        Ending = "by the line"
	ByCaller      Ending = "by the caller"
	AfterTransfer Ending = "after the transfer"
)

func (Webhook) what()     {}
func (Utterance) what()   {}
func (Pause) what()       {}
func (Sound) what()       {}
func (Gathering) what()   {}
func (Key) what()         {}
func (TimedOut) what()    {}
func (Dialed) what()      {}
func (Transferred) what() {}
func (Ended) what()       {}

// heard is a What that takes time and can be cut short.
type heard interface {
	What
	length() time.Duration
	cutTo(time.Duration) What
}

func (u Utterance) length() time.Duration { return u.Length }
func (p Pause) length() time.Duration     { return p.Length }
func (s Sound) length() time.Duration     { return s.Length }

func (u Utterance) cutTo(d time.Duration) What { u.Length, u.Cut = d, true; return u }
func (p Pause) cutTo(d time.Duration) What     { p.Length, p.Cut = d, true; return p }
func (s Sound) cutTo(d time.Duration) What     { s.Length, s.Cut = d, true; return s }
