package ops_test

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"premiumline/calllog"
)

// answer is what a listener answered to a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (l *listener) ask(method, path string, mend ...func(*http.Request)) answer {
	l.Helper()
	r, err := http.NewRequestWithContext(l.Context(), method, l.url+path, nil)
	if err != nil {
		l.Fatal(err)
	}
	for _, f := range mend {
		f(r)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		l.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		l.Fatal(err)
	}
	return answer{resp.StatusCode, resp.Header, string(body)}
}

func TestRoutes(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{"/", 200, "<title>premiumline</title>"},
		{"/static/vendor/chart.umd.min.js", 200, "Chart.js v4"},
		{"/static/vendor/README.md", 404, ""},
		{"/static/", 404, ""},
		{"/nothing", 404, ""},
		{"/voice", 404, ""},
		{"/healthz", 200, "ok"},
		{"/readyz", 200, "ok"},
		{"/metrics", 200, "go_build_info"},
		{"/summary.json", 200, `"calls":6`},
		{"/summary.json?period=7d&zone=" + zone, 200, `"calls":7`},
		{"/summary.json?period=year", 400, `period="year" is not known; it is one of today, 7d, 30d`},
		{"/events?zone=Mars/Olympus", 400, `zone="Mars/Olympus" is no time zone`},
		{"/calls.json?limit=2", 200, `"sid":"CAservices"`},
		{"/calls.json?limit=many", 400, `limit="many" is not a number of calls from 1 to 500`},
		{"/calls.json?limit=501", 400, `limit="501" is not`},
		{"/calls.csv?period=1d", 400, `period="1d" is not known`},
		{"/calls/CAwrong.json", 200, `"outcome":"wrong"`},
		{"/calls/CAnobody.json", 404, "no call CAnobody is in the records"},
	} {
		path := c.path
		if !strings.Contains(path, "zone=") && strings.Contains(path, "json") {
			path += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "zone=" + zone
		}
		got := l.ask("GET", strings.ReplaceAll(path, "+", "%2B"))
		if got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %.200s, want %d with %q", c.path, got.status, got.body, c.status, c.says)
		}
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	l := serve(t, sqlite(t), "")
	for _, path := range []string{"/", "/summary.json", "/calls.csv", "/healthz", "/nothing"} {
		head := l.ask("GET", path).header
		policy := head.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self';") {
			t.Errorf("%s: policy %q", path, policy)
		}
		if head.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: its type may be guessed", path)
		}
		if cache := head.Get("Cache-Control"); path != "/" && cache != "no-store" {
			t.Errorf("%s: Cache-Control %q", path, cache)
		}
	}
	got := l.ask("POST", "/summary.json")
	if got.status != 405 || got.header.Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", got.status, got.header.Get("Allow"))
	}
	if got := l.ask("HEAD", "/events"); got.status != 200 || got.body != "" {
		t.Errorf("HEAD: %d %q", got.status, got.body)
	}
}

func TestPageIsNotSentTwice(t *testing.T) {
	l := serve(t, sqlite(t), "")
	first := l.ask("GET", "/static/js/main.js")
	again := l.ask("GET", "/static/js/main.js", func(r *http.Request) {
		r.Header.Set("If-None-Match", first.header.Get("ETag"))
	})
	if first.status != 200 || again.status != 304 {
		t.Errorf("%d, then %d", first.status, again.status)
	}
}

func TestPassword(t *testing.T) {
	l := serve(t, sqlite(t), "open sesame")
	with := func(password string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth("anybody", password) }
	}
	for _, path := range []string{
		"/", "/metrics", "/summary.json", "/events", "/calls.csv", "/static/js/main.js",
	} {
		got := l.ask("GET", path)
		if got.status != 401 || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s without a password: %d", path, got.status)
		}
		if got := l.ask("GET", path, with("open barley")); got.status != 401 {
			t.Errorf("%s with a wrong one: %d", path, got.status)
		}
		if got := l.ask("HEAD", path, with("open sesame")); got.status != 200 {
			t.Errorf("%s with the password: %d", path, got.status)
		}
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if got := l.ask("GET", path); got.status != 200 {
			t.Errorf("%s asks for a password: %d", path, got.status)
		}
	}
}

