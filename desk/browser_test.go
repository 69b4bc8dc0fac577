package desk_test

import (
	"flag"
	"os"
	"testing"

	"github.com/chromedp/chromedp"

	"premiumline/internal/chrome"
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
			p.click("#call", "#skip")
			p.Mentions("#transcript", "To hear this again, press star.")
			p.press("7")
			p.Mentions("#transcript", "Georgia. Connecting you now.")
			if name == "dark" {
				p.click("#tab-flow")
			} else {
				p.click("#hook-2 summary, #hook-list li:last-child summary")
			}
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
