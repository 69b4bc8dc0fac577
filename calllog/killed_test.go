package calllog_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

// TestKilled kills -9 a process that writes as fast as it can: what was durable must be there.
func TestKilled(t *testing.T) {
	for _, c := range stores {
		t.Run(c.name, func(t *testing.T) {
			s := c.make(t)
			must(t, s.open(t, calllog.Options{}).Close(t.Context()))
			durable := killed(t, s.url)
			kept := map[string]bool{}
			l := s.open(t, calllog.Options{})
			for _, r := range calls(t, l, calllog.Filter{}) {
				turns, err := l.Turns(t.Context(), r.Call)
				must(t, err)
				for _, e := range turns {
					kept[fmt.Sprint(r.Call, " ", e.At.UnixMicro())] = true
				}
			}
			for _, event := range durable {
				if !kept[event] {
					t.Error("lost: ", event)
				}
			}
			if len(durable) < 100 {
				t.Errorf("only %d events before the end", len(durable))
			}
			sumsAreThoseOfTheCalls(t, l)
			t.Logf("%d durable events, %d in the store", len(durable), len(kept))
		})
	}
}

// killed runs a process that writes to the database, ends it in the middle, and returns the
// events that were durable by then.
func killed(t *testing.T, databaseURL string) (durable []string) {
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), writeUntilKilled+"="+databaseURL)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		durable = append(durable, lines.Text())
		if len(durable) == 2000 {
			must(t, c.Process.Kill())
		}
	}
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the writing process ended by itself: %v", err)
	}
	return durable
}

const writeUntilKilled = "CALLLOG_TEST_WRITE"

// TestMain is also the processes that are killed.
func TestMain(m *testing.M) {
	if databaseURL := os.Getenv(writeUntilKilled); databaseURL != "" {
		write(databaseURL)
	}
	if when, databaseURL, ok := strings.Cut(os.Getenv(sendTexts), " "); ok {
		sendAndDie(when, databaseURL)
	}
	os.Exit(m.Run())
}

// write writes calls for ever, and a line about each event that is durable.
func write(databaseURL string) {
	l, err := calllog.Open(context.Background(), databaseURL, calllog.Options{})
	if err != nil {
		panic(err)
	}
	for i := range 64 {
		go func() {
			for n := 0; ; n++ {
				for _, e := range call(fmt.Sprintf("CA-%d-%d", i, n), time.Now()) {
					if !l.Note(context.Background(), e) {
						time.Sleep(100 * time.Millisecond) // or a slow store would never catch up
						continue
					}
					fmt.Println(e.Call, e.At.UnixMicro()) // one write, one line
				}
			}
		}()
	}
	select {}
}
