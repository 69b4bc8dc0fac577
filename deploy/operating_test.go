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
	for what, check := range map[string]struct {
		pattern string
		exists  func(string) bool
	}{
		"metric":   {`\b(premiumline_[a-z_]+)\b`, func(name string) bool { return known[name] != nil }},
		"alert":    {`\b(Premiumline[A-Z]\w+)`, func(name string) bool { return rules[name].Expr != "" }},
		"variable": {"[`$]([A-Z][A-Z_]{2,})\\b", func(name string) bool { return settings[name] || outside[name] }},
		"target":   {"`make ([a-z]+)`", func(name string) bool { return strings.Contains(read(t, "../Makefile"), "\n"+name+":") }},
		"file":     {`\]\(([^)#]+)`, func(name string) bool { return exists(path.Join("../docs", name)) }},
		"test":     {"`(Test[A-Z]\\w+)`", func(name string) bool { return strings.Contains(read(t, "../cmd/premiumline/replicas_test.go"), name) }},
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

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
