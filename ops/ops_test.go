package ops_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"premiumline/ops"
)

func TestRoutes(t *testing.T) {
	well, unwell := func() error { return nil }, func() error { return errors.New("no line") }
	for _, tt := range []struct {
		ready  func() error
		path   string
		status int
		says   string
	}{
		{well, "/healthz", 200, "ok"},
		{well, "/readyz", 200, "ok"},
		{unwell, "/healthz", 200, "ok"},
		{unwell, "/readyz", 503, "no line"},
		{well, "/metrics", 200, "go_build_info"},
		{well, "/voice", 404, "not found"},
	} {
		server := httptest.NewServer(ops.NewHandler(ops.NewRegistry(), tt.ready))
		response, err := http.Get(server.URL + tt.path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(response.Body)
		_ = response.Body.Close()
		server.Close()
		if response.StatusCode != tt.status || !strings.Contains(string(body), tt.says) {
			t.Errorf("%s: %d %.60s, want %d and %q", tt.path, response.StatusCode, body, tt.status, tt.says)
		}
	}
}
