package calllog

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// opener opens the store of one DATABASE_URL.
type opener func(context.Context) (*store, error)

// openerOf reads a DATABASE_URL.
func openerOf(databaseURL string) (opener, error) {
	scheme, rest, _ := strings.Cut(databaseURL, ":")
	switch scheme {
	case "sqlite":
		path, err := sqlitePath(rest)
		return func(ctx context.Context) (*store, error) { return openSQLite(ctx, path) }, err
	case "postgres", "postgresql":
		open := func(ctx context.Context) (*store, error) { return openPostgres(ctx, databaseURL) }
		return open, nil
	}
	return nil, fmt.Errorf("%w: DATABASE_URL of scheme %q: write sqlite:PATH or "+
		"postgres://USER:PASSWORD@HOST/DATABASE", ErrUnusable, scheme)
}

// sqlitePath is the path after "sqlite:", which is no URL: it has no host and no parameters.
func sqlitePath(path string) (string, error) {
	host := strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///")
	if path == "" || host {
		return "", fmt.Errorf("%w: DATABASE_URL sqlite:%s: write sqlite:PATH, such as "+
			"sqlite:premiumline.db or sqlite:/var/lib/premiumline/calls.db", ErrUnusable, path)
	}
	return path, nil
}

// open connects to a database and brings its tables up to date.
func open(ctx context.Context, d dialect, connect func() (*sql.DB, error)) (s *store, err error) {
	s = &store{dialect: d, stmt: map[string]*sql.Stmt{}}
	s.lately.calls = map[string]Record{}
	defer func() {
		if err == nil {
			return
		}
		s.close()
		s = nil
		if d.judge(err) == hopeless {
			err = fmt.Errorf("%w: %w: check DATABASE_URL", ErrUnusable, err)
		}
	}()
	if s.db, err = connect(); err != nil {
		return s, err
	}
	if s.wdb, err = connect(); err != nil {
		return s, err
	}
	s.db.SetMaxOpenConns(4)
	if err = s.connect(ctx); err != nil {
		return s, fmt.Errorf("connecting: %w", err)
	}
	return s, s.migrate(ctx)
}

// connect makes the connection that writes. SQLite refuses it at once, whatever its busy_timeout
// says, while another process makes the same new file a database.
func (s *store) connect(ctx context.Context) (err error) {
	ctx, cancel := context.WithTimeout(ctx, firstTry)
	defer cancel()
	for {
		s.conn, err = s.wdb.Conn(ctx)
		if err == nil || s.judge(err) != occupied {
			return err
		}
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			return err
		}
	}
}
