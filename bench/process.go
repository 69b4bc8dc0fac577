package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// proc is what /proc/PID/stat tells of a process.
type proc struct {
	pid, parent int
	ticks       int64 // of CPU time, user and system, with those of children that ended
}

// tick is the unit of CPU time in /proc: Linux has told it in 1/100 s for ever.
const tick = 10 * time.Millisecond

// tree returns a process and all its descendants.
func tree(pid int) ([]proc, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	children, all := map[int][]proc{}, []proc(nil)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended since
		}
		p, err := parseStat(text)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", file, err)
		}
		children[p.parent] = append(children[p.parent], p)
		if p.pid == pid {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("process %d has ended", pid)
	}
	for i := 0; i < len(all); i++ {
		all = append(all, children[all[i].pid]...)
	}
	return all, nil
}

// parseStat reads /proc/PID/stat. The program's name, in parentheses, may hold anything.
func parseStat(text []byte) (p proc, err error) {
	name := bytes.LastIndexByte(text, ')')
	fields := strings.Fields(string(text[name+1:]))
	if name < 0 || len(fields) < 15 {
		return p, fmt.Errorf("no process in %q", text)
	}
	before, _, _ := strings.Cut(string(text), " ")
	numbers := []string{before, fields[1], fields[11], fields[12], fields[13], fields[14]}
	var n [6]int64
	for i, number := range numbers {
		if n[i], err = strconv.ParseInt(number, 10, 64); err != nil {
			return p, err
		}
	}
	return proc{int(n[0]), int(n[1]), n[2] + n[3] + n[4] + n[5]}, nil
}

// cpuOf is the CPU time, user and system, that a process and its descendants have had.
func cpuOf(pid int) (time.Duration, error) {
	processes, err := tree(pid)
	var ticks int64
	for _, p := range processes {
		ticks += p.ticks
	}
	return time.Duration(ticks) * tick, err
}

// memoryOf is the resident memory of a process and its descendants, in bytes. What
// several of them share counts once.
func memoryOf(pid int) (bytes int64, err error) {
	processes, err := tree(pid)
	for _, p := range processes {
		text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", p.pid))
		if err != nil {
			return 0, err
		}
		bytes += 1024 * amount(string(text), "Pss:")
	}
	return bytes, err
}

// amount is the number after a word that begins a line.
func amount(text, word string) int64 {
	for line := range strings.Lines(text) {
		if rest, ok := strings.CutPrefix(line, word); ok {
			if fields := strings.Fields(rest); len(fields) > 0 {
				n, _ := strconv.ParseInt(fields[0], 10, 64)
				return n
			}
		}
	}
	return 0
}

// cores says which core the load has and which the contestants have; where there is
// only one they share it.
func cores() (load, contestants string) {
	if runtime.NumCPU() < 2 {
		return "0", "0"
	}
	return "0", "1"
}

// machine describes the processor.
func machine() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	model := "unknown processor"
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			model = strings.TrimSpace(value)
			break
		}
	}
	return fmt.Sprintf("%s, %d cores", model, runtime.NumCPU())
}
