package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestList lists the real program, whose modules all have a licence.
func TestList(t *testing.T) {
	var listed strings.Builder
	if err := list(&listed, "../..", "./cmd/premiumline"); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"github.com/gorilla/mux", "BSD-3-Clause", "Apache-2.0", "MIT"} {
		if !strings.Contains(listed.String(), want) {
			t.Errorf("%s is not in\n%s", want, &listed)
		}
	}
}

// TestUnknown: a file that only mentions a licence is none.
func TestUnknown(t *testing.T) {
	folder := t.TempDir()
	text := "All rights reserved. This is neither the MIT License nor any other that you know of."
	if err := os.WriteFile(filepath.Join(folder, "LICENSE"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if names, err := licences(folder); err != nil || len(names) != 0 {
		t.Errorf("licences %v, %v", names, err)
	}
}
