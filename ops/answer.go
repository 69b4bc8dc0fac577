package ops

import (
	"encoding/json"
	"errors"
	"net/http"

	"premiumline/calllog"
)

// refusal is an error that the asker can mend, with its status.
type refusal struct {
	status int
	reason string
}

func (r refusal) Error() string { return r.reason }

// answer makes an error of a handler the answer, unless one has begun.
func answer(f func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			http.Error(w, err.Error(), statusOf(err))
		}
	})
}

func statusOf(err error) int {
	var refused refusal
	switch {
	case errors.As(err, &refused):
		return refused.status
	case errors.Is(err, calllog.ErrUnavailable):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func writeJSON(w http.ResponseWriter, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
	return nil
}
