package faketwilio

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Deliver tells a text's callback URL what became of it, signed with the account's token: a status
// (sent, delivered, undelivered, failed) and one of Twilio's codes, 0 for none. It returns the
// status that was answered with.
func (t *Twilio) Deliver(ctx context.Context, sid, status string, code int) (int, error) {
	var text Text
	var account, token string
	t.With(func(s *State) {
		account, token = s.Account, s.Token
		for _, taken := range s.Texts {
			if taken.SID == sid {
				text = *taken
			}
		}
	})
	if text.Callback == "" {
		return 0, fmt.Errorf("faketwilio: text %q has no callback", sid)
	}
	form := url.Values{
		"MessageSid": {sid}, "SmsSid": {sid}, "AccountSid": {account}, "ApiVersion": {"2010-04-01"},
		"MessageStatus": {status}, "SmsStatus": {status}, "To": {text.To}, "From": {text.From},
	}
	if code != 0 {
		form.Set("ErrorCode", strconv.Itoa(code))
	}
	if text.Service != "" {
		form.Set("MessagingServiceSid", text.Service)
	}
	return post(ctx, text.Callback, token, form)
}

func post(ctx context.Context, address, token string, form url.Values) (int, error) {
	address, _, _ = strings.Cut(address, "#") // neither sent nor signed
	body := strings.NewReader(form.Encode())
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", sign(token, address, form))
	r.Header.Set("User-Agent", "TwilioProxy/1.1")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return answer.StatusCode, err
}

// sign is Twilio's signature, with the port kept as texts' callbacks keep it.
func sign(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address)
	for _, name := range slices.Sorted(maps.Keys(form)) {
		_, _ = io.WriteString(mac, name+form.Get(name))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
