package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"premiumline/config"
	"premiumline/twilioapi"
	"premiumline/twiml"
	"premiumline/webhook"
)

// answered is what a webhook of the doctor's met.
type answered struct {
	status  int
	header  http.Header
	body    []byte
	took    time.Duration
	expires time.Time // of the certificate; zero without TLS
}

// slow is how long an answer may take before it is worth a word: Twilio tries again after three
// seconds, and till then the caller hears nothing.
const slow = time.Second

// askAsTwilio makes a signed request as Twilio does. Fields are in the query where method is GET.
func askAsTwilio(ctx context.Context, method, address, token string, form url.Values,
) (answered, error) {
	ctx, cancel := context.WithTimeout(ctx, 15*time.Second)
	defer cancel()
	address, _, _ = strings.Cut(address, "#")
	body, signed := form.Encode(), form
	if method == http.MethodGet {
		address, body, signed = withQuery(address, body), "", nil
	}
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return answered{}, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("X-Twilio-Signature", webhook.Sign(token, address, signed))
	return exchanged(r)
}

func withQuery(address, query string) string {
	if strings.Contains(address, "?") {
		return address + "&" + query
	}
	return address + "?" + query
}

// exchanged makes the request over a connection of its own, and follows no redirect.
func exchanged(r *http.Request) (answered, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	client := http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	start := time.Now()
	response, err := client.Do(r)
	if err != nil {
		return answered{}, err
	}
	defer response.Body.Close()
	a := answered{status: response.StatusCode, header: response.Header}
	if response.TLS != nil {
		a.expires = response.TLS.PeerCertificates[0].NotAfter
	}
	a.body, err = io.ReadAll(io.LimitReader(response.Body, twiml.MaxDocument+1))
	a.took = time.Since(start)
	return a, err
}

// probeForm is the first webhook of a call that nobody places.
func probeForm(c config.Config, p webhook.Probe) url.Values {
	return url.Values{
		"CallSid": {"CA" + strings.Repeat("0", 32)}, "AccountSid": {c.AccountSID},
		"From": {"anonymous"}, "To": {"anonymous"}, "CallStatus": {"ringing"},
		"Direction": {"inbound"}, "ApiVersion": {"2010-04-01"},
		webhook.ProbeField: {p.Field()},
	}
}

// checkLine asks for the first page of a call where Twilio asks.
func checkLine(ctx context.Context, p *patient) []finding {
	probe := webhook.NewProbe(p.config.AuthTokens[0])
	a, err := askAsTwilio(ctx, http.MethodPost, p.config.PublicURL+"/voice", p.config.AuthTokens[0],
		probeForm(p.config, probe))
	if err != nil {
		return []finding{unreachable(err)}
	}
	if f := a.document(); f != nil {
		return []finding{*f}
	}
	version, proven := probe.Answered(a.header)
	left := time.Until(a.expires)
	switch {
	case !proven:
		return hasFailed("let PUBLIC_URL lead to premiumline serve, of this version",
			"%s/voice is answered with TwiML, but not by this program with our token", p.config.PublicURL)
	case version != p.directory.Version:
		return hasFailed("set DIRECTORY to the same here and there, or reload it there (SIGHUP)",
			"our line answers, with another directory: version %s there, %s here",
			version, p.directory.Version)
	case left < 14*24*time.Hour:
		return isDoubtful("renew it", "our line answers, but its certificate ends in %d days",
			int(left.Hours()/24))
	case a.took > slow:
		return isDoubtful("callers hear silence that long: look for what holds it up",
			"our line answers, but it takes %v", a.took.Round(100*time.Millisecond))
	}
	return isWell("our line answers %s/voice, seen from this machine", p.config.PublicURL)
}

// document returns what is wrong with an answer that shall be TwiML; nil: nothing.
func (a answered) document() *finding {
	fail := func(do, format string, args ...any) *finding {
		return &hasFailed(do, format, args...)[0]
	}
	const proxy = "look at what stands between the net and the line"
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type")) // "" is none
	switch {
	case a.status == http.StatusForbidden:
		return fail("start it with the same TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and PUBLIC_URL; "+
			"premiumline signature tells more", "our signature is refused (status 403)")
	case a.status >= 300 && a.status < 400:
		return fail("answer there, or set the address it leads to: after a redirect Twilio "+
			"leaves away which key was pressed", "it leads elsewhere (status %d)", a.status)
	case a.status != http.StatusOK:
		return fail(proxy, "it answers with status %d", a.status)
	case kind != "text/xml" && kind != "application/xml":
		return fail(proxy, "its answer is %q, and not text/xml", kind)
	case len(a.body) > twiml.MaxDocument:
		return fail(proxy, "its answer is over 64 KB")
	}
	if _, err := twiml.Unmarshal(a.body); err != nil {
		return fail("put there what premiumline fallback prints, or look at what answers",
			"its answer is no TwiML: %v", err)
	}
	return nil
}

// unreachable tells what keeps a webhook from arriving.
func unreachable(err error) finding {
	var asked *url.Error
	if errors.As(err, &asked) {
		err = asked.Err
	}
	for _, u := range []struct {
		is bool
		do string
	}{
		{isA[x509.UnknownAuthorityError](err), "serve the whole chain, with the intermediate " +
			"certificates, of an authority that everybody trusts"},
		{isA[x509.HostnameError](err), "get a certificate for that host"},
		{isA[x509.CertificateInvalidError](err), "renew the certificate"},
		{errors.Is(err, http.ErrSchemeMismatch), "let TLS be spoken there"},
		{isA[*net.DNSError](err), "mend the DNS record, or PUBLIC_URL"},
		{true, "start premiumline serve, and let the address lead to it"},
	} {
		if u.is {
			return finding{State: failed, Says: fmt.Sprintf("it cannot be reached: %v", err), Do: u.do}
		}
	}
	return finding{}
}

func isA[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}

// checkFallback asks what callers hear when the line does not answer.
func checkFallback(ctx context.Context, p *patient) (found []finding) {
	asked := map[string]bool{}
	for _, n := range p.numbers {
		address, method := n.Settings[twilioapi.VoiceFallback], n.Settings[twilioapi.FallbackMethod]
		if !asked[address] {
			found = append(found, p.fallbackFinding(ctx, method, address))
		}
		asked[address] = true
	}
	return found
}

func (p *patient) fallbackFinding(ctx context.Context, method, address string) finding {
	const bin = "put what premiumline fallback prints into a TwiML Bin, and set it with " +
		"premiumline provision --fallback URL"
	ours := strings.HasPrefix(address, p.config.PublicURL+"/")
	if address == "" {
		return finding{State: failed, Says: "there is none: while the line is away, callers hear that " +
			"an application error has occurred", Do: bin}
	}
	form := probeForm(p.config, webhook.NewProbe(p.config.AuthTokens[0]))
	form.Set("ErrorCode", "11200")
	if !ours {
		form.Del(webhook.ProbeField)
	}
	a, err := askAsTwilio(ctx, method, address, p.config.AuthTokens[0], form)
	if err != nil {
		return unreachable(err)
	}
	if f := a.document(); f != nil {
		return *f
	}
	if ours {
		return finding{State: doubtful, Do: bin,
			Says: "it answers, but on the line's own host: while that is away, so is the fallback"}
	}
	return finding{State: well, Says: address + " answers with TwiML"}
}
