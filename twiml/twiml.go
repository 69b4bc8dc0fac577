// Package twiml is the XML that Twilio is answered with, both ways: [Marshal]
// writes a call's next steps, [Unmarshal] reads them back, as the simulated
// caller does.
//
// A document is a value of plain structs, and what is not said here is in their
// tags: `xml` names element and attributes, as encoding/xml has it, and `twiml`
// is the form of a value, "1..600" or a regular expression. Writer and reader
// walk the same tags, and both go by one table (grammar.go) of which element may
// stand in which. So neither lets pass what the other refuses, and a new verb is
// one type and one line of that table.
//
// Both are stricter than they need be: a caller hears a mistake in a document as
// "an application error has occurred", if not as silence, so it has to come out
// before. Marshal refuses characters that XML 1.0 does not have, a value that
// Twilio would not take, and a misplaced verb. Unmarshal moreover refuses what
// it does not know, down to an attribute in the wrong case.
//
// Twilio's own twilio-go/twiml is no alternative (v1.31.0): it keeps attributes
// in a map, so that one document has a hundred different texts; it drops empty
// ones, so that finishOnKey="" cannot be said; and it misspells every SSML
// element, which are all lower case, unlike the verbs.
package twiml

// MaxDocument is how many bytes of a document Twilio reads (error 11750).
const MaxDocument = 64 << 10

// Response is one TwiML document: the verbs Twilio carries out, in order.
// An empty Response hangs up.
type Response []Verb

// Verb is an instruction of a [Response]: [Say], [Gather], [Dial],
// [Redirect], [Pause], [Play], [Hangup] or [Reject].
type Verb interface{ verb() }

func (Say) verb()      {}
func (Gather) verb()   {}
func (Dial) verb()     {}
func (Redirect) verb() {}
func (Pause) verb()    {}
func (Play) verb()     {}
func (Hangup) verb()   {}
func (Reject) verb()   {}
