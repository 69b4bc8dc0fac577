package ops_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"premiumline/calllog"
	"premiumline/internal/chrome"
)

// A morning of calls, one of each kind, by how long ago they began.
var morning = []struct {
	ago    time.Duration
	sid    string
	events []calllog.Event
}{
	{72 * time.Hour, "CAlastweek", []calllog.Event{
		answered("en", "206", "washington"),
		hungUp(5),
	}},
	{50 * time.Minute, "CAtransferred", []calllog.Event{
		answered("en", "404", "georgia"),
		taking(reaching(turn(9, "en/menu", "choice", "7", "en/connect/georgia"),
			calllog.Transferred, "georgia")),
		dialed(200, "en/connect/georgia", "georgia", "completed", 180, "en/number/georgia/ended"),
		hungUp(205),
	}},
	{40 * time.Minute, "CAspanish", []calllog.Event{
		answered("en", "213", "southern-california"),
		turn(4, "en/menu", "choice", "9", "es/menu"),
		reaching(turn(15, "es/menu", "choice", "2", "es/connect/southern-california"),
			calllog.Transferred, "southern-california"),
		dialed(40, "es/connect/southern-california", "southern-california", "busy", 0,
			"es/number/southern-california/busy"),
		hungUp(90),
	}},
	{30 * time.Minute, "CAsilent", []calllog.Event{
		answered("en", "", ""),
		turn(38, "en/menu", calllog.Silence, "", "en/menu/again"),
		turn(70, "en/menu/again", calllog.Silence, "", "en/menu/zip"),
		hungUp(80),
	}},
	{20 * time.Minute, "CAwrong", []calllog.Event{
		answered("en", "808", "hawaii"),
		turn(12, "en/menu", calllog.Wrong, "#", "en/menu/wrong"),
		reaching(turn(21, "en/menu/wrong", "choice", "7", "en/number/georgia"),
			calllog.ReadOut, "georgia"),
		hungUp(60),
		textBecame(65, "georgia", calllog.TextDelivered),
	}},
	{10 * time.Minute, "CAservices", []calllog.Event{
		answered("en", "303", "colorado"),
		turn(20, "en/menu", "choice", "0", "en/help"),
		reaching(turn(40, "en/help", "choice", "6", "en/connect/member-services"),
			calllog.MemberServices, "member-services"),
		dialed(100, "en/connect/member-services", "member-services", "completed", 55,
			"en/number/member-services/ended"),
		hungUp(110),
	}},
	{time.Minute, "CAnow", []calllog.Event{
		answered("en", "415", "northern-california"),
	}},
}

// noteMorning writes the calls and returns now.
func noteMorning(l *listener) time.Time {
	l.Helper()
	now := time.Now().Truncate(time.Second)
	for _, c := range morning {
		l.note(now.Add(-c.ago), c.sid, c.events...)
	}
	return now
}

func TestFigures(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url)
	for selector, want := range map[string]string{
		"#title": "Calls today", "#organisation": "Kaiser Permanente",
		"#now": "1", "#all": "6", "#share": "66.7%", "#share-note": "4 of 6",
		"#median": "15 s", "#p95": "40 s",
		"#line-state": "Line answers", "#store-state": "Recording", "#live-state": "Live",
		"#regions": "Lines reached Georgia median 9 s 2 33.3% Member Services median 40 s 1 16.7% " +
			"Southern California median 15 s 1 16.7%",
		"#outcomes": "How calls went Transferred 2 33.3% Gave up 1 16.7% In progress 1 16.7% " +
			"Member services 1 16.7% Read out 1 16.7%",
		"#languages": "Languages English 60% reached a line 5 83.3% " +
			"Spanish 100% reached a line 1 16.7%",
		"#texts": "Texts Delivered 1 100%",
	} {
		p.Says(selector, want)
	}
	p.Lists("#transfers table",
		"Georgia | 1 | 1 | 0",
		"Member Services | 1 | 1 | 0",
		"Southern California | 1 | 0 | 1",
	)
	p.Lists("#funnel table",
		"Menu (en) | 6 | 0 | 1 | 1",
		"Menu · zip (en) | 1 | 1 | 0 | 0",
		"Connect · Georgia (en) | 1 | 0 | 0 | 0",
		"Connect · Member Services (en) | 1 | 0 | 0 | 0",
		"Help (en) | 1 | 0 | 0 | 0",
		"Menu · again (en) | 1 | 0 | 1 | 0",
		"Menu · wrong (en) | 1 | 0 | 0 | 0",
		"Number · Georgia (en) | 1 | 0 | 0 | 0",
		"Number · Georgia · ended (en) | 1 | 0 | 0 | 0",
		"Number · Member Services · ended (en) | 1 | 0 | 0 | 0",
		"Connect · Southern California (es) | 1 | 0 | 0 | 0",
		"Menu (es) | 1 | 0 | 0 | 0",
		"Number · Southern California · busy (es) | 1 | 0 | 0 | 0",
	)
	p.picture("light")
	label := chrome.Eval[string](p.Tab, `document.querySelector("#funnel canvas").getAttribute("aria-label")`)
	want := "Of 6 calls: Menu 7 calls, none left; Connect 3 calls, none left; "
	if !strings.HasPrefix(label, want) {
		t.Errorf("the funnel is described as %q, want %q first", label, want)
	}
}

