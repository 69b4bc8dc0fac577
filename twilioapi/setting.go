package twilioapi

import (
	"encoding/json"
	"fmt"
	"strings"

	api "github.com/twilio/twilio-go/rest/api/v2010"
)

// Setting is one thing that a number is set to, by Twilio's name for it.
type Setting string

// The settings of a number that decide who answers its calls and texts.
const (
	VoiceApplication Setting = "voice_application_sid" // set: Twilio ignores every voice URL
	Trunk            Setting = "trunk_sid"             // set: Twilio ignores every voice URL
	VoiceURL         Setting = "voice_url"
	VoiceMethod      Setting = "voice_method" // POST or GET
	VoiceFallback    Setting = "voice_fallback_url"
	FallbackMethod   Setting = "voice_fallback_method"
	StatusCallback   Setting = "status_callback"
	StatusMethod     Setting = "status_callback_method"
	SMSApplication   Setting = "sms_application_sid" // set: Twilio ignores every SMS URL
	SMSURL           Setting = "sms_url"
	SMSMethod        Setting = "sms_method"
	SMSFallback      Setting = "sms_fallback_url"
	SMSFallbackWay   Setting = "sms_fallback_method"
)

// KnownSettings are all settings that are read and restored, in the order they are shown.
var KnownSettings = []Setting{
	VoiceApplication, Trunk, VoiceURL, VoiceMethod, VoiceFallback, FallbackMethod, StatusCallback,
	StatusMethod, SMSApplication, SMSURL, SMSMethod, SMSFallback, SMSFallbackWay,
}

// Settings is what a number is, or shall be, set to. A setting that is "" is not set; one that is
// not there is not known, or of no concern.
type Settings map[Setting]string

// Change is a setting that is one value and shall be another.
type Change struct {
	Setting  Setting
	From, To string
}

// Plan returns what must change of the settings now to have those that are wanted, in the order of
// KnownSettings. What is not wanted otherwise stays.
func Plan(now, wanted Settings) []Change {
	var changes []Change
	for _, s := range KnownSettings {
		if to, concern := wanted[s]; concern && now[s] != to {
			changes = append(changes, Change{s, now[s], to})
		}
	}
	return changes
}

// settingsOf reads the settings out of twilio-go's struct, whose JSON has Twilio's names.
func settingsOf(n *api.ApiV2010IncomingPhoneNumber) Settings {
	text, err := json.Marshal(n)
	if err != nil {
		panic(fmt.Sprintf("twilioapi: a number that is no JSON: %v", err)) // it came as JSON
	}
	var all map[Setting]any
	_ = json.Unmarshal(text, &all) // it was written a line ago
	settings := Settings{}
	for _, s := range KnownSettings {
		settings[s], _ = all[s].(string) // null: not set
	}
	return settings
}

// updateOf returns the changes as twilio-go takes them. What is "" is sent too: it clears.
func updateOf(changes []Change) (*api.UpdateIncomingPhoneNumberParams, error) {
	wanted := map[string]string{}
	for _, c := range changes {
		wanted[c.Setting.parameter()] = c.To
	}
	text, err := json.Marshal(wanted)
	if err != nil {
		return nil, fmt.Errorf("changing the number's settings: %w", err)
	}
	params := new(api.UpdateIncomingPhoneNumberParams)
	return params, json.Unmarshal(text, params)
}

// parameter returns the name in a request, VoiceUrl for voice_url.
func (s Setting) parameter() string {
	var b strings.Builder
	for _, word := range strings.Split(string(s), "_") {
		b.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return b.String()
}
