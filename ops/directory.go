package ops

import "time"

// Directory is what the dashboard shows of the directory in use.
type Directory struct {
	Organisation string    `json:"organisation"`
	Version      string    `json:"version"`
	Loaded       time.Time `json:"loaded"`
	Refused      string    `json:"refused"` // why the newest files were not taken; "": they were
	Lines        []Line    `json:"lines"`   // in the order of the menu
	Phones       []Phone   `json:"phones"`  // Member Services' too
}

// Line is a line of the menu.
type Line struct {
	Key     int      `json:"key"`     // that callers press
	Name    string   `json:"name"`    // as it is read
	Regions []string `json:"regions"` // by [Phone.Region]
}

// Phone is a number that callers are led to.
type Phone struct {
	Region  string    `json:"region"`           // ID, "georgia", "member-services"
	Name    string    `json:"name"`             // "Georgia"
	Number  string    `json:"number"`           // E.164
	Checked time.Time `json:"checked,omitzero"` // the day a person last rang it; zero: never
}
