package faketwilio

import (
	"net/http"
	"strconv"
	"strings"
)

// Fault is something that goes wrong with requests.
type Fault struct {
	Method string `json:"method"`      // of the requests; "": any
	Path   string `json:"path"`        // what their path has in it
	Skip   int    `json:"skip"`        // requests that go well before it
	Times  int    `json:"times"`       // how often it happens; 0: always
	After  bool   `json:"after"`       // the request is carried out before
	Status int    `json:"status"`      // of the answer; 0: the connection breaks off
	Code   int    `json:"code"`        // Twilio's; 0: the answer is no JSON
	Wait   string `json:"retry_after"` // its Retry-After; "": none
	Says   string `json:"says"`        // what goes with the code
	done   int
}

// fault returns what goes wrong with a request, nil if nothing does.
func (t *Twilio) fault(r *http.Request) *Fault {
	for _, f := range t.state.Faults {
		if f.Method != "" && f.Method != r.Method || !strings.Contains(r.URL.Path, f.Path) {
			continue
		}
		f.done++
		if f.done > f.Skip && (f.Times == 0 || f.done <= f.Skip+f.Times) {
			return f
		}
	}
	return nil
}

func (f *Fault) answer(w http.ResponseWriter) {
	if f.Wait != "" {
		w.Header().Set("Retry-After", f.Wait)
	}
	switch {
	case f.Status == 0:
		panic(http.ErrAbortHandler)
	case f.Code == 0:
		http.Error(w, "<html>"+strconv.Itoa(f.Status)+"</html>", f.Status)
	default:
		refusal{f.Status, f.Code, f.Says}.write(w)
	}
}
