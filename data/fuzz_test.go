package data_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"premiumline/data"
)

// FuzzDirectory: a folder with any files is sound, or has mistakes that name their
// file; and what is sound can be read again, as the same.
func FuzzDirectory(f *testing.F) {
	for _, folder := range []string{".", "testdata/riverbend", "testdata/tenstates"} {
		directory, err := os.ReadFile(filepath.Join(folder, "directory.yaml"))
		if err != nil {
			f.Fatal(err)
		}
		prompts, err := os.ReadFile("prompts/en.yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(directory, prompts)
	}
	f.Add([]byte("lines: [{key: 1, regions: [a]}]\nlanguages: [en]"), []byte("prompts: {greeting: '{'}"))
	f.Add([]byte("&a [*a]"), []byte("\x00"))
	f.Fuzz(func(t *testing.T, directory, english []byte) {
		folder := t.TempDir()
		write(t, filepath.Join(folder, "directory.yaml"), directory)
		write(t, filepath.Join(folder, "prompts/en.yaml"), english)
		write(t, filepath.Join(folder, "prompts/es.yaml"), english)
		d, err := data.Open(folder)
		if err != nil {
			if !placed.MatchString(err.Error()) {
				t.Errorf("the mistake is in no file: %v", err)
			}
			return
		}
		again, err := data.Open(folder)
		if err != nil || again.Version != d.Version {
			t.Errorf("read again it is %v, %v", again, err)
		}
	})
}

// placed matches a mistake that says where it is.
var placed = regexp.MustCompile(`(directory|en|es)\.yaml|prompts`)

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
