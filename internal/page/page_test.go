package page_test

import (
	"testing"

	"premiumline/internal/page"
)

func TestHosts(t *testing.T) {
	for host, want := range map[string]struct{ local, loopback bool }{
		"127.0.0.1:8080": {true, true}, "127.8.9.10": {true, true}, "[::1]:80": {true, true},
		"[::1]": {true, true}, "localhost": {true, true}, "localhost:9090": {true, true},
		"[::ffff:127.0.0.1]:1": {true, true}, "192.0.2.7:80": {true, false}, "10.0.0.1": {true, false},
		"ivr.example.com": {}, "localhost.example.com:80": {}, "": {}, "127.0.0.1.example.com": {},
	} {
		if local, loopback := page.Local(host), page.Loopback(host); local != want.local ||
			loopback != want.loopback {
			t.Errorf("%q: local %t, loopback %t; want %v", host, local, loopback, want)
		}
	}
}
