package ivr_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"premiumline/ivr"
)

// gsm7 are the characters of GSM 03.38 that texts are likely to hold; one other
// makes every character of a message take two bytes.
const gsm7 = "@£$¥èéùìòÇØøÅåÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡" +
	"ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// TestMessages: a text in English is one message, and not two. It says whose number
// this is and who sends it, when to call, what TTY users do, and how to stop.
func TestMessages(t *testing.T) {
	line, dir := compile(t, "", withTexts)
	texts := 0
	for _, p := range line.Pages() {
		if p.Message == "" {
			continue
		}
		texts++
		for _, fact := range []string{dir.Organisation, "711", "24", "STOP", "ndepend"} {
			if !strings.Contains(p.Message, fact) {
				t.Errorf("%s: the text %q lacks %q", p.Name, p.Message, fact)
			}
		}
		n := utf8.RuneCountInString(p.Message)
		if strings.HasPrefix(p.Name, "en/") && (n > 160 || strings.Trim(p.Message, gsm7) != "") {
			t.Errorf("%s: %q has %d characters", p.Name, p.Message, n)
		}
		if n > 3*67 { // three messages, if a region's name has an accent
			t.Errorf("%s: %q has %d characters", p.Name, p.Message, n)
		}
	}
	if texts < 2*len(dir.Lines) {
		t.Errorf("%d texts, for %d lines in two languages", texts, len(dir.Lines))
	}
}

// TestTextsAreForWhoCanTakeThem goes through the numbers that callers can have.
func TestTextsAreForWhoCanTakeThem(t *testing.T) {
	line, _ := compile(t, "", withTexts)
	for _, tt := range []struct {
		number, country string
		want            string
	}{
		{"+14045550100", "US", "en/text/georgia"},
		{"+16045550100", "CA", "en/text/georgia"},
		{"+18765550100", "JM", "en/connect/georgia/wrong"},
		{"+14045550100", "", "en/connect/georgia/wrong"},
		{"+18005550123", "US", "en/connect/georgia/wrong"},
		{"+18885550123", "US", "en/connect/georgia/wrong"},
		{"+442079460000", "GB", "en/connect/georgia/wrong"},
		{"+266696687", "US", "en/connect/georgia/wrong"},
		{"+1404555010", "US", "en/connect/georgia/wrong"},
		{"anonymous", "US", "en/connect/georgia/wrong"},
		{"", "", "en/connect/georgia/wrong"},
	} {
		got := line.Answer(ivr.Turn{Page: "en/connect/georgia", Digits: "3",
			Caller: ivr.Caller{Number: tt.number, Country: tt.country}}).Page.Name
		if got != tt.want {
			t.Errorf("%q of %q is led to %s, want %s", tt.number, tt.country, got, tt.want)
		}
	}
}
