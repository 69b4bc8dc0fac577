// Package chrome drives pages in a real Chromium, for tests: what somebody at the
// page does and sees, with waits where the page needs its time. It is Debian's
// chromium, started once for all tests of a package, without a network of its own.
//
// A test package has [Main] as its TestMain, and opens a [Tab] for each test.
package chrome

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
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

// Main runs the tests, and ends the browser that they may have started.
func Main(m *testing.M) {
	code := m.Run()
	if browser.stop != nil {
		browser.stop()
	}
	os.Exit(code)
}

func startBrowser() {
	if _, err := exec.LookPath("chromium"); err != nil {
		browser.err = errors.New("the tests of pages need Chromium: apt-get install chromium")
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

// Step is something that is done on a page.
type Step = chromedp.Action[chromedp.Void]

// Command is a step of the protocol that has no function of its own.
func Command[P, R any](c cdp.Command[P, R], params P) Step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, c, params)
		return chromedp.Void{}, err
	}
}

// Tab is a page that is open.
type Tab struct {
	*testing.T
	Context context.Context // of chromedp
}

// Open opens a page in a browser with no memory; before it is loaded, the steps are
// done. What the page complains of fails the test.
func Open(t *testing.T, url string, before ...Step) *Tab {
	t.Helper()
	browser.once.Do(startBrowser)
	if browser.err != nil {
		t.Fatal(browser.err)
	}
	ctx, cancel := chromedp.NewContext(browser.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	p := &Tab{t, ctx}
	p.complain()
	p.Do(chromedp.EmulateViewport(1320, 900))
	p.Do(before...)
	p.Do(chromedp.Navigate(url))
	return p
}

// complain fails the test with what the page logs as an error: an exception, or
// something that its policy forbids.
func (p *Tab) complain() {
	err := chromedp.Listen(p.Context, func(event any) {
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

// Do does the steps, within 20 s.
func (p *Tab) Do(steps ...Step) {
	p.Helper()
	ctx, cancel := context.WithTimeout(p.Context, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// Eval returns the value of an expression of JavaScript.
func Eval[T any](p *Tab, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.Context, chromedp.Evaluate[T](expression))
	if err != nil {
		p.Fatal(err)
	}
	return value
}

// Text returns what an element says, white space made one; "" if it is not shown.
func (p *Tab) Text(selector string) string {
	p.Helper()
	text := Eval[string](p, fmt.Sprintf(`(() => {
		const element = document.querySelector(%q);
		return element?.checkVisibility() ? element.innerText : "";
	})()`, selector))
	return strings.Join(strings.Fields(text), " ")
}

// Says waits until an element says this and no more.
func (p *Tab) Says(selector, want string) {
	p.Helper()
	p.wait(selector, want, func(got string) bool { return got == want })
}

// Mentions waits until an element says this among other things.
func (p *Tab) Mentions(selector, want string) {
	p.Helper()
	p.wait(selector, want, func(got string) bool { return strings.Contains(got, want) })
}

func (p *Tab) wait(selector, want string, done func(string) bool) {
	p.Helper()
	var got string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if got = p.Text(selector); done(got) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.Fatalf("%s says %q, want %q", selector, got, want)
}

// Rows returns the cells of a table's body, as text.
func (p *Tab) Rows(table string) []string {
	p.Helper()
	return Eval[[]string](p, fmt.Sprintf(`[...document.querySelectorAll(%q)].map(row =>
		[...row.cells].map(cell => cell.textContent).join(" | "))`, table+" tbody tr"))
}

// Lists fails unless the table has these rows, in this order.
func (p *Tab) Lists(table string, want ...string) {
	p.Helper()
	if got := p.Rows(table); !slices.Equal(got, want) {
		p.Errorf("%s lists\n%s\nwant\n%s", table, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// Picture returns the whole page as a PNG.
func (p *Tab) Picture() []byte {
	p.Helper()
	png, err := chromedp.Run(p.Context, chromedp.FullScreenshot(100))
	if err != nil {
		p.Fatal(err)
	}
	return png
}

// Dark has the system of whoever looks at the page prefer dark colours.
var Dark = Command(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
	Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}})
