package calllog_test

import (
	"bufio"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

const (
	textsKilled = 40              // texts in the outbox
	killedAt    = textsKilled / 2 // the one on which the process is killed
)

// TestOutboxKilled kills -9 a process between its claim of a text and Twilio, and between Twilio
// and its record. No text is sent twice, and none is lost but those that the process had claimed.
func TestOutboxKilled(t *testing.T) {
	for _, c := range stores {
		for _, when := range []string{"before", "after"} { // Twilio took the text
			t.Run(c.name+"/"+when, func(t *testing.T) {
				s := c.make(t)
				var now clock
				l := s.open(t, now.options())
				for i := range textsKilled {
					note(t, l, textCall(fmt.Sprintf("CA%02d", i), noon.Add(-time.Minute), "georgia"))
				}
				twilio := carrier{sent: sendUntilKilled(t, s.url, when)}
				before := twilio.texts()
				now.add(2 * time.Minute)
				sending(t, l, twilio.send)
				eventually(t, "settled", func() bool {
					waiting, _, err := l.Texts(t.Context())
					return err == nil && waiting == 0
				})
				sumsAreThoseOfTheCalls(t, l)
				settled(t, s, l)
				texts := map[string]int{}
				for _, text := range twilio.texts() {
					if texts[text]++; texts[text] > 1 {
						t.Error("sent twice: ", text)
					}
				}
				sum := summary(t, l).Texts
				if n := sum["unsure"]; n < 1 || n > 4 {
					t.Errorf("%d texts are unsure, not one to all of a claim", n)
				}
				same(t, "texts with an outcome", sum["sent"]+sum["unsure"], textsKilled)
				t.Logf("%d sent by the killed process; at last %v", len(before), sum)
			})
		}
	}
}

// sendUntilKilled has another process send the texts of a store until it is killed, and returns
// those that Twilio took.
func sendUntilKilled(t *testing.T, databaseURL, when string) (sent []calllog.Outgoing) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), sendTexts+"="+when+" "+databaseURL)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	must(t, err)
	must(t, c.Start())
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		call, region, _ := strings.Cut(lines.Text(), " ")
		sent = append(sent, calllog.Outgoing{Call: call, Region: region})
	}
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Errorf("the sending process ended by itself: %v", err)
	}
	return sent
}

const sendTexts = "CALLLOG_TEST_SEND"

// sendAndDie is the process that is killed; what it prints is what Twilio took.
func sendAndDie(when, databaseURL string) {
	l, err := calllog.Open(context.Background(), databaseURL, calllog.Options{
		Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon },
	})
	if err != nil {
		panic(err)
	}
	die := func() {
		self, _ := os.FindProcess(os.Getpid())
		_ = self.Kill()
		select {}
	}
	attempts := make(chan int, 1)
	attempts <- 1
	calllog.NewOutbox(l, calllog.OutboxOptions{
		Hasher: hasher, Poll: 10 * time.Millisecond,
		Send: func(_ context.Context, o calllog.Outgoing) calllog.Result {
			n := <-attempts
			attempts <- n + 1
			if n >= killedAt && when == "before" {
				die()
			}
			fmt.Println(o.Call, o.Region) // one write, one line
			if n >= killedAt {
				die()
			}
			return calllog.Result{}
		},
	}).Run(context.Background())
}
