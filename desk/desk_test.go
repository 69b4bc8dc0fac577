package desk_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"premiumline/phone"
)

// socket is a page without a browser.
type socket struct {
	*testing.T
	conn *websocket.Conn
	rows map[int]row
}

// message is what the server says, as far as the tests look at it.
type message struct {
	Is, Doing, Page, Failure string
	Field, Text              string
	Now, Until               int64
	Ahead, Rows              []row
	Figures                  []struct {
		ID           string
		Value, Limit float64
	}
	Name, Differs, Error string
	Same                 bool
	Lines                []struct{ Text, Kind string }
	Call                 *message
	Mistake, Folder      string
	Pages                []struct {
		Name   string
		Starts bool
	}
	SID string
}

type row struct {
	N                    int
	At                   int64
	Kind, Text, Language string
	Cut, Lost            bool
	Page                 string
	Hook                 *struct {
		URL, Verdict, Answer, Failed, Curl string
		Form                               [][2]string
		Status                             int
		Again                              bool
	}
}

// dial opens the socket of a page.
func dial(t *testing.T, l *line) *socket {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(l.url, "http")+"/call", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() })
	s := &socket{t, conn, map[int]row{}}
	if first := s.hear(); first.Is != "line" {
		t.Fatalf("the server begins with %q", first.Is)
	}
	return s
}

