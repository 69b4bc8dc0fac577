package main

import "testing"

// Directories of every size compile; package ivr refuses one whose documents are over
// Twilio's limits.
func TestDirectories(t *testing.T) {
	for _, n := range []int{10, 64, 65, 1000} {
		if sum, err := compileDirectory(n); err != nil || sum.Longest == 0 {
			t.Errorf("%d regions: %+v, %v", n, sum, err)
		}
	}
}
