package main

import "testing"

// A directory as large as package data takes compiles, and one that is larger is refused
// for the reason that the table tells.
func TestDirectories(t *testing.T) {
	for _, n := range []int{10, 64} {
		if sum, err := compileDirectory(n); err != nil || sum.Refused != "" || sum.Longest == 0 {
			t.Errorf("%d regions: %+v, %v", n, sum, err)
		}
	}
	if sum, err := compileDirectory(65); err != nil || sum.Refused == "" {
		t.Errorf("65 regions: %+v, %v", sum, err)
	}
}
