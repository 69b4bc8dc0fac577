package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"premiumline/config"
	"premiumline/data"
	"premiumline/desk"
	"premiumline/webhook"
)

// putOnDesk serves the phone on the desk beside the webhooks.
func (s *service) putOnDesk(c config.Config, logs *tail) error {
	verifier, err := webhook.NewVerifier(s.public, c.AuthTokens)
	if err != nil {
		return err
	}
	h := desk.NewHandler(desk.Options{
		Phone:     newPhoneLine(s.public, "", c.AccountSID, c.AuthTokens[0]),
		Line:      func() desk.Line { return deskLine(s.live) },
		Changed:   s.live.changed,
		Verify:    verify(verifier),
		Logged:    logs.of,
		Dashboard: "http://" + reachable(s.admnL.Addr().String()),
		Command:   s.command(c),
	})
	hooks := s.calls.Handler
	s.calls.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if root, _, _ := strings.Cut(r.URL.Path[1:], "/"); root == "voice" || root == "sms" {
			hooks.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
	s.calls.RegisterOnShutdown(h.Close)
	return nil
}

// command returns what places a call to the line from another terminal.
func (s *service) command(c config.Config) string {
	return fmt.Sprintf("%sTWILIO_AUTH_TOKEN=%s %s call --url %s",
		emptied("TWILIO_ACCOUNT_SID", "PUBLIC_URL"), c.AuthTokens[0], self(), s.public)
}

// verify judges signatures as the server does.
func verify(v *webhook.Verifier) func(string, string, url.Values) bool {
	return func(address, signature string, form url.Values) bool {
		var f webhook.Form
		u, err := url.Parse(address)
		return err == nil && f.Parse([]byte(form.Encode())) == nil &&
			v.Verify(u.RequestURI(), signature, &f)
	}
}

func deskLine(l *live) desk.Line {
	now := l.now.Load()
	return desk.Line{
		Line: now.line, Organisation: now.directory.Organisation, Folder: l.config.Directory,
		Mistake: *l.why.Load(), Callers: sampleCallers(now.directory),
	}
}

// sampleCallers returns one caller from every region, those whose area code leaves
// the region open, and those that tell none. Their numbers are fictional.
func sampleCallers(d *data.Directory) []desk.Caller {
	first := d.Languages[0]
	var all, open []desk.Caller
	for _, r := range d.Regions {
		c := desk.Caller{Name: r.Name[first], Key: keyOf(d, r.ID), State: at(r.Callers.States, 0)}
		code := ownAreaCode(d, r)
		if code == "" {
			code = at(r.Callers.AreaCodes, 0)
			c.City = at(r.Callers.Cities, 0)
		}
		if code != "" {
			c.From = fictional(code)
			all = append(all, c)
		}
		for _, shared := range r.Callers.AreaCodes {
			if len(r.Callers.Cities) > 0 && len(regionsOf(d, shared)) > 1 {
				open = append(open, desk.Caller{Name: "Area code " + shared + ", no city",
					From: fictional(shared), State: c.State})
				open = append(open, desk.Caller{Name: "Area code " + shared + ", " + r.Callers.Cities[0],
					From: fictional(shared), State: c.State, City: r.Callers.Cities[0], Key: c.Key})
			}
		}
	}
	all = append(all, open...)
	if len(all) > 0 {
		landline := all[0]
		landline.Name, landline.From = "A landline", strings.Replace(landline.From, "0100", "0142", 1)
		all = append(all, landline)
	}
	return append(all,
		desk.Caller{Name: "Anonymous", From: "anonymous"},
		desk.Caller{Name: "ANONYMOUS, as keypad digits", From: "+266696687"},
		desk.Caller{Name: "From abroad", From: "+442079460123", Country: "GB"},
	)
}

// fictional returns the number of nobody in an area code.
func fictional(areaCode string) string { return "+1" + areaCode + "5550100" }

// ownAreaCode returns an area code that no other region has; "": there is none.
func ownAreaCode(d *data.Directory, r data.Region) string {
	i := slices.IndexFunc(r.Callers.AreaCodes, func(code string) bool {
		return len(regionsOf(d, code)) == 1
	})
	if i < 0 {
		return ""
	}
	return r.Callers.AreaCodes[i]
}

func regionsOf(d *data.Directory, areaCode string) (ids []string) {
	for _, r := range d.Regions {
		if slices.Contains(r.Callers.AreaCodes, areaCode) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

func keyOf(d *data.Directory, region string) string {
	for _, line := range d.Lines {
		if slices.Contains(line.Regions, region) {
			return fmt.Sprint(line.Key)
		}
	}
	return ""
}

func at(list []string, i int) string {
	if i >= len(list) {
		return ""
	}
	return list[i]
}
