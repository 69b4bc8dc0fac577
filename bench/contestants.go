package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// contestant is a program that is measured.
type contestant struct {
	name, about string
	code        string // its folder in the repository, of Go unless argv is set
	argv        []string
	records     string // "sqlite", "postgres"; "": none
	prepare     func(context.Context, workshop) error
	version     []string // prints what it runs on
}

// The contestants. argv may name ADDR, the address to listen on.
var contestants = []contestant{
	{name: "floor", about: "floor: net/http alone, checks nothing",
		code: "bench/contestants/floor"},
	{name: "line", about: "premiumline without records", code: "bench/contestants/line"},
	{name: "sqlite", about: "premiumline serve, records in SQLite", code: "cmd/premiumline",
		records: "sqlite"},
	{name: "postgres", about: "premiumline serve, records in PostgreSQL", code: "cmd/premiumline",
		records: "postgres"},
	{name: "typical", about: "Go: gorilla/mux, twilio-go's validator and twiml",
		code: "bench/contestants/typical"},
	{name: "express", about: "Node: express, npm twilio", code: "bench/contestants/express",
		argv: []string{"node", "server.js"}, prepare: npmInstall,
		version: []string{"node", "-p", nodeVersions}},
	{name: "flask", about: "Python: flask, python3-twilio, gunicorn", code: "bench/contestants/flask",
		argv: []string{"gunicorn", "--bind", "ADDR", "--workers", "3", "--threads", "4",
			"--keep-alive", "30", "--log-level", "warning", "app:app"},
		version: []string{"/usr/bin/python3", "-c", pythonVersions}},
}

const nodeVersions = "`Node ${process.version}`"

const pythonVersions = `import platform, flask, twilio, gunicorn
print("Python", platform.python_version(), "flask", flask.__version__, "twilio", twilio.__version__,
    "gunicorn", gunicorn.__version__)`

// workshop is where contestants are made.
type workshop struct {
	root   string // of the repository
	folder string // temporary
}

// program is a contestant that can be started.
type program struct {
	contestant
	argv   []string
	dir    string
	binary int64 // bytes; 0: it is no single file
}

// newWorkshop finds the repository and makes a temporary folder.
func newWorkshop(ctx context.Context) (w workshop, err error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return w, fmt.Errorf("finding the repository: %w", err)
	}
	w.root = filepath.Dir(strings.TrimSpace(string(out)))
	w.folder, err = os.MkdirTemp("", "premiumline-bench")
	return w, err
}

func (w workshop) close() { _ = os.RemoveAll(w.folder) }

// build makes a contestant ready to be started.
func (w workshop) build(ctx context.Context, c contestant) (program, error) {
	p := program{contestant: c, dir: w.folder}
	if c.argv != nil {
		p.argv, p.dir = c.argv, filepath.Join(w.folder, c.name)
		return p, w.copy(ctx, c, p.dir)
	}
	binary := filepath.Join(w.folder, filepath.Base(c.code))
	p.argv = []string{binary}
	if c.records != "" {
		p.argv = append(p.argv, "serve")
	}
	err := w.run(ctx, w.root, "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, "./"+c.code)
	if err != nil {
		return p, err
	}
	info, err := os.Stat(binary)
	if err == nil {
		p.binary = info.Size()
	}
	return p, err
}

// copy takes a contestant's sources into a folder of its own and prepares them there.
func (w workshop) copy(ctx context.Context, c contestant, dir string) error {
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(w.root, c.code))); err != nil {
		return err
	}
	if c.prepare == nil {
		return nil
	}
	return c.prepare(ctx, workshop{w.root, dir})
}

func npmInstall(ctx context.Context, w workshop) error {
	return w.run(ctx, w.folder, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
}

// run runs a command whose output matters only when it fails.
func (w workshop) run(ctx context.Context, dir string, argv ...string) error {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", strings.Join(argv, " "), err, out)
	}
	return nil
}

// versionOf is what the contestant runs on, in its own words.
func versionOf(ctx context.Context, c contestant) string {
	if c.version == nil {
		return ""
	}
	out, err := exec.CommandContext(ctx, c.version[0], c.version[1:]...).Output()
	if err != nil {
		return "unknown version"
	}
	return strings.TrimSpace(string(out))
}

// server is a program that runs.
type server struct {
	cmd          *exec.Cmd
	addr, admin  string
	started      time.Duration // until it answered for the first time
	log          *os.File
	ended        chan error
	answered     int
	database     string
	storeProcess int // of a store that is a process of its own; else 0
}

// start starts a program on its core and waits for its first answer to a signed
// webhook.
func (p program) start(env []string, first request) (s *server, err error) {
	s = &server{ended: make(chan error, 1)}
	if s.addr, s.admin, err = freeAddresses(); err != nil {
		return nil, err
	}
	if s.log, err = os.CreateTemp(p.dir, "log"); err != nil {
		return nil, err
	}
	_, core := cores()
	argv := []string{"taskset", "-c", core}
	for _, word := range p.argv {
		argv = append(argv, strings.ReplaceAll(word, "ADDR", s.addr))
	}
	s.cmd = exec.Command(argv[0], argv[1:]...)
	s.cmd.Dir, s.cmd.Stdout, s.cmd.Stderr = p.dir, s.log, s.log
	s.cmd.Env = append(append(os.Environ(), env...), "ADDR="+s.addr, "ADMIN_ADDR="+s.admin)
	begun := time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() { s.ended <- s.cmd.Wait() }()
	if err := s.await(first); err != nil {
		return nil, fmt.Errorf("starting: %w", s.stop(err))
	}
	s.started = time.Since(begun)
	return s, nil
}

// await asks until the server answers.
func (s *server) await(first request) error {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		l, err := dialLink(s.addr)
		if err != nil {
			time.Sleep(200 * time.Microsecond)
			continue
		}
		defer l.Close()
		_, err = l.ask(first.wire)
		s.answered++
		return err
	}
	return fmt.Errorf("no answer within 30 s")
}

// inspect reads the answers to samples closely.
func (s *server) inspect(samples []sample) error {
	l, err := dialLink(s.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	for _, sample := range samples {
		a, err := l.ask(sample.request.wire)
		if err != nil {
			return err
		}
		s.answered++
		if err := sample.check(a.body); err != nil {
			return err
		}
	}
	return nil
}

// stop ends the server and returns err, with the server's own words if there is one.
func (s *server) stop(err error) error {
	defer s.log.Close()
	_ = s.cmd.Process.Signal(os.Interrupt)
	select {
	case <-s.ended:
	case <-time.After(15 * time.Second):
		_ = s.cmd.Process.Kill()
		<-s.ended
	}
	if err == nil {
		return nil
	}
	said, _ := os.ReadFile(s.log.Name())
	return fmt.Errorf("%w\n%s", err, said[max(0, len(said)-2000):])
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// mallocs is how many allocations a Go program has made, as it tells itself.
func (s *server) mallocs() (float64, error) {
	text, err := fetch("http://" + s.admin + "/metrics")
	if err != nil {
		return 0, err
	}
	for _, name := range []string{"\ngo_memstats_mallocs_total ", `"Mallocs":`} {
		if _, rest, ok := strings.Cut(text, name); ok {
			end := strings.IndexAny(rest, ",\n")
			return strconv.ParseFloat(strings.TrimSpace(rest[:end]), 64)
		}
	}
	return 0, io.ErrUnexpectedEOF
}
