package twilioapi

import (
	"context"
	"errors"
	"fmt"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Number is a telephone number of the account.
type Number struct {
	SID      string // "PN..."
	Number   string // E.164
	Name     string // as its owner called it
	Voice    bool   // takes calls
	SMS      bool   // sends texts
	Settings Settings
}

// ErrNotOwned is in the error where the account has no such number.
var ErrNotOwned = errors.New("the account has no number")

// Numbers returns every number of the account; the error is an [*Error].
func (a *Account) Numbers(ctx context.Context) ([]Number, error) {
	return a.numbers(ctx, &api.ListIncomingPhoneNumberParams{})
}

// Number returns the account's number in that E.164 form; the error is ErrNotOwned where there is
// none, else an [*Error].
func (a *Account) Number(ctx context.Context, number string) (Number, error) {
	like := new(api.ListIncomingPhoneNumberParams).SetPhoneNumber(number)
	found, err := a.numbers(ctx, like)
	if err != nil {
		return Number{}, err
	}
	for _, n := range found {
		if n.Number == number { // Twilio also finds numbers that merely contain it
			return n, nil
		}
	}
	return Number{}, fmt.Errorf("%w %s", ErrNotOwned, Masked(number))
}

func (a *Account) numbers(ctx context.Context, like *api.ListIncomingPhoneNumberParams,
) (found []Number, err error) {
	like.SetPageSize(100)
	err = a.repeat(ctx, "listing the account's numbers", func(e *exchange) error {
		found = nil
		listed, err := e.api().ListIncomingPhoneNumber(like)
		for i := range listed {
			found = append(found, numberOf(&listed[i]))
		}
		return err
	})
	return found, err
}

// Read returns the number with that SID ("PN...") as it is now; the error is an [*Error].
func (a *Account) Read(ctx context.Context, sid string) (n Number, err error) {
	err = a.repeat(ctx, "reading the number's settings", func(e *exchange) error {
		read, err := e.api().FetchIncomingPhoneNumber(sid, nil)
		if err == nil {
			n = numberOf(read)
		}
		return err
	})
	return n, err
}

// Apply makes the changes to the number with that SID, all or none; the error is an [*Error].
// Where that is Unsure, only Read tells what the number is set to.
func (a *Account) Apply(ctx context.Context, sid string, changes []Change) error {
	params, err := updateOf(changes)
	if err != nil {
		return err
	}
	return a.repeat(ctx, "changing the number's settings", func(e *exchange) error {
		_, err := e.api().UpdateIncomingPhoneNumber(sid, params)
		return err
	})
}

func numberOf(n *api.ApiV2010IncomingPhoneNumber) Number {
	number := Number{
		SID: text(n.Sid), Number: text(n.PhoneNumber), Name: text(n.FriendlyName),
		Settings: settingsOf(n),
	}
	if c := n.Capabilities; c != nil {
		number.Voice, number.SMS = c.Voice, c.Sms
	}
	return number
}
