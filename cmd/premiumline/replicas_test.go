package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"premiumline/calllog"
	"premiumline/data"
	"premiumline/phone"
)

// What the test of several replicas is made of.
const (
	replicaCalls = 1000
	callGap      = 25 * time.Millisecond  // from call to call
	listens      = 100 * time.Millisecond // before each webhook, so that replicas die within calls
	kills        = 5
	killGap      = time.Second
	outage       = 500 * time.Millisecond // of the one that was killed
)

// TestReplicas has a thousand callers ring three replicas behind HAProxy, as
// deploy/haproxy sets them up. They share nothing but PostgreSQL, and one after the
// other is killed. No caller notices, and every call is on record, turn for turn.
func TestReplicas(t *testing.T) {
	f := newFleet(t)
	f.check(f.ringWhile(f.killOne, kills, replicaCalls, callGap))
}

// TestReplacedOneByOne has callers ring until each replica was told to stop and a new
// process took its place: what a deployment does.
func TestReplacedOneByOne(t *testing.T) {
	f := newFleet(t)
	f.check(f.ringWhile(f.replaceOne, len(f.replicas), stressed, arrivals))
}

// fleet is three replicas, each on a loopback address of its own, and HAProxy.
type fleet struct {
	t        *testing.T
	database string
	replicas [3]*replica
	front    string // HAProxy's address
}

// replica is one process of the program, by its two addresses.
type replica struct {
	addr, admin string
	*process
}

const (
	replicaToken = "a token for replicas"
	replicaURL   = "https://ivr.example.com"
	replicaKey   = "a key that all replicas share"
)

func newFleet(t *testing.T) *fleet {
	f := &fleet{t: t, database: newDatabase(t)}
	// All of 127/8 is loopback: replicas with the same ports, as on hosts of their own.
	host := func(n int) string {
		return fmt.Sprintf("127.%d.%d.%d", 1+os.Getpid()>>8&127, os.Getpid()&255, n)
	}
	front := exec.Command("haproxy", "-db", "-f", "../../deploy/haproxy/haproxy.cfg")
	f.front = host(10) + ":28000"
	front.Env = []string{"LISTEN=" + f.front}
	for i, name := range []string{"A", "B", "C"} {
		r := &replica{addr: host(i+1) + ":28080", admin: host(i+1) + ":29090"}
		f.replicas[i] = r
		front.Env = append(front.Env, "LINE_"+name+"="+r.addr, "READY_"+name+"=29090")
		f.start(r)
	}
	t.Setenv("PATH", os.Getenv("PATH")+":/usr/sbin") // where Debian has haproxy
	front.Path, front.Err = exec.LookPath("haproxy")
	launch(t, front)
	eventually(t, "HAProxy", func() bool {
		status, _ := get("http://" + f.front)
		return status == http.StatusMethodNotAllowed // a replica's word
	})
	return f
}

// start starts a replica and waits until it can answer.
func (f *fleet) start(r *replica) {
	c := exec.Command("premiumline", "serve")
	c.Env = append(os.Environ(), "ADDR="+r.addr, "ADMIN_ADDR="+r.admin, "LOG_LEVEL=error",
		"TWILIO_ACCOUNT_SID="+simulatedAccount, "TWILIO_AUTH_TOKEN="+replicaToken,
		"PUBLIC_URL="+replicaURL, "DATABASE_URL="+f.database, "CALLER_HASH_KEY="+replicaKey)
	r.process = launch(f.t, c)
	eventually(f.t, "a replica", func() bool { return wellAt(r.admin) })
}

// ringWhile has n callers ring, one each gap, and again until end was called so often,
// for one replica after the other. It returns what became of the calls.
func (f *fleet) ringWhile(end func(*replica), times, n int, gap time.Duration) map[string]outcome {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for i := range times {
			time.Sleep(killGap)
			end(f.replicas[i%len(f.replicas)])
		}
	}()
	line, rung := f.line(), map[string]outcome{}
	for more := true; more && !f.t.Failed(); {
		maps.Copy(rung, ringAll(f.t, line, n, gap))
		select {
		case <-ended:
			more = false
		default:
		}
	}
	<-ended
	return rung
}

// killOne kills a replica, and starts it again after a while.
func (f *fleet) killOne(r *replica) {
	killWhileWell(f.t, r.process, r.admin)
	time.Sleep(outage)
	f.start(r)
}

// replaceOne tells a replica to stop, and starts it again.
func (f *fleet) replaceOne(r *replica) {
	_ = r.Process.Signal(syscall.SIGTERM)
	_ = r.Wait()
	f.start(r)
}

// check ends the replicas, so that what is queued is written, and holds the records
// against the calls.
func (f *fleet) check(rung map[string]outcome) {
	f.stop()
	checkRecords(f.t, f.store(), rung)
}

// stop ends the replicas as an operator would: what is queued is written.
func (f *fleet) stop() {
	for _, r := range f.replicas {
		if err := errors.Join(r.Process.Signal(os.Interrupt), r.Wait()); err != nil {
			f.t.Errorf("a replica ended with %v", err)
		}
	}
}

