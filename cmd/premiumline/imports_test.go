package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestWhoImportsWhom holds the house's plan: a package imports only those of ours
// that stand behind it here.
func TestWhoImportsWhom(t *testing.T) {
	plan := map[string][]string{
		"calllog":         nil,
		"config":          nil,
		"data":            nil,
		"twiml":           nil,
		"twilioapi":       nil,
		"internal/page":   nil,
		"internal/chrome": nil,
		"ivr":             {"data", "twiml"},
		"webhook":         {"ivr"},
		"phone":           {"twiml"},
		"sound":           {"phone"},
		"ops":             {"calllog", "internal/page"},
		"desk":            {"internal/page", "ivr", "phone"},
		"cmd/premiumline": {"calllog", "config", "data", "desk", "ivr", "ops", "phone", "sound",
			"twilioapi", "twiml", "webhook"},

		"twilioapi/faketwilio": nil,

		// What would not be measured is not imported.
		"bench":                     {"data", "ivr", "phone", "twiml", "webhook"},
		"bench/contestants/floor":   nil,
		"bench/contestants/line":    {"data", "ivr", "webhook"},
		"bench/contestants/typical": nil,
	}
	const row = `{{.ImportPath}} {{join .Imports " "}}`
	out, err := exec.Command("go", "list", "-f", row, "premiumline/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		imports := strings.Fields(row)
		name := strings.TrimPrefix(imports[0], "premiumline/")
		allowed, known := plan[name]
		if !known {
			t.Errorf("package %s has no place in the plan", name)
		}
		for _, i := range imports[1:] {
			if ours, ok := strings.CutPrefix(i, "premiumline/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: that is not in the plan", name, ours)
			}
		}
	}
}
