package ivr_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"premiumline/data"
	"premiumline/ivr"
	"premiumline/twiml"
)

// withTransfer are the settings of a line as most operators run it.
var withTransfer = ivr.Settings{Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second}

// readOnly are those of a line that never dials.
var readOnly = ivr.Settings{Base: "/voice", TransferTimeout: 30 * time.Second}

// withTexts are those of a line that can send texts.
var withTexts = ivr.Settings{Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second, Texts: true}

// riverbend is the folder of a made-up organisation: two regions share a key and
// have different numbers, and there is one language.
const riverbend = "../data/testdata/riverbend"

// tenStates is that of one whose first line has more regions than a second question
// has keys.
const tenStates = "../data/testdata/tenstates"

func compile(t testing.TB, folder string, s ivr.Settings) (*ivr.Line, *data.Directory) {
	t.Helper()
	dir, err := data.Open(folder)
	if err != nil {
		t.Fatal(err)
	}
	line, err := ivr.Compile(dir, s)
	if err != nil {
		t.Fatal(err)
	}
	return line, dir
}

// TestEveryPageEveryKey holds the whole compiled graph to what it promises.
func TestEveryPageEveryKey(t *testing.T) {
	for name, tt := range map[string]struct {
		folder   string
		settings ivr.Settings
	}{
		"with transfer":        {"", withTransfer},
		"read out only":        {"", readOnly},
		"with texts":           {"", withTexts},
		"another organisation": {riverbend, withTransfer},
		"many regions a key":   {tenStates, withTransfer},
		"the same, read out":   {tenStates, readOnly},
	} {
		t.Run(name, func(t *testing.T) {
			line, dir := compile(t, tt.folder, tt.settings)
			for _, problem := range problems(line, dir) {
				t.Error(problem)
			}
		})
	}
}

// TestARemovedKeyIsSeen makes sure that problems sees what it is there to see.
func TestARemovedKeyIsSeen(t *testing.T) {
	for _, cut := range []struct{ page, key string }{
		{"en/menu", "7"}, {"es/menu/again", "1"}, {"en/zip", "*"}, {"es/mail", "0"},
		{"en/help", "9"}, {"en/connect/georgia", "#"},
	} {
		line, dir := compile(t, "", withTransfer)
		i := slices.IndexFunc(line.Pages(), func(p *ivr.Page) bool { return p.Name == cut.page })
		delete(line.Pages()[i].Choices, cut.key)
		if len(problems(line, dir)) == 0 {
			t.Errorf("nobody missed key %s of page %s", cut.key, cut.page)
		}
	}
}

// problems returns what is wrong with a line of the directory.
func problems(line *ivr.Line, dir *data.Directory) []string {
	v := &verifier{line: line, dir: dir, pages: map[string]*ivr.Page{}}
	for _, p := range line.Pages() {
		v.pages[p.Name] = p
	}
	for _, p := range line.Pages() {
		v.everyKeyLeadsOn(p)
		v.silenceEnds(p)
		v.commonKeys(p)
		v.numbersAreKnown(p)
		v.messageTells(p)
	}
	v.everyRegionIsReached()
	return v.found
}

type verifier struct {
	line  *ivr.Line
	dir   *data.Directory
	pages map[string]*ivr.Page
	found []string
}

func (v *verifier) problem(format string, args ...any) {
	v.found = append(v.found, fmt.Sprintf(format, args...))
}

// from returns the page after a turn on the named page.
func (v *verifier) from(page, digits string) *ivr.Page {
	next := v.line.Answer(ivr.Turn{Page: page, Digits: digits}).Page
	return next
}

// allKeys are keys and silence, wrong, short and long ones, and ZIP codes of
// every kind.
var allKeys = append(strings.Split("0123456789*#", ""), "", "11", "12", "1*", "##", "30301",
	"98602", "98661", "20005", "00000", "12345", "1234*", "123456", "303011234")

func (v *verifier) everyKeyLeadsOn(p *ivr.Page) {
	for _, digits := range allKeys {
		if next := v.from(p.Name, digits); next == nil {
			v.problem("%s, keys %q: no page", p.Name, digits)
		} else if strings.HasSuffix(next.Name, "/sorry") {
			v.problem("%s, keys %q: an apology", p.Name, digits)
		}
	}
	for _, status := range []string{"completed", "answered", "busy", "no-answer", "failed", "canceled", "?"} {
		if next := v.line.Answer(ivr.Turn{Page: p.Name, DialStatus: status}).Page; next == nil {
			v.problem("%s, transfer %s: no page", p.Name, status)
		}
	}
}

// silenceEnds: a caller who does nothing hears a number before the call ends,
// and it does end. A transfer is one way to end.
func (v *verifier) silenceEnds(p *ivr.Page) {
	heard := false
	for range 12 {
		if p.Final {
			if !heard && !strings.HasSuffix(p.Name, "/goodbye") {
				v.problem("%s: the call ends without a number", p.Name)
			}
			return
		}
		heard = heard || tellsANumber(p)
		p = v.from(p.Name, "")
		if p.Number != "" {
			p = v.line.Answer(ivr.Turn{Page: p.Name, DialStatus: "busy"}).Page
		}
	}
	v.problem("%s: silence never ends", p.Name)
}

func tellsANumber(p *ivr.Page) bool {
	response, err := twiml.Unmarshal(p.Documents()[0])
	return err == nil && len(numbersOf(response)) > 0
}

