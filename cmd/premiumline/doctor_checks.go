package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"premiumline/calllog"
	"premiumline/config"
	"premiumline/data"
	"premiumline/twilioapi"
)

// patient is what the checks find out for those after them.
type patient struct {
	number    string // that was asked for; "": all that call this line
	config    config.Config
	directory *data.Directory
	account   *twilioapi.Account
	standing  twilioapi.Standing
	numbers   []twilioapi.Number // that shall be answered by the line
}

// checkups stand in the order in which a call meets what they check, as far as that can be.
var checkups = []checkup{
	{"environment", nil, checkEnvironment},
	{"directory", nil, checkDirectory},
	{"store", nil, checkStore},
	{"account", []string{"environment"}, checkAccount},
	{"number", []string{"account"}, checkNumbers},
	{"line", []string{"environment", "directory"}, checkLine},
	{"clock", []string{"account"}, checkClock},
	{"fallback", []string{"number"}, checkFallback},
	{"sender", []string{"account"}, checkSender},
	{"alerts", []string{"account"}, checkAlerts},
}

func checkEnvironment(_ context.Context, p *patient) []finding {
	c, err := config.Read()
	p.config = c
	if err := errors.Join(err, c.CheckAccount(), c.CheckHTTPS()); err != nil {
		return faults(err)
	}
	return isWell("the line is %s of account %s", c.PublicURL, c.AccountSID)
}

func checkDirectory(_ context.Context, p *patient) []finding {
	line, directory, err := compile(p.config)
	if err != nil {
		return hasFailed("mend the files; premiumline check tells whether they are sound", "%v", err)
	}
	p.directory = directory
	var never []string
	for _, phone := range directory.Phones() {
		if phone.Checked.IsZero() {
			never = append(never, string(phone.Number))
		}
	}
	if len(never) > 0 {
		return isDoubtful(`ring them, and write the day behind "checked:" in directory.yaml`,
			"it is sound, but nobody has rung %d of its numbers:\n%s",
			len(never), strings.Join(never, "\n"))
	}
	return isWell("it is sound: version %s, %d regions, %d pages", directory.Version,
		len(directory.Regions), len(line.Pages()))
}

func checkStore(ctx context.Context, p *patient) []finding {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	const do = "calls are answered without it, and not recorded: mend DATABASE_URL or the database"
	found, err := calllog.Inspect(ctx, p.config.DatabaseURL)
	if err == nil && !strings.HasPrefix(p.config.DatabaseURL, "sqlite:") {
		_, err = calllog.OpenHasher(p.config.DatabaseURL, p.config.CallerHashKey)
	}
	switch {
	case err != nil:
		return hasFailed(do, "%v", err)
	case found.Have == 0:
		return isWell("it can be written to; serve makes its tables")
	case found.Have < found.Known:
		return isDoubtful("the next serve of this program brings them up to date; an older one that "+
			"still runs may then fail", "its tables are of version %d, this program's are %d",
			found.Have, found.Known)
	case found.Have > found.Known:
		return hasFailed("run the newer program, or name another database",
			"its tables are of version %d, this program knows %d", found.Have, found.Known)
	}
	return isWell("it can be written to, and its tables are the newest")
}

func checkAccount(ctx context.Context, p *patient) []finding {
	p.account = newAccount(p.config)
	standing, err := p.account.Standing(ctx)
	p.standing = standing
	switch {
	case err != nil:
		return hasFailed("", "%v", err)
	case !standing.Active:
		return hasFailed("see the Twilio console for why", "%q is suspended or closed", standing.Name)
	case standing.Trial:
		return isDoubtful("upgrade it before callers rely on the line",
			"%q is a trial: callers hear a notice first", standing.Name)
	}
	return isWell("%q is active, and takes the token", standing.Name)
}

func checkNumbers(ctx context.Context, p *patient) []finding {
	numbers, err := p.asked(ctx)
	if err != nil {
		return hasFailed("", "%v", err)
	}
	p.numbers = numbers
	if len(numbers) == 0 {
		return hasFailed("premiumline provision --number +1... --apply",
			"no number of the account calls %s/voice", p.config.PublicURL)
	}
	var found []finding
	for _, n := range numbers {
		found = append(found, settingsFinding(n, p.config.PublicURL))
	}
	return found
}

