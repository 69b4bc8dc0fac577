package data_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"premiumline/data"
)

// edited returns the built-in folder with one text changed in one file.
func edited(t *testing.T, file, old, new string) fstest.MapFS {
	t.Helper()
	folder := fstest.MapFS{}
	for _, name := range []string{"directory.yaml", "prompts/en.yaml", "prompts/es.yaml"} {
		text, err := fs.ReadFile(data.BuiltIn(), name)
		if err != nil {
			t.Fatal(err)
		}
		folder[name] = &fstest.MapFile{Data: text}
	}
	text := string(folder[file].Data)
	if old != "" && !strings.Contains(text, old) {
		t.Fatalf("%s has no %q to change", file, old)
	}
	folder[file].Data = []byte(strings.Replace(text, old, new, 1))
	return folder
}

const (
	directory = "directory.yaml"
	english   = "prompts/en.yaml"
	spanish   = "prompts/es.yaml"
)

// TestMistakes: every mistake names its file, line, what is wrong and the mend.
// The line is the one where at stands, or the new text.
func TestMistakes(t *testing.T) {
	for name, tt := range map[string]struct{ file, old, new, at, want string }{
		"YAML that is none": {directory, "independent: true", "independent: [true", "",
			`did not find expected ',' or ']': is this valid YAML?`},
		"an unknown field": {directory, "independent:", "indepedent:", "",
			`unknown field "indepedent": look for a slip in its spelling or indentation; data/README.md lists the fields`},
		"a field twice": {directory, "independent: true", "independent: true\nindependent:  true", "independent:  true",
			`"independent" stands here again, first at line 5: keep one`},
		"a list for a text": {directory, "organisation: Kaiser Permanente", "organisation: [Kaiser]", "",
			`a list does not belong here: data/README.md shows the form of this field`},
		"no organisation": {directory, "organisation: Kaiser Permanente", "organisation:", "",
			`the organisation has no name: the greeting says it`},
		"a number that is not E.164": {directory, `"+18776997407"`, `"1 877 699 7407"`, "",
			`"1 877 699 7407" is no E.164 number: write +, the country code and the number, without spaces (+1 and ten digits for the United States)`},
		"a digit too few": {directory, `"+18776997407"`, `"+1877699740"`, "",
			`"+1877699740" is no E.164 number: write +, the country code and the number, without spaces (+1 and ten digits for the United States)`},
		"a key used twice": {directory, "key: 7", "key:  6", "",
			`key 6 is used twice: give each line its own, or list the regions in one line`},
		"a key that is taken": {directory, "key: 8", "key: 9", "",
			`key 9 is not to be had: a line's key is 1 to 8 (9 changes the language, 0 is help)`},
		"a region without a line": {directory, "  - key: 8\n    regions: [hawaii]\n", "", "- id: hawaii",
			`region hawaii has no line: nobody can reach it; add it to one of the lines`},
		"a line without a region": {directory, "regions: [hawaii]", "regions: [hawai]", "",
			`there is no region "hawai": add it to regions, or mend the name`},
		"a region on two lines": {directory, "regions: [hawaii]", "regions: [hawaii, georgia]", "",
			`region georgia has a line already: keep one`},
		"a name in one language only": {directory, "name: {en: Georgia, es: Georgia}", "name: {en: Georgia}", "",
			`the words in language es are missing: add es: ...`},
		"a name in a language too many": {directory, "name: {en: Georgia, es: Georgia}", "name: {en: Georgia, es: Georgia, fr: Géorgie}", "",
			`language fr is not among languages: add it there, or drop this`},
		"a fact without a source": {directory, "      tty: \"711\"\n      source: {name: bill-pay-page, taken: 2026-11-23}\n", "      tty: \"711\"\n", "phone:",
			`this fact has no source: name one of sources`},
		"a source that is not listed": {directory, "source: {name: numbering,", "source: {name: hearsay,", "",
			`source "hearsay" is not among sources: add it there`},
		"a day that is none": {directory, "taken: 2026-11-23", "taken: last Monday", "",
			`"last Monday" is no day: write it like 2026-11-23`},
		"an area code of two digits": {directory, "area_codes: [808]", "area_codes: [80]", "",
			`"80" is not what belongs here: an area code of three digits, 404`},
		"a range that runs backwards": {directory, "zips: [967-968]", "zips: [968-967]", "",
			`the range 968-967 runs backwards or mixes lengths: write 300-319`},
		"an address that is said otherwise": {directory, "say: k p . org / pay premium", "say: k p . org / pay bill", "",
			`what is said spells "kp.org/paybill", the address is "kp.org/paypremium": write its words and letters apart, with . and / between them`},
		"a P.O. box that is said otherwise": {directory, "en: Kaiser Permanente, P O Box 7 1 7 2", "en: Kaiser Permanente, P O Box 7 1 2 7", "",
			`the spoken address has other digits than the written one: say every digit of it, in order`},
		"hours that are none": {directory, "open: 24/7", "open: always", "",
			`open is "always": write 24/7, or leave it blank where the hours are not known`},
		"a language without prompts": {directory, "languages: [en, es]", "languages: [en, fr]", "",
			`language fr has no prompts: write prompts/fr.yaml`},
		"a prompt missing in Spanish": {spanish, "  goodbye: Adiós.\n", "", "prompts:",
			`prompt goodbye is missing: write it in this language`},
		"a prompt that says nothing": {english, "goodbye: Goodbye.", "goodbye: ''", "",
			`prompt goodbye says nothing: write the sentence in this language`},
		"an unknown placeholder": {english, "{organisation} premium", "{organization} premium", "",
			`prompt greeting unknown placeholder {organization}: this prompt takes {organisation}`},
		"a placeholder too few": {english, "For {name}, press {key}.", "For {name}, press it.", "",
			`prompt first lacks {key}: the caller would not hear it`},
		"a brace alone": {english, "For {name}, press {key}.", "For {name}, press {key}}.", "",
			`prompt first has a brace without its partner: write placeholders as {name}`},
		"an unknown prompt": {english, "  goodbye: Goodbye.", "  goodby: Goodbye.", "",
			`unknown field "goodby": look for a slip in its spelling or indentation; data/README.md lists the fields`},
		"no voice": {english, "voice: Polly.Joanna", "voice:", "",
			`the voice is missing: name one that Twilio has for en-US, Polly.Joanna`},
	} {
		t.Run(name, func(t *testing.T) {
			folder := edited(t, tt.file, tt.old, tt.new)
			before, _, _ := strings.Cut(string(folder[tt.file].Data), cmp.Or(tt.at, tt.new))
			want := fmt.Sprintf("%s:%d: %s", tt.file, 1+strings.Count(before, "\n"), tt.want)
			_, err := data.Load(folder)
			if err == nil {
				t.Fatalf("no mistake, want\n%s", want)
			}
			if got := strings.Split(err.Error(), "\n"); !slices.Contains(got, want) {
				t.Errorf("got\n%s\nwant\n%s", err, want)
			}
		})
	}
}

