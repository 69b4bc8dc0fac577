// Package faketwilio is Twilio's REST API as far as the line uses it, for tests: over real HTTP,
// with the checks and the refusals of the real one, and what it did to be looked at afterwards.
//
// It answers for api.twilio.com (the account, its numbers, its texts), messaging.twilio.com
// (messaging services, toll-free verification) and monitor.twilio.com (alerts). twilio-go has no
// setting for another address: [Twilio.Transport] brings its requests here instead.
//
// Like the real one it takes a text as often as it is sent; there is no key by which it would know
// one that came before. What goes wrong is set up as [Fault], among them the hardest one: a
// request that is carried out, and whose answer never comes.
package faketwilio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"time"
)

// State is what a Twilio holds; its JSON is what scripts of tests write.
type State struct {
	Account  string         `json:"account"`          // SID
	Token    string         `json:"token"`            //
	Name     string         `json:"name"`             // of the account
	Status   string         `json:"status"`           // of the account; "": active
	Trial    bool           `json:"trial"`            //
	Numbers  []*Number      `json:"numbers"`          //
	Services []*Service     `json:"services"`         // messaging services
	Alerts   []Alert        `json:"alerts"`           // newest first
	Refuse   map[string]int `json:"refuse"`           // Twilio's code for texts to a number
	Faults   []*Fault       `json:"faults"`           //
	Page     int            `json:"page"`             // longest page of a list; 0: 1000
	Ahead    int            `json:"seconds_ahead"`    // its clock before ours, seconds
	NoDate   bool           `json:"no_date"`          // answers have no Date
	Texts    []*Text        `json:"texts,omitempty"`  // that were taken
	Asked    []string       `json:"asked,omitempty"`  // method and path of every request, in order
	Made     int            `json:"serial,omitempty"` // SIDs that were made up
}

// Twilio is a running fake; its methods may be called at the same time.
type Twilio struct {
	URL    string // where it answers, http://127.0.0.1:1234
	mu     sync.Mutex
	state  State
	server *httptest.Server
}

// Start starts a Twilio that holds a state, which is its own from here on. Close ends it.
func Start(state State) *Twilio {
	t := &Twilio{state: state}
	t.server = httptest.NewServer(t)
	t.URL = t.server.URL
	return t
}

// Close ends it.
func (t *Twilio) Close() { t.server.Close() }

// With lets a test look at the state and change it, while no request is answered.
func (t *Twilio) With(do func(*State)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	do(&t.state)
}

// Transport returns a RoundTripper that brings requests to Twilio's hosts here, and refuses those
// to any other.
func (t *Twilio) Transport() http.RoundTripper { return Transport(t.URL) }

// Transport returns the RoundTripper for a fake that answers at address, maybe in another process.
func Transport(address string) http.RoundTripper { return rewriter{address} }

type rewriter struct{ address string }

func (w rewriter) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Host, ".twilio.com") {
		return nil, fmt.Errorf("faketwilio: %s is not Twilio", r.URL.Host)
	}
	fake, err := url.Parse(w.address)
	if err != nil {
		return nil, err
	}
	here := r.Clone(r.Context())
	here.Host = r.URL.Host
	here.URL.Scheme, here.URL.Host = fake.Scheme, fake.Host
	return http.DefaultTransport.RoundTrip(here)
}

// request is one of Twilio's requests, with its form or query read.
type request struct {
	*http.Request
	path   []string // below the version and, of the core API, the account
	values url.Values
}

// refusal is an answer with one of Twilio's codes.
type refusal struct {
	status, code int
	message      string
}

func (r refusal) Error() string { return fmt.Sprintf("%d: %s", r.code, r.message) }

var (
	unauthorised = refusal{401, 20003, "Authenticate"}
	notFound     = refusal{404, 20404, "The requested resource was not found"}
	notAllowed   = refusal{405, 20004, "Method not allowed"}
)

// ServeHTTP answers as the host that was asked.
func (t *Twilio) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state.Asked = append(t.state.Asked, r.Method+" "+r.URL.Path)
	t.date(w)
	fault := t.fault(r)
	if fault != nil && !fault.After {
		fault.answer(w)
		return
	}
	answer, err := t.answer(r)
	switch refused, isRefusal := err.(refusal); {
	case fault != nil:
		fault.answer(w)
	case isRefusal:
		refused.write(w)
	case err != nil:
		refusal{400, 20001, err.Error()}.write(w)
	default:
		status := http.StatusOK
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/Messages.json") {
			status = http.StatusCreated
		}
		write(w, status, answer)
	}
}

func (t *Twilio) date(w http.ResponseWriter) {
	if t.state.NoDate {
		w.Header()["Date"] = nil
		return
	}
	now := time.Now().Add(time.Duration(t.state.Ahead) * time.Second)
	w.Header().Set("Date", now.UTC().Format(http.TimeFormat))
}

// answer checks who asks, and lets the host answer.
func (t *Twilio) answer(r *http.Request) (any, error) {
	if user, password, _ := r.BasicAuth(); user != t.state.Account || password != t.state.Token {
		return nil, unauthorised
	}
	const form = "application/x-www-form-urlencoded"
	if r.Method == http.MethodPost && r.Header.Get("Content-Type") != form {
		return nil, refusal{415, 20001, "Unsupported content type"}
	}
	if err := r.ParseForm(); err != nil {
		return nil, err
	}
	path := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	values := r.PostForm
	if r.Method == http.MethodGet {
		values = r.URL.Query()
	}
	switch r.Host {
	case "api.twilio.com":
		return t.core(request{r, path, values})
	case "messaging.twilio.com":
		return t.messaging(request{r, path[1:], values})
	case "monitor.twilio.com":
		return t.monitor(request{r, path[1:], values})
	}
	return nil, notFound
}

// core answers for api.twilio.com: /2010-04-01/Accounts/AC.../...
func (t *Twilio) core(r request) (any, error) {
	if len(r.path) < 3 || r.path[0] != "2010-04-01" || r.path[1] != "Accounts" {
		return nil, notFound
	}
	if strings.TrimSuffix(r.path[2], ".json") != t.state.Account {
		return nil, notFound
	}
	switch below := strings.Join(r.path[3:], "/"); {
	case below == "" && r.Method == http.MethodGet:
		return t.account(), nil
	case below == "IncomingPhoneNumbers.json" && r.Method == http.MethodGet:
		return t.listNumbers(r)
	case strings.HasPrefix(below, "IncomingPhoneNumbers/"):
		return t.number(r, strings.TrimSuffix(r.path[4], ".json"))
	case below == "Messages.json" && r.Method == http.MethodPost:
		return t.take(r)
	}
	return nil, notFound
}

func (t *Twilio) account() any {
	status, kind := "active", "Full"
	if t.state.Status != "" {
		status = t.state.Status
	}
	if t.state.Trial {
		kind = "Trial"
	}
	return map[string]string{
		"sid": t.state.Account, "friendly_name": t.state.Name, "status": status, "type": kind,
	}
}

// sid makes up an SID.
func (t *Twilio) sid(kind string) string {
	t.state.Made++
	return fmt.Sprintf("%s%032x", kind, t.state.Made)
}

func (r refusal) write(w http.ResponseWriter) {
	write(w, r.status, map[string]any{
		"code": r.code, "message": r.message, "status": r.status,
		"more_info": fmt.Sprintf("https://www.twilio.com/docs/errors/%d", r.code),
	})
}

func write(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(answer) // who asked may be gone
}
