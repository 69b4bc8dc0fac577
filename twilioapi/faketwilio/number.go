package faketwilio

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Number is a telephone number of the account.
type Number struct {
	SID      string            `json:"sid"`
	Number   string            `json:"number"`   // E.164
	Name     string            `json:"name"`     //
	SMS      bool              `json:"sms"`      // it can text
	Verified string            `json:"verified"` // a toll-free number's verification, TWILIO_APPROVED
	Settings map[string]string `json:"settings"` // "voice_url"; what is "" is not set
}

// Called returns the URL that a call to the number is told to, "" if an application or a trunk
// has it instead.
func (n *Number) Called() string {
	if n.Settings["voice_application_sid"] != "" || n.Settings["trunk_sid"] != "" {
		return ""
	}
	return n.Settings["voice_url"]
}

// settable are the parameters that a number's update knows, by the settings they change.
var settable = map[string]string{
	"VoiceUrl": "voice_url", "VoiceMethod": "voice_method", "VoiceFallbackUrl": "voice_fallback_url",
	"VoiceFallbackMethod": "voice_fallback_method", "StatusCallback": "status_callback",
	"StatusCallbackMethod": "status_callback_method", "VoiceApplicationSid": "voice_application_sid",
	"TrunkSid": "trunk_sid", "SmsUrl": "sms_url", "SmsMethod": "sms_method",
	"SmsFallbackUrl": "sms_fallback_url", "SmsFallbackMethod": "sms_fallback_method",
	"SmsApplicationSid": "sms_application_sid",
}

func (t *Twilio) listNumbers(r request) (any, error) {
	var found []any
	like := strings.Trim(r.values.Get("PhoneNumber"), "+")
	for _, n := range t.state.Numbers {
		if strings.Contains(n.Number, like) {
			found = append(found, t.shown(n))
		}
	}
	page, next := t.page(r, found)
	answer := map[string]any{"incoming_phone_numbers": page, "next_page_uri": nil}
	if next != "" {
		answer["next_page_uri"] = next
	}
	return answer, nil
}

// page returns the part of a list that was asked for, and the path and query of the next.
func (t *Twilio) page(r request, all []any) (part []any, next string) {
	size, _ := strconv.Atoi(r.values.Get("PageSize"))
	if size <= 0 {
		size = 50
	}
	longest := 1000
	if t.state.Page > 0 {
		longest = t.state.Page
	}
	size = min(size, longest)
	page, _ := strconv.Atoi(r.values.Get("Page"))
	from := min(page*size, len(all))
	to := min(from+size, len(all))
	if to == len(all) {
		return append([]any{}, all[from:]...), ""
	}
	query := r.URL.Query()
	query.Set("PageSize", strconv.Itoa(size))
	query.Set("Page", strconv.Itoa(page+1))
	query.Set("PageToken", "PT"+strconv.Itoa(to))
	return all[from:to], r.URL.Path + "?" + query.Encode()
}

// number reads or updates a number.
func (t *Twilio) number(r request, sid string) (any, error) {
	i := slices.IndexFunc(t.state.Numbers, func(n *Number) bool { return n.SID == sid })
	if i < 0 {
		return nil, notFound
	}
	n := t.state.Numbers[i]
	switch r.Method {
	case http.MethodGet:
		return t.shown(n), nil
	case http.MethodPost:
		return t.update(n, r.values)
	}
	return nil, notAllowed
}

func (t *Twilio) update(n *Number, values url.Values) (any, error) {
	changed := map[string]string{}
	for setting, value := range n.Settings {
		changed[setting] = value
	}
	for parameter, value := range values {
		setting, known := settable[parameter]
		if !known {
			return nil, refusal{400, 20001, "Unknown parameter " + parameter}
		}
		changed[setting] = value[0]
	}
	// One of the two puts the other out.
	if values.Get("TrunkSid") != "" {
		changed["voice_application_sid"] = ""
	} else if values.Get("VoiceApplicationSid") != "" {
		changed["trunk_sid"] = ""
	}
	if err := check(changed); err != nil {
		return nil, err
	}
	n.Settings = changed
	return t.shown(n), nil
}

func check(settings map[string]string) error {
	for setting, value := range settings {
		u, err := url.Parse(value)
		isURL := strings.HasSuffix(setting, "_url") || setting == "status_callback"
		switch {
		case value == "":
		case isURL && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https"):
			return refusal{400, 21402, setting + " is not valid"}
		case strings.HasSuffix(setting, "_method") && value != "GET" && value != "POST":
			return refusal{400, 21403, setting + " is not valid"}
		}
	}
	switch {
	case settings["voice_fallback_url"] != "" && settings["voice_url"] == "":
		return refusal{400, 21405, "Cannot set VoiceFallbackUrl without setting Url"}
	case settings["sms_fallback_url"] != "" && settings["sms_url"] == "":
		return refusal{400, 21406, "Cannot set SmsFallbackUrl without setting SmsUrl"}
	}
	return nil
}

// shown is a number as the API shows it. Of settings that were never set, SIDs and URLs are null
// or empty, as in reality, and methods POST.
func (t *Twilio) shown(n *Number) map[string]any {
	shown := map[string]any{
		"sid": n.SID, "account_sid": t.state.Account, "phone_number": n.Number,
		"friendly_name": n.Name,
		"capabilities":  map[string]bool{"voice": true, "sms": n.SMS, "mms": n.SMS, "fax": false},
	}
	for _, setting := range settable {
		value := n.Settings[setting]
		switch {
		case value != "":
			shown[setting] = value
		case strings.HasSuffix(setting, "_method"):
			shown[setting] = "POST"
		case setting == "trunk_sid":
			shown[setting] = nil
		default:
			shown[setting] = ""
		}
	}
	return shown
}
