package faketwilio

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Text is a text message that was taken.
type Text struct {
	SID      string
	From     string // "" where a service sent it
	Service  string
	To       string
	Body     string
	Callback string // URL that is told what became of it
}

var e164 = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// Refusals of texts.
var refusals = map[int]string{
	21211: "The 'To' number %s is not a valid phone number.",
	21408: "Permission to send an SMS has not been enabled for the region indicated by the " +
		"'To' number: %s.",
	21608: "The number %s is unverified. Trial accounts cannot send messages to unverified numbers.",
	21610: "Attempt to send to unsubscribed recipient",
	21612: "The 'To' phone number: %s, is not currently reachable using the 'From' phone number.",
	21614: "'To' number: %s, is not a valid mobile number",
	21635: "'To' number %s cannot be a landline",
}

// take takes a text, or refuses it for what is wrong with it or with whom it goes to.
func (t *Twilio) take(r request) (any, error) {
	text := &Text{
		From: r.values.Get("From"), Service: r.values.Get("MessagingServiceSid"),
		To: r.values.Get("To"), Body: r.values.Get("Body"), Callback: r.values.Get("StatusCallback"),
	}
	if err := t.checkText(text); err != nil {
		return nil, err
	}
	text.SID = t.sid("SM")
	t.state.Texts = append(t.state.Texts, text)
	return map[string]any{
		"sid": text.SID, "account_sid": t.state.Account, "to": text.To, "from": text.From,
		"messaging_service_sid": text.Service, "body": text.Body, "status": "queued",
		"error_code": nil, "direction": "outbound-api",
	}, nil
}

func (t *Twilio) checkText(text *Text) error {
	code, refused := t.state.Refuse[text.To]
	sender := slices.ContainsFunc(t.state.Numbers, func(n *Number) bool {
		return n.Number == text.From && n.SMS
	})
	service := slices.ContainsFunc(t.state.Services, func(s *Service) bool {
		return s.SID == text.Service
	})
	switch {
	case text.To == "":
		return refusal{400, 21604, "A 'To' phone number is required."}
	case !e164.MatchString(text.To):
		return refusal{400, 21211, "The 'To' number " + text.To + " is not a valid phone number."}
	case text.Body == "":
		return refusal{400, 21602, "Message body is required."}
	case utf8.RuneCountInString(text.Body) > 1600:
		return refusal{400, 21617, "The concatenated message body exceeds the 1600 character limit."}
	case text.From == "" && text.Service == "":
		return refusal{400, 21603, "A 'From' phone number is required."}
	case text.Service != "" && !service:
		return refusal{400, 21705, "The Messaging Service Sid " + text.Service + " is invalid."}
	case text.Service == "" && !sender:
		return refusal{400, 21606, "The 'From' phone number provided (" + text.From +
			") is not a valid, SMS-capable inbound phone number for your account."}
	case text.Callback != "" && !strings.HasPrefix(text.Callback, "http"):
		return refusal{400, 21609, "The StatusCallback URL is not a valid URL."}
	case refused:
		return refusal{400, code, strings.ReplaceAll(refusals[code], "%s", text.To)}
	}
	return nil
}
