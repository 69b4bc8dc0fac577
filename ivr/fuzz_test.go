package ivr_test

import (
	"slices"
	"strings"
	"testing"

	"premiumline/ivr"
	"premiumline/twiml"
)

// FuzzTurns: whatever page, keys, transfer and caller a webhook tells of, a page of
// the line comes after it, and its document is one that Twilio can use.
func FuzzTurns(f *testing.F) {
	line, _ := compile(f, "", withTexts)
	for i, p := range line.Pages() {
		keys := []string{"", "7", "0", "*", "#", "30301", "99999", "77", "9"}
		f.Add(p.Name, keys[i%len(keys)], "", false, "+14045550100", "GA", "30303", "US", "+18005550199")
	}
	f.Add("", "", "", false, "anonymous", "", "", "", "")
	f.Add("xx/menu", "1", "busy", true, "+266696687", "WA", "98602", "LS", "<&>")
	f.Fuzz(func(t *testing.T, page, digits, dial string, gone bool, from, state, zip, country, to string) {
		turn := ivr.Turn{Page: page, Digits: digits, DialStatus: dial, Gone: gone, Called: to,
			Caller: ivr.Caller{Number: from, State: state, ZIP: zip, Country: country}}
		answer := line.Answer(turn)
		if !slices.Contains(line.Pages(), answer.Page) {
			t.Fatalf("%+v is led to %+v, no page of the line", turn, answer.Page)
		}
		if _, err := twiml.Unmarshal(answer.Document); err != nil {
			t.Fatalf("%+v is answered with %s: %v", turn, answer.Document, err)
		}
		if answer.Page.Message != "" && !strings.HasPrefix(from, "+1") {
			t.Errorf("a text is offered to %q", from)
		}
		if again := line.Answer(turn); again.Page != answer.Page ||
			string(again.Document) != string(answer.Document) {
			t.Errorf("%+v is answered in two ways", turn)
		}
	})
}
