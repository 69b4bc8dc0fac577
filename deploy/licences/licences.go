// Command licences lists every module that the program is built from, with the licences
// that its files hold, by SPDX's names. It reads the module cache and asks nobody.
//
//	go -C deploy run ./licences
//
// A module of which no licence is recognised is listed as "unknown", and the exit
// status is then 1: read it and decide.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/google/licensecheck"
)

func main() {
	if err := list(os.Stdout, "..", "./cmd/premiumline"); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

// list writes a line for each module that a program is built from.
func list(w io.Writer, folder, program string) error {
	modules, err := modulesOf(folder, program)
	if err != nil {
		return err
	}
	var unknown []error
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range modules {
		found, err := licences(m.Dir)
		if err != nil {
			return fmt.Errorf("reading the licences of %s: %w", m.Path, err)
		}
		if len(found) == 0 {
			found = []string{"unknown"}
			unknown = append(unknown, fmt.Errorf("no licence of %s is recognised in %s", m.Path, m.Dir))
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", m.Path, m.Version, strings.Join(found, ", "))
	}
	return errors.Join(append(unknown, table.Flush())...)
}

// module is one of others, as "go list" tells of it.
type module struct {
	Path, Version, Dir string
	Main               bool
}

// modulesOf returns the modules of all packages that a program is built from, without
// our own, by path.
func modulesOf(folder, program string) ([]module, error) {
	c := exec.Command("go", "list", "-deps", "-json=Module", program)
	c.Dir, c.Stderr = folder, os.Stderr
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("go list %s: %w", program, err)
	}
	var modules []module
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ Module *module }
		switch err := d.Decode(&p); {
		case errors.Is(err, io.EOF):
			slices.SortFunc(modules, func(a, b module) int { return strings.Compare(a.Path, b.Path) })
			return slices.Compact(modules), nil
		case err != nil:
			return nil, err
		case p.Module != nil && !p.Module.Main:
			modules = append(modules, *p.Module)
		}
	}
}

var licenceFile = regexp.MustCompile(`(?i)^(un)?(licen[cs]e|copying)([-._].*)?$`)

// enough is the part of a file, in percent, that must be the words of licences.
const enough = 60

// licences returns the licences whose words are in the licence files of a folder.
func licences(folder string) (names []string, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.IsDir() || !licenceFile.MatchString(f.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return nil, err
		}
		if scan := licensecheck.Scan(text); scan.Percent >= enough {
			for _, m := range scan.Match {
				names = append(names, m.ID)
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
