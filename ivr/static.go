package ivr

import "premiumline/twiml"

// Static returns the TwiML document that reads every number in every language
// and needs none of our webhooks: for a host outside ours, as a TwiML Bin. Any
// key begins it anew, since its Gather asks for the document's own URL.
func (l *Line) Static() []byte { return l.static }

// static returns what the document says in one language.
func (s script) static() []twiml.Verb {
	say := append(s.prompts(s.Prompts.Sorry), s.eachNumber()...)
	return says(append(say, s.prompts(s.Prompts.MenuRepeat)...))
}

// standAlone renders the document of all languages.
func (c *compiler) standAlone() []byte {
	none := ""
	text, err := twiml.Marshal(twiml.Response{
		twiml.Gather{
			Input: "dtmf", Timeout: waitKey, NumDigits: 1, FinishOnKey: &none, Prompts: c.spoken,
		},
		twiml.Hangup{},
	})
	if err != nil {
		panic("ivr: the pages of numbers were sound, but " + err.Error())
	}
	return text
}
