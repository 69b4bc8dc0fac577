package twilioapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// ErrCannotText is in the error where the account may not text from that sender.
var ErrCannotText = errors.New("it cannot send texts")

const messaging = "https://messaging.twilio.com/v1"

func isService(sender string) bool { return strings.HasPrefix(sender, "MG") }

// CanText asks whether the account may text from a sender: a number of its own, E.164, or a
// messaging service's SID. A doubt is what keeps texts from arriving even so, with its mend; ""
// if there is none. The error is ErrNotOwned or ErrCannotText with the mend, or an [*Error].
func (a *Account) CanText(ctx context.Context, sender string) (doubt string, err error) {
	if isService(sender) {
		return a.serviceCanText(ctx, sender)
	}
	n, err := a.Number(ctx, sender)
	switch {
	case err != nil:
		return "", err
	case !n.SMS:
		return "", fmt.Errorf("%w: number %s has no SMS capability: choose another number of the "+
			"account, or buy one with SMS", ErrCannotText, Masked(sender))
	case tollFree(n.Number):
		return a.tollFreeCanText(ctx, n)
	case strings.HasPrefix(n.Number, "+1"):
		return "carriers block texts of a US number outside a registered campaign: put it into the " +
			"campaign's messaging service and set MESSAGING_FROM to that one's SID", nil
	}
	return "", nil
}

func (a *Account) serviceCanText(ctx context.Context, sid string) (doubt string, err error) {
	var service struct {
		Registered bool `json:"us_app_to_person_registered"`
	}
	var senders struct {
		Numbers []struct {
			Number string `json:"phone_number"`
		} `json:"phone_numbers"`
	}
	err = a.repeat(ctx, "reading the messaging service", func(e *exchange) error {
		address := messaging + "/Services/" + url.PathEscape(sid)
		return errors.Join(e.get(address, nil, &service), e.get(address+"/PhoneNumbers", nil, &senders))
	})
	local := func(n struct {
		Number string `json:"phone_number"`
	}) bool {
		return strings.HasPrefix(n.Number, "+1") && !tollFree(n.Number)
	}
	switch {
	case err != nil:
		return "", err
	case len(senders.Numbers) == 0:
		return "", fmt.Errorf("%w: messaging service %s has no senders: add a number to its sender "+
			"pool in the console", ErrCannotText, sid)
	case !service.Registered && slices.ContainsFunc(senders.Numbers, local):
		return "no US campaign is registered for the messaging service, and carriers block the texts " +
			"of its US numbers: register one in the console (A2P 10DLC)", nil
	}
	return "", nil
}

func (a *Account) tollFreeCanText(ctx context.Context, n Number) (doubt string, err error) {
	var found struct {
		Verifications []struct {
			Status string `json:"status"`
		} `json:"verifications"`
	}
	err = a.repeat(ctx, "reading the number's toll-free verification", func(e *exchange) error {
		query := url.Values{"TollfreePhoneNumberSid": {n.SID}}
		return e.get(messaging+"/Tollfree/Verifications", query, &found)
	})
	status := "none"
	if len(found.Verifications) > 0 {
		status = found.Verifications[0].Status
	}
	if err != nil || status == "TWILIO_APPROVED" {
		return "", err
	}
	return fmt.Sprintf("carriers block texts of a toll-free number until it is verified, and its "+
		"verification is %s: see the console, Toll-free verification",
		strings.ToLower(strings.ReplaceAll(status, "_", " "))), nil
}

// tollFree tells whether a number is of one of the North American toll-free codes.
func tollFree(number string) bool {
	return len(number) == len("+18005550199") && number[:2] == "+1" &&
		slices.Contains([]string{"800", "833", "844", "855", "866", "877", "888"}, number[2:5])
}
