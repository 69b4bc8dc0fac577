package desk_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"premiumline/internal/chrome"
	"premiumline/phone"
)

var update = flag.Bool("update", false, "take the screenshots in docs anew")

func TestMain(m *testing.M) { chrome.Main(m) }

// tab is a phone on somebody's desk.
type tab struct{ *chrome.Tab }

func open(t *testing.T, l *line, before ...chrome.Step) tab {
	t.Helper()
	p := tab{chrome.Open(t, l.url, before...)}
	p.Says("#line-state", "Line answers")
	p.Mentions("#preset", "Georgia")
	return p
}

func (p tab) click(selectors ...string) {
	p.Helper()
	for _, s := range selectors {
		p.Do(chromedp.Click(chromedp.CSS(s)))
	}
}

// press clicks a key of the phone.
func (p tab) press(key string) {
	p.Helper()
	p.click(`[data-key="` + key + `"]`)
}

// choose takes a value of a list.
func (p tab) choose(list, value string) {
	p.Helper()
	chrome.Eval[bool](p.Tab, `((list, value) => {
		list.value = value;
		return list.dispatchEvent(new Event("change"));
	})(document.querySelector("`+list+`"), "`+value+`")`)
}

// TestPictures takes the pictures of the README, or checks that there is something
// to take.
func TestPictures(t *testing.T) {
	for name, size := range map[string][2]int64{
		"light": {1440, 1000}, "dark": {1440, 1000}, "narrow": {375, 1400},
	} {
		t.Run(name, func(t *testing.T) {
			before := []chrome.Step{chromedp.EmulateViewport(size[0], size[1])}
			if name == "dark" {
				before = append(before, chrome.Dark)
			}
			p := open(t, serve(t), before...)
			p.click("#call")
			p.Says("#call", "Hang up") // Skip ahead now is more than a drawing
			p.click("#skip")
			p.Mentions("#transcript", "To hear this again, press star.")
			p.press("7")
			p.Mentions("#transcript", "Georgia. Connecting you now.")
			if name == "dark" {
				p.click("#tab-flow")
			} else {
				p.click("#hook-2 summary, #hook-list li:last-child summary")
			}
			chrome.Eval[bool](p.Tab, "scrollTo(0, 0), true")
			png, err := chromedp.Run(p.Context, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if len(png) < 20_000 || len(png) > 300_000 {
				t.Errorf("the picture has %d bytes", len(png))
			}
			if *update {
				if err := os.WriteFile("../docs/phone-"+name+".png", png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// quick lets the call go by four times as fast.
const quick = `((speed) => {
	speed.value = 4;
	return speed.dispatchEvent(new Event("input"));
})(document.querySelector("#speed"))`

func TestClickedCall(t *testing.T) {
	l := serve(t)
	p := open(t, l)
	chrome.Eval[bool](p.Tab, quick)
	p.click("#call")
	p.Mentions("#spoken", "Kaiser Permanente premium payment numbers.")
	p.Mentions("#hint", "Keys are heard.")
	p.click("#skip")
	p.Mentions("#transcript", "To hear this again, press star.")
	p.press("7")
	p.Mentions("#transcript", "Dialling +18776997407")
	p.Mentions("#spoken", "Ringing")
	p.Mentions("#figure-key", "10.2 s ok limit 13 s")
	p.Mentions("#figure-keys", "1 ok limit 2")
	p.Mentions("#spoken", "Connected")
	p.click("#call")
	p.Mentions("#transcript", "The call ended there")
	p.Says("#call", "Call")
	if n := len(l.ended()); n != 1 {
		t.Errorf("%d calls have ended", n)
	}
}

func TestKeyboardCallInSpanish(t *testing.T) {
	p := open(t, serve(t))
	p.Do(chromedp.Focus(chromedp.CSS("#call")))
	p.Do(chromedp.KeyEvent(kb.Enter))
	p.Mentions("#spoken", "premium payment numbers")
	p.Do(chromedp.KeyEvent("9"))
	p.Mentions("#spoken", "Números de pago")
	if lang := chrome.Eval[string](p.Tab, `document.querySelector("#spoken").lang`); lang != "es" {
		t.Errorf("the prompt's language is %q", lang)
	}
	p.Do(chromedp.KeyEvent("2"))
	p.Mentions("#transcript", "California del sur.")
	p.Do(chromedp.KeyEvent("x"))
	p.Says("#key-error", "A phone has no key “x”: use 0 to 9, * and #.")
	p.Do(chromedp.KeyEvent("*"))
	p.Says("#key-error", "")
}

func TestBusyTransferBecomesATest(t *testing.T) {
	l := serve(t)
	p := open(t, l)
	p.choose("#far", "busy")
	chrome.Eval[bool](p.Tab, quick)
	p.click("#call")
	p.Mentions("#transcript", "premium payment")
	p.press("7")
	p.Mentions("#transcript", "That line is busy.")
	p.click("#call", "#save")
	p.Mentions("#test-text", "dial busy")
	text := chrome.Eval[string](p.Tab, `document.querySelector("#test-text").textContent`)
	transcript, err := phone.ParseTranscript("busy.txt", text)
	if err != nil {
		t.Fatal(err)
	}
	got, err := transcript.Run(t.Context(), l.phone, func() []string { return l.drain("") })
	if got != text || err != nil {
		t.Errorf("the test does not pass (%v):\n%s\nwant\n%s", err, got, text)
	}

	p.load("shopping.txt", "milk")
	p.Mentions("#file-mend", `this is no transcript of a call: shopping.txt:1: unknown word "milk"`)
	p.load("busy.txt", strings.Replace(text, "busy.\n", "engaged.\n", 1))
	p.Says("#verdict", "The call went otherwise than the file says.")
	p.Mentions("#diff", "engaged.")
}

// load chooses a file to replay.
func (p tab) load(name, text string) {
	p.Helper()
	chrome.Eval[bool](p.Tab, fmt.Sprintf(`((input) => {
		const files = new DataTransfer();
		files.items.add(new File([%q], %q));
		input.files = files.files;
		return input.dispatchEvent(new Event("change"));
	})(document.querySelector("#file"))`, text, name))
}

func TestInspectorAndFlow(t *testing.T) {
	p := open(t, serve(t))
	p.click("#call")
	p.Mentions("#hook-list", "POST /voice")
	p.click("#hook-list summary")
	for _, want := range []string{"200", "→ en/menu", "Signature fits", "<Gather ", "StirVerstat"} {
		p.Mentions("#hook-0", want)
	}
	p.click("#tab-flow")
	p.Do(chromedp.Focus(chromedp.CSS(`[data-page="en/number/georgia/busy"]`)))
	p.Do(chromedp.KeyEvent(kb.Enter))
	p.Mentions("#transcript", "That line is busy.")
	lit := chrome.Eval[string](p.Tab, `document.querySelector("[aria-current=step]").dataset.page`)
	if lit != "en/number/georgia/busy" {
		t.Errorf("the page that is lit is %q", lit)
	}
}

func TestReloadOnThePage(t *testing.T) {
	l := serve(t)
	p := open(t, l)
	l.write("prompts/en.yaml", "{organisation}", "{organization}")
	p.Mentions("#mistake", "prompts/en.yaml:7")
	p.click("#call")
	p.Mentions("#spoken", "Kaiser Permanente")
	l.write("prompts/en.yaml", "{organization} premium", "{organisation} plan")
	p.Says("#banners", "")
	p.click("#call")
	p.Says("#call", "Call")
	p.click("#call")
	p.Mentions("#spoken", "Kaiser Permanente plan payment numbers.")
}

func TestFieldsThatCannotBe(t *testing.T) {
	p := open(t, serve(t))
	for _, field := range [][3]string{
		{"#from", "404 555 0100", "is no phone number: write it with +"},
		{"#zip", "3030", "is no ZIP code: five digits"},
		{"#after", "soon", "is no number of seconds"},
	} {
		before := chrome.Eval[string](p.Tab, `document.querySelector("`+field[0]+`").value`)
		p.fill(field[0], field[1])
		p.click("#call")
		p.Mentions(field[0]+"-mend", field[2])
		p.fill(field[0], before)
		p.Says(field[0]+"-mend", "")
	}
}

// fill types into a field, whatever it held.
func (p tab) fill(field, text string) {
	p.Helper()
	chrome.Eval[bool](p.Tab, fmt.Sprintf(`((input) => {
		input.value = %q;
		return ["input", "change"].every((e) => input.dispatchEvent(new Event(e)));
	})(document.querySelector(%q))`, text, field))
}

func TestTwoTabsAndAClosedOne(t *testing.T) {
	l := serve(t)
	a, b := open(t, l), open(t, l)
	a.click("#call")
	b.click("#call")
	a.Mentions("#transcript", "premium payment")
	b.Mentions("#transcript", "premium payment")
	a.Do(chromedp.Navigate("about:blank"))
	for end := time.Now().Add(10 * time.Second); len(l.ended()) != 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d calls have ended", len(l.ended()))
		}
	}
	b.Says("#call", "Hang up")
}

func TestNarrowAndDark(t *testing.T) {
	p := open(t, serve(t), chromedp.EmulateViewport(375, 800), chrome.Dark)
	p.click("#call")
	p.Mentions("#hook-list", "POST /voice")
	p.click("#hook-list summary", "#save")
	p.Mentions("#test-text", "call from")
	for _, tab := range []string{"#tab-hooks", "#tab-flow"} {
		p.click(tab)
		eval := `document.querySelectorAll("details").forEach((d) => d.open = true), document.documentElement.scrollWidth`
		if width := chrome.Eval[int](p.Tab, eval); width > 375 {
			t.Errorf("%s: the page is %d px wide on a phone of 375", tab, width)
		}
	}
	if got := chrome.Eval[string](p.Tab, "getComputedStyle(document.body).backgroundColor"); got != "rgb(14, 19, 24)" {
		t.Errorf("in the dark the ground is %s", got)
	}
}

// TestForEverybody: axe finds nothing, and every control has a name.
func TestForEverybody(t *testing.T) {
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	for name, before := range map[string][]chrome.Step{"light": nil, "dark": {chrome.Dark}} {
		p := open(t, serve(t), before...)
		p.click("#call")
		p.Mentions("#hook-list", "POST /voice")
		p.Says("#call", "Hang up")
		p.click("#skip", "#hook-list summary", "#save")
		p.Mentions("#test-text", "call from")
		chrome.Eval[int](p.Tab, `document.querySelectorAll("details").forEach((d) => d.open = true), 1`)
		chrome.Eval[bool](p.Tab, string(axe)+"; true")
		for _, tab := range []string{"#tab-hooks", "#tab-flow"} {
			p.click(tab)
			chrome.Eval[string](p.Tab, `window.found = "", axe.run().then(({ violations }) => {
				window.found = JSON.stringify(violations.map((v) =>
					[v.id, v.nodes.map((n) => n.html.slice(0, 120) + n.any.map((a) => a.message))]));
			}), ""`)
			var found string
			for end := time.Now().Add(20 * time.Second); found == "" && time.Now().Before(end); {
				found = chrome.Eval[string](p.Tab, "window.found")
				time.Sleep(50 * time.Millisecond)
			}
			if found != "[]" {
				t.Errorf("%s, %s: axe finds %s", name, tab, found)
			}
			p.named(name + ", " + tab)
		}
	}
}

// named fails for controls without a name in the accessibility tree.
func (p tab) named(where string) {
	p.Helper()
	tree, err := chromedp.Run(p.Context, chromedp.Action[accessibility.GetFullAXTreeResult](
		func(ctx context.Context, t *chromedp.Target) (accessibility.GetFullAXTreeResult, error) {
			return cdp.Call(ctx, t, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		}))
	if err != nil {
		p.Fatal(err)
	}
	controls := 0
	for _, n := range tree.Nodes {
		role := ax(n.Role)
		if !slices.Contains([]string{"button", "link", "textbox", "combobox", "slider", "tab", "checkbox"}, role) {
			continue
		}
		if controls++; ax(n.Name) == "" {
			p.Errorf("%s: a %s has no name", where, role)
		}
	}
	if controls < 25 {
		p.Errorf("%s: only %d controls are in the tree", where, controls)
	}
}

// ax is a value of the accessibility tree.
func ax(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	return strings.Trim(string(v.Value), `"`)
}