// line is the replicas as Twilio sees them.
func (f *fleet) line() *phone.Line {
	line := newPhoneLine(replicaURL, "http://"+f.front, simulatedAccount, replicaToken)
	line.Client = &http.Client{Timeout: 15 * time.Second,
		Transport: unhurried{&http.Transport{MaxIdleConnsPerHost: 100}, listens}}
	return line
}

// unhurried lets real time go by before each webhook, in which the caller listens.
type unhurried struct {
	http.RoundTripper
	listens time.Duration
}

// RoundTrip implements [http.RoundTripper].
func (u unhurried) RoundTrip(r *http.Request) (*http.Response, error) {
	time.Sleep(u.listens)
	return u.RoundTripper.RoundTrip(r)
}

// store opens the replicas' call log.
func (f *fleet) store() *calllog.Log {
	l, err := calllog.Open(f.t.Context(), f.database, calllog.Options{})
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = l.Close(context.Background()) })
	return l
}

// postgresServer returns the URL of the tests' PostgreSQL, which runs then; or stops
// it, with "stop".
func postgresServer(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("../../.ci/postgres", args...).Output()
	if err != nil {
		t.Errorf(".ci/postgres %v: %v", args, err)
	}
	return strings.TrimSpace(string(out))
}

// newDatabase makes a database of its own on the tests' PostgreSQL. A commit does
// not wait for the disk, since PostgreSQL is not what is killed here.
func newDatabase(t *testing.T) string {
	t.Helper()
	server := os.Getenv("PREMIUMLINE_TEST_POSTGRES")
	if server == "" {
		server = postgresServer(t)
	}
	db, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("replicas_%d_%d", os.Getpid(), time.Now().UnixNano())
	do := func(statement string) {
		if _, err := db.Exec(fmt.Sprintf(statement, name)); err != nil {
			t.Fatal(err)
		}
	}
	do("CREATE DATABASE %s")
	do("ALTER DATABASE %s SET synchronous_commit = off")
	t.Cleanup(func() {
		do("DROP DATABASE %s WITH (FORCE)")
		_ = db.Close()
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// outcome is what became of a call: the line that was reached, and after how many
// turns it ended.
type outcome struct {
	region string
	turns  int
}

// waysToPress are keys by which callers come to a line; the line's own key is put at the end.
var waysToPress = [][]string{{}, {"9"}, {"0", "1"}, {"#"}, {"*", "9"}}

// ringAll places n calls, one each gap, and returns what became of them, by CallSid.
func ringAll(t *testing.T, line *phone.Line, n int, gap time.Duration) map[string]outcome {
	t.Helper()
	directory, err := data.Open("")
	if err != nil {
		t.Fatal(err)
	}
	rung, mu, wg := map[string]outcome{}, sync.Mutex{}, sync.WaitGroup{}
	for n := range n {
		own := directory.Lines[n%len(directory.Lines)]
		number := string(directory.Region(own.Regions[0]).Phone.Number)
		keys := slices.Concat(waysToPress[n%len(waysToPress)], []string{fmt.Sprint(own.Key)})
		wg.Go(func() {
			sid, turns, err := ring(t.Context(), line, keys, number)
			if err != nil {
				t.Errorf("call %d, keys %v: %v", n, keys, err)
			}
			mu.Lock()
			defer mu.Unlock()
			rung[sid] = outcome{strings.Join(own.Regions, "."), turns}
		})
		time.Sleep(gap)
	}
	wg.Wait()
	return rung
}

// ring places one call. Its error tells what a caller would have noticed.
func ring(ctx context.Context, line *phone.Line, keys []string, want string) (string, int, error) {
	c, err := line.Call(ctx, phone.Caller{From: "+14045550100", To: "+18005550199"})
	for _, key := range keys {
		if err == nil {
			err = c.Press(ctx, key)
		}
	}
	for err == nil && !c.Ended() {
		err = c.Wait(ctx)
	}
	turns, dialed := -1, []string{} // the last webhook tells of the end
	for _, e := range c.Events() {
		switch e := e.What.(type) {
		case phone.Webhook:
			turns++
			err = errors.Join(err, e.Err)
		case phone.Dialed:
			dialed = append(dialed, e.Number)
		}
	}
	if got := strings.Join(dialed, ", "); got != want {
		err = errors.Join(err, fmt.Errorf("dialled %q, want %s", got, want))
	}
	return c.SID(), turns, err
}

// checkRecords holds the records against the calls.
func checkRecords(t *testing.T, l *calllog.Log, rung map[string]outcome) {
	t.Helper()
	kept := 0
	for r, err := range l.Each(t.Context(), calllog.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		kept++
		want, known := rung[r.Call]
		got := outcome{r.Region, r.Turns}
		if !known || got != want || r.Way != calllog.Transferred || r.CallStatus != "completed" {
			t.Errorf("%s: on record is %+v, %s, %s; it was %+v", r.Call, got, r.Way, r.CallStatus, want)
		}
	}
	if kept != len(rung) {
		t.Errorf("%d calls are on record, of %d", kept, len(rung))
	}
}
