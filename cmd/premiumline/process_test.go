package main

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// process is a program that the test started, and what it says on standard error.
type process struct {
	*exec.Cmd
	says string // the name of the file
}

// launch starts a program, which is killed at the end of the test at the latest.
func launch(t *testing.T, c *exec.Cmd) *process {
	t.Helper()
	p := &process{c, filepath.Join(t.TempDir(), "stderr")}
	said, err := os.Create(p.says)
	if err != nil {
		t.Error(err)
	}
	defer func() { _ = said.Close() }()
	c.Stderr = said
	if err := c.Start(); err != nil {
		t.Errorf("starting %s (make test installs it): %v", c.Args[0], err)
		return p
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
		if t.Failed() {
			t.Logf("%v said:\n%s", c.Args, p.said())
		}
	})
	return p
}

func (p *process) said() string {
	text, _ := os.ReadFile(p.says)
	return string(text)
}

// killWhileWell does kill -9 to a serving process that logs errors only, at a moment at
// which all that it answered must be on record: its call log was well, and has been since.
func killWhileWell(t *testing.T, p *process, admin string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(listens) {
		before := p.said()
		if !wellAt(admin) {
			continue
		}
		time.Sleep(time.Second) // what was answered before its turn is written by now
		if freeze(p); p.said() == before {
			_ = p.Process.Kill()
			_ = p.Wait()
			return
		}
		_ = p.Process.Signal(syscall.SIGCONT)
	}
	t.Errorf("the call log of %v was never well for a second", p.Args)
}

// freeze stops a process between two instructions, and returns when it stands.
func freeze(p *process) {
	_ = p.Process.Signal(syscall.SIGSTOP)
	_, _ = syscall.Wait4(p.Process.Pid, nil, syscall.WUNTRACED, nil)
}

// wellAt tells whether the line with that admin address has a call log that is well.
func wellAt(admin string) bool {
	status, text := get("http://" + admin + "/readyz")
	return status == http.StatusOK && strings.Contains(text, "call log: ok")
}

// get returns what is at an address; status 0: there is no answer.
func get(address string) (status int, text string) {
	response, err := http.Get(address)
	if err != nil {
		return 0, ""
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(response.Body)
	return response.StatusCode, string(body)
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Errorf("%s did not come up", what)
			return
		}
	}
}
