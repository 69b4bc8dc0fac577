package main

import (
	"encoding/xml"
	"io"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"premiumline/webhook"
)

// TestContestants starts those that are of Go and keeps them answering for a moment: all
// answer the same menu, and each event is in the store. "make bench" tries the others.
func TestContestants(t *testing.T) {
	w, err := newWorkshop(t.Context())
	must(t, err)
	t.Cleanup(w.close)
	h := &hall{
		plan: plan{warm: 50 * time.Millisecond, saturate: 50 * time.Millisecond,
			paced: 300 * time.Millisecond, connections: 8},
		workshop: w, out: io.Discard, pace: map[string]int{},
		rest: func() { time.Sleep(time.Millisecond) },
	}
	line, err := compileLine()
	must(t, err)
	must(t, h.invite(line))
	for _, c := range contestants {
		if c.argv != nil || c.records == "postgres" {
			continue
		}
		p, err := w.build(t.Context(), c)
		must(t, err)
		f, err := h.round(t.Context(), p)
		must(t, err)
		if min(f.Rate, f.P99, f.Allocs, f.Loaded, f.Start, float64(p.binary)) == 0 {
			t.Errorf("%s: %+v", c.name, f)
		}
		if c.records != "" {
			calls, err := h.callsInProgress(t.Context(), p, 10, 200*time.Millisecond)
			if must(t, err); calls.Webhooks == 0 {
				t.Errorf("whole calls: %+v", calls)
			}
		}
	}
}

// Another sentence, another number and a document that is none are noticed.
func TestCheckSample(t *testing.T) {
	line, err := compileLine()
	must(t, err)
	s := samplesOf(line)[1]
	if err := s.check(s.want); err != nil {
		t.Errorf("the line's own answer: %v", err)
	}
	for _, change := range [][2]string{
		{"Connecting", "Collecting"}, {"<Number>+18", "<Number>+12"}, {"</Dial>", ""},
		{"Polly.Joanna", "Polly.Matthew"}, {`timeout="1"`, `timeout="2"`},
	} {
		changed := strings.Replace(string(s.want), change[0], change[1], 1)
		if err := s.check([]byte(changed)); err == nil {
			t.Errorf("%q for %q was not noticed in %s", change[1], change[0], changed)
		}
	}
}

// Every webhook is signed as Twilio does and has 27 parameters; one that is sent again
// has another idempotency token.
func TestRequests(t *testing.T) {
	for _, keys := range []string{"", "7"} {
		if n := len(callers[0].form(callOf(0), keys)); n != 27 {
			t.Errorf("%d parameters with keys %q, want 27", n, keys)
		}
	}
	r := requestsOf(block)
	sent := map[string]bool{}
	for range 2 * len(r.all) {
		sent[string(r.take())] = true
	}
	if len(r.all) != 2*block+block/10 || len(sent) != 2*len(r.all) {
		t.Errorf("%d requests, %d different ones when each is sent twice", len(r.all), len(sent))
	}
	c := callers[0]
	wire := string(c.request(callOf(0), menuPage, "7").wire)
	signature := webhook.Sign(authToken, publicURL+"/voice/"+menuPage, c.form(callOf(0), "7"))
	if !strings.Contains(wire, "X-Twilio-Signature: "+signature+"\r\n") {
		t.Errorf("not signed as it is sent: %s", wire)
	}
}

func TestParseAnswer(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\ncontent-type: text/xml; charset=utf-8\r\n"
	const doc = `<?xml version="1.0"?><Response/></Response>`
	for _, test := range []struct{ name, wire, body, err string }{
		{"length", ok + "Content-Length: 43\r\n\r\n" + doc, doc, ""},
		{"more than one", ok + "Content-Length: 43\r\n\r\n" + doc + "HTTP/1.1 ", doc, ""},
		{"chunks", ok + "Transfer-Encoding: chunked\r\n\r\n2b\r\n" + doc + "\r\n0\r\n\r\n", doc, ""},
		{"part of the head", ok, "", ""},
		{"part of the body", ok + "Content-Length: 43\r\n\r\n<?xml", "", ""},
		{"part of a chunk", ok + "\r\n2b\r\n<?xml", "", ""},
		{"another protocol", "SSH-2.0-OpenSSH", "", errNoHTTP.Error()},
		{"a length that is none", ok + "Content-Length: x\r\n\r\n", "", errNoHTTP.Error()},
		{"status", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", "",
			"answered HTTP/1.1 403 Forbidden: no"},
		{"media", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "", "answered a "},
		{"no TwiML", ok + "Content-Length: 2\r\n\r\nno", "", "answered what is no TwiML: no"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, whole, err := parseAnswer([]byte(test.wire))
			if err == nil && whole {
				err = a.check()
			}
			switch {
			case test.err != "":
				if err == nil || err.Error() != test.err {
					t.Errorf("error %v, want %s", err, test.err)
				}
			case err != nil || whole != (test.body != "") || whole && string(a.body) != test.body:
				t.Errorf("%v %q, %v, want %q", whole, a.body, err, test.body)
			}
		})
	}
}

