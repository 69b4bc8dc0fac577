package calllog

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
)

//go:embed migrations
var migrations embed.FS

// migrate brings the tables up to date; of several programs that try at once, one does it.
func (s *store) migrate(ctx context.Context) error {
	files := filesOf(s.name)
	return s.transact(ctx, func(w writing) error {
		_, err := s.conn.ExecContext(w.ctx,
			"CREATE TABLE IF NOT EXISTS calllog_version (version INTEGER NOT NULL)")
		if err != nil {
			return fmt.Errorf("creating tables: %w", err)
		}
		have, err := w.number(newestVersion)
		if err != nil {
			return fmt.Errorf("reading the tables' version: %w", err)
		}
		if have > int64(len(files)) {
			return fmt.Errorf("%w: its tables are of version %d and this program knows %d: "+
				"run the newer program, or name another database", ErrUnusable, have, len(files))
		}
		return w.apply(files[have:], have)
	})
}

// newestVersion asks for the version of the tables; 0: they were not made yet.
const newestVersion = "SELECT coalesce(max(version), 0) FROM calllog_version"

// filesOf lists a dialect's migrations, from version 1 on.
func filesOf(dialect string) []string {
	files, _ := fs.Glob(migrations, "migrations/"+dialect+"/*.sql") // the pattern is a good one
	return files
}

func (w writing) apply(files []string, have int64) error {
	for i, file := range files {
		text, err := migrations.ReadFile(file)
		if err == nil {
			_, err = w.conn.ExecContext(w.ctx, string(text))
		}
		if err == nil {
			err = w.exec("INSERT INTO calllog_version VALUES (?)", have+int64(i)+1)
		}
		if err != nil {
			return fmt.Errorf("applying %s: %w", file, err)
		}
	}
	return nil
}