// TestMistakesOfALineByZIP: what a line of more regions than keys must have.
func TestMistakesOfALineByZIP(t *testing.T) {
	written, err := os.ReadFile("testdata/tenstates/directory.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct{ old, new, want string }{
		"no name": {`    name: {en: the North.*?\n`, "",
			`the line of key 1 has 9 regions and no name: add a name that the menu says instead of theirs`},
		"a region without ZIP codes": {`zips: \[039-049\], `, "",
			`nobody reaches region maine: a line of more than 8 regions asks for the ZIP code; list the region's under callers`},
		"a ZIP code of them all": {`zips: \[`, "zips: [999, ",
			`ZIP code 999 is listed for more than 8 regions of key 1, too many to ask: list longer codes`},
		"no number for who presses nothing": {`  - key: 2.*?\n\n|member_services.*`, "",
			`every line has more than 8 regions and asks for the ZIP code: a caller who presses nothing would hear no number; add member_services`},
	} {
		t.Run(name, func(t *testing.T) {
			text := regexp.MustCompile(`(?s)`+tt.old).ReplaceAll(written, []byte(tt.new))
			_, err := data.Load(fstest.MapFS{directory: {Data: text}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got\n%v\nwant\n%s", err, tt.want)
			}
		})
	}
}

// TestAllMistakesAtOnce: an author mends everything in one go.
func TestAllMistakesAtOnce(t *testing.T) {
	folder := edited(t, directory, "key: 7", "key: 6")
	folder[spanish] = edited(t, spanish, "  goodbye: Adiós.\n", "")[spanish]
	folder[english] = edited(t, english, "{organisation}", "{org}")[english]
	_, err := data.Load(folder)
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Errorf("got %v, want four mistakes, a line each", err)
	}
}