func TestHours(t *testing.T) {
	l := serve(t, sqlite(t), "")
	now := noteMorning(l)
	p := open(t, l.url)
	p.Says("#all", "6")
	local, _ := time.LoadLocation(zone)
	calls := map[string]int{}
	for _, c := range morning[1:] {
		calls[now.Add(-c.ago).In(local).Format("3 PM")]++
	}
	got := map[string]int{}
	for _, row := range p.Rows("#hours table") {
		var hour, half string
		var n int
		row = strings.ReplaceAll(row, "\u202f", " ") // the narrow space before "AM"
		if _, err := fmt.Sscanf(row, "%s %s | %d", &hour, &half, &n); err != nil {
			t.Fatalf("row %q: %v", row, err)
		}
		got[hour+" "+half] = n
	}
	if fmt.Sprint(got) != fmt.Sprint(calls) {
		t.Errorf("calls by hour: %v, want %v", got, calls)
	}
}

func TestLastCalls(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url)
	p.Says("#all", "6")
	var rows []string
	for _, row := range p.Rows("table.calls") {
		_, rest, _ := strings.Cut(row, " | ") // the time
		rows = append(rows, rest)
	}
	want := []string{
		"In progress | – | – | – | 0 | 0 | Menu (en) | 415 · English",
		"Member services | 40 s | 1 min 50 s | 0 6 | 0 | 0 | " +
			"Number · Member Services · ended (en) | 303 · English",
		"Read out · Georgia | 21 s | 1 min 00 s | # 7 | 1 | 0 | Number · Georgia (en) | 808 · English",
		"Gave up | – | 1 min 20 s | – | 0 | 2 | Menu · zip (en) | unknown · English",
		"Transferred · Southern California · busy | 15 s | 1 min 30 s | 9 2 | 0 | 0 | " +
			"Number · Southern California · busy (es) | 213 · Spanish",
		"Transferred · Georgia | 9 s | 3 min 25 s | 7 | 0 | 0 | " +
			"Number · Georgia · ended (en) | 404 · English",
	}
	if !slices.Equal(rows, want) {
		t.Errorf("last calls:\n%s\nwant:\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}

func TestTurnsByMouseAndKeyboard(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url)
	p.Says("#all", "6")
	want := []string{
		"0 s |  |  | Start | → Menu (en) | 1.2 ms",
		"9 s | Menu (en) | 7 | Choice · transferred · Georgia | → Connect · Georgia (en) | 0.8 ms",
		"3 min 20 s | Connect · Georgia (en) |  | Transfer · Georgia · completed after 3 min 00 s | " +
			"→ Number · Georgia · ended (en) | 0.8 ms",
		"3 min 25 s |  |  | Call ended · completed |  | ",
	}
	p.Do(chromedp.Click(chromedp.CSS(`[data-call=CAtransferred] td:nth-child(8)`)))
	p.Mentions("#turns-CAtransferred", "Offered first Georgia, taken")
	p.Lists("#turns-CAtransferred table", want...)
	p.Do(chromedp.Click(chromedp.CSS(`[data-call=CAtransferred] .open`)))
	p.Says("#turns-CAtransferred", "")

	const focused = `document.activeElement.closest("tr")?.dataset.call ?? ""`
	for n := 0; chrome.Eval[string](p.Tab, focused) != "CAwrong"; n++ {
		if n == 60 {
			t.Fatal("sixty times Tab do not lead to the call")
		}
		p.Do(chromedp.KeyEvent(kb.Tab))
	}
	p.Do(chromedp.KeyEvent(kb.Enter))
	p.Mentions("#turns-CAwrong", "Wrong")
	if rows := p.Rows("#turns-CAwrong table"); !strings.Contains(rows[1], "Menu (en) | # | Wrong") {
		t.Errorf("the second turn reads %q", rows[1])
	}
}

func TestLiveUpdate(t *testing.T) {
	l := serve(t, sqlite(t), "")
	now := noteMorning(l)
	p := open(t, l.url)
	p.Says("#all", "6")
	p.Do(chromedp.Click(chromedp.CSS(`[data-call=CAnow] .open`)))
	chrome.Eval[string](p.Tab, `loaded = "once"`)
	p.Mentions("#turns-CAnow", "Start")

	l.note(now.Add(-5*time.Second), "CAnew", answered("en", "503", "oregon"))
	p.Says("#all", "7")
	p.Says("#now", "2")
	p.Says("#news", "1 new call, 2 on the line.")

	more := reaching(turn(8, "en/menu", "choice", "1", "en/connect/northern-california"),
		calllog.Transferred, "northern-california")
	more.ID = "later"
	l.note(now.Add(-time.Minute), "CAnow", more)
	p.Says("#share", "71.4%")
	p.Mentions("#turns-CAnow", "Connect · Northern California (en)") // still open, and up to date
	p.Mentions("[data-call=CAnow]", "Transferred · Northern California · in progress")

	l.refuses("directory.yaml:12: georgia has no number")
	p.Mentions("#banners", "directory.yaml:12: georgia has no number")
	if chrome.Eval[string](p.Tab, "loaded") != "once" {
		t.Error("the page was loaded anew")
	}
}

func TestPeriodStaysInTheURL(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url)
	p.Says("#all", "6")
	p.Do(chromedp.Click(chromedp.CSS(`[data-period="7d"]`)))
	for range 2 {
		p.Says("#title", "Calls in 7 days")
		p.Says("#all", "7")
		p.Says("#all-note", "6 today")
		if rows := p.Rows("#days table"); len(rows) != 2 || !strings.HasSuffix(rows[1], "| 6 | 4 | 2") {
			t.Errorf("calls by day: %q", rows)
		}
		p.Do(chromedp.Reload())
	}
	p.Do(chromedp.NavigateBack())
	p.Says("#all", "6")
}