func TestFigures(t *testing.T) {
	m := median([]figures{{CPU: 30, P99: 1}, {CPU: 10, P99: 3}, {CPU: 20, P99: 2}})
	if m.CPU != 20 || m.P99 != 2 {
		t.Errorf("median %+v", m)
	}
	var ascending []time.Duration
	for i := range 200 {
		ascending = append(ascending, time.Duration(i))
	}
	if p := percentile(ascending, .99); p != 198 || percentile(nil, .5) != 0 {
		t.Errorf("p99 of 0 to 199 is %d", p)
	}
	for rate, want := range map[float64]int{30000: 2000, 2858: 2000, 2857: 1000, 400: 200, 10: 50} {
		if got := paceFor(rate); got != want {
			t.Errorf("pace for %.0f a second is %d, want %d", rate, got, want)
		}
	}
	stat, err := parseStat([]byte("12 (a (b) c) S 7 0 0 0 0 0 0 0 0 0 100 20 3 4 20 0 1 0 0"))
	if err != nil || stat != (proc{12, 7, 127}) {
		t.Errorf("stat %+v, %v", stat, err)
	}
}

func TestVerdicts(t *testing.T) {
	r := &results{Compile: 10, Contestants: []*figures{
		{Name: "floor", CPU: 10, P99: 100, Loaded: 10, Start: 10},
		{Name: "line", CPU: 13, P99: 201, Loaded: 40, Start: 30},
	}}
	got := map[string]bool{}
	for _, v := range r.judge() {
		got[v.Target] = v.Met
	}
	want := map[string]bool{
		"CPU a webhook without records, over the floor's":     true,
		"p99 without records, over the floor's":               false,
		"start without records, over the same":                true,
		"memory under load without records, over the floor's": true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("verdicts %v\nwant %v", got, want)
	}
}

// The chart of what was last measured is well-formed, and its bars stay inside it.
func TestChart(t *testing.T) {
	r := &results{Machine: "<2> cores & more", Contestants: []*figures{
		{About: "the floor", CPU: 15, P99: 100, Loaded: 12},
		{About: "premiumline", CPU: 20, P99: 110},
		{About: "a & b", CPU: 1500, P99: 9000, Loaded: 120},
	}}
	chart := r.chart()
	for d := xml.NewDecoder(strings.NewReader(chart)); ; {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatalf("%v in %s", err, chart)
		}
	}
	if !strings.Contains(chart, "prefers-color-scheme") || !strings.Contains(chart, "logarithmic") {
		t.Error("the chart is for one colour scheme, or its scale is not told")
	}
	length, _ := panels[0].scale(r.Contestants)
	if math.Abs(length(1500)-barsWidth) > .1 || length(15) <= 0 || length(15) >= length(20) {
		t.Errorf("bars of 15, 20 and 1500: %.1f, %.1f, %.1f", length(15), length(20), length(1500))
	}
}

func TestInsert(t *testing.T) {
	for _, test := range []struct{ page, want string }{
		{"a\n" + mark + "old\n" + mark + "b\n", "a\n" + mark + "new\n" + mark + "b\n"},
		{"no marks", "no marks"},
		{mark, ""},
	} {
		if got, err := insert(test.page, "new\n"); got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("%q: %q, %v", test.page, got, err)
		}
	}
}

// The page that tells of the measurement has a place for it.
func TestMarks(t *testing.T) {
	page, err := os.ReadFile("README.md")
	must(t, err)
	if strings.Count(string(page), mark) != 2 {
		t.Error("README.md has no two marks")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
