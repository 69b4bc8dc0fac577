package ivr_test

import (
	"strings"
	"testing"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/twiml"
)

// offered returns what the menu offers a caller first: the sentences before
// "Or, for ...", or none.
func offered(t *testing.T, line *ivr.Line, c ivr.Caller) string {
	t.Helper()
	document := line.Answer(ivr.Turn{Page: "en/menu", Digits: "*", Caller: c}).Document
	response, err := twiml.Unmarshal(document)
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(words(response[0].(twiml.Gather).Prompts), "oprima nueve. ")
	first, _, likely := strings.Cut(list, " Or, for")
	if !likely {
		return ""
	}
	return first
}

func number(areaCode string) ivr.Caller { return ivr.Caller{Number: "+1" + areaCode + "5550100"} }

// TestLikelyRegion is the table of caller-experience: area codes first, then the
// state, and the rate centre's city and ZIP code where they settle it.
func TestLikelyRegion(t *testing.T) {
	line, _ := compile(t, "", withTransfer)
	const (
		north  = "For Northern California, press 1."
		south  = "For Southern California, press 2."
		line3  = "For Maryland or Virginia, press 3."
		line4  = "For Oregon or Southwest Washington, press 4."
		line5  = "For Washington State, outside the southwest, press 5."
		ask45  = "For Southwest Washington, near Vancouver or Longview, press 4. For elsewhere in Washington State, press 5."
		ask12  = north + " " + south
		nobody = ""
	)
	for _, tt := range []struct {
		codes string
		want  string
	}{
		{"209 350 341 510 369 707 408 669 415 628 530 837 559 357 650 831 916 279 925", north},
		{"213 323 738 310 424 442 760 562 619 858 626 657 714 661 747 818 805 820 840 909 949 951", south},
		{"503 971 541 458", line4},
		{"206 253 425 509", line5},
		{"360 564", ask45},
		{"303 720 983 719 970 748", "For Colorado, press 6."},
		{"404 678 470 943 770 706 762 478 912 229", "For Georgia, press 7."},
		{"808", "For Hawaii, press 8."},
		{"301 240 227 410 443 667 703 571 804 686 757 948 540 826 434 276 202 771", line3},
		{"212 800 888 907 416", nobody}, // elsewhere
	} {
		for _, code := range strings.Fields(tt.codes) {
			if got := offered(t, line, number(code)); got != tt.want {
				t.Errorf("from area code %s: offered %q, want %q", code, got, tt.want)
			}
		}
	}
	for _, tt := range []struct {
		name string
		from ivr.Caller
		want string
	}{
		{"360 in Vancouver", ivr.Caller{Number: "+13605550100", City: "VANCOUVER", State: "WA"}, line4},
		{"564 in Battle Ground", ivr.Caller{Number: "+15645550100", City: "Battle Ground"}, line4},
		{"360 in Bellingham", ivr.Caller{Number: "+13605550100", City: "BELLINGHAM", State: "WA"}, ask45},
		{"206 named like a southwestern city", ivr.Caller{Number: "+12065550100", City: "VANCOUVER"}, line5},
		{"new area code, state", ivr.Caller{Number: "+13315550100", State: "GA"}, "For Georgia, press 7."},
		{"new area code in Washington", ivr.Caller{Number: "+13315550100", State: "WA"}, ask45},
		{"the same in Kelso", ivr.Caller{Number: "+13315550100", State: "WA", City: "KELSO"}, line4},
		{"new area code in California, ZIP of the north", ivr.Caller{Number: "+13315550100", State: "CA", ZIP: "94612"}, north},
		{"the same, ZIP of Kings County", ivr.Caller{Number: "+13315550100", State: "CA", ZIP: "93230"}, north},
		{"the same, ZIP of the south", ivr.Caller{Number: "+13315550100", State: "CA", ZIP: "90012"}, south},
		{"the same without a ZIP", ivr.Caller{Number: "+13315550100", State: "CA"}, ask12},
		{"a ZIP counts only in California", ivr.Caller{Number: "+13315550100", State: "WA", ZIP: "98661"}, ask45},
		{"an area code beats the state", ivr.Caller{Number: "+14045550100", State: "CA", ZIP: "94612"}, "For Georgia, press 7."},
		{"the District by state", ivr.Caller{Number: "+13315550100", State: "DC"}, line3},
		{"abroad", ivr.Caller{Number: "+442079460100", State: "GA"}, nobody},
		{"no number", ivr.Caller{Number: "", State: "GA"}, nobody},
		{"anonymous", ivr.Caller{Number: "anonymous", State: "GA"}, nobody},
		{"ANONYMOUS on a keypad", ivr.Caller{Number: "+266696687"}, nobody},
		{"a SIP address", ivr.Caller{Number: "sip:alice@example.com", State: "GA"}, nobody},
		{"a client", ivr.Caller{Number: "client:alice"}, nobody},
		{"a short number", ivr.Caller{Number: "+1404"}, nobody},
	} {
		if got := offered(t, line, tt.from); got != tt.want {
			t.Errorf("%s: offered %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestZIPCode is the ZIP table of caller-experience.
func TestZIPCode(t *testing.T) {
	const (
		line3   = "connect/maryland.virginia"
		ask45   = "which/southwest-washington.washington"
		outside = "menu/outside"
	)
	line, _ := compile(t, "", withTransfer)
	for zips, want := range map[string]string{
		"90001 93599 93201 93238 93261":                               "connect/southern-california",
		"93202 93204 93212 93230 93232 93234 93239 93242 93245 93266": "connect/northern-california",
		"93601 96199 94612":                                           "connect/northern-california",
		"96701 96899":                                                 "connect/hawaii",
		"97001 97999":                                                 "connect/oregon",
		"98601 98661 98581 98632 98612":                               "connect/southwest-washington",
		"98605 98620 98672 98673 98624 98631 98644":                   ask45,
		"98001 98101 98580 98582 98501 98801 99201 99403 99322":       "connect/washington",
		"80001 81699":                                                 "connect/colorado",
		"30001 31999 39801 39901":                                     "connect/georgia",
		"20001 20599":                                                 line3,
		"20601 21999":                                                 "connect/maryland",
		"22001 24699":                                                 "connect/virginia",
		"00000 10001 39701 40001 81701 96201 96901 98701 99501 24701": outside,
		"987 9470 1234* #9470": "zip/wrong",
	} {
		for _, zip := range strings.Fields(zips) {
			page := line.Answer(ivr.Turn{Page: "en/zip", Digits: zip}).Page
			if page.Name != "en/"+want {
				t.Errorf("ZIP code %s leads to %s, want en/%s", zip, page.Name, want)
			}
		}
	}
}

// TestZIPCodeOfSeveralLines: where a ZIP code's regions have different numbers, a
// question asks, by the menu's keys.
func TestZIPCodeOfSeveralLines(t *testing.T) {
	line, _ := compile(t, riverbend, withTransfer)
	for digits, want := range map[string]string{
		"20001": "en/connect/north-bank",
		"20101": "en/connect/delta",
		"20005": "en/which/north-bank.south-bank.delta",
		"20301": "en/menu/outside",
	} {
		page := line.Answer(ivr.Turn{Page: "en/zip", Digits: digits}).Page
		if page.Name != want {
			t.Errorf("ZIP code %s leads to %s, want %s", digits, page.Name, want)
		}
	}
	page := line.Answer(ivr.Turn{Page: "en/which/north-bank.south-bank.delta", Digits: "1"}).Page
	if want := "en/which/north-bank.south-bank"; page.Name != want {
		t.Errorf("key 1 leads to %s, want %s", page.Name, want)
	}
}

// TestNumbersOfTheSeed: every region's key leads to the number that the seed page
// prints for it.
func TestNumbersOfTheSeed(t *testing.T) {
	line, dir := compile(t, "", withTransfer)
	want := map[string]data.Number{
		"northern-california": "+18773659900", "southern-california": "+18662886729",
		"oregon": "+18777295590", "southwest-washington": "+18777295590",
		"colorado": "+18777994700", "georgia": "+18776997407", "hawaii": "+18775782700",
		"maryland": "+18007777902", "virginia": "+18007777902", "washington": "+18446322045",
	}
	if len(dir.Regions) != len(want) {
		t.Errorf("the directory has %d regions, the page has %d", len(dir.Regions), len(want))
	}
	for _, r := range dir.Regions {
		for _, language := range dir.Languages {
			page := line.Answer(ivr.Turn{Page: language + "/connect/" + r.ID, Digits: ""}).Page
			if page.Number != want[r.ID] {
				t.Errorf("%s in %s dials %s, want %s", r.ID, language, page.Number, want[r.ID])
			}
		}
	}
}

// TestOfferedAndTaken: what the call log is told of a guess.
func TestOfferedAndTaken(t *testing.T) {
	line, _ := compile(t, "", withTransfer)
	vancouver := number("360")
	vancouver.City = "VANCOUVER"
	for _, tt := range []struct {
		from    ivr.Caller
		page    string
		keys    string
		offered string
		taken   bool
	}{
		{number("404"), "", "", "georgia", false},
		{number("404"), "en/menu", "7", "georgia", true},
		{number("404"), "en/menu/zip", "77", "georgia", true},
		{number("404"), "en/menu", "6", "georgia", false},
		{number("404"), "en/menu", "", "georgia", false},
		{number("404"), "en/help", "5", "georgia", false},
		{number("360"), "es/menu/again", "5", "southwest-washington+washington", true},
		{number("360"), "es/menu/again", "4", "southwest-washington+washington", true},
		{vancouver, "en/menu", "4", "oregon.southwest-washington", true},
		{number("212"), "en/menu", "1", "", false},
	} {
		got := line.Answer(ivr.Turn{Page: tt.page, Digits: tt.keys, Caller: tt.from})
		if got.Offered != tt.offered || got.Taken != tt.taken {
			t.Errorf("%s on %s, keys %q: offered %q, taken %v; want %q, %v",
				tt.from.Number, tt.page, tt.keys, got.Offered, got.Taken, tt.offered, tt.taken)
		}
	}
}
