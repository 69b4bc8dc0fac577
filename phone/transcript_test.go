package phone_test

import (
	"strings"
	"testing"

	"premiumline/phone"
)

// payments is a small line of the shape of ours.
var payments = script{
	"/voice":      says(`<Redirect>/voice/menu</Redirect>`),
	"/voice/menu": says(listing),
	"/voice/again": says(`<Gather action="/voice/7" numDigits="1" finishOnKey="">` +
		`<Say>That key is not on the list.</Say></Gather>`),
	"/voice/7": says(`<Gather action="/voice/again" numDigits="1" timeout="1">` +
		`<Say voice="Polly.Joanna">Georgia. Connecting you now.</Say></Gather>` +
		`<Dial action="/voice/done" callerId="+18005550199"><Number>+18776997407</Number></Dial>`),
	"/voice/done": says(`<Say>That line did not answer.</Say><Redirect>/voice/menu</Redirect>`),
}

const listing = `<Gather action="/voice/7" numDigits="1" finishOnKey=""><Say language="en-US">` +
	`Payment numbers.<break time="500ms"/>` +
	`<lang xml:lang="es-US">Para español, oprima nueve.</lang><break time="500ms"/>` +
	`For Georgia, <prosody rate="75%">press<break time="1s"/> 7.</prosody></Say></Gather>` +
	`<Say>Goodbye.</Say>`

func TestTranscripts(t *testing.T) {
	for name, want := range map[string]string{
		"silence": `
call   from anonymous to +18005550199
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
hear   Goodbye.
ended  by the line
`,
		"keys": `
# A caller presses a key, and comes back
# to the list.

call   from +14045550100 to +18005550199 city LA CENTER state WA zip 98629 country US
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.

# No answer, though.
dial   no-answer after 20 s
press  7
hear   Georgia. Connecting you now.
wait
dialed +18776997407 as +18005550199
hear   That line did not answer.

# The caller knows the key now.
dial   completed after 12.5 s
barge  7
hear   Georgia. Connecting you now.
dialed +18776997407 as +18005550199
ended  after the transfer

# That is all.
`,
		"hanging up": `
call   to +18005550199
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
hangup
ended  by the caller
`,
		"hanging up in the prompt": `
call   from client:ann to +18005550199
hear   Payment numbers.
cut/es Para español, oprima nueve.
hangup after 2.5 s
ended  by the caller
`,
		"barging into the prompt": `
call   from +14045550100 to +18005550199
cut    Payment numbers.
barge  7 after 0.5 s
cut    Georgia. Connecting you now.
barge  1 after 1 s
hear   That key is not on the list.
ended  by the line
`,
		"the far end hangs up": `
call   from +14045550100 to +18005550199
dial   hung-up after 30 s
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
press  7
hear   Georgia. Connecting you now.
dialed +18776997407 as +18005550199
hear   That line did not answer.
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
hear   Goodbye.
ended  by the line
`,
	} {
		t.Run(name, func(t *testing.T) { replay(t, payments, want) })
	}
}

func TestTranscriptShowsFailures(t *testing.T) {
	replay(t, script{
		"/voice":   menu(`numDigits="1" action="/voice/x"`),
		"/voice/x": answers(500, "text/plain", "sorry"),
		"/voice/fallback": says(`<Play>/all.mp3</Play>` +
			`<Dial callerId="me"><Number>+18776997407</Number></Dial>`),
	}, `
call   from +14045550100 to +18005550199
hear   Press a key.
press  1
failed /voice/x: status 500 Internal Server Error (11200)
played /all.mp3
dialed +18776997407 as me
failed a dial, for its caller ID (13214)
ended  by the line
`)
}

// What stands in the file is replaced by what happened, logs behind their turn.
func TestTranscriptIsMadeAnew(t *testing.T) {
	tr, err := phone.ParseTranscript("x", `# kept
call from   +14045550100 to +18005550199
hear Something else.
# kept, before the key
press    7
logged nothing of the kind
hear/fr Autre chose.`)
	must(t, err)
	turn := 0
	logged := func() []string { turn++; return []string{"turn " + string(rune('0'+turn))} }
	got, err := tr.Run(t.Context(), serve(t, payments).Line, logged)
	must(t, err)
	const want = `# kept
call   from +14045550100 to +18005550199
hear   Payment numbers.
hear/es Para español, oprima nueve.
hear   For Georgia, press 7.
logged turn 1
# kept, before the key
press  7
hear   Georgia. Connecting you now.
dialed +18776997407 as +18005550199
ended  after the transfer
logged turn 2
logged turn 3
`
	if got != want {
		t.Errorf("the call went\n%s\nwant\n%s", got, want)
	}
}

func TestTranscriptErrors(t *testing.T) {
	const call = "call from +14045550100 to +18005550199\n"
	for text, want := range map[string]string{
		"":                                        `x:1: a call comes first: call from +14045550100 to +18005550199`,
		"# nothing\npress 1":                      `x:2: a call comes first: call from +14045550100 to +18005550199`,
		call + "\n" + call:                        `x:3: a second call: one transcript is one call`,
		call + "shout hello":                      `x:2: unknown word "shout"; known are barge, call, dial, hangup, press, server, wait, hear, cut, played, dialed, failed, ended, logged`,
		call + "press":                            `x:2: press: phone: no key to press`,
		call + "press 1 2":                        `x:2: press: phone: no key ' ': a phone has 0-9, * and #`,
		call + "barge x":                          `x:2: barge: phone: no key 'x': a phone has 0-9, * and #`,
		call + "barge 1 soon":                     `x:2: barge: "soon" is not "after N s"`,
		call + "wait 5":                           `x:2: wait: "5" is too much: it stands alone`,
		call + "hangup after -1 s":                `x:2: hangup: "after -1 s" is not "after N s"`,
		call + "dial engaged":                     `x:2: dial: "engaged" is not one of completed, busy, no-answer, failed, canceled, hung-up`,
		call + "hangup soon later":                `x:2: hangup: "after soon" is not "after N s"`,
		call + "server gone":                      `x:2: server: "gone" is not one of slow after N s, fails, repeats, well`,
		call + "server slow now":                  `x:2: server: "now" is not "after N s"`,
		"call to +18005550199 at menu":            `x:1: call: at "menu": not the path of a webhook, /voice/en/menu?Digits=7`,
		call + "dial busy 3":                      `x:2: dial: "3" is not "after N s"`,
		"call from +14045550100":                  `x:1: call: to "": not an E.164 number, +18005550199`,
		"call from +1404-5550100 to +18005550199": `x:1: call: from "+1404-5550100": not a telephone number`,
		"call anonymous to +18005550199":          `x:1: call: "anonymous" is not one of from, to, city, state, zip, country, at`,
	} {
		if _, err := phone.ParseTranscript("x", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v\nwant %s", text, err, want)
		}
	}
}

func TestActAfterTheEnd(t *testing.T) {
	tr, err := phone.ParseTranscript("x", "call to +18005550199\nwait\npress 7")
	must(t, err)
	got, err := tr.Run(t.Context(), serve(t, payments).Line, nil)
	if err == nil || err.Error() != "x:3: press  7: phone: the call has ended" {
		t.Errorf("error %v", err)
	}
	if !strings.HasSuffix(got, "ended  by the line\npress  7\n") {
		t.Errorf("the transcript is %s", got)
	}
}
