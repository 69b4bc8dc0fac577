package phone

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"premiumline/twiml"
)

// maxWebhooks is how many a call may have: a line that sends its caller round
// in circles is stopped.
const maxWebhooks = 500

// Twilio's error codes for an answer that it cannot use, as the fallback is told.
const (
	errRetrieval   = "11200" // a status other than 200
	errConnection  = "11205" // no answer
	errURL         = "11100" // not a URL
	errTooLarge    = "11750" // over 64 KB
	errParse       = "12100" // not XML
	errSchema      = "12200" // not TwiML
	errContentType = "12300" // neither text/xml nor application/xml
)

// errorSpeech is what Twilio says where the fallback failed as well.
const errorSpeech = "We are sorry, an application error has occurred. Goodbye."

// WebhookError is an answer that Twilio cannot use.
type WebhookError struct {
	Path string // of the URL that was asked
	Code string // Twilio's error code, "11200"
	Why  string // the status, or what is wrong with the answer
}

// Error tells path, reason and code.
func (e *WebhookError) Error() string { return e.Path + ": " + e.Why + " (" + e.Code + ")" }

// document is TwiML that is being carried out, and where it came from.
type document struct {
	url   string // in the public space, without fragment
	verbs twiml.Response
}

// ask goes on with the document at ref, a URL relative to the present one, or
// with the fallback's where that one cannot be used.
func (c *Call) ask(ctx context.Context, method, ref string, extra url.Values) error {
	target, wait := c.resolve(ref), c.Trouble.silence(c.silence())
	doc, err := c.troubled(ctx, method, target, extra)
	var failed *WebhookError
	if errors.As(err, &failed) {
		wait += c.silence()
		doc, err = c.fetch(ctx, http.MethodPost, c.line.route("/voice/fallback"),
			url.Values{"ErrorCode": {failed.Code}, "ErrorUrl": {target}})
		if err != nil {
			err = fmt.Errorf("%w; then %w", failed, err)
		}
	}
	if err != nil {
		return c.fail(ctx, err)
	}
	c.doing = &asking{end: c.now + wait, answer: doc}
	return nil
}

// silence is what the caller hears of a webhook: nothing, and of the first one
// not even that, since it still rings.
func (c *Call) silence() time.Duration {
	if !c.answered {
		return 0
	}
	return WebhookTime
}

// fail says what Twilio says to a caller whose line is broken, and hangs up.
func (c *Call) fail(ctx context.Context, err error) error {
	err = fmt.Errorf("phone: %w", err)
	if ctx.Err() != nil {
		c.doing, c.ended = nil, true
		return err
	}
	said := Utterance{Text: errorSpeech, Language: english}
	said.Length = SpeechTime(said.Text, said.Language, 1)
	c.note(said)
	c.now += said.Length
	return errors.Join(err, c.end(ctx, ByLine))
}

// fetch asks for a document and reads it. Its error is a [*WebhookError], unless
// the context or the guard against loops has ended the call.
func (c *Call) fetch(
	ctx context.Context, method, target string, extra url.Values,
) (doc document, err error) {
	return c.document(ctx, Webhook{Method: method, URL: target, Form: c.form(extra)}, c.exchange)
}

// document sends a webhook by means of exchange and reads the answer.
func (c *Call) document(
	ctx context.Context, hook Webhook, exchange func(context.Context, *Webhook) error,
) (doc document, err error) {
	doc.url = hook.URL
	if c.webhooks >= maxWebhooks {
		return doc, fmt.Errorf("%s: more than %d webhooks: the call goes round in circles",
			pathOf(hook.URL), maxWebhooks)
	}
	c.webhooks++
	err = c.send(ctx, hook, exchange, func(hook Webhook) (err error) {
		doc.verbs, err = read(hook)
		return err
	})
	return doc, err
}

// statusCallback tells the line that the call is over. Any 2xx will do.
func (c *Call) statusCallback(ctx context.Context) error {
	target := c.line.route("/voice/status")
	hook := Webhook{Method: http.MethodPost, URL: target, Form: c.form(c.ending())}
	c.webhooks++
	if err := c.send(ctx, hook, c.exchange, received); err != nil {
		return fmt.Errorf("phone: %w", err)
	}
	return nil
}

// send sends a webhook, has use judge the answer, and notes them.
func (c *Call) send(ctx context.Context, hook Webhook,
	exchange func(context.Context, *Webhook) error, use func(Webhook) error) error {
	err := exchange(ctx, &hook)
	if err == nil {
		err = use(hook)
	}
	hook.Err = err
	c.note(hook)
	return err
}

