package deploy_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const unit = "systemd/premiumline.service"

// TestUnit has systemd read its unit. It verifies that the program is there, so the
// unit that it reads starts the one that was built.
func TestUnit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "premiumline.service")
	text := strings.Replace(read(t, unit), "ExecStart=/usr/local/bin", "ExecStart="+dir, 1)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	// What is wrong with a unit is told in words, and often with the status 0.
	if said := systemd(t, "verify", "--man=no", path); strings.Contains(said, "premiumline.service") {
		t.Errorf("systemd reads a mistake:\n%s", said)
	}
	// 2.0 of 10; a unit without any confinement has 9.6.
	said := systemd(t, "security", "--offline=true", "--threshold=20", "--no-pager", path)
	if !strings.Contains(said, " OK ") {
		t.Errorf("the unit is not confined enough:\n%s", said)
	}
	stop := must(time.ParseDuration(find(t, unit, `(?m)^TimeoutStopSec=(\d+)$`) + "s"))(t)
	if stop <= grace(t) {
		t.Errorf("the program has %v to end, and may need %v", stop, grace(t))
	}
	checkCommands(t, unit, find(t, unit, `(?m)^ExecStart=/usr/local/bin/(.*)$`))
}

func systemd(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.Command("systemd-analyze", args...).CombinedOutput()
	if _, ran := err.(*exec.ExitError); err != nil && !ran {
		t.Fatalf("systemd-analyze (make test installs it): %v", err)
	}
	return string(out)
}
