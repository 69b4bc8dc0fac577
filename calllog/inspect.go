package calllog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Inspection is how a store is. Known is the version of the tables that this program makes.
type Inspection struct{ Have, Known int }

// Inspect looks at the store that databaseURL names and leaves it as it is: it connects, reads the
// version of the tables (0: there are none yet, or no file), writes a row and takes that back. The
// error tells which of it failed.
func Inspect(ctx context.Context, databaseURL string) (Inspection, error) {
	scheme, rest, _ := strings.Cut(databaseURL, ":")
	if _, err := openerOf(databaseURL); err != nil {
		return Inspection{}, err
	}
	if scheme == "sqlite" {
		return inspectSQLite(ctx, rest)
	}
	config, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return Inspection{}, fmt.Errorf("%w: DATABASE_URL: %w", ErrUnusable, err)
	}
	config.ConnectTimeout = 5 * time.Second
	return inspect(ctx, "postgres", stdlib.OpenDB(*config), "BEGIN")
}

func inspectSQLite(ctx context.Context, path string) (Inspection, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		found := Inspection{Known: len(filesOf("sqlite"))}
		return found, writableFolder(filepath.Dir(path))
	}
	address := "file:" + (&url.URL{Path: path}).EscapedPath()
	db, err := sql.Open("sqlite", address+"?mode=rw&_pragma=busy_timeout(2000)")
	if err != nil {
		return Inspection{}, fmt.Errorf("opening: %w", err)
	}
	return inspect(ctx, "sqlite", db, "BEGIN IMMEDIATE")
}

// writableFolder makes a file where the store's would be, and removes it.
func writableFolder(folder string) error {
	f, err := os.CreateTemp(folder, ".premiumline-*")
	if err != nil {
		return fmt.Errorf("trying the folder: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// inspect looks at a store within a transaction that is rolled back, and closes it.
func inspect(ctx context.Context, dialect string, db *sql.DB, begin string) (Inspection, error) {
	defer db.Close()
	found := Inspection{Known: len(filesOf(dialect))}
	conn, err := db.Conn(ctx)
	if err != nil {
		return found, fmt.Errorf("connecting: %w", err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, begin); err != nil {
		return found, fmt.Errorf("beginning to write: %w", err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	found.Have, err = tablesVersion(ctx, conn, dialect)
	if err != nil || found.Have == 0 {
		return found, err
	}
	if _, err := conn.ExecContext(ctx, "INSERT INTO calllog_version VALUES (0)"); err != nil {
		return found, fmt.Errorf("writing: %w", err)
	}
	return found, nil
}

// tablesVersion asks whether there are tables before it asks for their version: after an error,
// PostgreSQL's transaction is of no more use.
func tablesVersion(ctx context.Context, conn *sql.Conn, dialect string) (version int, err error) {
	there := "SELECT to_regclass('calllog_version') IS NOT NULL"
	if dialect == "sqlite" {
		there = "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'calllog_version'"
	}
	var made bool
	if err := conn.QueryRowContext(ctx, there).Scan(&made); err != nil || !made {
		return 0, err
	}
	err = conn.QueryRowContext(ctx, newestVersion).Scan(&version)
	return version, err
}
