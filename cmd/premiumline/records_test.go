package main

import (
	"reflect"
	"testing"

	"premiumline/calllog"
	"premiumline/phone"
)

// TestRecordsOfCalls: what is kept of a call is what happened on it.
func TestRecordsOfCalls(t *testing.T) {
	s := start(t)
	line := newPhoneLine(s.public, "", simulatedAccount, testToken)
	for _, tt := range []struct {
		name, call string
		want       calllog.Record
	}{
		{"the offer is taken", "press 7", calllog.Record{Region: "georgia", Way: "transferred",
			Disposition: "completed", TransferSeconds: 60, Offered: "georgia", Taken: true, Keys: "7",
			Language: "en"}},
		{"another line", "press 6", calllog.Record{Region: "colorado", Way: "transferred",
			Disposition: "completed", TransferSeconds: 60, Offered: "georgia", Keys: "6", Language: "en"}},
		{"read out, in Spanish", "press 9\npress 7\nbarge 2\nhangup", calllog.Record{Region: "georgia",
			Way: "read out", Offered: "georgia", Taken: true, Keys: "9 7 2", Language: "es"}},
		{"busy, so read out", "dial busy\npress 7\nwait\nhangup", calllog.Record{Region: "georgia",
			Way: "read out", Disposition: "busy", Offered: "georgia", Taken: true, Keys: "7", Language: "en"}},
		{"the other side hangs up", "dial hung-up after 20 s\npress 7\nwait\nhangup", calllog.Record{
			Region: "georgia", Way: "transferred", Disposition: "completed", TransferSeconds: 20,
			Offered: "georgia", Taken: true, Keys: "7", Language: "en"}},
		{"Member Services", "press 0\npress 6", calllog.Record{Region: "member-services",
			Way: "member services", Disposition: "completed", TransferSeconds: 60, Offered: "georgia",
			Keys: "0 6", Language: "en"}},
		{"a ZIP code", "press 0\npress 2\npress 30301\nwait", calllog.Record{Region: "georgia",
			Way: "transferred", Disposition: "completed", TransferSeconds: 60, Offered: "georgia", Keys: "0 2 303", Language: "en"}},
		{"gone before the transfer", "press 7\nhangup after 0.5 s", calllog.Record{Offered: "georgia",
			Taken: true, Keys: "7", Language: "en"}},
		{"gone while it rings", "press 7\nhangup after 7 s", calllog.Record{Region: "georgia",
			Way: "transferred", Disposition: "canceled", Offered: "georgia", Taken: true, Keys: "7",
			Language: "en"}},
		{"gave up", "press #\nwait\nhangup", calllog.Record{Offered: "georgia", Keys: "#", Wrong: 1,
			Silences: 1, Language: "en"}},
	} {
		transcript, err := phone.ParseTranscript(tt.name, "call from +14045550100 to +18005550199\n"+tt.call)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := transcript.Run(t.Context(), line, nil); err != nil {
			t.Fatal(err)
		}
		records, err := s.records.log.Calls(t.Context(), calllog.Filter{Limit: 1})
		if err != nil || len(records) != 1 {
			t.Fatalf("%s: %d records, %v", tt.name, len(records), err)
		}
		r := records[0]
		got := calllog.Record{Region: r.Region, Way: r.Way, Disposition: r.Disposition,
			TransferSeconds: r.TransferSeconds, Offered: r.Offered, Taken: r.Taken, Keys: r.Keys,
			Wrong: r.Wrong, Silences: r.Silences, Language: r.Language}
		if !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s:\nkept %+v\nwant %+v", tt.name, got, tt.want)
		}
		if r.AreaCode != "404" || len(r.CallerHash) == 0 || r.Ended.IsZero() || r.CallSeconds == 0 ||
			r.Directory != s.live.version() || r.Stir == "" {
			t.Errorf("%s: of the call itself %+v is kept", tt.name, r)
		}
	}
}
