package webhook_test

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"premiumline/webhook"
)

// keyPressed is a real webhook of a caller who presses seven in the menu.
func keyPressed(b *testing.B) (signature, body string) {
	_, _, _, body = firstTurn(b)
	body += "&Digits=7&FinishedOnKey=&msg=Gather+End"
	form, err := url.ParseQuery(body)
	if err != nil {
		b.Fatal(err)
	}
	return webhook.Sign("12345", origin+target, form), body
}

// realHandler is the handler of a line as it is operated.
func realHandler(b *testing.B) http.Handler {
	return webhook.NewHandler(webhook.Options{
		Line: builtIn, Verifier: newVerifier(b, origin, "12345", "the next token"), Account: account,
		Log:     slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Metrics: webhook.NewMetrics(prometheus.NewRegistry()),
	})
}

// floor is the least that any handler must do: read the body, write an answer.
func floor(document []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write(document)
	})
}

// BenchmarkTurn is a turn with all that belongs to it; BenchmarkFloor is the same
// exchange with a handler that only reads the body and writes the same bytes.
func BenchmarkTurn(b *testing.B) { benchmarkExchange(b, realHandler(b)) }

func BenchmarkFloor(b *testing.B) { benchmarkExchange(b, floor(answerOf(b, realHandler(b)))) }

// BenchmarkTurnOverFloor asks both in turns, so that whatever else the machine does
// slows down both, and reports the ratio of the medians.
func BenchmarkTurnOverFloor(b *testing.B) {
	h := realHandler(b)
	turn, floor := dial(b, h), dial(b, floor(answerOf(b, h)))
	var turns, floors []time.Duration
	for b.Loop() {
		turns = append(turns, timed(turn))
		floors = append(floors, timed(floor))
	}
	slices.Sort(turns)
	slices.Sort(floors)
	middle := len(turns) / 2
	b.ReportMetric(float64(turns[middle])/float64(floors[middle]), "x-floor")
}

func timed(ask func()) time.Duration {
	start := time.Now()
	ask()
	return time.Since(start)
}

func answerOf(b *testing.B, h http.Handler) []byte {
	signature, body := keyPressed(b)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, pressed(signature, body))
	if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "Georgia") {
		b.Fatalf("answered %d %s", w.Code, w.Body)
	}
	return w.Body.Bytes()
}

func pressed(signature, body string) *http.Request {
	r := httptest.NewRequest("POST", target, strings.NewReader(body))
	r.Header.Set("Content-Type", aForm)
	r.Header.Set("X-Twilio-Signature", signature)
	return r
}

func benchmarkExchange(b *testing.B, h http.Handler) {
	b.Run("network", func(b *testing.B) { benchmarkNetwork(b, h) })
	b.Run("handler", func(b *testing.B) { benchmarkHandler(b, h) })
}

func benchmarkNetwork(b *testing.B, h http.Handler) {
	ask := dial(b, h)
	b.ReportAllocs()
	for b.Loop() {
		ask()
	}
}

// dial returns what asks the handler, over one connection of the loopback interface.
func dial(b *testing.B, h http.Handler) (ask func()) {
	signature, body := keyPressed(b)
	server := httptest.NewServer(h)
	b.Cleanup(server.Close)
	header := pressed(signature, body).Header
	return func() {
		r, _ := http.NewRequest("POST", server.URL+target, strings.NewReader(body))
		r.Header = header
		answer, err := server.Client().Do(r)
		if err != nil || answer.StatusCode != http.StatusOK {
			b.Fatal(answer, err)
		}
		if _, err := io.Copy(io.Discard, answer.Body); err != nil {
			b.Fatal(err)
		}
		_ = answer.Body.Close()
	}
}

// benchmarkHandler asks the handler itself, without a network and its buffers.
func benchmarkHandler(b *testing.B, h http.Handler) {
	signature, text := keyPressed(b)
	body := bytes.NewReader(nil)
	r := pressed(signature, text)
	r.Body = io.NopCloser(body)
	w := &nowhere{header: http.Header{}}
	b.ReportAllocs()
	for b.Loop() {
		body.Reset([]byte(text))
		clear(w.header)
		h.ServeHTTP(w, r)
	}
	if w.status != 0 {
		b.Fatalf("answered %d", w.status)
	}
}

// nowhere is a response that is not sent.
type nowhere struct {
	header http.Header
	status int
}

func (w *nowhere) Header() http.Header         { return w.header }
func (w *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (w *nowhere) WriteHeader(status int)      { w.status = status }
