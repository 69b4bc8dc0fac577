package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"
)

// postgres is a PostgreSQL that runs, and the process it runs as.
type postgres struct {
	url string
	pid int
}

// findPostgres asks .ci/postgres for one, and starts it there. It is no error that
// there is none.
func findPostgres(ctx context.Context, root string) (p postgres, err error) {
	out, err := exec.CommandContext(ctx, filepath.Join(root, ".ci/postgres")).Output()
	if err != nil {
		return p, err
	}
	p.url = strings.TrimSpace(string(out))
	u, err := url.Parse(p.url)
	if err != nil {
		return p, err
	}
	text, err := os.ReadFile(filepath.Join(u.Query().Get("host"), "data", "postmaster.pid"))
	if err != nil {
		return p, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	p.pid, err = strconv.Atoi(first)
	return p, err
}

// pin gives PostgreSQL the cores; the processes it starts afterwards inherit them.
func (p postgres) pin(cores string) error {
	return exec.Command("taskset", "-c", "-p", cores, strconv.Itoa(p.pid)).Run()
}

// create makes a database and returns its URL and what drops it.
func (p postgres) create(ctx context.Context, name string) (string, func() error, error) {
	statement := func(text string) error {
		db, err := sql.Open("pgx", p.url)
		if err != nil {
			return err
		}
		defer db.Close()
		_, err = db.ExecContext(context.WithoutCancel(ctx), text)
		return err
	}
	if err := statement("CREATE DATABASE " + name); err != nil {
		return "", nil, fmt.Errorf("making a database: %w", err)
	}
	u, err := url.Parse(p.url)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() error { return statement("DROP DATABASE " + name + " WITH (FORCE)") }, nil
}

// eventsIn counts the events in a call log that nobody writes to.
func eventsIn(ctx context.Context, database string) (n int, err error) {
	driver, name := "pgx", database
	if path, ok := strings.CutPrefix(database, "sqlite:"); ok {
		driver, name = "sqlite", path
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, "SELECT count(*) FROM event").Scan(&n)
	return n, err
}

// freeAddresses are two that nothing listens on.
func freeAddresses() (first, second string, err error) {
	addresses := make([]string, 2)
	for i := range addresses {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		defer l.Close()
		addresses[i] = l.Addr().String()
	}
	return addresses[0], addresses[1], nil
}

func fetch(address string) (string, error) {
	client := http.Client{Timeout: 10 * time.Second}
	resp, err := client.Get(address)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}
