package deploy_test

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

const manual = "../docs/operating.md"

// outside are variables in the manual that are no settings of the program.
var outside = map[string]bool{"DIR": true, "SIGHUP": true, "POST": true, "HTTP": true, "TLS": true}

// TestOperating: the manual names no metric, alert, variable, command, target or file
// that does not exist, and it has every alert.
func TestOperating(t *testing.T) {
	text := read(t, manual)
	known, rules, settings := metrics(t), alerts(t), variables(t)
	targets, tests := read(t, "../Makefile"), read(t, "../cmd/premiumline/replicas_test.go")
	for what, check := range map[string]struct {
		pattern string
		exists  func(string) bool
	}{
		"metric":   {`\b(premiumline_[a-z_]+)\b`, has(known)},
		"alert":    {`\b(Premiumline[A-Z]\w+)`, has(rules)},
		"variable": {"[`$]([A-Z][A-Z_]{2,})\\b", either(has(settings), has(outside))},
		"target":   {"`make ([a-z]+)`", func(n string) bool { return strings.Contains(targets, n+": ") }},
		"file":     {`\]\(([^)#]+)`, func(n string) bool { return isFile(path.Join("../docs", n)) }},
		"test":     {"`(Test[A-Z]\\w+)`", func(n string) bool { return strings.Contains(tests, n) }},
	} {
		found := regexp.MustCompile(check.pattern).FindAllStringSubmatch(text, -1)
		if len(found) == 0 {
			t.Errorf("the manual names no %s", what)
		}
		for _, f := range found {
			if !check.exists(f[1]) {
				t.Errorf("the manual names the %s %s, which does not exist", what, f[1])
			}
		}
	}
	checkCommands(t, manual, text)
	for name := range rules {
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("the manual does not tell of %s", name)
		}
	}
}

// has tells of a name whether a map has it.
func has[T any](names map[string]T) func(string) bool {
	return func(name string) bool {
		_, is := names[name]
		return is
	}
}

func either(a, b func(string) bool) func(string) bool {
	return func(name string) bool { return a(name) || b(name) }
}

func isFile(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
