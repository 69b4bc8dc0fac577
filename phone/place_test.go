package phone_test

import (
	"strings"
	"testing"

	"premiumline/phone"
)

// TestPlace: only the call and the dial beneath it are carried out; each event
// then is a line, as far as it has one.
func TestPlace(t *testing.T) {
	transcript, err := phone.ParseTranscript("call", "call from anonymous to +18005550199\ndial busy\npress 7")
	must(t, err)
	if transcript.HasResults() {
		t.Error("a transcript of acts alone has results")
	}
	call, err := transcript.Place(t.Context(), serve(t, payments).Line)
	must(t, err)
	must(t, call.Hear(t.Context()))
	var lines []string
	for _, e := range call.Events() {
		if text := e.String(); text != "" {
			lines = append(lines, text)
		}
	}
	want := "hear   Payment numbers.\nhear/es Para español, oprima nueve.\nhear   For Georgia, press 7."
	if got := strings.Join(lines, "\n"); got != want || call.FarEnd.Status != "busy" {
		t.Errorf("heard\n%s\nand the far end is %q; want\n%s\nand busy", got, call.FarEnd.Status, want)
	}
}

func TestHasResults(t *testing.T) {
	transcript, err := phone.ParseTranscript("call", "call from anonymous to +18005550199\nhear Hello.")
	must(t, err)
	if !transcript.HasResults() {
		t.Error("a transcript with a result has none")
	}
}
