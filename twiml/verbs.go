package twiml

import "encoding/xml"

// XMLName only carries an element's name, in its tag. Neither Marshal nor
// Unmarshal looks at its value or sets it: what was read equals a literal.

// Say speaks to the caller.
type Say struct {
	// Voice is Twilio's name of a voice, "Polly.Joanna". "": whichever the
	// account's console is set to.
	Voice string `xml:"voice,attr,omitempty"`
	// Language is the BCP 47 tag that the voice speaks, "en-US".
	Language string `xml:"language,attr,omitempty"`
	// Loop is how often it is said; nil: once; 0: until the call ends.
	Loop *int `xml:"loop,attr,omitempty" twiml:"0.."`
	// Speech is what is said, at most [MaxSpeech] characters.
	Speech []Speech
}

// Gather waits for keys, while it speaks and for Timeout seconds after. A key
// cuts its prompts short.
type Gather struct {
	XMLName xml.Name `xml:"Gather"`
	// Input is what is listened for, "dtmf" by default.
	Input string `xml:"input,attr,omitempty" twiml:"dtmf|speech|dtmf speech"`
	// Action is the URL the keys are posted to; "": that of this document,
	// which then comes again.
	Action string `xml:"action,attr,omitempty" twiml:"\\S+"`
	// Method is how Action is asked; "": POST.
	Method string `xml:"method,attr,omitempty" twiml:"GET|POST"`
	// Timeout is how many seconds to wait for the first key, and for each
	// further one. 0: Twilio's default, 5.
	Timeout int `xml:"timeout,attr,omitempty" twiml:"1.."`
	// NumDigits is how many keys finish the Gather. 0: any number.
	NumDigits int `xml:"numDigits,attr,omitempty" twiml:"1.."`
	// FinishOnKey is the key that finishes the Gather and is not among its
	// digits. nil: Twilio's default, "#"; "": none, so that # and * are digits.
	FinishOnKey *string `xml:"finishOnKey,attr,omitempty" twiml:"[0-9*#]?"`
	// ActionOnEmptyResult posts to Action also when no key came. Without it
	// the call falls through to the verb after the Gather.
	ActionOnEmptyResult bool `xml:"actionOnEmptyResult,attr,omitempty"`
	// Prompts is what is said meanwhile: Say, Play and Pause only.
	Prompts []Verb
}

// Dial connects the caller to another line.
type Dial struct {
	XMLName xml.Name `xml:"Dial"`
	// Action is the URL asked for what comes after. Verbs behind a Dial that
	// has one never run.
	Action string `xml:"action,attr,omitempty" twiml:"\\S+"`
	// Method is how Action is asked; "": POST.
	Method string `xml:"method,attr,omitempty" twiml:"GET|POST"`
	// Timeout is how many seconds it rings; 0: Twilio's default, 30.
	Timeout int `xml:"timeout,attr,omitempty" twiml:"1..600"`
	// TimeLimit is how many seconds they may talk; 0: Twilio's default, 14400.
	TimeLimit int `xml:"timeLimit,attr,omitempty" twiml:"1..86400"`
	// CallerID is the E.164 number shown to the other line; "": the caller's own.
	CallerID string `xml:"callerId,attr,omitempty"`
	// AnswerOnBridge lets an unanswered caller hear the ringing of the other line.
	AnswerOnBridge bool `xml:"answerOnBridge,attr,omitempty"`
	// HangupOnStar takes the caller off the other line when * is pressed.
	HangupOnStar bool `xml:"hangupOnStar,attr,omitempty"`
	// Numbers are rung all at once; the first to answer is connected.
	Numbers []Number
}

// Number is a telephone number that a [Dial] rings.
type Number struct {
	XMLName xml.Name `xml:"Number"`
	// SendDigits are keys pressed once it has answered; "w" waits half a second.
	SendDigits string `xml:"sendDigits,attr,omitempty" twiml:"[0-9*#wW]+"`
	// E164 is the number, "+18776997407".
	E164 string `xml:",chardata" twiml:"\\+[1-9][0-9]{6,14}"`
}

// Redirect goes on with the document at URL.
type Redirect struct {
	XMLName xml.Name `xml:"Redirect"`
	Method  string   `xml:"method,attr,omitempty" twiml:"GET|POST"` // "": POST
	URL     string   `xml:",chardata" twiml:"\\S+"`
}

// Pause is silence for Length seconds; nil: 1.
type Pause struct {
	XMLName xml.Name `xml:"Pause"`
	Length  *int     `xml:"length,attr,omitempty" twiml:"1.."`
}

// Play plays the sound at URL, or the keys in Digits.
type Play struct {
	XMLName xml.Name `xml:"Play"`
	// Loop is how often it is played; nil: once; 0: until the call ends.
	Loop *int `xml:"loop,attr,omitempty" twiml:"0.."`
	// Digits are keys to press; "w" waits half a second.
	Digits string `xml:"digits,attr,omitempty" twiml:"[0-9*#wW]+"`
	URL    string `xml:",chardata" twiml:"\\S*"`
}

// Hangup ends the call.
type Hangup struct {
	XMLName xml.Name `xml:"Hangup"`
}

// Reject refuses the call unanswered; it only works as the first verb.
type Reject struct {
	XMLName xml.Name `xml:"Reject"`
	Reason  string   `xml:"reason,attr,omitempty" twiml:"rejected|busy"` // "": rejected
}
