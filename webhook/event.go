package webhook

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"time"

	"premiumline/ivr"
)

// Kind is what sort of webhook an [Event] was.
type Kind string

// The kinds of webhook.
const (
	TurnKind     Kind = "turn"     // a turn of the call
	StatusKind   Kind = "status"   // the end of the call
	FallbackKind Kind = "fallback" // Twilio could not go on with a turn
	TextKind     Kind = "sms"      // what became of a text
)

// Event is a webhook that was answered: what it told, and what the caller heard
// of it. It holds the caller's number; who keeps events keeps that out.
type Event struct {
	Call        string // CallSid
	ID          string // the same for a webhook that comes twice, unlike others of the call
	Kind        Kind
	At          time.Time
	Took        time.Duration // until the answer was ready
	Turn        ivr.Turn
	Answer      ivr.Answer // of a status callback: none
	CallStatus  string     // Twilio's, "in-progress"
	CallSeconds int        // the call's length, in its status callback
	DialSeconds int        // a transfer's length, in the turn after it
	Stir        string     // StirVerstat, "TN-Validation-Passed-A"
	Text        Text       // of a text's status callback
}

// Text is what became of a text message.
type Text struct {
	Region string // whose number it tells, "georgia"
	Status string // Twilio's MessageStatus, "delivered", "undelivered"
	Code   int    // Twilio's ErrorCode; 0: none
}

// note tells the operator's side of the webhook, before it is answered: what was
// noted is kept even if we end the next moment.
func (h *handler) note(r *request, kind Kind, t ivr.Turn, a ivr.Answer) {
	if h.Note == nil || r.probe {
		return
	}
	f := &r.form
	h.Note(r.Context(), Event{
		Call: f.Get("CallSid"), ID: r.id(), Kind: kind, At: r.start, Took: time.Since(r.start),
		Turn: t, Answer: a, CallStatus: f.Get("CallStatus"),
		CallSeconds: whole(f.Get("CallDuration")), DialSeconds: whole(f.Get("DialCallDuration")),
		Stir: f.Get("StirVerstat"),
	})
}

// id tells a webhook from others of its call. Twilio marks each with a token that
// its retries share; where that is missing, the same words on the same page are
// the same webhook.
func (r *request) id() string {
	if token := r.Header.Get("I-Twilio-Idempotency-Token"); token != "" {
		return token
	}
	sum := sha256.Sum256(append([]byte(r.RequestURI+"\n"), r.body.Bytes()...))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

// whole reads one of Twilio's whole numbers; what is none is 0.
func whole(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}
