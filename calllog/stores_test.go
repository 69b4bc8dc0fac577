package calllog_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"premiumline/calllog"
)

// store is an empty database that the tests may mistreat.
type store struct {
	url    string
	driver string // of database/sql
	source string
	// hold keeps all others from writing, as a backup or a stuck replica would, until release.
	hold string
	// refuse has the store refuse events of the page "refused" for ever.
	refuse string
	// fail makes the store fail, until mend.
	fail func(*testing.T) (mend func())
}

// stores are the kinds of store that must not differ.
var stores = []struct {
	name string
	make func(testing.TB) *store
}{
	{"sqlite", newSQLite},
	{"postgres", newPostgres},
}

func newSQLite(t testing.TB) *store {
	path := filepath.Join(t.TempDir(), "calls of a day?100%.db")
	return &store{
		url: "sqlite:" + path, driver: "sqlite", source: "file:" + url.PathEscape(path),
		hold: "BEGIN IMMEDIATE",
		refuse: "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN new.page = 'refused' " +
			"BEGIN SELECT RAISE(ABORT, 'refused'); END",
		fail: func(t *testing.T) func() { return spoil(t, filepath.Dir(path)) },
	}
}

// spoil has another file in the place of every one in the folder. They come all at once: a log that
// found none for a moment would rightly begin a new database.
func spoil(t *testing.T, folder string) (mend func()) {
	t.Helper()
	good, bad := folder+".good", folder+".bad"
	must(t, os.Mkdir(bad, 0o700))
	files, err := os.ReadDir(folder)
	must(t, err)
	for _, f := range files {
		junk := []byte(strings.Repeat("not a database ", 1000))
		must(t, os.WriteFile(filepath.Join(bad, f.Name()), junk, 0o600))
	}
	must(t, os.Rename(folder, good))
	must(t, os.Rename(bad, folder))
	return func() {
		must(t, os.Rename(folder, bad)) // not removed: the log may be writing there
		must(t, os.Rename(good, folder))
	}
}

// postgres is the server that PREMIUMLINE_TEST_POSTGRES names, or one of the tests' own.
var postgres = sync.OnceValues(func() (string, error) {
	if server := os.Getenv("PREMIUMLINE_TEST_POSTGRES"); server != "" {
		return server, nil
	}
	return runPostgres()
})

func runPostgres(args ...string) (string, error) {
	c := exec.Command("../.ci/postgres", args...)
	var notes strings.Builder
	c.Stderr = &notes
	out, err := c.Output()
	if err != nil {
		return "", fmt.Errorf(".ci/postgres, which starts a PostgreSQL for the tests: %w\n%s\n"+
			"or set PREMIUMLINE_TEST_POSTGRES to the URL of one", err, &notes)
	}
	return strings.TrimSpace(string(out)), nil
}

func newPostgres(t testing.TB) *store {
	server, err := postgres()
	must(t, err)
	return postgresStore(t, server)
}

// postgresStore makes a database on the server.
func postgresStore(t testing.TB, server string) *store {
	name := fmt.Sprintf("calllog_%d_%d", os.Getpid(), time.Now().UnixNano())
	execute(t, "pgx", server, "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, "pgx", server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u, err := url.Parse(server)
	must(t, err)
	u.Path = "/" + name
	return &store{
		url: u.String(), driver: "pgx", source: u.String(),
		hold:   "BEGIN; SELECT pg_advisory_xact_lock(7737548)",
		refuse: "ALTER TABLE event ADD CHECK (page <> 'refused')",
		fail:   func(t *testing.T) func() { return stopPostgres(t, server) },
	}
}

// ownPostgres is a server that a test may stop.
func ownPostgres(t testing.TB) *store {
	t.Setenv("PREMIUMLINE_POSTGRES_DIR", filepath.Join(os.TempDir(),
		fmt.Sprintf("premiumline-postgres-%d", os.Getpid())))
	server, err := runPostgres()
	must(t, err)
	t.Cleanup(func() {
		_, err := runPostgres("stop")
		must(t, err)
		must(t, os.RemoveAll(os.Getenv("PREMIUMLINE_POSTGRES_DIR")))
	})
	return postgresStore(t, server)
}

func stopPostgres(t *testing.T, server string) (start func()) {
	_, err := runPostgres("stop")
	must(t, err)
	return func() {
		_, err := runPostgres()
		must(t, err)
	}
}

// open opens the store; the log is closed at the end of the test.
func (s *store) open(t testing.TB, o calllog.Options) *calllog.Log {
	t.Helper()
	o.Logger = slog.New(slog.NewTextHandler(testLog{t}, nil))
	l, err := calllog.Open(t.Context(), s.url, o)
	must(t, err)
	t.Cleanup(func() { l.Close(expired()) })
	return l
}

// held runs do while another connection keeps everybody from writing.
func (s *store) held(t *testing.T, do func()) {
	t.Helper()
	db, err := sql.Open(s.driver, s.source)
	must(t, err)
	defer db.Close()
	conn, err := db.Conn(t.Context())
	must(t, err)
	defer conn.Close()
	_, err = conn.ExecContext(t.Context(), s.hold)
	must(t, err)
	do()
	_, err = conn.ExecContext(t.Context(), "ROLLBACK")
	must(t, err)
}

func execute(t testing.TB, driver, source, statement string) {
	t.Helper()
	db, err := sql.Open(driver, source)
	must(t, err)
	defer db.Close()
	_, err = db.Exec(statement)
	must(t, err)
}

// testLog writes log lines into the test's output, as long as the test runs.
type testLog struct{ t testing.TB }

func (l testLog) Write(line []byte) (int, error) {
	if l.t.Context().Err() != nil {
		return len(line), nil
	}
	return l.t.Output().Write(line)
}

var _ io.Writer = testLog{}

// expired is a context that leaves no time.
func expired() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually waits for what must become true soon.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for range 2000 {
		if ok() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("after 20 s, still not ", what)
}
