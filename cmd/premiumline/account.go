package main

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"strings"

	"premiumline/config"
	"premiumline/twilioapi"
)

// twilioTransport brings requests to Twilio; nil: over the net. The tests' program has a Twilio of
// its own.
var twilioTransport http.RoundTripper

// newAccount returns the configured account. While the token changes it is asked with the current
// one, which comes first.
func newAccount(c config.Config) *twilioapi.Account {
	return twilioapi.New(c.AccountSID, c.AuthTokens[0], twilioapi.Options{Transport: twilioTransport})
}

// overrides tune how Twilio asks for the first webhook of a call; Twilio keeps them to itself.
//
// Unless told otherwise, Twilio waits 5 s for a connection and 15 s for an answer, and asks once:
// that is up to 15 s of silence before the fallback. We answer in milliseconds, and give the same
// answer to a webhook that comes twice. So:
//
//	ct=1000       a second for the connection: who has not answered then is not there
//	rt=3000       three for the answer: more than the longest that we wait for anything
//	rc=2          two more tries: behind a balancer, another replica answers them
//	rp=ct,rt,5xx  after all that; a 4xx is no accident and comes again
//
// Three tries of 4 s are 12 s, within the 15 s that Twilio gives to all of them.
const overrides = "#ct=1000&rt=3000&rc=2&rp=ct,rt,5xx"

// wantedSettings returns what a number must be set to for this line to answer it. fallback and
// smsURL may be "": then a number that is ours already keeps its fallback, another gets the line's
// own, and what becomes of texts to it stays as it is.
func wantedSettings(public, fallback, smsURL string, now twilioapi.Settings) twilioapi.Settings {
	kept := ""
	if answeredBy(public, now) {
		kept = now[twilioapi.VoiceFallback]
	}
	wanted := twilioapi.Settings{
		twilioapi.VoiceApplication: "",
		twilioapi.Trunk:            "",
		twilioapi.VoiceURL:         public + "/voice" + overrides,
		twilioapi.VoiceMethod:      http.MethodPost,
		twilioapi.VoiceFallback:    cmp.Or(fallback, kept, public+"/voice/fallback"),
		twilioapi.FallbackMethod:   http.MethodPost,
		twilioapi.StatusCallback:   public + "/voice/status",
		twilioapi.StatusMethod:     http.MethodPost,
	}
	if smsURL != "" {
		wanted[twilioapi.SMSApplication] = ""
		wanted[twilioapi.SMSURL], wanted[twilioapi.SMSMethod] = smsURL, http.MethodPost
	}
	return wanted
}

// answeredBy tells whether a number's voice URL is this line's, whatever comes before it.
func answeredBy(public string, now twilioapi.Settings) bool {
	address, _, _ := strings.Cut(now[twilioapi.VoiceURL], "#")
	return public != "" && address == public+"/voice"
}

// writeChanges writes changes as the lines that go and the lines that come.
func writeChanges(w io.Writer, changes []twilioapi.Change) {
	for _, c := range changes {
		_, _ = fmt.Fprintf(w, "- %-22s %s\n+ %-22s %s\n", c.Setting, shownValue(c.From),
			c.Setting, shownValue(c.To))
	}
}

func shownValue(value string) string { return cmp.Or(value, "(not set)") }
