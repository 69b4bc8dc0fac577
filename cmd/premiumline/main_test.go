package main

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the output in the scripts with what was printed")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"premiumline": premiumline, "twilio": twilio})
}

// TestScripts runs the program as its users do: testdata/script/README.md tells
// how to read the scripts. They see nothing of the environment outside.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("GORACE", "atexit_sleep_ms=10") // else each process waits a second at its end
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"await": await, "exits": exits, "jsonlines": jsonLines, "terminate": terminate,
		},
	})
}

// exits STATUS COMMAND... runs a command that ends with this status.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	status := 0
	err := ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	}
	if strconv.Itoa(status) != args[0] {
		ts.Fatalf("exit status %d, want %s", status, args[0])
	}
}

// await FILE REGEXP [NAME...] waits until the file has the expression, and sets the
// variables to what its groups caught.
func await(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile(args[1])
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		text, _ := os.ReadFile(ts.MkAbs(args[0])) // it may yet come
		if found := pattern.FindStringSubmatch(string(text)); found != nil {
			for i, name := range args[2:] {
				ts.Setenv(name, found[i+1])
			}
			return
		}
	}
	ts.Fatalf("%s has no %s:\n%s", args[0], args[1], ts.ReadFile(args[0]))
}

// terminate sends SIGTERM to what runs in the background.
func terminate(ts *testscript.TestScript, _ bool, _ []string) {
	for _, c := range ts.BackgroundCmds() {
		ts.Check(c.Process.Signal(syscall.SIGTERM))
	}
}

// jsonLines FILE checks that every line of a file is a log entry in JSON.
func jsonLines(ts *testscript.TestScript, _ bool, args []string) {
	for _, line := range strings.Split(strings.TrimSpace(ts.ReadFile(args[0])), "\n") {
		var entry struct{ Time, Level, Msg string }
		err := json.Unmarshal([]byte(line), &entry)
		if err != nil || entry.Msg == "" || entry.Level == "" {
			ts.Fatalf("no log entry (%v): %s", err, line)
		}
	}
}
