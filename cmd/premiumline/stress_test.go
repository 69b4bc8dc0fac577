package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"premiumline/config"
	"premiumline/phone"
)

// A stress is a thousand callers on the line at once, and something that goes wrong
// meanwhile. Each caller must come to the right number, hear no error, and be on
// record turn for turn; then goroutines and memory must be what they were.
const (
	stressed = 1000
	arrivals = time.Millisecond // from call to call, so that nearly all are on the line together
	listened = 800 * time.Millisecond
	trouble  = 4 * time.Second // how long what goes wrong lasts
)

// stress has the callers ring the line of c while wrong goes wrong. through, where it
// is not nil, brings their webhooks to the line.
func stress(
	t *testing.T, c config.Config, through func(http.RoundTripper) http.RoundTripper,
	wrong func(context.Context, *service),
) {
	t.Helper()
	before := standing()
	s := startWith(t, c)
	transport := &http.Transport{MaxIdleConnsPerHost: stressed}
	line := stressLine(s.public, transport, through)
	ctx, stop := context.WithCancel(t.Context())
	var going sync.WaitGroup
	going.Go(func() { wrong(ctx, s.service) })
	rung := ringAll(t, line, stressed, arrivals)
	stop()
	going.Wait()
	eventually(t, "the call log", func() bool {
		h := s.records.log.Health()
		return h.OK && h.Queued == 0
	})
	if h := s.records.log.Health(); h.Dropped > 0 {
		t.Errorf("%d events were dropped", h.Dropped)
	}
	checkRecords(t, s.records.log, rung)
	s.stop()
	if err := <-s.ended; err != nil {
		t.Errorf("the line ended with %v", err)
	}
	transport.CloseIdleConnections()
	before.again(t)
}

// stressLine is the line at an address. Its callers listen for a while before each
// webhook.
func stressLine(
	public string, transport *http.Transport, through func(http.RoundTripper) http.RoundTripper,
) *phone.Line {
	var way http.RoundTripper = unhurried{transport, listened}
	if through != nil {
		way = through(way)
	}
	line := newPhoneLine(public, "", simulatedAccount, testToken)
	line.Client = &http.Client{Timeout: 15 * time.Second, Transport: way}
	return line
}

// footprint is what a process holds.
type footprint struct {
	goroutines int
	heap       uint64 // bytes
}

func standing() footprint {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return footprint{runtime.NumGoroutine(), m.HeapAlloc}
}

// again waits until the process holds no more than it did.
func (b footprint) again(t *testing.T) {
	t.Helper()
	const some = 16 << 20
	var now footprint
	for range 200 {
		if now = standing(); now.goroutines <= b.goroutines+5 && now.heap <= b.heap+some {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("%d goroutines and %d MB became %d and %d", b.goroutines, b.heap>>20,
		now.goroutines, now.heap>>20)
}

// stored is the configuration of a line whose records are kept in a store.
func stored(databaseURL string) config.Config {
	c := testConfig()
	c.DatabaseURL, c.CallerHashKey = databaseURL, replicaKey
	return c
}

// TestStoreIsLocked: another process keeps everybody from writing.
func TestStoreIsLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "calls.db")
	stress(t, stored("sqlite:"+path), nil, func(ctx context.Context, s *service) {
		time.Sleep(time.Second)
		db, err := sql.Open("sqlite", path)
		if err == nil {
			db.SetMaxOpenConns(1)
			_, err = db.ExecContext(ctx, "PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE")
			time.Sleep(trouble)
		}
		if h := s.records.log.Health(); h.OK {
			t.Error("the call log is well, though it is locked")
		}
		if _, rollback := db.Exec("ROLLBACK"); err != nil || rollback != nil || db.Close() != nil {
			t.Errorf("locking the store: %v, %v", err, rollback)
		}
	})
}