func TestTheme(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url, chrome.Dark)
	const dark, light = "rgb(14, 19, 24)", "rgb(244, 246, 248)"
	shown := func(want string) {
		t.Helper()
		if got := chrome.Eval[string](p.Tab, "getComputedStyle(document.body).backgroundColor"); got != want {
			t.Errorf("the page's ground is %s, want %s", got, want)
		}
	}
	p.Says("#theme", "Light")
	shown(dark)
	p.Says("#all", "6")
	p.picture("dark")
	p.Do(chromedp.Click(chromedp.CSS("#theme")))
	shown(light)
	p.Do(chromedp.Reload())
	p.Says("#theme", "Dark")
	shown(light)
}

func TestPhoneNeedsNoSidewaysScroll(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	p := open(t, l.url, chromedp.EmulateViewport(375, 800))
	p.Says("#all", "6")
	p.Do(chromedp.Click(chromedp.CSS(`[data-call=CAspanish] .open`)))
	p.Mentions("#turns-CAspanish", "busy")
	p.picture("phone")
	chrome.Eval[int](p.Tab, `document.querySelectorAll("details").forEach((d) => d.open = true), 1`)
	if width := chrome.Eval[int](p.Tab, "document.documentElement.scrollWidth"); width > 375 {
		t.Errorf("the page is %d px wide on a phone of 375", width)
	}
}

func TestNothingYet(t *testing.T) {
	l := serve(t, sqlite(t), "")
	p := open(t, l.url)
	p.Mentions("#state", "No calls yet today")
	p.Mentions("#state", "premiumline call")
	p.Mentions("#directory", "Southern California 2 1-866-288-6729 never checked")
	p.Mentions("#directory", "Northern California 1 1-877-365-9900 2026-11-20")
	p.Mentions("#store", "State Recording")
	p.picture("empty")
	l.note(time.Now(), "CAfirst", answered("en", "404", "georgia"))
	p.Says("#all", "1")
	p.Says("#state", "")
}

func TestStoreUnavailable(t *testing.T) {
	l := serve(t, nowhere, "")
	l.breaks("the directory has no lines")
	p := open(t, l.url)
	p.Mentions("#state", "Call records are unavailable Calls go on")
	p.Says("#store-state", "Records unavailable")
	p.Says("#line-state", "Line cannot answer")
	p.Mentions("#banners", "The line cannot answer calls. the directory has no lines")
	p.Mentions("#store", "State Unavailable")
	p.Mentions("#directory", "Georgia 7 1-877-699-7407")
	p.picture("unavailable")
}
