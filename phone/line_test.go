package phone_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"premiumline/phone"
)

const (
	account = "AC0123456789abcdef0123456789abcdef"
	georgia = "+14045550100"
	tollway = "+18005550199"
)

var atlanta = phone.Caller{From: georgia, To: tollway, City: "Atlanta", State: "GA", ZIP: "30303"}

// script is the line that is called: what each path answers. A path that is not
// there is a 404; the status callback is always received.
type script map[string]http.HandlerFunc

// says answers with the verbs of a TwiML document.
func says(verbs string) http.HandlerFunc {
	return answers(http.StatusOK, "text/xml", "<Response>"+verbs+"</Response>")
}

func answers(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}
}

// request is a webhook as the server saw it.
type request struct {
	method, path, signature, agent string
	form                           url.Values
}

// server runs a script and keeps the requests.
type server struct {
	*phone.Line
	mu       sync.Mutex
	requests []request
}

func serve(t *testing.T, s script) *server {
	t.Helper()
	srv := &server{}
	h := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		srv.keep(t, r)
		switch handler, ok := s[r.URL.Path]; {
		case ok:
			handler(w, r)
		case r.URL.Path == "/voice/status":
			w.WriteHeader(http.StatusNoContent)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(h.Close)
	srv.Line = &phone.Line{
		Public:  "https://ivr.example.com",
		Connect: h.URL,
		Account: account,
		Sign:    func(url string, f url.Values) string { return url + " " + f.Get("CallStatus") },
	}
	return srv
}

func (s *server) keep(t *testing.T, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		t.Errorf("%s: %v", r.URL.Path, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, request{
		method: r.Method, path: r.RequestURI, form: r.Form,
		signature: r.Header.Get("X-Twilio-Signature"), agent: r.UserAgent(),
	})
}

// asked is the paths asked for, and latest the latest request for one of them.
func (s *server) asked() (paths []string) {
	for _, r := range s.requests {
		paths = append(paths, r.path)
	}
	return paths
}

func (s *server) latest(t *testing.T, path string) request {
	t.Helper()
	for _, r := range slices.Backward(s.requests) {
		if r.path == path {
			return r
		}
	}
	t.Fatalf("%s was not asked, only %v", path, s.asked())
	return request{}
}

// call places a call from Georgia.
func (s *server) call(t *testing.T) *phone.Call {
	t.Helper()
	c, err := s.Call(t.Context(), atlanta)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// must fails the test where an act on a call fails.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// happened is the events of the kind T, with the moment of each.
func happened[T phone.What](c *phone.Call) (all []T, at []time.Duration) {
	for _, e := range c.Events() {
		if w, ok := e.What.(T); ok {
			all, at = append(all, w), append(at, e.At)
		}
	}
	return all, at
}

// replay runs a transcript against a script and wants it to come out as it is.
func replay(t *testing.T, s script, want string) {
	t.Helper()
	want = strings.TrimPrefix(want, "\n")
	tr, err := phone.ParseTranscript(t.Name(), want)
	must(t, err)
	got, err := tr.Run(context.Background(), serve(t, s).Line, nil)
	if err != nil {
		t.Errorf("running: %v", err)
	}
	if got != want {
		t.Errorf("the call went\n%s\nwant\n%s", got, want)
	}
}