// TestPostgresIsAway: for ten seconds, under load.
func TestPostgresIsAway(t *testing.T) {
	t.Setenv("PREMIUMLINE_POSTGRES_DIR", filepath.Join(os.TempDir(), fmt.Sprintf("premiumline-stress-%d", os.Getpid())))
	address := postgresServer(t)
	defer func() {
		postgresServer(t, "stop")
		_ = os.RemoveAll(os.Getenv("PREMIUMLINE_POSTGRES_DIR"))
	}()
	stress(t, stored(address), nil, func(context.Context, *service) {
		time.Sleep(time.Second)
		postgresServer(t, "stop")
		time.Sleep(10 * time.Second)
		postgresServer(t)
	})
}

// TestDirectoryChanges: all the time, and every other time it has a mistake.
func TestDirectoryChanges(t *testing.T) {
	c := testConfig()
	c.Directory = t.TempDir()
	if err := os.CopyFS(c.Directory, os.DirFS("../../data/")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(c.Directory, "directory.yaml")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reloads := 0
	stress(t, c, nil, func(ctx context.Context, s *service) {
		for ; ctx.Err() == nil; reloads++ {
			text := bytes.Replace(good, []byte("key: 7"), []byte("key: 1"), 1)
			if reloads%2 == 1 {
				text = append(bytes.Clone(good), fmt.Sprintf("# %d\n", reloads)...)
			}
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Error(err)
			}
			s.live.reload()
			if refused := *s.live.why.Load() != ""; refused != (reloads%2 == 0) {
				t.Errorf("reload %d: refused is %v", reloads, refused)
			}
			time.Sleep(300 * time.Millisecond)
		}
	})
	if reloads < 5 {
		t.Errorf("only %d reloads", reloads)
	}
}

// TestBadClients: some send nothing, some half a webhook, some all they can without
// a signature.
func TestBadClients(t *testing.T) {
	stress(t, testConfig(), nil, func(ctx context.Context, s *service) {
		addr := s.callsL.Addr().String()
		var clients sync.WaitGroup
		for i := range 300 {
			clients.Go(func() { holdConnection(ctx, addr, halves[i%len(halves)]) })
		}
		for range 4 {
			clients.Go(func() { flood(ctx, s.public) })
		}
		clients.Wait()
	})
}

// halves are what clients send who then say no more.
var halves = []string{"", "POST /voice HTTP/1.1\r\nHost: a\r\n",
	"POST /voice HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
		"Content-Length: 500\r\n\r\nDigits="}

func holdConnection(ctx context.Context, addr, sends string) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, sends)
	<-ctx.Done()
}

// flood sends unsigned webhooks.
func flood(ctx context.Context, public string) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	for ctx.Err() == nil {
		answer, err := client.PostForm(public+"/voice", url.Values{"Digits": {"7"}})
		if err == nil {
			_ = answer.Body.Close()
		}
		time.Sleep(time.Millisecond)
	}
}

// TestWebhooksComeTwice: every tenth again, every hundredth twice at once.
func TestWebhooksComeTwice(t *testing.T) {
	twice := &repeating{t: t}
	through := func(way http.RoundTripper) http.RoundTripper {
		twice.RoundTripper = way
		return twice
	}
	stress(t, testConfig(), through, func(context.Context, *service) {})
	if twice.repeated.Load() < stressed/10 {
		t.Errorf("only %d webhooks came twice", twice.repeated.Load())
	}
}

// repeating sends webhooks twice, and holds the answers to be the same.
type repeating struct {
	http.RoundTripper
	t              *testing.T
	sent, repeated atomic.Int64
}

// RoundTrip implements [http.RoundTripper].
func (p *repeating) RoundTrip(r *http.Request) (*http.Response, error) {
	n := p.sent.Add(1)
	if n%10 != 0 {
		return p.RoundTripper.RoundTrip(r)
	}
	p.repeated.Add(1)
	again := make(chan string, 1)
	second := r.Clone(r.Context())
	second.Body, _ = r.GetBody()
	send := func() { again <- p.answer(second) }
	if n%100 == 0 {
		go send()
	}
	response, err := p.RoundTripper.RoundTrip(r)
	if n%100 != 0 {
		send()
	}
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if other := <-again; other != string(body) {
		p.t.Errorf("%s was answered\n%s\nand then\n%s", r.URL.Path, body, other)
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

func (p *repeating) answer(r *http.Request) string {
	response, err := p.RoundTripper.RoundTrip(r)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(response.Body)
	return string(body)
}
