package twilioapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
)

// exchange is one request of twilio-go's, or several where a list has pages: it carries them out
// within a context, and remembers of the last what twilio-go forgets.
type exchange struct {
	account *Account
	ctx     context.Context

	sent   atomic.Bool   // Twilio may have read the request
	status int           // 0: there was no answer
	after  time.Duration // Retry-After
	date   time.Time     // by Twilio's clock
}

// maxAnswer is the longest answer that is read, in bytes. A page of numbers is 100 KB.
const maxAnswer = 8 << 20

// RoundTrip makes a request in the exchange's context, and reads the whole answer: twilio-go
// leaves that of a refusal open.
func (e *exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	e.sent.Store(false)
	e.status, e.after, e.date = 0, 0, time.Time{}
	ctx := httptrace.WithClientTrace(e.ctx, &httptrace.ClientTrace{
		WroteHeaders: func() { e.sent.Store(true) },
	})
	response, err := e.account.Transport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, err
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	e.status = response.StatusCode
	e.date, _ = http.ParseTime(response.Header.Get("Date")) // zero where there is none
	e.after = retryAfter(response.Header.Get("Retry-After"), e.date)
	return response, nil
}

// retryAfter reads a Retry-After header, of seconds or of a time by the server's clock.
func retryAfter(header string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(header); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	at, err := http.ParseTime(header)
	if err != nil || now.IsZero() {
		return 0
	}
	return max(0, at.Sub(now))
}

// fault makes an Error of what twilio-go returned.
func (e *exchange) fault(doing string, err error) *Error {
	fault := &Error{Doing: doing, Status: e.status, After: e.after}
	var refused *client.TwilioRestError
	switch {
	case errors.As(err, &refused):
		fault.Code, fault.Status = refused.Code, refused.Status
		fault.cause = errors.New(redacted(refused.Message))
	case e.status == 0:
		fault.cause = fmt.Errorf("no answer from Twilio: %w", inner(err))
	case e.status >= 400:
		fault.cause = fmt.Errorf("status %d from Twilio", e.status)
	default:
		fault.cause = fmt.Errorf("an answer from Twilio that cannot be read: %w", inner(err))
	}
	fault.Class = classOf(fault.Status, fault.Code)
	fault.Unsure = e.sent.Load() && (e.status < 400 || e.status >= 500)
	return fault
}

// inner leaves away the address, which may hold a telephone number.
func inner(err error) error {
	var asked *url.Error
	if errors.As(err, &asked) {
		return asked.Err
	}
	return err
}
