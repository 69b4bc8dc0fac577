package phone

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// webhookLimit is how long Twilio waits for an answer.
const webhookLimit = 15 * time.Second

// Trouble is what befalls the webhooks of a call: not the fallback's, which is
// meant to live elsewhere, nor the one at the end of the call. The zero Trouble is
// none.
type Trouble struct {
	// Slow is how long the server takes to answer, in the call's time. From 15 s on
	// Twilio has gone, and asks the fallback.
	Slow time.Duration
	// Fails has the answer be an error 500. The line is not asked.
	Fails bool
	// Repeats sends every webhook twice, as after an answer that was lost: the line
	// must give the same answer again.
	Repeats bool
}

// silence is how long a webhook is out that otherwise takes usual.
func (t Trouble) silence(usual time.Duration) time.Duration {
	return min(max(t.Slow, usual), webhookLimit)
}

// anotherAnswer is a line that answers a retry in another way than the first time.
const anotherAnswer = "the same webhook sent again got another answer"

// troubled fetches a document as the call's trouble has it.
func (c *Call) troubled(
	ctx context.Context, method, target string, extra url.Values,
) (document, error) {
	befell := c.Trouble
	hook := Webhook{Method: method, URL: target, Form: c.form(extra), trouble: &befell}
	switch t := c.Trouble; {
	case t.Fails:
		return c.document(ctx, hook, fails)
	case t.Slow >= webhookLimit:
		return c.document(ctx, hook, c.tooLate)
	case t.Repeats:
		return c.twice(ctx, hook)
	}
	return c.document(ctx, hook, c.exchange)
}

// fails is a server that is broken before it looks at the request.
func fails(_ context.Context, hook *Webhook) error {
	hook.Status, hook.ContentType = http.StatusInternalServerError, "text/plain"
	hook.Answer = []byte("Internal Server Error")
	return nil
}

// tooLate is an answer that nobody waits for any more.
func (c *Call) tooLate(ctx context.Context, hook *Webhook) error {
	if err := c.exchange(ctx, hook); err != nil {
		return err
	}
	return &WebhookError{pathOf(hook.URL), errConnection, "no answer within 15 s"}
}

// twice sends a webhook and sends it again. The second answer is the one that
// came through.
func (c *Call) twice(ctx context.Context, hook Webhook) (document, error) {
	var first Webhook
	doc, err := c.document(ctx, hook, func(ctx context.Context, h *Webhook) error {
		err := c.exchange(ctx, h)
		first = *h
		return err
	})
	if err != nil {
		return doc, err
	}
	c.webhooks-- // a retry has the token of what it repeats
	hook.Again = true
	return c.document(ctx, hook, func(ctx context.Context, h *Webhook) error {
		err := c.exchange(ctx, h)
		if err == nil && (h.Status != first.Status || !bytes.Equal(h.Answer, first.Answer)) {
			return &WebhookError{pathOf(h.URL), errRetrieval, anotherAnswer}
		}
		return err
	})
}

// parseServer reads what befalls webhooks, in the order that a Trouble has it.
func parseServer(text string) (act, error) {
	var t Trouble
	rest := strings.TrimSpace(text)
	if slow, ok := strings.CutPrefix(rest, "slow "); ok {
		words := strings.Fields(slow)
		n := min(3, len(words)) // after N s
		after, _, err := parseAfter(strings.Join(words[:n], " "))
		if err != nil {
			return nil, err
		}
		t.Slow, rest = after, strings.Join(words[n:], " ")
	}
	for _, word := range strings.Fields(rest) {
		switch word {
		case "fails":
			t.Fails = true
		case "repeats":
			t.Repeats = true
		case "well":
		default:
			return nil, fmt.Errorf("%q is not one of slow after N s, fails, repeats, well", word)
		}
	}
	return serverAct{t}, nil
}

// words is the text of a server line.
func (t Trouble) words() string {
	var words []string
	if t.Slow > 0 {
		words = append(words, "slow "+after(t.Slow))
	}
	if t.Fails {
		words = append(words, "fails")
	}
	if t.Repeats {
		words = append(words, "repeats")
	}
	return cmp.Or(strings.Join(words, " "), "well")
}
