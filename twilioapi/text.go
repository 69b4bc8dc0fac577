package twilioapi

import (
	"context"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Text is a text message.
type Text struct {
	From                string // a number of the account, E.164; "": MessagingServiceSID decides
	MessagingServiceSID string // "MG..."; "": From is used
	To                  string // E.164
	Body                string // up to 160 characters of the GSM alphabet, or 70 others, are one part
	StatusCallback      string // URL that is told what became of it; "": nobody is
}

// From returns a text from what MESSAGING_FROM holds: a number, or a messaging service's SID.
func From(sender string) Text {
	if isService(sender) {
		return Text{MessagingServiceSID: sender}
	}
	return Text{From: sender}
}

// Send hands a text to Twilio, once, and returns its SID ("SM..."); the error is an [*Error] whose
// Class tells whether to try again. Twilio has taken the text then, and not yet delivered it.
func (a *Account) Send(ctx context.Context, t Text) (sid string, err error) {
	params := new(api.CreateMessageParams).SetTo(t.To).SetBody(t.Body)
	for _, optional := range []struct {
		value string
		set   func(string) *api.CreateMessageParams
	}{
		{t.From, params.SetFrom},
		{t.MessagingServiceSID, params.SetMessagingServiceSid},
		{t.StatusCallback, params.SetStatusCallback},
	} {
		if optional.value != "" {
			optional.set(optional.value)
		}
	}
	err = a.once(ctx, "sending a text", func(e *exchange) error {
		message, err := e.api().CreateMessage(params)
		if err == nil {
			sid = text(message.Sid)
		}
		return err
	})
	return sid, err
}
