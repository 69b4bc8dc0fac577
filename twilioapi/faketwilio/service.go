package faketwilio

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Service is a messaging service.
type Service struct {
	SID        string   `json:"sid"`        // "MG..."
	Registered bool     `json:"registered"` // with a US campaign
	Senders    []string `json:"senders"`    // numbers, E.164
}

// Alert is what Twilio noted about a request.
type Alert struct {
	Code string    `json:"code"`
	At   time.Time `json:"at"` // zero: an hour ago
	URL  string    `json:"url"`
}

// messaging answers for messaging.twilio.com.
func (t *Twilio) messaging(r request) (any, error) {
	path := strings.Join(r.path, "/")
	if r.Method != http.MethodGet {
		return nil, notAllowed
	}
	if path == "Tollfree/Verifications" {
		return t.verifications(r.values.Get("TollfreePhoneNumberSid")), nil
	}
	if len(r.path) < 2 || r.path[0] != "Services" {
		return nil, notFound
	}
	i := slices.IndexFunc(t.state.Services, func(s *Service) bool { return s.SID == r.path[1] })
	if i < 0 {
		return nil, notFound
	}
	service := t.state.Services[i]
	if len(r.path) == 2 {
		return map[string]any{
			"sid": service.SID, "us_app_to_person_registered": service.Registered}, nil
	}
	senders := []any{}
	for _, number := range service.Senders {
		senders = append(senders, map[string]string{"phone_number": number})
	}
	return map[string]any{"phone_numbers": senders, "meta": map[string]any{"next_page_url": nil}}, nil
}

func (t *Twilio) verifications(sid string) any {
	found := []any{}
	for _, n := range t.state.Numbers {
		if n.SID == sid && n.Verified != "" {
			found = append(found, map[string]string{"status": n.Verified})
		}
	}
	return map[string]any{"verifications": found, "meta": map[string]any{"next_page_url": nil}}
}

// monitor answers for monitor.twilio.com.
func (t *Twilio) monitor(r request) (any, error) {
	if strings.Join(r.path, "/") != "Alerts" {
		return nil, notFound
	}
	since, err := time.Parse(time.RFC3339, r.values.Get("StartDate"))
	if err != nil && r.values.Get("StartDate") != "" {
		return nil, refusal{400, 20001, "StartDate is not valid"}
	}
	var found []any
	for _, a := range t.state.Alerts {
		if a.At.IsZero() {
			a.At = time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
		}
		if !a.At.Before(since) {
			found = append(found, map[string]any{
				"error_code": a.Code, "date_generated": a.At.Format(time.RFC3339),
				"request_url": a.URL, "log_level": "error", "alert_text": "Msg=...",
			})
		}
	}
	page, next := t.page(r, found)
	meta := map[string]any{"next_page_url": nil, "key": "alerts"}
	if next != "" {
		meta["next_page_url"] = "https://" + r.Host + next
	}
	return map[string]any{"alerts": page, "meta": meta}, nil
}
