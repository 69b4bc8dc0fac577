package calllog_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"premiumline/calllog"
)

func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	server, err := postgres()
	must(t, err)
	for _, c := range []struct{ url, want string }{
		{"", "write sqlite:PATH"},
		{"premiumline.db", "write sqlite:PATH"},
		{"mysql://localhost/calls", `scheme "mysql"`},
		{"sqlite:", "write sqlite:PATH"},
		{"sqlite://calls.db", "write sqlite:PATH"},
		{"sqlite:" + dir + "/none/calls.db", "no such file or directory: name a file"},
		{"sqlite:" + dir, "is a directory: name a file"},
		{"sqlite:/proc/calls.db", "name a file"},
		{"postgres://user:secret@host:port/calls", "DATABASE_URL"},
		{strings.Replace(server, "/postgres?", "/nowhere?", 1), `"nowhere" does not exist`},
		{strings.Replace(server, "user=premiumline", "user=nobody", 1), `role "nobody"`},
	} {
		_, err := calllog.Open(t.Context(), c.url, calllog.Options{})
		if !errors.Is(err, calllog.ErrUnusable) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.url, err, c.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Error("the password is in the error: ", err)
		}
	}
}

func TestFileIsPrivate(t *testing.T) {
	s := newSQLite(t)
	note(t, s.open(t, calllog.Options{}), call("CA1", noon))
	files, err := filepath.Glob(filepath.Dir(path(s)) + "/*")
	must(t, err)
	for _, f := range files {
		info, err := os.Stat(f)
		must(t, err)
		same(t, f, info.Mode().Perm(), 0o600)
	}
	same(t, "files", len(files), 3) // with the write-ahead log and its index
}

func path(s *store) string { return strings.TrimPrefix(s.url, "sqlite:") }

// TestNothingToDialBack searches the files for a caller, and again after the caller is forgotten.
func TestNothingToDialBack(t *testing.T) {
	const number = "+14045550123"
	s := newSQLite(t)
	hasher, err := calllog.OpenHasher(s.url, "")
	must(t, err)
	hash := hasher.Hash(number)
	l := s.open(t, calllog.Options{})
	events := call("CA1", noon)
	events[0].CallerHash = hash
	note(t, l, events)
	for _, part := range []string{number, number[2:], "4045550123", "5550123"} {
		same(t, part+" in the files", found(t, s, part), false)
	}
	same(t, "hash in the files", found(t, s, string(hash)), true)
	_, err = l.Forget(t.Context(), hash)
	must(t, err)
	same(t, "hash in the files", found(t, s, string(hash)), false)
}

func found(t *testing.T, s *store, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Dir(path(s)) + "/*")
	must(t, err)
	for _, f := range files {
		content, err := os.ReadFile(f)
		must(t, err)
		if strings.Contains(string(content), text) {
			return true
		}
	}
	return false
}
