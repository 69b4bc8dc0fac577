package ops_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is the one Chromium of the tests.
var browser struct {
	once sync.Once
	ctx  context.Context
	stop func()
	err  error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
}

func startBrowser() {
	if _, err := exec.LookPath("chromium"); err != nil {
		browser.err = errors.New("the dashboard's tests need Chromium: apt-get install chromium")
		return
	}
	profile, err := os.MkdirTemp("", "premiumline-chromium-")
	if err != nil {
		browser.err = err
		return
	}
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath("chromium"), chromedp.UserDataDir(profile), chromedp.Headless,
	}
	for _, flag := range strings.Fields("no-sandbox disable-gpu disable-quic no-first-run " +
		"disable-background-networking disable-component-update disable-sync disable-dev-shm-usage") {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocated, end := chromedp.NewExecAllocator(context.Background(), options...)
	browser.ctx, _ = chromedp.NewContext(allocated)
	browser.err = chromedp.Do(browser.ctx)
	browser.stop = func() {
		_ = chromedp.Cancel(browser.ctx)
		end()
		_ = os.RemoveAll(profile)
	}
}

// step is something that is done on a page.
type step = chromedp.Action[chromedp.Void]

// command is a step of the protocol that has no function of its own.
func command[P, R any](c cdp.Command[P, R], params P) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// tab is a page that an operator has open.
type tab struct {
	*testing.T
	ctx context.Context
}

// zone is a time zone in which it is noon: a call of a minute ago is today's, at
// whatever time the tests run.
var zone = func() string {
	ahead := 12 - time.Now().UTC().Hour()
	return fmt.Sprintf("Etc/GMT%+d", -ahead) // Etc/GMT-5 is five hours east
}()

// open opens a page for the operator, in a browser with no memory.
func open(t *testing.T, url string, before ...step) *tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &tab{t, ctx}
	p.complain()
	p.do(chromedp.EmulateViewport(1320, 900), command(emulation.SetTimezoneOverride,
		emulation.SetTimezoneOverrideParams{TimezoneID: zone}))
	p.do(before...)
	p.do(chromedp.Navigate(url))
	return p
}

// complain fails the test with what the page logs as an error: an exception, or
// something that its policy forbids.
func (p *tab) complain() {
	err := chromedp.Listen(p.ctx, func(event any) {
		switch e := event.(type) {
		case *cdpruntime.EventExceptionThrown:
			p.Errorf("the page threw %v", e.ExceptionDetails)
		case *cdplog.EventEntryAdded:
			if e.Entry.Level == cdplog.EntryLevelError && e.Entry.Source != cdplog.EntrySourceNetwork {
				p.Errorf("the page complains: %s %s", e.Entry.Text, e.Entry.URL)
			}
		}
	})
	if err != nil {
		p.Fatal(err)
	}
}

func (p *tab) do(steps ...step) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// eval returns the value of an expression of JavaScript.
func eval[T any](p *tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		p.Fatal(err)
	}
	return value
}

// text returns what an element says, white space made one; "" if it is not shown.
func (p *tab) text(selector string) string {
	p.Helper()
	text := eval[string](p, fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		return element?.checkVisibility() ? element.innerText : "";
	})()`, selector))
	return strings.Join(strings.Fields(text), " ")
}

// says waits until an element says this and no more.
func (p *tab) says(selector, want string) {
	p.Helper()
	p.wait(selector, want, func(got string) bool { return got == want })
}

// mentions waits until an element says this among other things.
func (p *tab) mentions(selector, want string) {
	p.Helper()
	p.wait(selector, want, func(got string) bool { return strings.Contains(got, want) })
}

func (p *tab) wait(selector, want string, done func(string) bool) {
	p.Helper()
	var got string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if got = p.text(selector); done(got) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.Fatalf("%s says %q, want %q", selector, got, want)
}

// rows returns the cells of a table's body, as text.
func (p *tab) rows(table string) []string {
	p.Helper()
	return eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(row =>
		[...row.cells].map(cell => cell.textContent).join(" | "))`, table+" tbody tr"))
}

// picture keeps the whole page as a PNG, where DASHBOARD_PICTURES names a folder.
func (p *tab) picture(name string) {
	p.Helper()
	folder := os.Getenv("DASHBOARD_PICTURES")
	if folder == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(folder+"/dashboard-"+name+".png", png, 0o644); err != nil {
		p.Fatal(err)
	}
}