// asked returns the numbers that shall be answered by the line.
func (p *patient) asked(ctx context.Context) (ours []twilioapi.Number, err error) {
	if p.number != "" {
		n, err := provisioner{account: p.account}.find(ctx, p.number)
		return []twilioapi.Number{n}, err
	}
	all, err := p.account.Numbers(ctx)
	for _, n := range all {
		if answeredBy(p.config.PublicURL, n.Settings) {
			ours = append(ours, n)
		}
	}
	return ours, err
}

// settingsFinding compares what a number is set to with what this line wants.
func settingsFinding(n twilioapi.Number, public string) finding {
	changes := twilioapi.Plan(n.Settings, wantedSettings(public, "", "", n.Settings))
	if len(changes) == 0 {
		return finding{State: well, Says: n.Number + " is set up for this line"}
	}
	f := finding{
		State: doubtful, Says: n.Number + " reaches this line, but is not set up as it should be:",
		Do: "premiumline provision --number " + n.Number + " --apply",
	}
	if !reaches(n.Settings, public) {
		f.State, f.Says = failed, n.Number+" does not reach this line:"
	}
	var lines strings.Builder
	writeChanges(&lines, changes)
	f.Says += "\n" + strings.TrimSuffix(lines.String(), "\n")
	return f
}

// reaches tells whether calls come to the line by POST, however they are tuned.
func reaches(now twilioapi.Settings, public string) bool {
	return answeredBy(public, now) && now[twilioapi.VoiceApplication] == "" &&
		now[twilioapi.Trunk] == "" && now[twilioapi.VoiceMethod] == "POST"
}

// maxAhead is how far our clock may be from Twilio's before it is worth a word.
const maxAhead = 5 * time.Second

func checkClock(_ context.Context, p *patient) []finding {
	ahead := p.standing.Ahead
	if ahead.Abs() <= maxAhead {
		return isWell("it goes as Twilio's does")
	}
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	return isDoubtful("set it by the net (NTP): call records and certificates go by it",
		"it is %v %s Twilio's", ahead.Abs().Round(time.Second), way)
}

func checkSender(ctx context.Context, p *patient) []finding {
	sender := p.config.MessagingFrom
	if sender == "" {
		return isWell("callers are offered no text (MESSAGING_FROM is not set)")
	}
	doubt, err := p.account.CanText(ctx, sender)
	switch {
	case errors.Is(err, twilioapi.ErrNotOwned):
		return hasFailed("set it to a number that premiumline provision lists, or to a service",
			"MESSAGING_FROM: %v", err)
	case err != nil:
		return hasFailed("", "MESSAGING_FROM: %v", err)
	case doubt != "":
		return isDoubtful("", "MESSAGING_FROM may text, but %s", doubt)
	}
	return isWell("MESSAGING_FROM may text")
}

// alertsSince is how far back alerts are of interest.
const alertsSince = 24 * time.Hour

func checkAlerts(ctx context.Context, p *patient) (found []finding) {
	alerts, err := p.account.Alerts(ctx, p.config.PublicURL, time.Now().Add(-alertsSince))
	if err != nil {
		return hasFailed("", "%v", err)
	}
	if len(alerts) == 0 {
		return isWell("Twilio noted nothing about this line in 24 hours")
	}
	for _, a := range alerts {
		found = append(found, alertFinding(a))
	}
	return found
}

func alertFinding(a twilioapi.Alert) finding {
	page := fmt.Sprintf("see https://www.twilio.com/docs/api/errors/%d", a.Code)
	return finding{
		State: doubtful, Do: cmp.Or(a.Mend, page),
		Says: fmt.Sprintf("%s (%d), %d in 24 hours, last at %s for %s",
			cmp.Or(a.Says, "code unknown here"), a.Code, a.Times, a.Last.UTC().Format(time.DateTime), a.URL),
	}
}
