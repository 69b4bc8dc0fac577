package calllog

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// What became of a text, from what is known least to what stands for good.
const (
	TextAsked     = "asked"     // the caller asked for it; it waits, or is being sent
	TextUnsure    = "unsure"    // sent or not: nobody knows, so it is never sent again
	TextSent      = "sent"      // Twilio took it
	TextFailed    = "failed"    // refused for good, undelivered, or given up
	TextStopped   = "stopped"   // the recipient wants no texts (21610)
	TextLandline  = "landline"  // the number cannot take texts (30006, 21614)
	TextDelivered = "delivered" // the recipient's carrier or telephone has it
)

// textRank says which of two statuses of a text stands, so that they may come in any order.
var textRank = map[string]int{
	TextAsked: 1, TextUnsure: 2, TextSent: 3, TextFailed: 4, TextStopped: 5, TextLandline: 6,
	TextDelivered: 7,
}

// TextStatuses lists what can become of a text.
func TextStatuses() []string { return slices.Sorted(maps.Keys(textRank)) }

// TextRefused is the status of a text that Twilio refused or could not deliver with this error
// code: TextStopped, TextLandline or TextFailed.
func TextRefused(code int) string {
	switch code {
	case 21610:
		return TextStopped
	case 30006, 21614:
		return TextLandline
	}
	return TextFailed
}

// Text is what a caller asks to be sent; a call's second one about the same region is not.
type Text struct {
	Region   string // the line whose number it tells, "georgia"
	Language string // BCP 47
	Body     string // the message; what is longer than 1600 bytes is cut
	To       []byte // the recipient's number, from Hasher.Seal
}

// TextOutcome is what became of a text.
type TextOutcome struct {
	Region string // "georgia"
	Status string // TextAsked, TextSent...
	Code   int    // Twilio's error code, 0 if none
}

// overrides tells whether o stands against p, which is of the same text.
func (o TextOutcome) overrides(p TextOutcome) bool {
	rank := cmp.Compare(textRank[o.Status], textRank[p.Status])
	return cmp.Or(rank, cmp.Compare(o.Code, p.Code)) > 0
}

const longestBody = 1600 // bytes; Twilio takes as many characters

// ask makes e, which has a Text, the event of a caller who asks for one.
func (e *Event) ask() {
	t := *e.Text
	t.Language = cleanText(t.Language, longestText)
	t.Body = cleanText(t.Body, longestBody)
	e.Text, e.TextStatus, e.TextCode = &t, TextAsked, 0
	e.Region = cmp.Or(t.Region, e.Region)
}

// report makes an event of what became of a text the same whoever tells of it.
func (e *Event) report() {
	if e.ID == "" {
		e.ID = "sms " + e.Region + " " + e.TextStatus + " " + strconv.Itoa(e.TextCode)
	}
}

// tell takes in what an event says of a text, in whatever order these events come.
func (r *Record) tell(e *Event) {
	if textRank[e.TextStatus] == 0 {
		return
	}
	told := TextOutcome{e.Region, e.TextStatus, e.TextCode}
	i, known := slices.BinarySearchFunc(r.Texts, e.Region, func(o TextOutcome, region string) int {
		return cmp.Compare(o.Region, region)
	})
	switch {
	case !known:
		r.Texts = slices.Insert(slices.Clone(r.Texts), i, told)
	case told.overrides(r.Texts[i]):
		r.Texts = slices.Clone(r.Texts)
		r.Texts[i] = told
	}
}

// packTexts writes what became of texts as region:status:code, with spaces between.
func packTexts(texts []TextOutcome) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(" " + t.Region + ":" + t.Status + ":" + strconv.Itoa(t.Code))
	}
	return strings.TrimPrefix(b.String(), " ")
}

func unpackTexts(s string) (texts []TextOutcome) {
	for f := range strings.FieldsSeq(s) {
		f, code := cutNumber(f)
		region, status, _ := strings.Cut(f, ":")
		texts = append(texts, TextOutcome{region, status, code})
	}
	return texts
}
