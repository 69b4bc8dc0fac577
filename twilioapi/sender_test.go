package twilioapi_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"premiumline/twilioapi"
	"premiumline/twilioapi/faketwilio"
)

func TestCanText(t *testing.T) {
	verified := func(status string) func(*faketwilio.State) {
		return func(s *faketwilio.State) { s.Numbers[0].Verified = status }
	}
	service := func(registered bool, senders ...string) func(*faketwilio.State) {
		return func(s *faketwilio.State) {
			s.Services = []*faketwilio.Service{{SID: pool, Registered: registered, Senders: senders}}
		}
	}
	as := func(*faketwilio.State) {}
	for _, test := range []struct {
		name, sender string
		change       func(*faketwilio.State)
		doubt        string
		err          error
	}{
		{"verified", ours, as, "", nil},
		{"in review", ours, verified("IN_REVIEW"), "its verification is in review", nil},
		{"rejected", ours, verified("TWILIO_REJECTED"), "its verification is twilio rejected", nil},
		{"never asked", ours, verified(""), "its verification is none", nil},
		{"a local number", local, as, "outside a registered campaign", nil},
		{"of another country", "+442079460000", func(s *faketwilio.State) {
			n := &faketwilio.Number{SID: "PN4", Number: "+442079460000", SMS: true}
			s.Numbers = append(s.Numbers, n)
		}, "", nil},
		{"no SMS", mute, as, "", twilioapi.ErrCannotText},
		{"not ours", caller, as, "", twilioapi.ErrNotOwned},
		{"service", pool, as, "", nil},
		{"no campaign", pool, service(false, local), "no US campaign", nil},
		{"no campaign, toll-free", pool, service(false, ours), "", nil},
		{"nobody in it", pool, service(true), "", twilioapi.ErrCannotText},
	} {
		a, _ := account(t, test.change)
		doubt, err := a.CanText(t.Context(), test.sender)
		doubted := strings.Contains(doubt, test.doubt) && (doubt == "") == (test.doubt == "")
		if !errors.Is(err, test.err) || !doubted {
			t.Errorf("%s: %q, %v", test.name, doubt, err)
		}
	}
	a, _ := account(t)
	_, err := a.CanText(t.Context(), strings.Replace(pool, "0", "1", 1))
	if fault(t, err).Code != 20404 {
		t.Error(err)
	}
}

func TestAlerts(t *testing.T) {
	now := time.Now().UTC().Truncate(time.Second)
	at := func(ago time.Duration, code, url string) faketwilio.Alert {
		return faketwilio.Alert{Code: code, At: now.Add(-ago), URL: url}
	}
	const line = "https://ivr.example.com/line"
	a, _ := account(t, func(s *faketwilio.State) {
		s.Page = 2
		s.Alerts = []faketwilio.Alert{
			at(time.Minute, "11200", "https://ivr.example.com/another"),
			at(time.Minute, "11200", "https://ivr.example.com/liner"),
			at(time.Minute, "11200", "https://api.twilio.com/2010-04-01"),
			at(2*time.Minute, "12300", line+"/voice/en/menu?Digits=7#rc=2"),
			at(3*time.Minute, "11200", line+"/voice"),
			at(4*time.Minute, "12300", line+"/voice"),
			at(5*time.Minute, "99999", line),
			at(25*time.Hour, "12100", line+"/voice"),
		}
	})
	alerts, err := a.Alerts(t.Context(), line+"/", now.Add(-24*time.Hour))
	if err != nil || len(alerts) != 3 {
		t.Fatalf("%v, %v", alerts, err)
	}
	for i, want := range []struct {
		code, times int
		last        time.Duration
		url         string
	}{
		{12300, 2, 2 * time.Minute, line + "/voice/en/menu"},
		{11200, 1, 3 * time.Minute, line + "/voice"},
		{99999, 1, 5 * time.Minute, line},
	} {
		got := alerts[i]
		if got.Code != want.code || got.Times != want.times || got.URL != want.url ||
			!got.Last.Equal(now.Add(-want.last)) || (got.Says == "") != (want.code == 99999) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	a, _ = account(t, with(faketwilio.Fault{Status: 401, Code: 20003}))
	if _, err := a.Alerts(t.Context(), line, now); fault(t, err).Code != 20003 {
		t.Error(err)
	}
}
