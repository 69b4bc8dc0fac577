package deploy_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/types"
	"go.yaml.in/yaml/v3"
)

// dashboard is what matters of Grafana's.
type dashboard struct {
	UID    string
	Panels []panel
}

type panel struct {
	ID          int
	Type, Title string
	Description string
	GridPos     struct{ X, Y, W, H int }
	Datasource  struct{ UID string }
	Targets     []struct {
		Expr       string
		Datasource struct{ UID string }
	}
}

// variablesOfGrafana take the place of what Grafana puts in by the time shown.
var variablesOfGrafana = strings.NewReplacer("$__rate_interval", "1m", "$__range", "1d")

// TestDashboard: every panel asks for what the program exposes, from the data source
// that is provisioned, and stands where no other does.
func TestDashboard(t *testing.T) {
	var d dashboard
	if err := json.Unmarshal([]byte(read(t, "grafana/premiumline.json")), &d); err != nil {
		t.Fatal(err)
	}
	known, source, asked := metrics(t), provisioned(t), ""
	for i, p := range d.Panels {
		mute := p.Type != "row" && (p.Description == "" || len(p.Targets) == 0)
		if p.ID != i+1 || p.Title == "" || mute {
			t.Errorf("panel %d, %s: id %d, %q, %d queries", i, p.Title, p.ID, p.Description, len(p.Targets))
		}
		for _, other := range d.Panels[:i] {
			if overlap(p, other) {
				t.Errorf("%s lies over %s", p.Title, other.Title)
			}
		}
		for _, target := range p.Targets {
			if target.Datasource.UID != source || p.Datasource.UID != source {
				t.Errorf("%s asks another source than %s", p.Title, source)
			}
			checkQuery(t, p.Title, variablesOfGrafana.Replace(target.Expr), known)
			asked += target.Expr
		}
	}
	for name := range known {
		own := strings.HasPrefix(name, "premiumline_") && !strings.HasSuffix(name, "_sum")
		shown := strings.Contains(asked, strings.TrimSuffix(name, "_count"))
		if own && !shown && name != "premiumline_directory_loads_total" {
			t.Errorf("nothing on the dashboard shows %s", name)
		}
	}
}

func overlap(a, b panel) bool {
	p, q := a.GridPos, b.GridPos
	return p.X < q.X+q.W && q.X < p.X+p.W && p.Y < q.Y+q.H && q.Y < p.Y+p.H || p.X+p.W > 24
}

// provisioned returns the uid of the data source, and checks that Grafana finds it and
// the dashboard in compose.yaml's mounts.
func provisioned(t *testing.T) string {
	t.Helper()
	var sources struct {
		Datasources []struct{ UID, URL, Type string }
	}
	var boards struct {
		Providers []struct{ Options struct{ Path string } }
	}
	for path, into := range map[string]any{
		"compose/grafana/datasources/prometheus.yaml": &sources,
		"compose/grafana/dashboards/premiumline.yaml": &boards,
	} {
		if err := yaml.Unmarshal([]byte(read(t, path)), into); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
	}
	grafana := project(t).Services["grafana"]
	for from, to := range map[string]string{
		"compose/grafana/datasources": "/etc/grafana/provisioning/datasources",
		"compose/grafana/dashboards":  "/etc/grafana/provisioning/dashboards",
		"/grafana":                    boards.Providers[0].Options.Path,
	} {
		if !slices.ContainsFunc(grafana.Volumes, func(v types.ServiceVolumeConfig) bool {
			return strings.HasSuffix(v.Source, from) && v.Target == to
		}) {
			t.Errorf("Grafana has no %s", to)
		}
	}
	return sources.Datasources[0].UID
}
