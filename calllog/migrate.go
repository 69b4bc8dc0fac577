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
	files, err := fs.Glob(migrations, "migrations/"+s.name+"/*.sql")
	if err != nil {
		return err
	}
	return s.transact(ctx, func(w writing) error {
		_, err := s.conn.ExecContext(w.ctx,
			"CREATE TABLE IF NOT EXISTS calllog_version (version INTEGER NOT NULL)")
		if err != nil {
			return fmt.Errorf("creating tables: %w", err)
		}
		have, err := w.number("SELECT coalesce(max(version), 0) FROM calllog_version")
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