// commonKeys: zero helps, star repeats and nine changes the language on every
// page that takes keys; pound connects where a number is told.
func (v *verifier) commonKeys(p *ivr.Page) {
	language, name, _ := strings.Cut(p.Name, "/")
	if p.Final || strings.HasPrefix(name, "dial/") {
		return
	}
	if next := v.from(p.Name, "0"); next.Name != language+"/help" {
		v.problem("%s: zero leads to %s", p.Name, next.Name)
	}
	again := v.from(p.Name, "*")
	if !maps.Equal(again.Choices, p.Choices) || again.Number != p.Number {
		v.problem("%s: star leads to %s, where other keys count", p.Name, again.Name)
	}
	other := v.from(p.Name, "9")
	if kind := func(n string) string { return strings.Split(n, "/")[1] }; len(v.dir.Languages) > 1 &&
		(kind(other.Name) != kind(p.Name) || strings.HasPrefix(other.Name, language)) {
		v.problem("%s: nine leads to %s", p.Name, other.Name)
	}
	if next := v.from(p.Name, "#"); strings.HasPrefix(name, "connect/") && next.Number != p.Number {
		v.problem("%s: pound does not connect", p.Name)
	}
}

// spoken matches a number of the North American plan as it is read out.
var spoken = regexp.MustCompile(`\b1, (\d) (\d) (\d), (\d) (\d) (\d), (\d) (\d), (\d) (\d)`)

// numbersAreKnown: every number dialled or read, on any document of the page, is in
// the directory; and on a page about one line it is that line's.
func (v *verifier) numbersAreKnown(p *ivr.Page) {
	for _, document := range p.Documents() {
		response, err := twiml.Unmarshal(document)
		if err != nil {
			v.problem("%s: %v", p.Name, err)
			continue
		}
		for _, n := range numbersOf(response) {
			if !v.belongs(n, p) {
				v.problem("%s dials or reads %s", p.Name, n)
			}
		}
	}
}

// messageTells: a text message has the number of the region its page is about.
func (v *verifier) messageTells(p *ivr.Page) {
	if p.Message == "" {
		return
	}
	region, _, _ := strings.Cut(p.About, ".")
	if number := v.dir.Region(region).Phone.Number; !strings.Contains(p.Message, number.Written()) {
		v.problem("%s: the text %q lacks %s", p.Name, p.Message, number)
	}
}

// numbersOf returns the numbers that a document dials or reads.
func numbersOf(response twiml.Response) (numbers []data.Number) {
	for _, verb := range response {
		switch verb := verb.(type) {
		case twiml.Dial:
			numbers = append(numbers, data.Number(verb.Numbers[0].E164))
		case twiml.Gather:
			for _, said := range spoken.FindAllStringSubmatch(words(verb.Prompts), -1) {
				numbers = append(numbers, data.Number("+1"+strings.Join(said[1:], "")))
			}
		}
	}
	return numbers
}

// belongs tells whether a number may be told on a page: it is in the directory, and
// that of the region, or the service, the page is about.
func (v *verifier) belongs(n data.Number, p *ivr.Page) bool {
	if p.About == data.MemberServices {
		return n == v.dir.MemberServices.Phone.Number
	}
	if p.About != "" {
		region, _, _ := strings.Cut(p.About, ".")
		return n == v.dir.Region(region).Phone.Number
	}
	return slices.ContainsFunc(v.dir.Phones(), func(p data.Phone) bool { return p.Number == n })
}

// words returns what verbs say.
func words(verbs []twiml.Verb) string {
	var all []string
	for _, verb := range verbs {
		if say, ok := verb.(twiml.Say); ok {
			all = append(all, twiml.Plain(say.Speech))
		}
	}
	return strings.Join(all, " ")
}

// everyRegionIsReached: with its key alone, or with a second one or a ZIP code where
// numbers differ, the caller gets the region's own number, in every language.
func (v *verifier) everyRegionIsReached() {
	for _, language := range v.dir.Languages {
		for _, l := range v.dir.Lines {
			for i, id := range l.Regions {
				next := v.from(language+"/menu", fmt.Sprint(l.Key))
				if strings.Contains(next.Name, "/which/") {
					next = v.from(next.Name, fmt.Sprint(i+1))
				}
				if strings.HasSuffix(next.Name, "/zip") {
					next = v.from(next.Name, (v.dir.Region(id).Callers.Prefixes()[0] + "00")[:5])
				}
				if !v.tells(next, v.dir.Region(id).Phone.Number) {
					v.problem("%s: key %d leads to %s, not to %s", language, l.Key, next.Name, id)
				}
			}
		}
	}
}

// tells reports whether a page dials the number, or reads it out.
func (v *verifier) tells(p *ivr.Page, number data.Number) bool {
	if p.Number != "" {
		return p.Number == number
	}
	last := v.line.Answer(ivr.Turn{Page: p.Name, Digits: "*"}).Page // the page itself
	document := v.line.Answer(ivr.Turn{Page: p.Name, Digits: "*"}).Document
	response, err := twiml.Unmarshal(document)
	if err != nil || last.Name != p.Name {
		return false
	}
	said := spoken.FindStringSubmatch(words(response[0].(twiml.Gather).Prompts))
	return said != nil && number == data.Number("+1"+strings.Join(said[1:], ""))
}
