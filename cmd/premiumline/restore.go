package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"premiumline/twilioapi"
)

// kept is what a number was set to before it was changed, as it stands in a file.
type kept struct {
	Account  string             `json:"account"` // SID
	Number   string             `json:"number"`  // E.164
	SID      string             `json:"sid"`     // of the number
	Taken    time.Time          `json:"taken"`
	Settings twilioapi.Settings `json:"settings"`
}

// keep writes what a number is set to into a new file of the working folder, to the disk, and
// returns its name, in which the number's last digits are.
func keep(account string, n twilioapi.Number) (name string, err error) {
	now := time.Now().UTC().Truncate(time.Millisecond)
	text, err := json.MarshalIndent(kept{account, n.Number, n.SID, now, n.Settings}, "", "  ")
	if err != nil {
		return "", fmt.Errorf("keeping what was: %w", err)
	}
	name = fmt.Sprintf("premiumline-%s-%s.json", n.Number[max(0, len(n.Number)-4):],
		now.Format("20060102T150405.000Z"))
	if err := writeNew(name, append(text, '\n')); err != nil {
		return "", fmt.Errorf("nothing was changed, for what was cannot be kept: %w", err)
	}
	return name, nil
}

// writeNew writes a file that was not there before, for its owner only. It is on the disk then.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Sync(), f.Close())
}

// readKept reads such a file, and refuses one that is cut short, or that says what it must not.
func readKept(name string) (kept, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return kept{}, err
	}
	var k kept
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&k); err != nil {
		return k, fmt.Errorf("%s is no file of what a number was: %w", name, err)
	}
	if k.Number == "" || k.Account == "" || len(k.Settings) == 0 {
		return k, fmt.Errorf("%s is no file of what a number was: number, account or settings "+
			"are missing", name)
	}
	for s := range k.Settings {
		if !slices.Contains(twilioapi.KnownSettings, s) {
			return k, fmt.Errorf("%s: no number has a setting %q", name, s)
		}
	}
	return k, nil
}

// restore sets a number to what it was.
func (p provisioner) restore(ctx context.Context, file string) error {
	k, err := readKept(file)
	if err != nil {
		return fmt.Errorf("--restore: %w", err)
	}
	if k.Account != p.account.SID() {
		return fmt.Errorf("--restore: %s is of account %s: set TWILIO_ACCOUNT_SID and "+
			"TWILIO_AUTH_TOKEN to that one's", file, k.Account)
	}
	n, err := p.find(ctx, k.Number)
	if err != nil {
		return fmt.Errorf("--restore: %w", err)
	}
	return p.change(ctx, n, k.Settings)
}
