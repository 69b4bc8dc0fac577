package main

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"sync/atomic"

	"premiumline/ivr"
	"premiumline/webhook"
)

// What Twilio and the contestants agree on.
const (
	account   = "AC0123456789abcdef0123456789abcdef"
	authToken = "12345678901234567890123456789012"
	publicURL = "https://ivr.example.com"
	called    = "+18005550199"
	menuPage  = "en/menu"
	wrongKey  = "#"
)

var keys = []string{"1", "2", "3", "4", "5", "6", "7", "8"}

// caller is where a caller's number is at home.
type caller struct {
	area, city, state, zip string
	known                  string // the area code where the line offers a region for it, else ""
}

var callers = []caller{
	{"212", "NEW YORK", "NY", "10001", ""},
	{"404", "ATLANTA", "GA", "30303", "404"},
	{"808", "HONOLULU", "HI", "96813", "808"},
	{"303", "DENVER", "CO", "80202", "303"},
	{"360", "OLYMPIA", "WA", "98501", "360"},
	{"206", "SEATTLE", "WA", "98101", "206"},
	{"503", "PORTLAND", "OR", "97201", "503"},
	{"301", "BETHESDA", "MD", "20814", "301"},
	{"415", "SAN FRANCISCO", "CA", "94103", "415"},
	{"213", "LOS ANGELES", "CA", "90012", "213"},
}

func (c caller) number() string { return "+1" + c.area + "5550142" }

// turn is what the line makes of the caller's webhook.
func (c caller) turn(page, keys string) ivr.Turn {
	return ivr.Turn{Page: page, Digits: keys, Called: called, Caller: ivr.Caller{
		Number: c.number(), State: c.state, City: c.city, ZIP: c.zip,
	}}
}

// form is the 27 parameters of the first webhook of a call, or of a key pressed.
func (c caller) form(call, keys string) url.Values {
	f := url.Values{
		"AccountSid": {account}, "ApiVersion": {"2010-04-01"}, "CallSid": {call},
		"Direction": {"inbound"}, "From": {c.number()}, "Caller": {c.number()},
		"To": {called}, "Called": {called},
	}
	for _, prefix := range []string{"From", "Caller"} {
		f.Set(prefix+"City", c.city)
		f.Set(prefix+"State", c.state)
		f.Set(prefix+"Zip", c.zip)
		f.Set(prefix+"Country", "US")
	}
	for _, prefix := range []string{"To", "Called"} {
		f.Set(prefix+"City", "")
		f.Set(prefix+"State", "")
		f.Set(prefix+"Zip", "")
		f.Set(prefix+"Country", "US")
	}
	if keys == "" {
		f.Set("CallStatus", "ringing")
		f.Set("StirVerstat", "TN-Validation-Passed-A")
		f.Set("CallToken", callToken)
		return f
	}
	f.Set("CallStatus", "in-progress")
	f.Set("Digits", keys)
	f.Set("msg", "Gather End")
	return f
}

// callToken is as long as Twilio's: percent-encoded JSON inside the form.
var callToken = url.QueryEscape(fmt.Sprintf(
	`{"parentCallInfoToken":"%0257d","identityHeaderTokens":[]}`, 0))

// request is a signed webhook as it stands on the wire.
type request struct {
	wire []byte
	mark int // where the digits of its idempotency token begin
}

// marks is how many digits of the idempotency token tell a webhook that is sent
// again from the one that was sent before.
const marks = 6

func (c caller) request(call, page, keys string) request {
	target := "/voice"
	if page != "" {
		target += "/" + page
	}
	form := c.form(call, keys)
	body := form.Encode()
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST %s HTTP/1.1\r\nHost: ivr.example.com\r\nUser-Agent: TwilioProxy/1.1\r\n"+
		"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nContent-Length: %d\r\n"+
		"X-Twilio-Signature: %s\r\nI-Twilio-Idempotency-Token: %s-%s-",
		target, len(body), webhook.Sign(authToken, publicURL+target, form), call[2:], keys)
	mark := b.Len()
	fmt.Fprintf(&b, "%0*d\r\n\r\n%s", marks, 0, body)
	return request{b.Bytes(), mark}
}

// callOf is the CallSid of the n-th call.
func callOf(n int) string { return fmt.Sprintf("CA%032x", n+1) }

// requests is webhooks of many calls, asked in turns by all connections.
type requests struct {
	all  []request
	next atomic.Int64
}

// block is how many calls go on side by side: their first webhooks come before the
// keys that they press.
const block = 100

// requestsOf prepares the webhooks of so many calls: the first, now and then a wrong
// key, and the key of a line.
func requestsOf(calls int) *requests {
	r := &requests{}
	for first := 0; first < calls; first += block {
		var later []request
		for n := first; n < min(first+block, calls); n++ {
			c, call := callers[n%len(callers)], callOf(n)
			r.all = append(r.all, c.request(call, "", ""))
			if n%10 == n/10%10 {
				later = append(later, c.request(call, menuPage, wrongKey))
			}
			later = append(later, c.request(call, menuPage, keys[n%len(keys)]))
		}
		r.all = append(r.all, later...)
	}
	return r
}

// take returns the next request; one that comes again is another webhook of its call.
func (r *requests) take() []byte {
	n := int(r.next.Add(1)) - 1
	request := r.all[n%len(r.all)]
	digits := request.wire[request.mark : request.mark+marks]
	copy(digits, strconv.AppendInt(make([]byte, 0, marks), int64(pow10(marks-1)+n/len(r.all)), 10))
	return request.wire
}

func pow10(n int) int {
	if n == 0 {
		return 1
	}
	return 10 * pow10(n-1)
}
