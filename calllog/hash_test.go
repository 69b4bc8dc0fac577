package calllog_test

import (
	"bytes"
	"errors"
	"os"
	"testing"

	"premiumline/calllog"
)

const key = "a key of at least sixteen bytes"

func TestHash(t *testing.T) {
	h, err := calllog.OpenHasher("postgres://host/calls", key)
	must(t, err)
	other, err := calllog.OpenHasher("postgres://host/calls", key+"!")
	must(t, err)
	one := h.Hash("+14045550100")
	same(t, "bytes", len(one), 16)
	same(t, "of the same caller", bytes.Equal(one, h.Hash("+14045550100")), true)
	same(t, "of another caller", bytes.Equal(one, h.Hash("+14045550101")), false)
	same(t, "of another key", bytes.Equal(one, other.Hash("+14045550100")), false)
	for _, number := range []string{"", "anonymous", "14045550100", "client:+14045550100", "+1404"} {
		same(t, number, h.Hash(number) == nil, true)
	}
}

func TestHashKey(t *testing.T) {
	url := "sqlite:" + t.TempDir() + "/calls.db"
	first, err := calllog.OpenHasher(url, "")
	must(t, err)
	second, err := calllog.OpenHasher(url, "")
	must(t, err)
	same(t, "hash after a restart", first.Hash("+14045550100"), second.Hash("+14045550100"))
	info, err := os.Stat(url[len("sqlite:"):] + ".key")
	must(t, err)
	same(t, "mode", info.Mode().Perm(), 0o600)
	given, err := calllog.OpenHasher(url, key)
	must(t, err)
	same(t, "a given key is used",
		bytes.Equal(first.Hash("+14045550100"), given.Hash("+14045550100")), false)
}

func TestHashKeyRefused(t *testing.T) {
	short := "sqlite:" + t.TempDir() + "/calls.db"
	must(t, os.WriteFile(short[len("sqlite:"):]+".key", []byte("short\n"), 0o600))
	for _, c := range []struct{ url, key string }{
		{"sqlite:calls.db", "short"},
		{"postgres://host/calls", ""},
		{short, ""},
	} {
		_, err := calllog.OpenHasher(c.url, c.key)
		same(t, c.url+" "+c.key, errors.Is(err, calllog.ErrUnusable), true)
	}
}