func (s *socket) hear() (m message) {
	s.Helper()
	_, text, err := s.conn.Read(s.Context())
	if err != nil {
		s.Fatal(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		s.Fatal(err)
	}
	for _, r := range m.Rows {
		s.rows[r.N] = r
	}
	return m
}

// ask sends a message and returns the answer.
func (s *socket) ask(format string, args ...any) message {
	s.Helper()
	text := fmt.Sprintf(format, args...)
	if err := s.conn.Write(s.Context(), websocket.MessageText, []byte(text)); err != nil {
		s.Fatal(err)
	}
	return s.hear()
}

// call places a call from Georgia; more is the rest of the message.
func (s *socket) call(more string) message {
	s.Helper()
	clear(s.rows)
	return s.ask(`{"do":"call","from":"+14045550100","called":"+18005550199","key":"7"%s}`, more)
}

// told is the rows of a kind, in their order.
func (s *socket) told(kind string) (texts []string) {
	for n := range len(s.rows) {
		if r := s.rows[n]; r.Kind == kind {
			texts = append(texts, r.Text)
		}
	}
	return texts
}

func (s *socket) figure(m message, id string, want float64) {
	s.Helper()
	for _, f := range m.Figures {
		if f.ID == id && f.Limit != want {
			s.Errorf("the limit of %s is %v, want %v", id, f.Limit, want)
		}
	}
}

func TestCall(t *testing.T) {
	l := serve(t)
	s := dial(t, l)
	m := s.call("")
	if m.Doing != "gather" || m.Page != "en/menu" || len(m.Ahead) == 0 || m.Now != 0 {
		t.Errorf("the call begins with %+v", m)
	}
	m = s.ask(`{"do":"tap","key":"7","to":12000}`)
	if last := s.told("speech"); m.Doing != "webhook" || !s.rows[len(s.rows)-3].Cut {
		t.Errorf("after the key: %q, heard %q", m.Doing, last)
	}
	s.figure(m, "dial", 21)
	m = s.ask(`{"do":"pass","to":19500}`)
	if m.Page != "en/dial/georgia" || m.Doing != "ringing" || s.told("dialed")[0] != "+18776997407" {
		t.Errorf("then %q on %s", m.Doing, m.Page)
	}
	m = s.ask(`{"do":"pass","to":25000}`)
	if m.Doing != "talking" {
		t.Errorf("at 25 s: %q", m.Doing)
	}
	m = s.ask(`{"do":"hangup","to":30000}`)
	if m.Doing != "" || s.told("ended")[0] != "after the transfer" || len(l.ended()) != 1 {
		t.Errorf("at the end: %+v", m)
	}
}

func TestFarEndAndTrouble(t *testing.T) {
	l := serve(t)
	s := dial(t, l)
	s.call(`,"far":{"status":"busy","after":2}`)
	s.ask(`{"do":"tap","key":"7","to":12000}`)
	s.ask(`{"do":"pass","to":22000}`)
	if got := s.told("speech"); !slices.Contains(got, "That line is busy.") {
		t.Errorf("heard %q", got)
	}
	m := s.call(`,"trouble":{"slow":8}`)
	if m.Doing != "webhook" || m.Until != 8000 {
		t.Errorf("a slow server: %q until %d", m.Doing, m.Until)
	}
	s.call("")
	s.ask(`{"do":"trouble","trouble":{"fails":true}}`)
	s.ask(`{"do":"tap","key":"7","to":1000}`)
	m = s.ask(`{"do":"pass","to":5000}`)
	if m.Page != "en/numbers/sorry" {
		t.Errorf("after an error the call is on %q", m.Page)
	}
	s.ask(`{"do":"trouble","trouble":{"repeats":true}}`)
	s.ask(`{"do":"tap","key":"1","to":6000}`)
	if last := s.rows[len(s.rows)-1].Hook; last == nil || !last.Again || last.Failed != "" {
		t.Errorf("the repeated webhook is %+v", last)
	}
}

func TestInspector(t *testing.T) {
	s := dial(t, serve(t))
	s.call("")
	h := s.rows[0].Hook
	if h == nil || h.Verdict != "good" || h.Status != 200 ||
		!strings.Contains(h.Answer, "\n  <Gather ") || !strings.Contains(h.Answer, "\n    <Say ") ||
		!slices.Contains(h.Form, [2]string{"From", "+14045550100"}) ||
		!strings.Contains(h.Curl, "-H 'X-Twilio-Signature: ") {
		t.Errorf("the first webhook is shown as %+v", h)
	}
}

// TestText: the page that the call is on is the one the line answered with, also
// where that depends on who calls.
func TestText(t *testing.T) {
	l := serve(t)
	l.texts = true
	l.reload()
	s := dial(t, l)
	s.call("")
	s.ask(`{"do":"tap","key":"7","to":12000}`)
	s.ask(`{"do":"pass","to":13000}`)
	s.ask(`{"do":"tap","key":"3","to":13500}`)
	if m := s.ask(`{"do":"pass","to":15000}`); m.Page != "en/text/georgia" {
		t.Errorf("after asking for a text the call is on %s", m.Page)
	}
}

func TestFromAPage(t *testing.T) {
	s := dial(t, serve(t))
	for _, page := range []string{"en/menu", "es/menu", "en/number/georgia/busy", "en/dial/georgia",
		"es/zip/wrong", "en/goodbye", "en/menu/zip"} {
		if m := s.call(fmt.Sprintf(`,"page":%q`, page)); m.Page != page {
			t.Errorf("a call at %s begins at %q: %s", page, m.Page, m.Text)
		}
	}
	if m := s.call(`,"page":"en/nowhere"`); m.Field != "page" {
		t.Errorf("a page that is not there: %+v", m)
	}
}

func TestSaveAndReplay(t *testing.T) {
	l := serve(t)
	s := dial(t, l)
	s.call(`,"far":{"status":"busy"}`)
	s.ask(`{"do":"tap","key":"7","to":12000}`)
	s.ask(`{"do":"pass","to":25000}`)
	m := s.ask(`{"do":"save","text":"A busy line."}`)
	if m.Name != "number-georgia-busy.txt" || m.Differs != "" ||
		!strings.Contains(m.Text, `logged "transfer ended" page=en/dial/georgia status=busy`) {
		t.Errorf("saved %+v", m)
	}
	if _, err := phone.ParseTranscript(m.Name, m.Text); err != nil || !strings.HasPrefix(m.Text, "# A busy line.\n\ncall   from +14045550100") {
		t.Errorf("%v:\n%s", err, m.Text)
	}
	text, _ := json.Marshal(m.Text)
	if again := s.ask(`{"do":"replay","name":"x.txt","text":%s}`, text); !again.Same || again.Call.Doing != "" {
		t.Errorf("replayed: %+v", again)
	}
	other, _ := json.Marshal(strings.Replace(m.Text, "That line is busy.", "That line is engaged.", 1))
	again := s.ask(`{"do":"replay","name":"x.txt","text":%s}`, other)
	var differ []string
	for _, line := range again.Lines {
		if line.Kind != "same" {
			differ = append(differ, line.Kind+" "+line.Text)
		}
	}
	if want := []string{"missing hear   That line is engaged.", "new hear   That line is busy."}; again.Same ||
		!slices.Equal(differ, want) {
		t.Errorf("differs: %q, want %q", differ, want)
	}
}

func TestBadInput(t *testing.T) {
	s := dial(t, serve(t))
	for text, want := range map[string]string{
		`{"do":"call","from":"404 555","called":"+18005550199"}`:                     "from",
		`{"do":"call","from":"+14045550100","called":"1800"}`:                        "called",
		`{"do":"call","from":"","called":"+18005550199","zip":"123"}`:                "zip",
		`{"do":"call","from":"","called":"+18005550199","state":"Georgia"}`:          "state",
		`{"do":"call","from":"","called":"+18005550199","city":"<b>"}`:               "city",
		`{"do":"call","from":"","called":"+18005550199","far":{"status":"engaged"}}`: "far",
		`{"do":"call","from":"","called":"+18005550199","far":{"after":-1}}`:         "after",
		`{"do":"call","from":"","called":"+18005550199","trouble":{"slow":100}}`:     "slow",
		`{"do":"replay","name":"shopping.txt","text":"milk"}`:                        "file",
		`{"do":"replay","name":"x.txt","text":"` + strings.Repeat(`\n`, 3000) + `"}`: "file",
		`{"do":"save"}`: "", `{"do":"tap","key":"7"}`: "", `{"do":"sing"}`: "", `milk`: "", `{"do":1}`: "",
	} {
		if m := s.ask("%s", text); m.Is != "refused" || m.Field != want || m.Text == "" {
			t.Errorf("%.80s: %s in %q: %s; want it in %q", text, m.Is, m.Field, m.Text, want)
		}
	}
	s.call("")
	for _, key := range []string{"", "x", "77"} {
		if m := s.ask(`{"do":"tap","key":%q,"to":10}`, key); m.Field != "key" {
			t.Errorf("key %q: %+v", key, m)
		}
	}
	if m := s.ask(`{"do":"save","name":"../x"}`); m.Field != "name" {
		t.Errorf("a name that is a path: %+v", m)
	}
}

func TestTabs(t *testing.T) {
	l := serve(t)
	a, b := dial(t, l), dial(t, l)
	first, second := a.call(""), b.call("")
	if first.SID == second.SID {
		t.Fatal("two tabs have one call")
	}
	_ = a.conn.CloseNow()
	for end := time.Now().Add(10 * time.Second); !slices.Contains(l.ended(), first.SID); {
		if time.Now().After(end) {
			t.Fatal("the call of a closed tab goes on")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if m := b.ask(`{"do":"pass","to":1000}`); m.Doing != "gather" {
		t.Errorf("the other tab's call: %q", m.Doing)
	}
}

func TestReload(t *testing.T) {
	l := serve(t)
	s := dial(t, l)
	l.write("prompts/en.yaml", "{organisation}", "{organization}")
	if m := s.hear(); m.Is != "line" || !strings.Contains(m.Mistake, "prompts/en.yaml:") {
		t.Errorf("a broken prompt: %+v", m.Mistake)
	}
	if m := s.call(""); m.Page != "en/menu" {
		t.Errorf("the old line is gone: %+v", m)
	}
	l.write("prompts/en.yaml", "{organization}", "{organisation}")
	if m := s.hear(); m.Mistake != "" {
		t.Errorf("mended, it still says %s", m.Mistake)
	}
}

// TestWhoMayAsk: another site's page, or name, is kept out.
func TestWhoMayAsk(t *testing.T) {
	l := serve(t)
	for _, test := range []struct {
		host, origin, method string
		want                 int
	}{
		{"", "", "GET", 200}, {"localhost:80", "", "GET", 200}, {"", l.url, "GET", 200},
		{"evil.example", "", "GET", 403}, {"192.0.2.1", "", "GET", 403},
		{"", "http://evil.example", "GET", 403}, {"", "null", "GET", 403},
		{"", "http://127.0.0.1:1", "GET", 403}, {"", "", "POST", 405},
	} {
		r, _ := http.NewRequest(test.method, l.url, nil)
		r.Host = test.host
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != test.want {
			t.Errorf("%+v: status %d", test, resp.StatusCode)
		}
	}
}