// TestNothingButTheSeed: every number and address of the directory stands on the
// page that it names as its source, and the regions are the page's.
func TestNothingButTheSeed(t *testing.T) {
	dir, err := data.Open("")
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/seed.txt")
	if err != nil {
		t.Fatal(err)
	}
	seed := strings.ReplaceAll(string(text), "kp. org", "kp.org")
	regions := regexp.MustCompile(`• ([A-Z][A-Za-z ]+): ([\d -]+) \(TTY (\d+)\)`).FindAllStringSubmatch(seed, -1)
	if len(regions) != 10 || len(dir.Regions) != 10 {
		t.Fatalf("the page has %d regions, the directory %d, want 10", len(regions), len(dir.Regions))
	}
	for _, m := range regions {
		r := dir.Region(strings.ReplaceAll(strings.ToLower(m[1]), " ", "-"))
		if want := "+" + strings.NewReplacer(" ", "", "-", "").Replace(m[2]); string(r.Phone.Number) != want ||
			r.Phone.TTY != m[3] || r.Phone.Open != data.AlwaysOpen {
			t.Errorf("%s is %+v, want %s, TTY %s, 24/7", m[1], r.Phone, want, m[3])
		}
	}
	for _, fact := range append([]string{
		"1-800-464-4000", dir.Online.Guest.Address, dir.Online.SignIn.Address, dir.Online.Regions[2].Address,
		strings.Join(dir.Mail.Address, " "),
	}, dir.Organisation) {
		if !strings.Contains(seed, fact) {
			t.Errorf("%q does not stand on the page", fact)
		}
	}
	if n := dir.MemberServices.Phone; n.Number != "+18004644000" || n.Open != "" || n.TTY != "" {
		t.Errorf("Member Services is %+v, want the page's number and nothing else", n)
	}
	for _, blank := range dir.Online.Regions[:2] {
		if blank.Address != "" {
			t.Errorf("%v pay online at %q, the page leaves it blank", blank.Regions, blank.Address)
		}
	}
}

// TestAnotherOrganisation: a folder without prompts is said with the built-in
// ones.
func TestAnotherOrganisation(t *testing.T) {
	dir, err := data.Open("testdata/riverbend")
	if err != nil {
		t.Fatal(err)
	}
	if got := dir.Prompts["en"].Prompts.Greeting.Text; got != "{organisation} premium payment numbers." {
		t.Errorf("the greeting is %q", got)
	}
}

func TestNumberForm(t *testing.T) {
	for number, want := range map[data.Number]bool{
		"+18776997407": true, "+12025550100": true, "+442079460100": true, "+2345678": true,
		"+234567890123456": true, "+2345678901234567": false, "+234567": false, "": false, "+": false,
		"18776997407": false, "+1877699740": false, "+187769974070": false, "+11776997407": false,
		"+18771997407": false, "+0442079460": false, "+1877699740a": false, "+1 8776997407": false,
		"+44２079460100": false, "+44207a9460100": false, "++18776997407": false, "anonymous": false,
	} {
		if number.Valid() != want {
			t.Errorf("%q: valid is %v, want %v", number, !want, want)
		}
	}
}

func TestReadOutGroups(t *testing.T) {
	for number, want := range map[data.Number]string{
		"+18776997407":   "1 877 699 74 07",
		"+442079460100":  "442 079 460 100",
		"+4930123456":    "493 012 3456",
		"+3531234567890": "353 123 456 7890",
	} {
		if got := strings.Join(number.Groups(), " "); got != want {
			t.Errorf("%s is read %s, want %s", number, got, want)
		}
	}
}
