package deploy_test

import (
	"log/slog"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/rulefmt"
	promql "github.com/prometheus/prometheus/promql/parser"
	"go.yaml.in/yaml/v3"
)

var promqlParser = promql.NewParser(promql.Options{})

// alerts are the rules, by their name.
func alerts(t *testing.T) map[string]rulefmt.Rule {
	t.Helper()
	groups, mistakes := rulefmt.ParseFile("prometheus/alerts.yaml", false, model.LegacyValidation,
		promqlParser, slog.New(slog.DiscardHandler))
	for _, mistake := range mistakes {
		t.Fatal(mistake)
	}
	rules := map[string]rulefmt.Rule{}
	for _, group := range groups.Groups {
		for _, rule := range group.Rules {
			rules[rule.Alert] = rule
		}
	}
	return rules
}

// TestAlerts: an alert asks for figures that the program has, and tells whoever it
// wakes what callers hear and what to do.
func TestAlerts(t *testing.T) {
	known := metrics(t)
	for name, rule := range alerts(t) {
		checkQuery(t, name, rule.Expr, known)
		if s := rule.Labels["severity"]; s != "page" && s != "ticket" {
			t.Errorf("%s has the severity %q", name, s)
		}
		for _, text := range []string{"summary", "callers", "runbook"} {
			if rule.Annotations[text] == "" {
				t.Errorf("%s has no %s", name, text)
			}
		}
		checkCommands(t, name, rule.Annotations["runbook"])
	}
}

// checkQuery holds what a query selects against what the program exposes.
func checkQuery(t *testing.T, where, query string, known map[string][]string) {
	t.Helper()
	expr, err := promqlParser.ParseExpr(query)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	promql.Inspect(expr, func(n promql.Node, _ []promql.Node) error {
		selected, ok := n.(*promql.VectorSelector)
		if !ok {
			return nil
		}
		labels, exposed := known[selected.Name]
		if !exposed {
			t.Errorf("%s: the program has no metric %s", where, selected.Name)
		}
		for _, m := range selected.LabelMatchers {
			if m.Name != "__name__" && !slices.Contains(append(labels, scrapeLabels...), m.Name) {
				t.Errorf("%s: %s has no label %s", where, selected.Name, m.Name)
			}
		}
		return nil
	})
	checkGrouping(t, where, expr, known)
}

// scrapeLabels are put on every series by Prometheus.
var scrapeLabels = []string{"job", "instance"}

// checkGrouping holds the labels that sums keep against those there are.
func checkGrouping(t *testing.T, where string, expr promql.Expr, known map[string][]string) {
	promql.Inspect(expr, func(n promql.Node, _ []promql.Node) error {
		sum, ok := n.(*promql.AggregateExpr)
		if !ok {
			return nil
		}
		for _, label := range sum.Grouping {
			if !slices.Contains(append(labelsIn(sum.Expr, known), scrapeLabels...), label) {
				t.Errorf("%s: nothing in %s has a label %s", where, sum, label)
			}
		}
		return nil
	})
}

func labelsIn(expr promql.Expr, known map[string][]string) (labels []string) {
	promql.Inspect(expr, func(n promql.Node, _ []promql.Node) error {
		if selected, ok := n.(*promql.VectorSelector); ok {
			labels = append(labels, known[selected.Name]...)
		}
		return nil
	})
	return labels
}

var ofProgram = regexp.MustCompile(`\bpremiumline ([a-z]+)`)

// checkCommands holds every "premiumline word" of a text against the commands.
func checkCommands(t *testing.T, where, text string) {
	t.Helper()
	known := commands(t)
	for _, found := range ofProgram.FindAllStringSubmatch(text, -1) {
		if !known[found[1]] {
			t.Errorf("%s: the program has no command %s", where, found[1])
		}
	}
}

// scraping is what the tests look at in prometheus.yml; nothing else may be in there,
// since Prometheus' own reader brings every cloud's discovery along.
type scraping struct {
	Global struct {
		Scrape   model.Duration `yaml:"scrape_interval"`
		Evaluate model.Duration `yaml:"evaluation_interval"`
	}
	RuleFiles []string `yaml:"rule_files"`
	Scrapes   []struct {
		Job  string `yaml:"job_name"`
		Auth struct {
			Name string `yaml:"username"`
			File string `yaml:"password_file"`
		} `yaml:"basic_auth"`
		DNS []struct {
			Names   []string
			Type    string
			Port    int
			Refresh model.Duration `yaml:"refresh_interval"`
		} `yaml:"dns_sd_configs"`
	} `yaml:"scrape_configs"`
}

func scrapeConfig(t *testing.T) scraping {
	t.Helper()
	var s scraping
	d := yaml.NewDecoder(strings.NewReader(read(t, "compose/prometheus.yml")))
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		t.Fatalf("prometheus.yml: %v", err)
	}
	return s
}
