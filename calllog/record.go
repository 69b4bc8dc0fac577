package calllog

import "time"

// Record is one call: what its events add up to.
type Record struct {
	Call    string    // CallSid
	Started time.Time // the first webhook, which is the answer
	Ended   time.Time // zero while the call goes on
	Last    time.Time // the latest event but those of texts

	Language string // BCP 47, the last one chosen
	Offered  string // the likely line, "georgia"; "" if none was offered
	Taken    bool   // the offered line was chosen

	Region   string        // the last line reached, "georgia"; "" if none was
	Way      string        // how: Transferred, ReadOut, Texted, MemberServices; "" if none was
	ToRegion time.Duration // from the answer to the first line reached, or all but; 0 if none was

	Disposition     string     // of the last transfer, "completed", "busy"...; "" if none ended
	TransferSeconds int        // how long that transfer lasted
	Transfers       []Transfer // all of them, in order

	Texts []TextOutcome // one of each region that the caller asked to be texted, by region

	Turns    int    // webhooks answered
	Keys     string // every key pressed, turns apart by a space
	Wrong    int    // wrong keys
	Silences int    // waits that ended without a key
	LastPage string // where the caller was last, "en/menu"
	Trail    []Stop // every page the caller was on, in order of the first visit

	CallStatus  string // Twilio's last word; Assumed if there was none
	CallSeconds int    // length of the call, as Twilio says; 0 if it has not said

	Stir       string // StirVerstat
	AreaCode   string // of the caller's number
	CallerHash []byte // see Hasher; nil for a caller without a number
	Directory  string // version of the directory that answered first

	id    int64     // ascending in the order of first writing
	quiet time.Time // when, with no further event, the call must be over
}

// Stop is a page on a call's way.
type Stop struct {
	Page     string // "en/menu"
	Visits   int
	Silences int // on this page
	Wrong    int // wrong keys on this page
}

// Transfer is an ended transfer.
type Transfer struct {
	Region      string // "georgia", "member-services"
	Disposition string // DialCallStatus
	Seconds     int
}

// The outcomes of a call that reached no line.
const (
	InProgress = "in progress"
	GaveUp     = "gave up"
)

// Outcome is the call's in a word: the Way in which a line was reached, else InProgress or GaveUp.
func (r *Record) Outcome() string {
	switch {
	case r.Way != "":
		return r.Way
	case r.Ended.IsZero():
		return InProgress
	}
	return GaveUp
}
