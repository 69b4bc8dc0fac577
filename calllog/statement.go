package calllog

import (
	"slices"
	"strconv"
	"strings"
)

// chunks are the numbers of rows that statements are prepared for: few texts, few executions.
var chunks = []int{64, 16, 4, 1}

// inChunks calls do with parts of rows, each as long as one of chunks.
func inChunks[T any](rows []T, do func([]T) error) error {
	for _, n := range chunks {
		for len(rows) >= n {
			if err := do(rows[:n]); err != nil {
				return err
			}
			rows = rows[n:]
		}
	}
	return nil
}

// rowsOf is the parameters of n rows: "(?, ?), (?, ?)" for two of two columns.
func rowsOf(n, columns int) string {
	row := "(" + listOf(columns) + ")"
	return row + strings.Repeat(", "+row, n-1)
}

// listOf is n parameters: "?, ?, ?".
func listOf(n int) string { return "?" + strings.Repeat(", ?", n-1) }

// numbered is a statement with its parameters as PostgreSQL writes them: $1, $2...
func numbered(query string) string {
	var b strings.Builder
	n := 0
	for part := range strings.SplitSeq(query, "?") {
		if n > 0 {
			b.WriteString("$" + strconv.Itoa(n))
		}
		b.WriteString(part)
		n++
	}
	return b.String()
}

// insertEvents writes n events and returns those that were not there yet.
func insertEvents(n int) string {
	return "INSERT INTO event (" + strings.Join(eventColumns, ", ") + ") VALUES " +
		rowsOf(n, len(eventColumns)) + " ON CONFLICT DO NOTHING RETURNING call_id, key"
}

// selectCalls reads whole calls.
func selectCalls(where string) string {
	return "SELECT " + strings.Join(callColumns, ", ") + " FROM call WHERE " + where
}

// selectEvents reads the events of the call whose id follows.
var selectEvents = "SELECT " + strings.Join(eventColumns, ", ") + textColumns +
	" FROM event WHERE call_id = "

// The columns of a call that a later event leaves alone: to write them would rewrite indexes.
var (
	settled = []string{"id", "sid"}
	timely  = []string{"id", "sid", "started"}
)

// upsertCalls writes n calls, leaving the columns in keep of those that are there already.
func upsertCalls(n int, keep []string) string {
	var set []string
	for _, c := range callColumns {
		if !slices.Contains(keep, c) {
			set = append(set, c+" = excluded."+c)
		}
	}
	return "INSERT INTO call (" + strings.Join(callColumns, ", ") + ") VALUES " +
		rowsOf(n, len(callColumns)) + " ON CONFLICT (id) DO UPDATE SET " + strings.Join(set, ", ")
}
