package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"time"

	"premiumline/config"
	"premiumline/phone"
	"premiumline/webhook"
)

const testToken = "a token for tests"

// started is a service that runs, and how its run is told to end.
type started struct {
	*service
	stop  func()
	ended chan error
}

func start(t *testing.T) started { t.Helper(); return startWith(t, testConfig()) }

// testConfig is that of a line on loopback, with records that are thrown away.
func testConfig() config.Config {
	return config.Config{
		Addr: "127.0.0.1:0", AdminAddr: "127.0.0.1:0", Transfer: true, TransferTimeout: 30 * time.Second,
		AccountSID: simulatedAccount, AuthTokens: []string{testToken},
	}
}

func startWith(t *testing.T, c config.Config) started {
	t.Helper()
	s, err := listen(c, slog.New(slog.DiscardHandler), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.run(ctx) }()
	return started{s, stop, ended}
}

// A webhook that is being sent when the service is told to stop is answered, and
// only then does the service end.
func TestGracefulStop(t *testing.T) {
	s := start(t)
	asked := openWebhook(t, s.public)
	s.stop()
	awaitClosed(t, s.callsL.Addr().String())
	select {
	case err := <-s.ended:
		t.Fatalf("it ended with a call in flight: %v", err)
	default:
	}
	asked.finish(t)
	response, err := http.ReadResponse(asked.answers, nil)
	if err != nil {
		t.Fatalf("the call in flight was not answered: %v", err)
	}
	text, err := io.ReadAll(response.Body)
	answered := response.StatusCode == http.StatusOK && strings.Contains(string(text), "<Gather")
	if !answered || err != nil {
		t.Errorf("status %d, error %v, and the caller hears %s", response.StatusCode, err, text)
	}
	select {
	case err := <-s.ended:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it did not end within ten seconds")
	}
}

// A listener that breaks ends the service with an error, at once.
func TestBrokenListenerEndsTheService(t *testing.T) {
	s := start(t)
	if err := s.admnL.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("it ended with %v, want that the listener is closed", err)
	}
}

// inFlight is a webhook of which the server has the head, and waits for the body.
type inFlight struct {
	conn    net.Conn
	answers *bufio.Reader
	body    string
}

// openWebhook sends the head of a call's first webhook. That the server asks for
// the body shows that it is in flight.
func openWebhook(t *testing.T, public string) inFlight {
	t.Helper()
	form := url.Values{
		"AccountSid": {simulatedAccount}, "CallStatus": {"ringing"},
		"From": {"+14045550100"}, "To": {"+18005550199"},
	}
	host := strings.TrimPrefix(public, "http://")
	conn, err := net.Dial("tcp", host)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	call := inFlight{conn, bufio.NewReader(conn), form.Encode()}
	signature := webhook.Sign(testToken, public+"/voice", form)
	call.send(t, fmt.Sprintf("POST /voice HTTP/1.1\r\nHost: %s\r\nX-Twilio-Signature: %s\r\n"+
		"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n"+
		"Expect: 100-continue\r\n\r\n", host, signature, len(call.body)))
	response, err := http.ReadResponse(call.answers, nil)
	if err != nil || response.StatusCode != http.StatusContinue {
		t.Fatalf("the server does not ask for the body: %v, %v", response, err)
	}
	return call
}

func (f inFlight) finish(t *testing.T) { t.Helper(); f.send(t, f.body) }

func (f inFlight) send(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(f.conn, text); err != nil {
		t.Fatal(err)
	}
}

// awaitClosed waits until an address takes no more connections.
func awaitClosed(t *testing.T, addr string) {
	t.Helper()
	for t.Context().Err() == nil {
		conn, err := net.Dial("tcp", addr)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err == nil {
			_ = conn.Close()
		}
		time.Sleep(time.Millisecond)
	}
}

// Ctrl-C hangs up while the person at the terminal has typed nothing.
func TestInterruptHangsUp(t *testing.T) {
	s := start(t)
	defer s.stop()
	tr, err := phone.ParseTranscript("call", "call from +14045550100 to +18005550199")
	if err != nil {
		t.Fatal(err)
	}
	keyboard, _ := io.Pipe()
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	shown := &screen{prompted: interrupt}
	line := newPhoneLine(s.public, "", simulatedAccount, testToken)
	err = interactive(ctx, terminal{in: keyboard, out: shown}, line, tr)
	if err != nil || !strings.HasSuffix(shown.String(), "> \nended  by the caller\n") {
		t.Errorf("it ended with %v, shown was\n%s", err, shown)
	}
}

// screen tells when the program waits for keys.
type screen struct {
	strings.Builder
	prompted func()
}

func (s *screen) Write(text []byte) (int, error) {
	if strings.HasSuffix(string(text), "> ") {
		s.prompted()
	}
	return s.Builder.Write(text)
}
