package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing/fstest"
	"time"

	"premiumline/data"
	"premiumline/ivr"
)

// directorySum is what a directory of so many regions costs.
type directorySum struct {
	Regions int     `json:"regions"`
	Load    float64 `json:"load_ms"`    // reading and checking the files
	Compile float64 `json:"compile_ms"` // the line of them
	Memory  float64 `json:"line_mib"`   // that the compiled line keeps
	Turn    float64 `json:"turn_ns"`    // finding the answer to a turn
	Longest int     `json:"longest_bytes"`
}

// sizes are the numbers of regions that are tried. Up to 64 are eight keys of the menu,
// each with a second question for up to eight regions; beyond, each key asks for the ZIP
// code.
var sizes = []int{10, 32, 64, 100, 1000}

func growDirectories() (sums []directorySum, err error) {
	for _, n := range sizes {
		sum, err := measureDirectory(n)
		if err != nil {
			return nil, fmt.Errorf("%d regions: %w", n, err)
		}
		sums = append(sums, sum)
	}
	return sums, nil
}

// measureDirectory takes the best of a few: what else the machine does only adds.
func measureDirectory(regions int) (best directorySum, err error) {
	for range 3 {
		sum, err := compileDirectory(regions)
		if err != nil {
			return sum, err
		}
		if best.Regions == 0 || sum.Compile < best.Compile {
			best = sum
		}
	}
	return best, nil
}

func compileDirectory(regions int) (sum directorySum, err error) {
	sum.Regions = regions
	files := fstest.MapFS{"directory.yaml": {Data: []byte(directoryYAML(regions))}}
	start := time.Now()
	directory, err := data.Load(files)
	if err != nil {
		return sum, err
	}
	sum.Load = millis(time.Since(start))
	before := heap()
	start = time.Now()
	line, err := ivr.Compile(directory, ivr.Settings{
		Base: "/voice", Transfer: true, TransferTimeout: 30 * time.Second,
	})
	if err != nil {
		return sum, err
	}
	sum.Compile = millis(time.Since(start))
	sum.Memory = mebi(heap() - before)
	sum.Turn, sum.Longest = timeTurns(line, regions)
	return sum, nil
}

// heap is what is reachable, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// timeTurns returns the nanoseconds of a turn, over all kinds of turns, and the bytes
// of the longest answer.
func timeTurns(line *ivr.Line, regions int) (each float64, longest int) {
	var turns []ivr.Turn
	for i := range regions {
		caller := ivr.Caller{Number: "+1" + areaCode(i) + "5550142", State: "NY"}
		turns = append(turns,
			ivr.Turn{Caller: caller, Called: called},
			ivr.Turn{Page: menuPage, Digits: fmt.Sprint(1 + i%8), Caller: caller, Called: called},
			ivr.Turn{Page: "en/zip", Digits: zip(i) + "01", Caller: caller, Called: called},
			ivr.Turn{Page: "en/numbers", Digits: "*", Caller: caller, Called: called})
	}
	const times = 20_000
	start := time.Now()
	for i := range times {
		answer := line.Answer(turns[i%len(turns)])
		longest = max(longest, len(answer.Document))
	}
	return float64(time.Since(start)) / times, longest
}

// directoryYAML is a directory of so many regions over eight keys: each with a number
// of its own, an area code and a ZIP prefix, and half the area codes shared by two
// regions. The prompts are the built-in ones.
func directoryYAML(regions int) string {
	const menuKeys = 8
	lines := make([][]string, min(menuKeys, regions))
	var b strings.Builder
	b.WriteString("organisation: Many Regions\nindependent: true\nlanguages: [en, es]\n" +
		"sources:\n  bench: made for a measurement\nregions:\n")
	for i := range regions {
		lines[i%len(lines)] = append(lines[i%len(lines)], fmt.Sprintf("region-%d", i))
		codes := slices.Compact([]string{areaCode(i), areaCode(i - i%2)})
		fmt.Fprintf(&b, "  - id: region-%d\n    name: {en: Region %[1]d, es: Región %[1]d}\n"+
			"    phone: {number: \"+1877365%04[1]d\", open: 24/7, tty: \"711\", "+
			"source: {name: bench, taken: 2026-11-23}}\n"+
			"    callers: {area_codes: [%[2]s], zips: [\"%[3]s\"], source: {name: bench, taken: 2026-11-23}}\n",
			i, strings.Join(codes, ", "), zip(i))
	}
	b.WriteString("member_services:\n  name: {en: Member Services, es: Servicio al Miembro}\n" +
		"  phone: {number: \"+18773659999\", source: {name: bench, taken: 2026-11-23}}\nlines:\n")
	for key, ids := range lines {
		fmt.Fprintf(&b, "  - key: %d\n    regions: [%s]\n    name: {en: Part %[1]d, es: Parte %[1]d}\n",
			key+1, strings.Join(ids, ", "))
	}
	return b.String()
}

func areaCode(i int) string { return fmt.Sprint(200 + i%800) }
func zip(i int) string      { return fmt.Sprintf("%03d", i%1000) }

func directoriesTable(all []directorySum) string {
	rows := [][]string{{"regions", "reading ms", "compile ms", "MiB", "turn µs", "longest answer, bytes"}}
	for _, s := range all {
		rows = append(rows, []string{fmt.Sprint(s.Regions), fmt.Sprintf("%.1f", s.Load),
			fmt.Sprintf("%.1f", s.Compile), fmt.Sprintf("%.1f", s.Memory),
			fmt.Sprintf("%.2f", s.Turn/1000), fmt.Sprint(s.Longest)})
	}
	return markdown(rows)
}
