package ops

import (
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"premiumline/calllog"
)

// call is a call as the page lists it.
type call struct {
	SID      string    `json:"sid"`
	Started  time.Time `json:"started"`
	Ended    time.Time `json:"ended,omitzero"` // zero while it goes on
	Seconds  int       `json:"seconds"`        // it lasted; 0 while it goes on
	Language string    `json:"language"`
	AreaCode string    `json:"areaCode"`
	Offered  string    `json:"offered"`
	Taken    bool      `json:"taken"`

	Outcome         string `json:"outcome"`
	Region          string `json:"region"`
	ToRegion        *int   `json:"toRegion"` // seconds; nil: no line was reached
	Disposition     string `json:"disposition"`
	TransferSeconds int    `json:"transferSeconds"`
	Texts           string `json:"texts"` // what became of them, "georgia: delivered"

	Turns    int    `json:"turns"`
	Keys     string `json:"keys"`
	Wrong    int    `json:"wrong"`
	Silences int    `json:"silences"`
	LastPage string `json:"lastPage"`

	Stir      string `json:"stir"`
	Directory string `json:"directory"`
}

func newCall(r calllog.Record) call {
	return call{
		SID: r.Call, Started: r.Started, Ended: r.Ended, Seconds: lasted(r),
		Language: r.Language, AreaCode: r.AreaCode, Offered: r.Offered, Taken: r.Taken,
		Outcome: r.Outcome(), Region: r.Region, ToRegion: toRegion(r),
		Disposition: r.Disposition, TransferSeconds: r.TransferSeconds, Texts: outcomes(r.Texts),
		Turns: r.Turns, Keys: r.Keys, Wrong: r.Wrong, Silences: r.Silences, LastPage: r.LastPage,
		Stir: r.Stir, Directory: r.Directory,
	}
}

// outcomes says what became of texts.
func outcomes(texts []calllog.TextOutcome) string {
	var said []string
	for _, t := range texts {
		said = append(said, t.Region+": "+t.Status)
	}
	return strings.Join(said, ", ")
}

// lasted is the length of a call in seconds: Twilio's, or from the first webhook
// to the last where Twilio has not said.
func lasted(r calllog.Record) int {
	if r.Ended.IsZero() || r.CallSeconds > 0 {
		return r.CallSeconds
	}
	return int(r.Ended.Sub(r.Started).Seconds())
}

func toRegion(r calllog.Record) *int {
	if r.Way == "" {
		return nil
	}
	seconds := int(r.ToRegion.Seconds())
	return &seconds
}

// turn is an event of a call as the page lists it.
type turn struct {
	At          time.Time `json:"at"`
	Kind        string    `json:"kind"`
	Page        string    `json:"page"` // that asked
	Next        string    `json:"next"` // that followed
	Keys        string    `json:"keys"`
	Outcome     string    `json:"outcome"`
	Way         string    `json:"way"`
	Region      string    `json:"region"`
	Disposition string    `json:"disposition"`
	Transfer    int       `json:"transferSeconds"`
	Text        string    `json:"text"`   // what became of the text about Region
	Status      string    `json:"status"` // Twilio's, of the call
	Took        float64   `json:"took"`   // milliseconds to answer
}

func newTurn(e calllog.Event) turn {
	return turn{
		At: e.At, Kind: e.Kind, Page: e.Page, Next: e.Next, Keys: e.Keys, Outcome: e.Outcome,
		Way: e.Way, Region: e.Region, Disposition: e.Disposition, Transfer: e.TransferSeconds,
		Text: e.TextStatus, Status: e.CallStatus, Took: float64(e.Took.Microseconds()) / 1000,
	}
}

func (h *Handler) calls(w http.ResponseWriter, r *http.Request) error {
	q, err := readQuery(r)
	if err != nil {
		return err
	}
	limit, err := readLimit(r)
	if err != nil {
		return err
	}
	records, err := h.options.Log.Calls(r.Context(), q.filter(time.Now(), limit))
	if err != nil {
		return err
	}
	list := []call{}
	for _, r := range records {
		list = append(list, newCall(r))
	}
	return writeJSON(w, list)
}

func (h *Handler) turns(w http.ResponseWriter, r *http.Request) error {
	sid := mux.Vars(r)["sid"]
	events, err := h.options.Log.Turns(r.Context(), sid)
	switch {
	case err != nil:
		return err
	case len(events) == 0:
		return refusal{http.StatusNotFound, "no call " + sid + " is in the records"}
	}
	list := []turn{}
	for _, e := range events {
		list = append(list, newTurn(e))
	}
	return writeJSON(w, list)
}
