package calllog_test

import (
	"database/sql"
	"errors"
	"os"
	"strings"
	"testing"

	"premiumline/calllog"
)

// TestInspect looks at a store in each state, and leaves it as it was.
func TestInspect(t *testing.T) {
	for _, kind := range stores {
		t.Run(kind.name, func(t *testing.T) {
			s := kind.make(t)
			found, err := calllog.Inspect(t.Context(), s.url)
			if err != nil || found.Have != 0 || found.Known == 0 {
				t.Fatalf("a new store: %+v, %v", found, err)
			}
			if kind.name == "sqlite" {
				_, err := os.Stat(path(s))
				same(t, "there is no file yet", errors.Is(err, os.ErrNotExist), true)
			}
			l := s.open(t, calllog.Options{})
			note(t, l, call("CA1", noon))
			for range 2 {
				again, err := calllog.Inspect(t.Context(), s.url)
				must(t, err)
				same(t, "tables", again, calllog.Inspection{Have: found.Known, Known: found.Known})
			}
			same(t, "versions", versions(t, s), found.Known)
			note(t, l, call("CA2", noon))
			execute(t, s.driver, s.source, "INSERT INTO calllog_version VALUES (99)")
			newer, err := calllog.Inspect(t.Context(), s.url)
			must(t, err)
			same(t, "newer tables", newer.Have, 99)
		})
	}
}

// versions is how many versions the tables have had.
func versions(t *testing.T, s *store) (n int) {
	t.Helper()
	db, err := sql.Open(s.driver, s.source)
	must(t, err)
	defer db.Close()
	must(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM calllog_version").Scan(&n))
	return n
}

func TestInspectFinds(t *testing.T) {
	lite, pg := newSQLite(t), newPostgres(t)
	dir := t.TempDir()
	must(t, os.WriteFile(dir+"/prose", []byte(strings.Repeat("Dear caller, ", 1000)), 0o600))
	lite.open(t, calllog.Options{})
	pg.open(t, calllog.Options{})
	for _, test := range []struct{ url, want string }{
		{"", "write sqlite:PATH"},
		{"mysql://a", `scheme "mysql"`},
		{"sqlite:" + dir + "/none/calls.db", "trying the folder: "},
		{"sqlite:" + dir + "/prose", "not a database"},
		{"sqlite:" + dir, "unable to open"},
		{"postgres://a:secret@127.0.0.1:1/a", "connecting: "},
		{"postgres://a:secret@host:port/a", "DATABASE_URL"},
		{pg.url + "&default_transaction_read_only=on", "writing: "},
	} {
		inspectFinds(t, test.url, test.want)
	}
	lite.held(t, func() { inspectFinds(t, lite.url, "beginning to write: database is locked") })
}

func inspectFinds(t *testing.T, url, want string) {
	t.Helper()
	_, err := calllog.Inspect(t.Context(), url)
	if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
		t.Errorf("%s: %v, want %s", url, err, want)
	}
}
