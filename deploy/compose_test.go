package deploy_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

var assignment = regexp.MustCompile(`(?m)^(#?)([A-Z_]+)=(.*)$`)

// example is env.example filled in: what each variable is set to, "" where it is left out.
func example(t *testing.T) map[string]string {
	t.Helper()
	filled := map[string]string{
		"TWILIO_ACCOUNT_SID": "AC" + strings.Repeat("0", 32), "TWILIO_AUTH_TOKEN": "a token",
		"ADMIN_PASSWORD": "a password", "CALLER_HASH_KEY": strings.Repeat("k", 32),
		"POSTGRES_PASSWORD": "pg",
	}
	settings := map[string]string{}
	for _, found := range assignment.FindAllStringSubmatch(read(t, "compose/env.example"), -1) {
		commented, name, value := found[1] != "", found[2], found[3]
		switch {
		case commented:
			value = ""
		case value == "":
			value = filled[name]
		}
		settings[name] = value
	}
	return settings
}

// project reads compose.yaml as "docker compose" does, with env.example filled in as .env.
func project(t *testing.T) *types.Project {
	t.Helper()
	root := t.TempDir()
	if err := os.CopyFS(root, os.DirFS(".")); err != nil {
		t.Fatal(err)
	}
	here, settings, lines := filepath.Join(root, "compose"), example(t), ""
	for name, value := range settings {
		if value != "" {
			lines += name + "=" + value + "\n"
		}
	}
	if err := os.WriteFile(filepath.Join(here, ".env"), []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	return must(loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir: here, Environment: settings,
		ConfigFiles: []types.ConfigFile{{Filename: filepath.Join(here, "compose.yaml")}},
	}))(t)
}

// TestCompose: the containers fit together.
func TestCompose(t *testing.T) {
	p := project(t)
	image := dockerfile(t)
	for name, s := range p.Services {
		tagged := regexp.MustCompile(`:v?\d+\.\d+(\.\d+)?$`).MatchString(s.Image)
		if own := s.Image == image.name; !tagged && !own {
			t.Errorf("%s: the tag of %s is not exact", name, s.Image)
		}
		for _, v := range s.Volumes {
			if _, err := os.Stat(v.Source); v.Type == types.VolumeTypeBind && err != nil {
				t.Errorf("%s mounts what is not there: %v", name, err)
			}
		}
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" && name != "caddy" {
				t.Errorf("%s can be reached from outside at %s", name, port.Published)
			}
		}
	}
	line := p.Services["line"]
	if own := line.Build.Context; !strings.HasSuffix(own, filepath.Dir(filepath.Dir(p.WorkingDir))) {
		t.Errorf("the line is built from %s", own)
	}
	if given := time.Duration(*line.StopGracePeriod); given <= grace(t) {
		t.Errorf("the line has %v to end, and may need %v", given, grace(t))
	}
	if !line.ReadOnly || !slices.Equal(line.CapDrop, []string{"ALL"}) {
		t.Error("the line may do more than it needs")
	}
	addr := *line.Environment["ADDR"]
	if addr != ":"+image.port || !slices.Contains(line.Expose, image.port) {
		t.Errorf("the line listens on %s, exposes %s, its image %s", addr, line.Expose, image.port)
	}
}

// TestComposeSettings: env.example has every variable of the program and none that
// nobody reads, and the line starts with what comes of it.
func TestComposeSettings(t *testing.T) {
	settings, others := example(t), []string{"POSTGRES_PASSWORD"}
	known := variables(t)
	for name := range maps.Keys(known) {
		if _, has := settings[name]; !has && name != "" {
			t.Errorf("env.example does not have %s", name)
		}
	}
	line := map[string]string{}
	for name, value := range project(t).Services["line"].Environment {
		if value != nil && !slices.Contains(others, name) {
			line[name] = *value
		}
	}
	checkSettings(t, line)
}

// TestComposeScrapes: Prometheus finds the line, may ask it, and has the alerts.
func TestComposeScrapes(t *testing.T) {
	scrape, p := scrapeConfig(t), project(t)
	job := scrape.Scrapes[0]
	if !strings.Contains(read(t, "prometheus/alerts.yaml"), `up{job="`+job.Job+`"}`) {
		t.Errorf("the alerts do not know the job %s", job.Job)
	}
	admin, target := *p.Services["line"].Environment["ADMIN_ADDR"], job.DNS[0]
	if target.Names[0] != "line" || target.Type != "A" || fmt.Sprintf(":%d", target.Port) != admin {
		t.Errorf("Prometheus asks %+v, the line listens on %s", target, admin)
	}
	prometheus := p.Services["prometheus"]
	secret := prometheus.Secrets[0].Source
	if job.Auth.File != "/run/secrets/"+secret || p.Secrets[secret].Environment != "ADMIN_PASSWORD" {
		t.Errorf("Prometheus takes the password from %s", job.Auth.File)
	}
	for _, path := range append(scrape.RuleFiles, "/etc/prometheus/prometheus.yml") {
		there := func(v types.ServiceVolumeConfig) bool { return v.Target == path }
		if !slices.ContainsFunc(prometheus.Volumes, there) {
			t.Errorf("Prometheus has no %s", path)
		}
	}
}

// TestCaddyfile has Debian's Caddy read its file: the configuration must be valid and
// lead to the line's port.
func TestCaddyfile(t *testing.T) {
	caddy := func(args ...string) []byte {
		args = append(args, "--config", "compose/Caddyfile", "--adapter", "caddyfile")
		c := exec.Command("caddy", args...)
		c.Env = append(os.Environ(), "PUBLIC_URL=https://ivr.example.com", "HOME="+t.TempDir())
		out, err := c.Output()
		if err != nil {
			t.Fatalf("caddy %s (make test installs it): %v\n%s", args[0], err, out)
		}
		return out
	}
	caddy("validate")
	var adapted any
	if err := json.Unmarshal(caddy("adapt"), &adapted); err != nil {
		t.Fatal(err)
	}
	text := string(must(json.Marshal(adapted))(t))
	upstreams := `"dynamic_upstreams":{"name":"line","port":"` + dockerfile(t).port + `"`
	for _, want := range []string{`"host":["ivr.example.com"]`, upstreams, `"listen":[":443"]`} {
		if !strings.Contains(text, want) {
			t.Errorf("Caddy's configuration lacks %s:\n%s", want, text)
		}
	}
}
