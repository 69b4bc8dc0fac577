package twilioapi_test

import (
	"errors"
	"maps"
	"reflect"
	"testing"

	"premiumline/twilioapi"
	"premiumline/twilioapi/faketwilio"
)

func TestPlan(t *testing.T) {
	type S = twilioapi.Settings
	type C = []twilioapi.Change
	for _, test := range []struct {
		name        string
		now, wanted S
		want        C
	}{
		{"nothing wanted", S{"voice_url": "a"}, S{}, nil},
		{"the same", S{"voice_url": "a"}, S{"voice_url": "a"}, nil},
		{"another", S{"voice_url": "a"}, S{"voice_url": "b"}, C{{"voice_url", "a", "b"}}},
		{"cleared", S{"trunk_sid": "TK1"}, S{"trunk_sid": ""}, C{{"trunk_sid", "TK1", ""}}},
		{"clear already", S{}, S{"trunk_sid": ""}, nil},
		{"set", S{}, S{"sms_url": "a"}, C{{"sms_url", "", "a"}}},
		{"in their order", S{}, S{"status_callback": "c", "voice_url": "a", "voice_method": "b"},
			C{{"voice_url", "", "a"}, {"voice_method", "", "b"}, {"status_callback", "", "c"}}},
		{"one that nobody knows", S{}, S{"voice_uri": "a"}, nil},
	} {
		if got := twilioapi.Plan(test.now, test.wanted); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}

// TestNumbers reads a list whose pages have one number each.
func TestNumbers(t *testing.T) {
	a, fake := account(t, func(s *faketwilio.State) { s.Page = 1 })
	numbers, err := a.Numbers(t.Context())
	if err != nil || len(numbers) != 3 || asked(fake) != 3 {
		t.Fatalf("%v, %v, asked %d times", numbers, err, asked(fake))
	}
	n := numbers[0]
	if n.SID != "PN1" || n.Number != ours || n.Name != "Payments" || !n.SMS || !n.Voice {
		t.Errorf("%+v", n)
	}
	if numbers[2].SMS || len(n.Settings) != len(twilioapi.KnownSettings) {
		t.Errorf("%+v", numbers)
	}
}

// TestNumbersBreakOff leaves the second page out: half a list is none.
func TestNumbersBreakOff(t *testing.T) {
	a, _ := account(t, func(s *faketwilio.State) { s.Page = 1 },
		with(faketwilio.Fault{Status: 404, Code: 20404, Skip: 1}))
	numbers, err := a.Numbers(t.Context())
	if fault(t, err).Code != 20404 {
		t.Errorf("%v, %v", numbers, err)
	}
}

func TestNumber(t *testing.T) {
	a, _ := account(t)
	for number, found := range map[string]bool{
		ours: true, local: true, caller: false, "+1404555012": false, "+40455501234": false,
	} {
		n, err := a.Number(t.Context(), number)
		right := err == nil && n.Number == number
		if found && !right || !found && !errors.Is(err, twilioapi.ErrNotOwned) {
			t.Errorf("%s: %+v, %v", number, n, err)
		}
	}
}

// TestApply changes a number there and back again, and what it was is lost by none of it.
func TestApply(t *testing.T) {
	was := map[string]string{
		"trunk_sid": "TK1", "voice_url": "https://old.example.com/v?a=b&c=d#rc=1", "voice_method": "GET",
		"voice_fallback_url": "https://old.example.com/f", "voice_fallback_method": "GET",
		"status_callback": "https://old.example.com/s", "status_callback_method": "GET",
		"sms_application_sid": "AP2", "sms_url": "https://old.example.com/t", "sms_method": "GET",
		"sms_fallback_url": "https://old.example.com/u", "sms_fallback_method": "GET",
	}
	a, fake := account(t, func(s *faketwilio.State) { s.Numbers[0].Settings = maps.Clone(was) })
	before, err := a.Read(t.Context(), "PN1")
	if err != nil {
		t.Fatal(err)
	}
	wanted := twilioapi.Settings{}
	for _, s := range twilioapi.KnownSettings {
		wanted[s] = ""
	}
	wanted["voice_url"] = "https://ivr.example.com/voice#rc=2&rp=ct,5xx"
	for _, s := range []twilioapi.Setting{"voice_method", "voice_fallback_method", "status_callback_method",
		"sms_method", "sms_fallback_method"} {
		wanted[s] = "POST"
	}
	set(t, a, before.Settings, wanted)
	fake.With(func(s *faketwilio.State) {
		if url := s.Numbers[0].Called(); url != wanted["voice_url"] {
			t.Errorf("a call is told to %q", url)
		}
	})
	set(t, a, wanted, before.Settings)
	fake.With(func(s *faketwilio.State) {
		got := maps.Clone(s.Numbers[0].Settings)
		maps.DeleteFunc(got, func(_, value string) bool { return value == "" })
		if !maps.Equal(got, was) {
			t.Errorf("restored to %v", got)
		}
	})
}

// set applies what differs, and reads back what was wanted.
func set(t *testing.T, a *twilioapi.Account, now, wanted twilioapi.Settings) {
	t.Helper()
	if err := a.Apply(t.Context(), "PN1", twilioapi.Plan(now, wanted)); err != nil {
		t.Fatal(err)
	}
	n, err := a.Read(t.Context(), "PN1")
	if left := twilioapi.Plan(n.Settings, wanted); err != nil || len(left) > 0 {
		t.Errorf("still to change: %v, %v", left, err)
	}
}

func TestApplyRefused(t *testing.T) {
	a, fake := account(t, func(s *faketwilio.State) {
		s.Numbers[0].Settings = map[string]string{"voice_url": "https://old.example.com"}
	})
	for _, test := range []struct {
		sid, setting, to string
		code             int
	}{
		{"PN1", "voice_url", "ivr.example.com", 21402},
		{"PN1", "voice_method", "PUT", 21403},
		{"PN2", "voice_fallback_url", "https://f.example.com", 21405},
		{"PN2", "sms_fallback_url", "https://f.example.com", 21406},
		{"PN9", "voice_url", "https://f.example.com", 20404},
	} {
		change := []twilioapi.Change{{Setting: twilioapi.Setting(test.setting), To: test.to}}
		err := a.Apply(t.Context(), test.sid, change)
		f := fault(t, err)
		if f.Code != test.code || f.Unsure {
			t.Errorf("%+v: %v", test, err)
		}
	}
	fake.With(func(s *faketwilio.State) {
		if len(s.Numbers[0].Settings) != 1 || len(s.Numbers[1].Settings) != 0 {
			t.Errorf("changed: %v %v", s.Numbers[0].Settings, s.Numbers[1].Settings)
		}
	})
}
