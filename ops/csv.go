package ops

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"premiumline/calllog"
)

// column is a column of the export.
type column struct {
	name  string
	value func(r calllog.Record, zone *time.Location) string
}

// columns are those of the export. The hash of the caller's number is left out:
// a file goes from hand to hand, and nothing in it should tell callers apart.
var columns = []column{
	{"call_sid", textOf(func(r calllog.Record) string { return r.Call })},
	{"started", timeOf(func(r calllog.Record) time.Time { return r.Started })},
	{"ended", timeOf(func(r calllog.Record) time.Time { return r.Ended })},
	{"seconds", numberOf(lasted)},
	{"language", textOf(func(r calllog.Record) string { return r.Language })},
	{"area_code", textOf(func(r calllog.Record) string { return r.AreaCode })},
	{"offered", textOf(func(r calllog.Record) string { return r.Offered })},
	{"offer_taken", textOf(func(r calllog.Record) string { return strconv.FormatBool(r.Taken) })},
	{"outcome", textOf(func(r calllog.Record) string { return r.Outcome() })},
	{"region", textOf(func(r calllog.Record) string { return r.Region })},
	{"seconds_to_region", textOf(secondsToRegion)},
	{"transfer_outcome", textOf(func(r calllog.Record) string { return r.Disposition })},
	{"transfer_seconds", numberOf(func(r calllog.Record) int { return r.TransferSeconds })},
	{"texts", textOf(func(r calllog.Record) string { return outcomes(r.Texts) })},
	{"turns", numberOf(func(r calllog.Record) int { return r.Turns })},
	{"keys", textOf(func(r calllog.Record) string { return r.Keys })},
	{"wrong_keys", numberOf(func(r calllog.Record) int { return r.Wrong })},
	{"silences", numberOf(func(r calllog.Record) int { return r.Silences })},
	{"last_page", textOf(func(r calllog.Record) string { return r.LastPage })},
	{"call_status", textOf(func(r calllog.Record) string { return r.CallStatus })},
	{"stir", textOf(func(r calllog.Record) string { return r.Stir })},
	{"directory", textOf(func(r calllog.Record) string { return r.Directory })},
}

func textOf(f func(calllog.Record) string) func(calllog.Record, *time.Location) string {
	return func(r calllog.Record, _ *time.Location) string { return noFormula(f(r)) }
}

func numberOf(f func(calllog.Record) int) func(calllog.Record, *time.Location) string {
	return func(r calllog.Record, _ *time.Location) string { return strconv.Itoa(f(r)) }
}

func timeOf(f func(calllog.Record) time.Time) func(calllog.Record, *time.Location) string {
	return func(r calllog.Record, zone *time.Location) string {
		if f(r).IsZero() {
			return ""
		}
		return f(r).In(zone).Format(time.RFC3339)
	}
}

func secondsToRegion(r calllog.Record) string {
	if s := toRegion(r); s != nil {
		return strconv.Itoa(*s)
	}
	return ""
}

// noFormula keeps a spreadsheet from taking a text for a formula.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// csv streams every call of the period. A store that fails on the way breaks the
// download off: a file that ends too early must not look whole.
func (h *Handler) csv(w http.ResponseWriter, r *http.Request) error {
	q, err := readQuery(r)
	if err != nil {
		return err
	}
	now := time.Now()
	out := &download{Writer: csv.NewWriter(w), w: w, name: fmt.Sprintf("calls-%s-%s.csv",
		q.name, now.In(q.location()).Format(time.DateOnly))}
	if r.Method == http.MethodHead {
		out.begin()
		return nil
	}
	for record, err := range h.options.Log.Each(r.Context(), q.filter(now, 0)) {
		if err != nil && out.rows == 0 {
			return err
		}
		if err != nil || out.Error() != nil {
			panic(http.ErrAbortHandler)
		}
		out.row(record, q.location())
	}
	if out.rows == 0 {
		out.begin()
	}
	out.Flush()
	return nil
}

// download is a file on its way to the operator.
type download struct {
	*csv.Writer
	w    http.ResponseWriter
	name string
	rows int
}

// begin writes what stands before the rows: until then an error can be the answer.
func (d *download) begin() {
	d.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	d.w.Header().Set("Content-Disposition", "attachment; filename="+d.name)
	var names []string
	for _, c := range columns {
		names = append(names, c.name)
	}
	_ = d.Write(names) // csv.Writer keeps the error
}

func (d *download) row(r calllog.Record, zone *time.Location) {
	if d.rows == 0 {
		d.begin()
	}
	if d.rows%1000 == 0 { // as long as it moves, it may take its time
		_ = http.NewResponseController(d.w).SetWriteDeadline(time.Now().Add(time.Minute))
	}
	d.rows++
	fields := make([]string, 0, len(columns))
	for _, c := range columns {
		fields = append(fields, c.value(r, zone))
	}
	_ = d.Write(fields)
}
