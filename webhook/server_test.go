package webhook_test

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"premiumline/ivr"
	"premiumline/webhook"
)

// raw sends the text of a request as it is. After it nothing more comes: end closes
// our side, or else it is only waited for the answer.
func (f *front) raw(text string, end bool) answer {
	f.t.Helper()
	conn, err := net.Dial("tcp", f.Listener.Addr().String())
	if err != nil {
		f.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := conn.Write([]byte(text)); err != nil {
		f.t.Fatal(err)
	}
	if end {
		_ = conn.(*net.TCPConn).CloseWrite()
	}
	w, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		f.t.Fatal(err)
	}
	return read(f.t, w)
}

// head is the beginning of a request, up to its further headers.
const head = "POST /voice HTTP/1.1\r\nHost: a\r\nContent-Type: " + aForm + "\r\n"

func TestBrokenRequests(t *testing.T) {
	f := newFront(t)
	f.Config.ReadTimeout = 200 * time.Millisecond
	f.Start()
	const part = "\r\n\r\nDigits="
	tests := []struct {
		name, text string
		end        bool
		status     int
		reason     string // "": refused before it came to us
	}{
		{"body breaks off", head + "Content-Length: 100" + part, true, 400, "body"},
		{"chunk breaks off", head + "Transfer-Encoding: chunked\r\n\r\nff\r\nDig", true, 400, "body"},
		{"no chunk", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", false, 400, "body"},
		{"body is slow", head + "Content-Length: 100" + part, false, 400, "body"},
		{"length over the limit", head + "Content-Length: 9999999999" + part, false, 413, "size"},
		{"waits for leave", head + "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n", false, 413,
			"size"},
		{"long header", head + "A: " + strings.Repeat("a", 32<<10) + "\r\n\r\n", false, 431, ""},
		{"many headers", head + strings.Repeat("A: a\r\n", 8<<10) + "\r\n", false, 431, ""},
		{"long path", "POST /" + strings.Repeat("a", 32<<10) + " HTTP/1.1\r\n\r\n", false, 431, ""},
		{"no HTTP", "hello\r\n\r\n", false, 400, ""},
	}
	for _, tt := range tests {
		before := len(f.logs.String())
		if got := f.raw(tt.text, tt.end); got.status != tt.status {
			t.Errorf("%s: %d %s", tt.name, got.status, got.text)
		}
		logged := f.logs.String()[before:]
		if (tt.reason != "") != strings.Contains(logged, `"reason":"`+tt.reason+`"`) {
			t.Errorf("%s: logged %s", tt.name, logged)
		}
	}
}

// TestTimeouts holds a server to Twilio's 15 seconds.
func TestTimeouts(t *testing.T) {
	s := newFront(t).Config
	for name, limit := range map[string]time.Duration{
		"ReadHeaderTimeout": cmp.Or(s.ReadHeaderTimeout, s.ReadTimeout), // as net/http takes it
		"ReadTimeout":       s.ReadTimeout, "WriteTimeout": s.WriteTimeout,
	} {
		if limit <= 0 || limit > 15*time.Second {
			t.Errorf("%s is %s", name, limit)
		}
	}
	if s.IdleTimeout <= 0 {
		t.Error("an idle connection stays for ever")
	}
}

// TestShutdown stops a server while a turn is being answered.
func TestShutdown(t *testing.T) {
	asked, reload := make(chan bool), make(chan bool)
	f := serve(t, func(o *webhook.Options) {
		o.Line = func() *ivr.Line {
			asked <- true
			<-reload
			return builtIn()
		}
	})
	answers := make(chan answer, 1)
	go func() { answers <- f.post("/voice", call()) }()
	select {
	case <-asked:
	case a := <-answers:
		t.Fatalf("answered before the line was asked: %d %s", a.status, a.text)
	}
	down := make(chan error)
	go func() { down <- f.Config.Shutdown(context.Background()) }()
	for closed := false; !closed; { // the listener goes first
		conn, err := net.Dial("tcp", f.Listener.Addr().String())
		if closed = err != nil; !closed {
			_ = conn.Close()
		}
	}
	select {
	case err := <-down:
		t.Fatalf("the server did not wait for a turn: %v", err)
	default:
	}
	close(reload)
	if fault := (<-answers).fault(greeting); fault != "" {
		t.Error(fault)
	}
	if err := <-down; err != nil {
		t.Error(err)
	}
}

// TestManyCallsAtOnce makes sure that no call gets an answer of another's: each has
// its own called number, which Georgia's line is shown for a caller without one.
func TestManyCallsAtOnce(t *testing.T) {
	f := serve(t)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			mine := fmt.Sprintf("+1800555%04d", i)
			for range 40 {
				f.turns(mine, i)
			}
		})
	}
	group.Wait()
}

// turns is part of a call, between requests that are refused.
func (f *front) turns(called string, i int) {
	region := [...]string{"georgia", "hawaii", "colorado"}[i%3]
	anonymous := call("From", "anonymous", "To", called)
	a := f.post("/voice/en/connect/"+region, anonymous)
	if fault := a.fault(`<Dial action="/voice/en/dial/` + region + `" timeout="30" callerId="` +
		called + `">`); fault != "" {
		f.t.Error(fault)
	}
	forged := fromTwilio("/voice/en/connect/"+region, anonymous)
	forged.body = strings.NewReader(call("From", "anonymous", "To", "+18005559999").Encode())
	if got := f.send(forged).status; got != http.StatusForbidden {
		f.t.Errorf("a forged number: %d", got)
	}
	a = f.post("/voice/es/nowhere", call("To", called))
	if fault := a.fault(sorryES); fault != "" {
		f.t.Error(fault)
	}
}
