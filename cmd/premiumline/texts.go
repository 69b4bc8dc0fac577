package main

import (
	"context"
	"errors"
	"log/slog"

	"premiumline/calllog"
	"premiumline/config"
	"premiumline/twilioapi"
	"premiumline/webhook"
)

// newOutbox returns what sends the texts that callers ask for; nil where none are
// offered.
func newOutbox(c config.Config, r *records) *calllog.Outbox {
	if c.MessagingFrom == "" {
		return nil
	}
	send := throughTwilio(c)
	if c.AccountSID == simulatedAccount {
		send = onlyToTheLog(r.told)
	}
	counted := func(ctx context.Context, o calllog.Outgoing) calllog.Result {
		result := send(ctx, o)
		if status := outcomeOf(result); status != "" {
			r.metrics.Count(calllog.Event{Kind: calllog.SMS, TextStatus: status})
		}
		return result
	}
	return calllog.NewOutbox(r.log, calllog.OutboxOptions{Hasher: r.hasher, Send: counted})
}

// outcomeOf returns what came of an attempt to send a text; "": it is tried again.
func outcomeOf(r calllog.Result) string {
	switch {
	case r.Err == nil:
		return calllog.TextSent
	case r.Unsure:
		return calllog.TextUnsure
	case r.Retry:
		return ""
	}
	return calllog.TextRefused(r.Code)
}

// throughTwilio sends texts as the account's. Twilio tells later what became of them.
func throughTwilio(c config.Config) func(context.Context, calllog.Outgoing) calllog.Result {
	account := newAccount(c)
	return func(ctx context.Context, o calllog.Outgoing) calllog.Result {
		text := twilioapi.From(c.MessagingFrom)
		text.To, text.Body = o.To, o.Body
		text.StatusCallback = c.PublicURL + webhook.TextStatusPath(o.Call, o.Region)
		sid, err := account.Send(ctx, text)
		result := calllog.Result{SID: sid, Err: err}
		var refused *twilioapi.Error
		if errors.As(err, &refused) {
			result.Code, result.After, result.Unsure = refused.Code, refused.After, refused.Unsure
			result.Retry = refused.Class == twilioapi.Retry
		}
		return result
	}
}

// onlyToTheLog shows the texts of simulated calls: nobody has such a telephone.
func onlyToTheLog(log *slog.Logger) func(context.Context, calllog.Outgoing) calllog.Result {
	return func(_ context.Context, o calllog.Outgoing) calllog.Result {
		log.Info("a text that is not sent, since the call is simulated", "call", o.Call, "text", o.Body)
		return calllog.Result{SID: "simulated"}
	}
}

// textStatuses are what Twilio says of a text, as far as it is news.
var textStatuses = map[string]string{"sent": calllog.TextSent, "delivered": calllog.TextDelivered}

// becameOf returns what is kept of a text's status callback; false: nothing.
func becameOf(e webhook.Event) (calllog.Event, bool) {
	status, known := textStatuses[e.Text.Status]
	if e.Text.Status == "undelivered" || e.Text.Status == "failed" {
		status, known = calllog.TextRefused(e.Text.Code), true
	}
	return calllog.Event{
		Call: e.Call, At: e.At, Took: e.Took, Kind: calllog.SMS, Region: e.Text.Region,
		TextStatus: status, TextCode: e.Text.Code,
	}, known
}
