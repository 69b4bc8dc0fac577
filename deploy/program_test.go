package deploy_test

import (
	"bufio"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
)

// dir holds the program, and what it writes.
var dir string

func TestMain(m *testing.M) { os.Exit(run(m)) }

// run builds the program for the tests.
func run(m *testing.M) int {
	var err error
	if dir, err = os.MkdirTemp("", "premiumline"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	build := exec.Command("go", "build", "-o", dir, "./cmd/premiumline")
	build.Dir = ".."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Printf("building the program: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// premiumline returns a command of the program, with no other environment than this.
func premiumline(environment []string, args ...string) *exec.Cmd {
	c := exec.Command(filepath.Join(dir, "premiumline"), args...)
	c.Dir, c.Env = dir, slices.Concat(environment, []string{"PATH="}) // nil would be that of the tests
	return c
}

// must returns what there is, or else fails the test.
func must[T any](value T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	return string(must(os.ReadFile(path))(t))
}

// metrics are the labels that each metric has, by its name, as Prometheus scrapes it
// from the program after calls of every kind.
func metrics(t *testing.T) map[string][]string {
	t.Helper()
	exposed := must(scraped())(t)
	names := map[string][]string{"up": nil} // Prometheus' own
	for _, line := range strings.Split(exposed, "\n") {
		if name, labels, ok := series(line); ok {
			names[name] = append(names[name], labels...)
		}
	}
	return names
}

var labelName = regexp.MustCompile(`([a-z_]+)="`)

// series returns the name and the labels of a line of /metrics.
func series(line string) (name string, labels []string, ok bool) {
	if line == "" || line[0] == '#' {
		return "", nil, false
	}
	name, rest, _ := strings.Cut(line, "{")
	name, _, _ = strings.Cut(name, " ")
	for _, found := range labelName.FindAllStringSubmatch(rest, -1) {
		labels = append(labels, found[1])
	}
	return name, labels, true
}

var answers = regexp.MustCompile(`"the line answers","addr":"(.*?)","admin":"(.*?)"`)

// scraped starts the program, has it called, and returns what it tells Prometheus.
var scraped = sync.OnceValues(func() (string, error) {
	environment := []string{"TWILIO_ACCOUNT_SID=AC" + strings.Repeat("0", 32), "TWILIO_AUTH_TOKEN=t",
		"PUBLIC_URL=https://ivr.example.com", "ADDR=127.0.0.1:0", "ADMIN_ADDR=127.0.0.1:0",
		"MESSAGING_FROM=+18005550199"} // texts of this account go only to the log
	serve := premiumline(environment, "serve")
	log, err := serve.StderrPipe()
	if err != nil {
		return "", err
	}
	if err := serve.Start(); err != nil {
		return "", err
	}
	defer func() {
		_ = serve.Process.Kill()
		_ = serve.Wait()
	}()
	lines := bufio.NewScanner(log)
	for lines.Scan() {
		if at := answers.FindStringSubmatch(lines.Text()); at != nil {
			go func() { _, _ = io.Copy(io.Discard, log) }()
			return called(environment, "http://"+at[1], "http://"+at[2])
		}
	}
	return "", fmt.Errorf("the program did not start: %v", lines.Err())
})

// called has the line called in every way that has a metric of its own.
func called(environment []string, line, admin string) (string, error) {
	for _, flags := range [][]string{
		{"--press", "7"}, {"--press", "#,6"}, {"--press", "7,,", "--dial", "busy"}, {"--press", "73"},
	} {
		args := append([]string{"call", "--url", line}, flags...)
		if out, err := premiumline(environment, args...).CombinedOutput(); err != nil {
			return "", fmt.Errorf("%v: %w\n%s", args, err, out)
		}
	}
	if _, err := http.Get(line + "/voice"); err != nil { // is refused
		return "", err
	}
	response, err := http.Get(admin + "/metrics")
	if err != nil {
		return "", err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return "", err
	}
	p := expfmt.NewTextParser(model.LegacyValidation)
	_, err = p.TextToMetricFamilies(strings.NewReader(string(text)))
	return string(text), err
}

// variables are the names of what package config reads.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	file := must(parser.ParseFile(token.NewFileSet(), "../config/config.go", nil, 0))(t)
	names := map[string]bool{}
	ast.Inspect(file, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok && f.Tag != nil {
			tag, _ := strconv.Unquote(f.Tag.Value)
			names[reflect.StructTag(tag).Get("envconfig")] = true
		}
		return true
	})
	if !names["TWILIO_AUTH_TOKEN"] {
		t.Fatal("config.go has no variables any more")
	}
	return names
}

// commands are the program's.
func commands(t *testing.T) map[string]bool {
	t.Helper()
	help := string(must(premiumline(nil, "--help").Output())(t))
	names := map[string]bool{}
	for _, row := range regexp.MustCompile(`(?m)^  ([a-z]+) `).FindAllStringSubmatch(help, -1) {
		names[row[1]] = true
	}
	return names
}

// grace is how long the program takes at most to end.
func grace(t *testing.T) time.Duration {
	t.Helper()
	return time.Duration(number(t, "../cmd/premiumline/service.go",
		`const grace = (\d+) \* time\.Second`)) * time.Second
}

// number is what an expression finds in a file.
func number(t *testing.T, path, pattern string) int {
	t.Helper()
	n := must(strconv.Atoi(find(t, path, pattern)))(t)
	return n
}

// find is the first group of an expression that a file must have.
func find(t *testing.T, path, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(read(t, path))
	if found == nil {
		t.Fatalf("%s has no %s", path, pattern)
	}
	return found[1]
}

// image is what the Dockerfile says of the program's container.
type image struct{ name, port, user string }

func dockerfile(t *testing.T) image {
	return image{
		name: find(t, "../.ci/image", `(?m)^image=(.*)$`),
		port: find(t, "../Dockerfile", `(?m)^EXPOSE (\d+)$`),
		user: find(t, "../Dockerfile", `(?m)^USER (\d+):`),
	}
}

// checkSettings starts what reads the environment, which names every variable that
// cannot be meant.
func checkSettings(t *testing.T, environment map[string]string) {
	t.Helper()
	known, settings := variables(t), []string{}
	for name, value := range environment {
		if !known[name] {
			t.Errorf("%s is no variable of the program", name)
		}
		settings = append(settings, name+"="+value)
	}
	c := premiumline(settings, "check")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("the program does not start with these settings: %v\n%s", err, out)
	}
}
