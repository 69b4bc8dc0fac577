package phone

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var e164 = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)

// countries are the calling codes that callers of a line in the US mostly have,
// Lesotho's because of ANONYMOUS spelled on a keypad: +266696687.
var countries = map[string]string{"+1": "US", "+52": "MX", "+44": "GB", "+61": "AU", "+266": "LS"}

// form is the parameters that every webhook of the call has, and extra.
func (c *Call) form(extra url.Values) url.Values {
	form := url.Values{}
	for name, value := range map[string]string{
		"AccountSid": c.line.Account,
		"ApiVersion": "2010-04-01",
		"CallSid":    c.sid,
		"CallStatus": c.status,
		"Direction":  "inbound",
		"From":       c.caller.From,
		"Caller":     c.caller.From,
		"To":         c.caller.To,
		"Called":     c.caller.To,
	} {
		form.Set(name, value)
	}
	from, to := c.caller, Caller{From: c.caller.To}
	from.geo(form, "From", "Caller")
	to.geo(form, "To", "Called")
	maps.Copy(form, extra)
	return form
}

// geo sets where the number's rate centre is: in the US in capitals, elsewhere
// mostly empty. SIP and client callers have none of it.
func (c Caller) geo(form url.Values, prefixes ...string) {
	if strings.Contains(c.From, ":") {
		return
	}
	country := cmp.Or(c.Country, countryOf(c.From))
	if country == "US" {
		c.City = strings.ToUpper(c.City)
	}
	for _, prefix := range prefixes {
		form.Set(prefix+"City", c.City)
		form.Set(prefix+"State", c.State)
		form.Set(prefix+"Zip", c.ZIP)
		form.Set(prefix+"Country", country)
	}
}

func countryOf(number string) string {
	for n := min(4, len(number)); n > 1; n-- {
		if country, ok := countries[number[:n]]; ok {
			return country
		}
	}
	return ""
}

// first is what only the first webhook has: how far the caller's number is to
// be trusted, and the token that a call on the caller's behalf would need.
func (c *Call) first() url.Values {
	verdict := "No-TN-Validation"
	if countryOf(c.caller.From) == "US" {
		verdict = "TN-Validation-Passed-A"
	}
	return url.Values{"StirVerstat": {verdict}, "CallToken": {c.token()}}
}

// token is percent-encoded inside the form, so it is encoded twice on the wire.
func (c *Call) token() string {
	b64 := base64.RawURLEncoding.EncodeToString
	claims := fmt.Sprintf(`{"callSid":%q,"from":%q,"to":%q,"iat":"1700000000"}`,
		c.sid, c.caller.From, c.caller.To)
	signature := strings.Repeat("A", 86)
	jwt := b64([]byte(`{"alg":"ES256"}`)) + "." + b64([]byte(claims)) + "." + signature
	return url.PathEscape(fmt.Sprintf(`{"parentCallInfoToken":%q,"identityHeaderTokens":[]}`, jwt))
}

// gathered is what a Gather's action is told. It is sent with no key as well
// where the Gather asks for that.
func gathered(digits, finishedOn string) url.Values {
	return url.Values{"Digits": {digits}, "FinishedOnKey": {finishedOn}, "msg": {"Gather End"}}
}

// dialled is what a Dial's action is told; only an answered leg has a duration.
func dialled(sid string, t Transferred) url.Values {
	bridged := t.Status == completed
	form := url.Values{
		"DialCallSid":    {sid},
		"DialCallStatus": {t.Status},
		"DialBridged":    {strconv.FormatBool(bridged)},
	}
	if bridged {
		form.Set("DialCallDuration", seconds(t.Talk))
	}
	return form
}

// ending is what the status callback is told at the end of the call.
func (c *Call) ending() url.Values {
	billed := (c.now + time.Minute - 1) / time.Minute
	return url.Values{
		"CallDuration":   {seconds(c.now)},
		"Duration":       {strconv.Itoa(int(billed))},
		"Timestamp":      {time.Now().UTC().Format(time.RFC1123Z)},
		"SequenceNumber": {"0"},
		"CallbackSource": {"call-progress-events"},
	}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d.Round(time.Second).Seconds())) }
