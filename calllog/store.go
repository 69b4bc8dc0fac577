package calllog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrUnusable is in the error of Open where trying again will not help.
var ErrUnusable = errors.New("unusable call log")

// dialect is what SQLite and PostgreSQL do differently.
type dialect struct {
	name    string // of the folder in migrations
	begin   string // starts a transaction that is the database's only writer
	version string // asks for a number that changes when anybody else writes; "" if none does
	scrub   string // has what was deleted leave the disk; "" if nothing does
	// skipLocked ends a question for rows to change, and leaves out those that somebody else is
	// changing; "" where the whole database has one writer.
	skipLocked string
	numbers    bool // parameters are written $1, $2...

	patience time.Duration       // longest that a transaction may take; 0: it ends by itself
	present  func() error        // tells whether the store is still the one that was opened
	judge    func(error) verdict // what an error of the driver means
}

// verdict is what can be done about a store's error.
type verdict int

const (
	tryAgain verdict = iota // the store may do it later, or when opened anew
	occupied                // somebody else has it for a moment
	badData                 // this store will never take these rows
	hopeless                // somebody must change the configuration
)

// store is an open database. One transaction at a time writes to it, whichever process it is of,
// so that reading a row, adding to it and writing it back needs no other lock.
type store struct {
	dialect
	db   *sql.DB // for questions
	wdb  *sql.DB // for the one connection that writes
	mu   sync.Mutex
	conn *sql.Conn
	stmt map[string]*sql.Stmt

	lately memory
}

// writing is a transaction of the store.
type writing struct {
	*store
	ctx context.Context
}

// transact runs do in a transaction that is the only one to write.
func (s *store) transact(ctx context.Context, do func(writing) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	ctx, cancel := s.limit(ctx)
	defer cancel()
	if _, err := s.conn.ExecContext(ctx, s.begin); err != nil {
		s.rollback()
		return fmt.Errorf("beginning: %w", err)
	}
	if err := do(writing{s, ctx}); err != nil {
		s.rollback()
		return err
	}
	if _, err := s.conn.ExecContext(ctx, "COMMIT"); err != nil {
		s.rollback()
		return fmt.Errorf("committing: %w", err)
	}
	return nil
}

// limit is the context of a transaction. SQLite's statements end by themselves, and one that could
// be interrupted would cost a goroutine each.
func (s *store) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.patience == 0 {
		return context.WithoutCancel(ctx), func() {}
	}
	return context.WithTimeout(ctx, s.patience)
}

// rollback leaves no transaction open; where that fails the connection is of no more use, and the
// next statement on it says so.
func (s *store) rollback() {
	s.lately.clear()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, _ = s.conn.ExecContext(ctx, "ROLLBACK")
}

// close lets go of what is open, which after a failure is not everything. What has failed may fail
// to close too, and there is nothing to be done about it. The statements come first: SQLite keeps a
// connection that has some, and its files, until the process ends.
func (s *store) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.stmt {
		_ = st.Close()
	}
	if s.conn != nil {
		_ = s.conn.Close()
	}
	for _, db := range []*sql.DB{s.wdb, s.db} {
		if db != nil {
			_ = db.Close()
		}
	}
}

// prepared is the statement for a text, made on its first use.
func (s *store) prepared(ctx context.Context, text string) (*sql.Stmt, error) {
	if st := s.stmt[text]; st != nil {
		return st, nil
	}
	st, err := s.conn.PrepareContext(ctx, s.text(text))
	if err == nil {
		s.stmt[text] = st
	}
	return st, err
}

// text is a statement in the store's dialect.
func (d *dialect) text(query string) string {
	if d.numbers {
		return numbered(query)
	}
	return query
}

func (w writing) query(text string, args ...any) (*sql.Rows, error) {
	st, err := w.prepared(w.ctx, text)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(w.ctx, args...)
}

func (w writing) exec(text string, args ...any) error {
	st, err := w.prepared(w.ctx, text)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(w.ctx, args...)
	return err
}

func (w writing) number(text string, args ...any) (n int64, err error) {
	rows, err := w.query(text, args...)
	ns, err := collect(rows, err, scanNumber)
	if err != nil || len(ns) == 0 {
		return 0, err
	}
	return ns[0], nil
}

func scanNumber(rows *sql.Rows) (n int64, err error) {
	err = rows.Scan(&n)
	return n, err
}
