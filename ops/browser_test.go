package ops_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"

	"premiumline/internal/chrome"
)

func TestMain(m *testing.M) { chrome.Main(m) }

// tab is a page that an operator has open.
type tab struct{ *chrome.Tab }

// zone is a time zone in which it is noon: a call of a minute ago is today's, at
// whatever time the tests run.
var zone = func() string {
	ahead := 12 - time.Now().UTC().Hour()
	return fmt.Sprintf("Etc/GMT%+d", -ahead) // Etc/GMT-5 is five hours east
}()

// open opens a page for the operator.
func open(t *testing.T, url string, before ...chrome.Step) *tab {
	t.Helper()
	clock := chrome.Command(emulation.SetTimezoneOverride,
		emulation.SetTimezoneOverrideParams{TimezoneID: zone})
	return &tab{chrome.Open(t, url, append(before, clock)...)}
}

// picture keeps the whole page as a PNG, where DASHBOARD_PICTURES names a folder.
func (p *tab) picture(name string) {
	p.Helper()
	folder := os.Getenv("DASHBOARD_PICTURES")
	if folder == "" {
		return
	}
	if err := os.WriteFile(folder+"/dashboard-"+name+".png", p.Picture(), 0o644); err != nil {
		p.Fatal(err)
	}
}