func TestPasswordInBrowser(t *testing.T) {
	l := serve(t, sqlite(t), "sesame")
	noteMorning(l)
	p := open(t, strings.Replace(l.url, "http://", "http://operator:sesame@", 1))
	p.Says("#all", "6")
}

func TestForeignNamesNeedAPassword(t *testing.T) {
	named := func(host string) func(*http.Request) { return func(r *http.Request) { r.Host = host } }
	open, locked := serve(t, sqlite(t), ""), serve(t, sqlite(t), "sesame")
	for host, status := range map[string]int{
		"localhost:9090": 200, "127.0.0.1": 200, "[::1]:9090": 200, "rebound.example:9090": 421,
	} {
		if got := open.ask("GET", "/summary.json", named(host)); got.status != status {
			t.Errorf("%s: %d, want %d", host, got.status, status)
		}
	}
	if got := locked.ask("GET", "/", named("ops.example"), func(r *http.Request) {
		r.SetBasicAuth("", "sesame")
	}); got.status != 200 {
		t.Errorf("with the password: %d", got.status)
	}
}

func TestCSV(t *testing.T) {
	l := serve(t, sqlite(t), "")
	noteMorning(l)
	odd := answered("en", "=1+1", "")
	odd.Stir = "@SUM(A1)"
	l.note(time.Now().Add(-72*time.Hour), "CAodd", odd)
	got := l.ask("GET", "/calls.csv?period=7d&zone="+strings.ReplaceAll(zone, "+", "%2B"))
	if !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename=calls-7d-") {
		t.Errorf("Content-Disposition %q", got.header.Get("Content-Disposition"))
	}
	lines := strings.Split(strings.TrimSpace(got.body), "\n")
	if len(lines) != 1+len(morning)+1 {
		t.Errorf("%d lines for %d calls", len(lines), len(morning)+1)
	}
	if !strings.HasPrefix(lines[0], "call_sid,started,ended,seconds,language,area_code,offered,") {
		t.Errorf("heading %q", lines[0])
	}
	for _, want := range []string{
		",90,es,213,southern-california,false,transferred,southern-california,15,busy,0,,4,9 2,0,0," +
			"es/number/southern-california/busy,completed,TN-Validation-Passed-A,2f6c1e",
		",en,'=1+1,", ",'@SUM(A1),",
	} {
		if !strings.Contains(got.body, want) {
			t.Errorf("no call reads %q in\n%s", want, got.body)
		}
	}
}

func TestNoFiguresWithoutStore(t *testing.T) {
	l := serve(t, nowhere, "")
	for path, status := range map[string]int{
		"/summary.json": 200, "/calls.json": 503, "/calls.csv": 503, "/calls/CAnow.json": 503,
		"/readyz": 200,
	} {
		if got := l.ask("GET", path); got.status != status {
			t.Errorf("%s: %d %s, want %d", path, got.status, got.body, status)
		}
	}
	if body := l.ask("GET", "/summary.json").body; !strings.Contains(body, `"figures":null`) ||
		!strings.Contains(body, calllog.ErrUnavailable.Error()) {
		t.Errorf("summary without a store: %.300s", body)
	}
}

func TestNotReady(t *testing.T) {
	l := serve(t, sqlite(t), "")
	l.breaks("no directory")
	if got := l.ask("GET", "/readyz"); got.status != 503 || got.body != "no directory\n" {
		t.Errorf("readyz: %d %q", got.status, got.body)
	}
	if got := l.ask("GET", "/healthz"); got.status != 200 {
		t.Errorf("healthz: %d", got.status)
	}
}

// TestShutdownEndsStreams: an open page must not hold up a deployment.
func TestShutdownEndsStreams(t *testing.T) {
	l := serve(t, sqlite(t), "")
	resp, err := http.Get(l.url + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	if !lines.Scan() || lines.Text() != "event: snapshot" {
		t.Fatalf("the stream begins with %q, %v", lines.Text(), lines.Err())
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	if err := l.server.Shutdown(ctx); err != nil {
		t.Errorf("shutting down: %v", err)
	}
}
