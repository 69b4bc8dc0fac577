package ivr_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/twiml"
)

// TestTurn is the list of things that can happen on a page.
func TestTurn(t *testing.T) {
	line, _ := compile(t, "", withTransfer)
	for _, tt := range []struct {
		turn    ivr.Turn
		want    string
		outcome ivr.Outcome
	}{
		{ivr.Turn{}, "en/menu", ivr.Started},
		{ivr.Turn{Digits: "7"}, "en/menu", ivr.Started},
		{ivr.Turn{Page: "en/menu", Digits: "7"}, "en/connect/georgia", ivr.Chose},
		{ivr.Turn{Page: "en/menu", Digits: "77"}, "en/menu/wrong", ivr.WrongKey},
		{ivr.Turn{Page: "en/menu/zip", Digits: "77"}, "en/connect/georgia", ivr.Chose},
		{ivr.Turn{Page: "en/menu/zip", Digits: "30301"}, "en/connect/georgia", ivr.GaveZIP},
		{ivr.Turn{Page: "en/menu", Digits: "30301"}, "en/menu/wrong", ivr.WrongKey},
		{ivr.Turn{Page: "es/menu"}, "es/menu/again", ivr.Silence},
		{ivr.Turn{Page: "es/menu", Gone: true}, "es/goodbye", ivr.HungUp},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "completed", Gone: true}, "en/goodbye", ivr.HungUp},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "completed"}, "en/number/georgia/ended", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "answered"}, "en/number/georgia/ended", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "busy"}, "en/number/georgia/busy", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "no-answer"}, "en/number/georgia/no-answer", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "failed"}, "en/number/georgia/no-answer", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "canceled"}, "en/number/georgia/no-answer", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia", DialStatus: "one that is new"}, "en/number/georgia/no-answer", ivr.Transferred},
		{ivr.Turn{Page: "en/dial/georgia"}, "en/dial/georgia", ivr.Silence},
		{ivr.Turn{Page: "en/connect/georgia"}, "en/dial/georgia", ivr.Silence},
		{ivr.Turn{Page: "en/connect/atlantis", Digits: "1"}, "en/menu/sorry", ivr.LostPage},
		{ivr.Turn{Page: "es/connect/atlantis"}, "es/menu/sorry", ivr.LostPage},
		{ivr.Turn{Page: "fr/menu", Digits: "7"}, "en/menu/sorry", ivr.LostPage},
		{ivr.Turn{Page: "../../etc/passwd"}, "en/menu/sorry", ivr.LostPage},
	} {
		answer := line.Answer(tt.turn)
		if answer.Page.Name != tt.want || answer.Outcome != tt.outcome {
			t.Errorf("%+v: %s, %s; want %s, %s", tt.turn, answer.Page.Name, answer.Outcome, tt.want, tt.outcome)
		}
		if again := line.Answer(tt.turn); string(again.Document) != string(answer.Document) {
			t.Errorf("%+v: the same turn got two answers", tt.turn)
		}
	}
}

// TestCallerID: the payment line is shown the caller's own number, or else one
// that is known to be one.
func TestCallerID(t *testing.T) {
	settings := withTransfer
	settings.CallerID = "+18005550123"
	plain, _ := compile(t, "", withTransfer)
	configured, _ := compile(t, "", settings)
	for _, tt := range []struct {
		line             *ivr.Line
		from, to, wanted string
	}{
		{plain, "+14045550100", "+18005550199", ""},
		{plain, "anonymous", "+18005550199", "+18005550199"},
		{plain, "", "+18005550199", "+18005550199"},
		{plain, "+266696687", "+18005550199", "+18005550199"},
		{plain, "anonymous", `sip:line@example.com`, ""},
		{plain, "anonymous", `"><Hangup/>`, ""},
		{configured, "anonymous", "+18005550199", "+18005550123"},
		{configured, "anonymous", "sip:line@example.com", "+18005550123"},
		{configured, "+14045550100", "+18005550199", ""},
	} {
		answer := tt.line.Answer(ivr.Turn{Page: "en/menu", Digits: "7",
			Caller: ivr.Caller{Number: tt.from}, Called: tt.to})
		response, err := twiml.Unmarshal(answer.Document)
		if err != nil {
			t.Fatal(err)
		}
		if got := response[1].(twiml.Dial).CallerID; got != tt.wanted {
			t.Errorf("from %q to %q: caller ID %q, want %q", tt.from, tt.to, got, tt.wanted)
		}
	}
}

// TestOverLongPage: Twilio would refuse the page while a caller waits for it, so
// the start is refused, by the name of the sentence.
func TestOverLongPage(t *testing.T) {
	folder := fstest.MapFS{}
	for _, name := range []string{"directory.yaml", "prompts/en.yaml", "prompts/es.yaml"} {
		text, err := os.ReadFile("../data/" + name)
		if err != nil {
			t.Fatal(err)
		}
		folder[name] = &fstest.MapFile{Data: text}
	}
	es := folder["prompts/es.yaml"]
	es.Data = []byte(strings.Replace(string(es.Data), "goodbye: Adiós.", "goodbye: "+strings.Repeat("adiós ", 600), 1))
	dir, err := data.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	_, err = ivr.Compile(dir, withTransfer)
	want := "page es/goodbye: it says 4199 characters at a stretch, Twilio takes 3000: " +
		"shorten the prompt goodbye (or the names it is filled with), its longest"
	if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "prompts/es.yaml:7") {
		t.Errorf("got %v, want prompts/es.yaml:7x: %s", err, want)
	}
}

// TestStatic: the document for another host reads every number in every language
// and asks for no URL.
func TestStatic(t *testing.T) {
	line, dir := compile(t, "", withTransfer)
	response, err := twiml.Unmarshal(line.Static())
	if err != nil {
		t.Fatal(err)
	}
	gather := response[0].(twiml.Gather)
	if gather.Action != "" || strings.Contains(string(line.Static()), "/voice") {
		t.Error("the document asks for a URL of ours")
	}
	said := words(gather.Prompts)
	for _, r := range dir.Regions {
		digits := strings.Join(strings.Split(string(r.Phone.Number[1:]), ""), " ")
		if got := strings.Count(strings.ReplaceAll(said, ",", ""), digits); got != 2 {
			t.Errorf("the number of %s is read %d times, want once in each of 2 languages", r.ID, got)
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	dir, err := data.Open("")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ivr.Compile(dir, withTransfer); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAnswer is the pure part of a turn.
func BenchmarkAnswer(b *testing.B) {
	line, _ := compile(b, "", withTransfer)
	turn := ivr.Turn{Page: "en/menu", Digits: "7", Called: "+18005550199",
		Caller: ivr.Caller{Number: "+14045550100", State: "GA", City: "ATLANTA", ZIP: "30303"}}
	b.ReportAllocs()
	for b.Loop() {
		line.Answer(turn)
	}
}
