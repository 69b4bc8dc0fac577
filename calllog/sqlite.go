package calllog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// How SQLite is used. WAL: questions and the writer do not wait for each other. synchronous=FULL:
// a commit is on the disk, and outlives a power cut as far as the disk keeps its promises.
// secure_delete: what is deleted is overwritten.
const sqlitePragmas = "?_pragma=busy_timeout(1000)&_pragma=journal_mode(WAL)" +
	"&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=journal_size_limit(16777216)"

// openSQLite opens the file, or makes one that only its owner can read.
func openSQLite(ctx context.Context, path string) (*store, error) {
	opened, err := touch(path)
	if err != nil {
		return nil, err
	}
	name := (&url.URL{Scheme: "file", OmitHost: true, Path: path}).String()
	if path[0] != '/' {
		name = "file:" + url.PathEscape(path)
	}
	d := dialect{
		name: "sqlite", begin: "BEGIN IMMEDIATE", judge: judgeSQLite,
		version: "PRAGMA data_version", scrub: "PRAGMA wal_checkpoint(TRUNCATE)",
		present: func() error { return sameFile(path, opened) },
	}
	return open(ctx, d, func() (*sql.DB, error) { return sql.Open("sqlite", name+sqlitePragmas) })
}

// touch makes sure of the file and of the right to write to it.
func touch(path string) (fs.FileInfo, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		defer f.Close()
		return f.Stat()
	}
	const mend = "name a file in a folder that exists and can be written to (DATABASE_URL)"
	for _, final := range []error{
		fs.ErrNotExist, fs.ErrPermission, syscall.EISDIR, syscall.ENOTDIR, syscall.EROFS,
	} {
		if errors.Is(err, final) {
			return nil, fmt.Errorf("%w: %w: %s", ErrUnusable, err, mend)
		}
	}
	return nil, err
}

var errReplaced = errors.New("the file was moved, deleted or replaced")

// sameFile tells whether path still is the file that was opened: writing to one that was moved
// away would seem to work, and nobody would ever find the calls.
func sameFile(path string, opened fs.FileInfo) error {
	now, err := os.Stat(path)
	if err != nil || !os.SameFile(now, opened) {
		return fmt.Errorf("%s: %w", path, errReplaced)
	}
	return nil
}

func judgeSQLite(err error) verdict {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return tryAgain
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY:
		return occupied
	case sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH:
		return badData
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN:
		return hopeless
	}
	return tryAgain
}
