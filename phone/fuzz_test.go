package phone_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"premiumline/phone"
)

// FuzzTranscript: any text is a transcript, or has a mistake that names its line.
func FuzzTranscript(f *testing.F) {
	files, err := filepath.Glob("../ivr/testdata/calls/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("call from +14045550100 to +18005550199\ndial busy after 1e9 s\nbarge 7 after -1 s\n")
	f.Add("call from anonymous to +1\nhangup after NaN s")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := phone.ParseTranscript("call", text)
		if err != nil && !strings.HasPrefix(err.Error(), "call:") {
			t.Errorf("the mistake is in no line: %v", err)
		}
	})
}
