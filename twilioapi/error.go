package twilioapi

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// Class is what can be done about a request that failed.
type Class int

// The classes of an [Error].
const (
	Permanent Class = iota // it fails again until somebody mends something
	Retry                  // it may go well later: 429, 5xx, no answer
	Stopped                // the person texted STOP (21610): never text them again
)

// String returns the class in a word, for logs.
func (c Class) String() string {
	return [...]string{"permanent", "retry", "stopped"}[c]
}

// Error is a request that Twilio refused or did not answer.
type Error struct {
	Doing  string        // "sending a text"
	Code   int           // Twilio's; 0: none
	Status int           // of HTTP; 0: there was no answer
	Class  Class         //
	After  time.Duration // how long Twilio wants to be left alone; 0: it did not say
	// Unsure tells that the request may have been carried out all the same: it was sent, and what
	// came of it is not known. Of a text: to send it again may send it twice.
	Unsure bool

	cause error
}

// Error returns what was being done, what is wrong and the mend, without a number or token.
func (e *Error) Error() string {
	m, known := MeaningOf(e.Code)
	switch {
	case known:
		return fmt.Sprintf("%s: %s (%d): %s", e.Doing, m.Says, e.Code, m.Mend)
	case e.Code != 0:
		return fmt.Sprintf("%s: %s (%d): see https://www.twilio.com/docs/api/errors/%d",
			e.Doing, strings.TrimRight(e.cause.Error(), "."), e.Code, e.Code)
	}
	return fmt.Sprintf("%s: %v", e.Doing, e.cause)
}

// Unwrap returns what lies behind a request that was not answered, such as a time-out.
func (e *Error) Unwrap() error { return e.cause }

// classOf returns the class of a refusal. Twilio's code tells more than the status.
func classOf(status, code int) Class {
	if m, known := MeaningOf(code); known && m.Class != Permanent {
		return m.Class
	}
	if status == 0 || status == 429 || status >= 500 {
		return Retry
	}
	return Permanent
}

var longDigits = regexp.MustCompile(`\+?\d[\d -]{5,}\d`)

// redacted returns a sentence of Twilio's without the numbers in it.
func redacted(sentence string) string {
	return longDigits.ReplaceAllStringFunc(sentence, Masked)
}

// Masked returns what may be shown of a telephone number in an error or log line: its last four
// digits, "…0199".
func Masked(number string) string {
	if len(number) < 8 {
		return "…"
	}
	return "…" + number[len(number)-4:]
}
