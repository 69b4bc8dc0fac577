package calllog

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// One replica writes at a time: the lock is let go at the end of the transaction, and that of a
// replica which stops in the middle of one is ended by the server after 5 s.
const postgresBegin = "BEGIN; SET LOCAL idle_in_transaction_session_timeout = '5s'; " +
	"SELECT pg_advisory_xact_lock(7737548)"

func openPostgres(ctx context.Context, url string) (*store, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("%w: DATABASE_URL: %w", ErrUnusable, err)
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 5 * time.Second
	}
	d := dialect{
		name: "postgres", begin: postgresBegin, numbers: true, judge: judgePostgres,
		patience: 10 * time.Second, skipLocked: " FOR UPDATE SKIP LOCKED",
		present: func() error { return nil },
	}
	return open(ctx, d, func() (*sql.DB, error) { return stdlib.OpenDB(*config), nil })
}

// judgePostgres goes by the classes of SQLSTATE.
func judgePostgres(err error) verdict {
	var e *pgconn.PgError
	if !errors.As(err, &e) || len(e.Code) != 5 {
		return tryAgain
	}
	switch {
	case e.Code[:2] == "22", e.Code[:2] == "23": // data exception, constraint violation
		return badData
	case e.Code[:2] == "28", e.Code[:2] == "3D", e.Code[:2] == "3F", e.Code == "42501":
		return hopeless // refused password, no such database, no such schema, no right to
	}
	return tryAgain
}
