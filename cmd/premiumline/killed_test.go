package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/calllog"
)

// TestServingProcessIsKilled: kill -9 under load. Every turn that was answered is on record.
func TestServingProcessIsKilled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	answered := ringAndKill(t, path)
	lost, turns := 0, 0
	kept := turnsIn(t, path)
	for call, n := range answered {
		turns += n
		lost += max(0, n-kept[call])
	}
	if lost > 0 || turns < 200 {
		t.Errorf("%d of %d answered turns are lost", lost, turns)
	}
	t.Logf("%d turns of %d calls were answered", turns, len(answered))
}

// ringAndKill rings a serving process, kills it in the middle, and returns how many turns
// of each call were answered.
func ringAndKill(t *testing.T, path string) (answered map[string]int) {
	t.Helper()
	addr, admin := "127.0.0.1:"+freePort(t), "127.0.0.1:"+freePort(t)
	c := exec.Command("premiumline", "serve")
	c.Env = append(os.Environ(), "ADDR="+addr, "ADMIN_ADDR="+admin, "PUBLIC_URL=http://"+addr,
		"LOG_LEVEL=error", "TWILIO_ACCOUNT_SID="+simulatedAccount,
		"TWILIO_AUTH_TOKEN="+testToken, "DATABASE_URL=sqlite:"+path)
	p := launch(t, c)
	eventually(t, "the process", func() bool { return wellAt(admin) })
	count := &counting{RoundTripper: &http.Transport{MaxIdleConnsPerHost: 50}, calls: map[string]int{}}
	ctx, stop := context.WithCancel(t.Context())
	var callers sync.WaitGroup
	for range 50 {
		line := newPhoneLine("http://"+addr, "", simulatedAccount, testToken)
		line.Client = &http.Client{Timeout: 15 * time.Second, Transport: count}
		callers.Go(func() {
			for ctx.Err() == nil && count.failed.Load() == 0 {
				_, _, _ = ring(ctx, line, []string{"*", "0", "1", "7"}, "")
			}
		})
	}
	time.Sleep(time.Second)
	killWhileWell(t, p, admin)
	stop()
	callers.Wait()
	return count.calls
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// counting counts the turns that were answered, by CallSid.
type counting struct {
	http.RoundTripper
	failed atomic.Int64
	mu     sync.Mutex
	calls  map[string]int
}

// RoundTrip implements [http.RoundTripper].
func (c *counting) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := r.GetBody()
	text, _ := io.ReadAll(body)
	form, _ := url.ParseQuery(string(text))
	response, err := c.RoundTripper.RoundTrip(r)
	if err != nil {
		c.failed.Add(1)
	} else if r.URL.Path != "/voice/status" {
		c.mu.Lock()
		c.calls[form.Get("CallSid")]++
		c.mu.Unlock()
	}
	return response, err
}

// turnsIn counts the turns of each call in a store.
func turnsIn(t *testing.T, path string) map[string]int {
	t.Helper()
	l, err := calllog.Open(t.Context(), "sqlite:"+path,
		calllog.Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close(context.Background()) }()
	kept := map[string]int{}
	for r, err := range l.Each(t.Context(), calllog.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		kept[r.Call] = r.Turns
	}
	return kept
}