// exchange puts the answer into the webhook.
func (c *Call) exchange(ctx context.Context, hook *Webhook) error {
	req, err := c.request(ctx, *hook)
	if err != nil {
		return &WebhookError{pathOf(hook.URL), errURL, "not a URL"}
	}
	hook.Signature = req.Header.Get(signatureHeader)
	start := time.Now()
	resp, err := c.line.client().Do(req)
	if err == nil {
		defer resp.Body.Close()
		hook.Status, hook.ContentType = resp.StatusCode, resp.Header.Get("Content-Type")
		hook.Answer, err = io.ReadAll(io.LimitReader(resp.Body, twiml.MaxDocument+1))
	}
	hook.Took = time.Since(start)
	if err != nil {
		return unreachable(ctx, hook.URL, err)
	}
	return nil
}

// resolve is the URL that ref stands for in the present document. A fragment is
// neither sent nor signed. What is no URL stays as it is.
func (c *Call) resolve(ref string) string {
	base, err := url.Parse(c.doc.url)
	if err != nil {
		return ref
	}
	u, err := base.Parse(ref)
	if err != nil {
		return ref
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

const signatureHeader = "X-Twilio-Signature"

// request is the webhook as HTTP has it. The parameters of a GET are in its
// query, and signed with it.
func (c *Call) request(ctx context.Context, hook Webhook) (*http.Request, error) {
	target, signed, body := hook.URL, hook.Form, hook.Form.Encode()
	if hook.Method == http.MethodGet {
		target, signed, body = withQuery(target, body), nil, ""
	}
	req, err := http.NewRequestWithContext(ctx,
		hook.Method, c.line.address(target), strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if hook.Method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=UTF-8")
	}
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("I-Twilio-Idempotency-Token", fmt.Sprintf("%s-%d", c.sid[2:], c.webhooks))
	if c.line.Sign != nil {
		req.Header.Set(signatureHeader, c.line.Sign(target, signed))
	}
	return req, nil
}

func withQuery(target, query string) string {
	if strings.Contains(target, "?") {
		return target + "&" + query
	}
	return target + "?" + query
}

// unreachable is a request without an answer: the line's fault, unless it was
// the context that ended it.
func unreachable(ctx context.Context, target string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", pathOf(target), ctx.Err())
	}
	var asked *url.Error // tells the whole URL
	if errors.As(err, &asked) {
		err = asked.Err
	}
	return &WebhookError{pathOf(target), errConnection, err.Error()}
}

// read is the answer's verbs, or why Twilio cannot use it. The order of the
// checks is Twilio's.
func read(hook Webhook) (twiml.Response, error) {
	bad := func(code, format string, args ...any) (twiml.Response, error) {
		return nil, &WebhookError{pathOf(hook.URL), code, fmt.Sprintf(format, args...)}
	}
	media, _, _ := mime.ParseMediaType(hook.ContentType)
	switch status := hook.Status; {
	case status == http.StatusNoContent:
		return nil, nil
	case status >= 300 && status < 400:
		return bad(errRetrieval, "status %d: redirects lose the Digits: give the exact URL", status)
	case status != http.StatusOK:
		return bad(errRetrieval, "status %d %s", status, http.StatusText(status))
	case len(hook.Answer) > twiml.MaxDocument:
		return bad(errTooLarge, "the answer is longer than 64 KB")
	case media != "text/xml" && media != "application/xml":
		return bad(errContentType, "content type %q, not text/xml", hook.ContentType)
	case !wellFormed(hook.Answer):
		return bad(errParse, "the answer is not XML")
	}
	verbs, err := twiml.Unmarshal(hook.Answer)
	if err != nil {
		return bad(errSchema, "%s", strings.TrimPrefix(err.Error(), "twiml: "))
	}
	return verbs, nil
}

// received is the verdict on the answer to a status callback.
func received(hook Webhook) error {
	if hook.Status/100 == 2 {
		return nil
	}
	why := fmt.Sprintf("status %d %s", hook.Status, http.StatusText(hook.Status))
	return &WebhookError{pathOf(hook.URL), errRetrieval, why}
}

// wellFormed tells whether doc is XML from its first byte to its last. The
// decoder lets text stand before the declaration; Twilio does not.
func wellFormed(doc []byte) bool {
	if !bytes.HasPrefix(doc, []byte("<")) {
		return false
	}
	for dec := xml.NewDecoder(bytes.NewReader(doc)); ; {
		if _, err := dec.Token(); err != nil {
			return err == io.EOF
		}
	}
}

// pathOf is what an error may tell of a URL: a query can hold anything.
func pathOf(target string) string {
	u, err := url.Parse(target)
	if err != nil {
		return "a URL that cannot be read"
	}
	return u.Path
}
