package desk

import (
	"cmp"
	"fmt"
	"regexp"
	"strings"
	"time"

	"premiumline/phone"
)

// request is what a page asks.
type request struct {
	Do   string `json:"do"`
	To   int64  `json:"to"`   // ms since the answer
	Key  string `json:"key"`  // that is tapped, or the one of the caller's own region
	Page string `json:"page"` // that a call begins at; "": the first

	From    string `json:"from"`
	Called  string `json:"called"`
	City    string `json:"city"`
	State   string `json:"state"`
	ZIP     string `json:"zip"`
	Country string `json:"country"`

	Far     far     `json:"far"`
	Trouble trouble `json:"trouble"`

	Name string `json:"name"` // of a file
	Text string `json:"text"`
}

// far is what a transfer meets, in the words of a transcript.
type far struct {
	Status string   `json:"status"`
	After  *float64 `json:"after"` // s; nil: as long as phone has it
}

// trouble is what befalls webhooks.
type trouble struct {
	Slow    float64 `json:"slow"` // s
	Fails   bool    `json:"fails"`
	Repeats bool    `json:"repeats"`
}

// refusal is something in a request that cannot be, and the mend.
type refusal struct {
	Is    string `json:"is"`
	Field string `json:"field"` // that it is in; "": none
	Text  string `json:"text"`
}

func (r refusal) Error() string { return r.Text }

func refuse(field, format string, args ...any) error {
	return refusal{"refused", field, fmt.Sprintf(format, args...)}
}

var (
	numberForm = regexp.MustCompile(`^\+[1-9]\d{6,14}$`)
	// fromForm lets pass what Twilio sends for those without a number too.
	fromForm  = regexp.MustCompile(`^(\+\d{5,15}|[A-Za-z][\w.:@-]*)?$`)
	stateForm = regexp.MustCompile(`^([A-Z]{2})?$`)
	zipForm   = regexp.MustCompile(`^(\d{5})?$`)
	fileForm  = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*\.txt$`)
	cityForm  = regexp.MustCompile(`^[\pL .'-]*$`)
)

// caller is who calls, if every field can be.
func (r request) caller() (phone.Caller, error) {
	c := phone.Caller{
		From: tidyNumber(r.From), To: tidyNumber(r.Called), City: squeeze(r.City),
		State: strings.ToUpper(squeeze(r.State)), ZIP: squeeze(r.ZIP), Country: r.Country,
	}
	for _, f := range []struct {
		name, value string
		form        *regexp.Regexp
		mend        string
	}{
		{"from", c.From, fromForm, "is no phone number: write it with + and the country code, " +
			"+14045550100, or write anonymous"},
		{"called", c.To, numberForm, "is no phone number: write it with + and the country code, " +
			"+18005550199"},
		{"city", c.City, cityForm, "is no city: letters only"},
		{"state", c.State, stateForm, "is no state: two letters, GA, or nothing"},
		{"zip", c.ZIP, zipForm, "is no ZIP code: five digits, 30303, or nothing"},
	} {
		if !f.form.MatchString(f.value) {
			return c, refuse(f.name, "%q %s", f.value, f.mend)
		}
	}
	return c, nil
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// tidyNumber takes out of a number what people write it with.
func tidyNumber(s string) string {
	if s = squeeze(s); strings.HasPrefix(s, "+") {
		return strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(s)
	}
	return s
}

// farEnd is the far end, if it can be.
func (f far) farEnd() (phone.FarEnd, error) {
	end := phone.FarEnd{Status: cmp.Or(f.Status, "completed")}
	var after time.Duration
	if f.After != nil {
		if *f.After <= 0 || *f.After > 3600 {
			return end, refuse("after", "a transfer lasts from 1 to 3600 seconds, not %v", *f.After)
		}
		after = seconds(*f.After)
	}
	switch end.Status {
	case "hung-up":
		return phone.FarEnd{Status: "completed", HangsUp: true, Talk: after}, nil
	case "completed":
		end.Talk = after
	case "busy", "no-answer", "failed":
		end.Ring = after
	default:
		return end, refuse("far", "%q is nothing that a transfer meets: choose from the list", f.Status)
	}
	return end, nil
}

// trouble is what befalls webhooks, if it can.
func (t trouble) trouble() (phone.Trouble, error) {
	if t.Slow < 0 || t.Slow > 60 {
		return phone.Trouble{}, refuse("slow", "a server is slow by 0 to 60 seconds, not %v", t.Slow)
	}
	return phone.Trouble{Slow: seconds(t.Slow), Fails: t.Fails, Repeats: t.Repeats}, nil
}

func seconds(n float64) time.Duration { return time.Duration(n*1000) * time.Millisecond }
