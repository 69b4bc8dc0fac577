package webhook_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"premiumline/webhook"
)

const (
	origin   = "https://ivr.example.com"
	noPlace  = "&FromCity=&FromState=&FromZip=&CallerCity=&CallerState=&CallerZip="
	hookBody = "CallSid=CA01&CallToken=%257B%2522a%2B%2522%257D&City=ST+PAUL&" +
		"Digits=1&From=%2B14045550100"
)

func diagnose(t *testing.T, rawURL, body, header, publicURL string) webhook.Diagnosis {
	t.Helper()
	d, err := webhook.Diagnose(rawURL, []byte(body), header, []string{"current", "next"}, publicURL)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// signed is the header of a POST of body, signed with the second token.
func signed(t *testing.T, rawURL, body string) string {
	t.Helper()
	form, err := url.ParseQuery(body)
	if err != nil {
		t.Fatal(err)
	}
	return webhook.Sign("next", rawURL, form)
}

// causes counts the sentences after the first, "It was made with token 2 of 2."
func causes(d webhook.Diagnosis) int { return strings.Count(d.Verdict, ". ") }

func TestDiagnosisLines(t *testing.T) {
	body := "b=2&&Digits=\n&a=x+y&b=1&b=2&"
	header := signed(t, "https://ivr.example.com/voice", body)
	form := url.Values{"Digits": {"\n"}, "a": {"x y"}, "b": {"1", "2"}}
	got := diagnose(t, "https://ivr.example.com/voice#rc=2", body, header, origin).Lines()
	want := []string{
		"url        https://ivr.example.com/voice",
		`part       "Digits=\n"`,
		"part       a=x y",
		"part       b=1",
		"part       b=2",
		"token 1 of 2  " + webhook.Sign("current", "https://ivr.example.com/voice", form),
		"token 2 of 2  " + header,
		"header     It was made with token 2 of 2. " +
			"Twilio signed https://ivr.example.com/voice and this server accepts that.",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestDiagnosisWithoutHeader(t *testing.T) {
	d := diagnose(t, origin+"/voice", hookBody, "", "")
	if d.Verdict != "" || d.Accepted || d.Token != 0 || len(d.Lines()) != 1+5+2 {
		t.Errorf("%+v", d)
	}
	if d.Signatures[1] != signed(t, origin+"/voice", hookBody) {
		t.Errorf("signature %s", d.Signatures[1])
	}
}

// Each case is what Twilio signed, and the URL that the operator has.
func TestDiagnoseURL(t *testing.T) {
	const set = "set PUBLIC_URL to "
	tests := []struct{ signed, given, public, want string }{
		{origin + "/voice", origin + "/voice", origin, "this server accepts that"},
		{origin + ":443/voice", origin + "/voice", origin, "this server accepts that"},
		{origin + "/voice", origin + ":8443/voice", origin + ":8443", "this server accepts that"},
		{origin + "/voice", "http://127.0.0.1:8080/voice", origin, "this server accepts that"},
		{origin + "/line/voice", "http://10.0.0.1/voice", origin + "/line", "this server accepts that"},
		{origin + "/line/voice", origin + "/voice", origin + "/line", "this server accepts that"},

		{origin + "/voice", "http://ivr.example.com/voice", "",
			"Twilio signed https://ivr.example.com/voice, this server believes it is " +
				"http://ivr.example.com/voice: set PUBLIC_URL to https://ivr.example.com."},
		{origin + "/voice", origin + "/voice", "http://ivr.example.com",
			"this server believes it is http://ivr.example.com/voice: " + set + origin + "."},
		{"http://ivr.example.com/voice", origin + "/voice", origin, set + "http://ivr.example.com."},
		{"https://www.a.example/voice", "https://a.example/voice", "", set + "https://www.a.example."},
		{"https://a.example/voice", "https://www.a.example/voice", "", set + "https://a.example."},
		{origin + ":8080/voice", origin + "/voice", origin, set + origin + ":8080."},
		{origin + "/voice", origin + "/line/voice", origin + "/line", set + origin + "."},
		{origin + "/line/voice", origin + "/line/line/voice", origin + "/line", set + origin + "."},
		{origin + "/line/line/voice", origin + "/line/voice", origin + "/line",
			set + origin + "/line/line."},
		{origin + "/line/voice", "http://10.0.0.1:8080/line/voice", origin + "/line",
			set + origin + "."},
		{"http://ivr.example.com/voice", "http://10.0.0.1/voice", origin,
			set + "http://ivr.example.com."},
		{"http://www.a.example/voice", "https://a.example/voice", "", set + "http://www.a.example."},

		{origin + "/voice/", origin + "/voice", "", "the slash at the end"},
		{origin + "/voice", origin + "/voice/", "", "the slash at the end"},
		{origin + "/voice", origin + "/voice?a=1", "", "without the query"},
		{origin + "/voice?a=1&b=2", origin + "/voice?b=2&a=1", "", "another order"},
		{origin + "/voice?c=1&a=1&b=1", origin + "/voice?b=1&a=1&c=1", "", "another order"},
		{origin + "/voice?a=1&b=1&c=1", origin + "/voice?b=1&a=1&c=1", "", "another order"},
		{origin + "/voice?a=x%20y", origin + "/voice?a=x+y", "", "escapes"},
		{origin + "/voice?a=x+y", origin + "/voice?a=x%20y", "", "escapes"},
		{origin + "/voice?a=%2b", origin + "/voice?a=%2B", "", "escapes"},
		{origin + "/voice?a=%2B", origin + "/voice?a=%2b", "", "escapes"},
		{origin + "/voice?a=It%27s", origin + "/voice?a=It's", "", "escapes"},
		{origin + "/voice?a=It's%20%2B", origin + "/voice?a=It%27s%20%2B", "", "escapes"},
		{origin + "/voice?a=é", origin + "/voice?a=%C3%A9", "", "escapes"},
		{origin + "/voice?a=x y", origin + "/voice?a=x+y", "", "escapes"},
	}
	for _, tt := range tests {
		d := diagnose(t, tt.given, hookBody, signed(t, tt.signed, hookBody), tt.public)
		if d.Token != 2 || !strings.Contains(d.Verdict, tt.want) || causes(d) != 1 {
			t.Errorf("signed %s, given %s, public %s: token %d: %s",
				tt.signed, tt.given, tt.public, d.Token, d.Verdict)
		}
		if d.Accepted != strings.Contains(tt.want, "accepts") {
			t.Errorf("signed %s, given %s, public %s: accepted %t",
				tt.signed, tt.given, tt.public, d.Accepted)
		}
	}
}

// Each case is the body that Twilio signed and the body that arrived.
func TestDiagnoseBody(t *testing.T) {
	const edges = "White space at the end"
	tests := []struct{ signed, given, want string }{
		{hookBody, hookBody + "\n", edges},
		{hookBody, "\n" + hookBody, edges},
		{"City=PAUL&Zip=1", "City=PAUL+&Zip=+1", edges},
		{"From=%2B1404&City=ST%20PAUL", "From=+1404&City=ST%20PAUL", "was decoded before"},
		{"From=%2B1404&CallToken=%257B", "From=+1404&CallToken=%7B", "was decoded before"},
		{"CallToken=%7B%22&From=%2B1", "CallToken=%257B%2522&From=%2B1",
			"CallToken was escaped once more"},
		{"City=a%2Fb&From=%2B1", "City=a%252Fb&From=%252B1", "Each value was escaped once more"},
		{"City=a+b&From=%2B1", "City=a%2Bb&From=%252B1", "Each value was escaped once more"},
		{"CallToken=%257B%2522a%2520%2522&From=%2B1", "CallToken=%7B%22a+%22&From=%2B1",
			"CallToken was decoded twice"},
		{hookBody, hookBody + "&Zip=&State=", "the empty parameters"},
		{hookBody + noPlace, hookBody, "missing here (FromCity, FromState, FromZip, CallerCity,"},
		{hookBody + "&ToZip=9" + noPlace, hookBody + "&ToZip=9", "missing here (FromCity"},
		{hookBody + "&FinishedOnKey=", hookBody, "missing here (FinishedOnKey)"},
		{hookBody, hookBody + "&Digits=2", "Only the first value"},
		{hookBody, "Digits=0&" + hookBody, "Only the last value"},
		{hookBody, hookBody + "&Admin=1", "the parameter Admin:"},
		{"", hookBody, "set it to POST"},
	}
	for _, tt := range tests {
		d := diagnose(t, origin+"/voice", tt.given, signed(t, origin+"/voice", tt.signed), origin)
		if d.Token != 2 || d.Accepted || !strings.Contains(d.Verdict, tt.want) || causes(d) != 1 {
			t.Errorf("signed %s, given %s: token %d, accepted %t: %s",
				tt.signed, tt.given, d.Token, d.Accepted, d.Verdict)
		}
	}
}

func TestDiagnoseHeader(t *testing.T) {
	const damaged, voice = "The header was damaged", origin + "/voice?call=31"
	header := signed(t, voice, hookBody)
	if !strings.Contains(header, "+") || !strings.Contains(header, "/") {
		t.Fatalf("%s needs a plus and a slash to be damaged", header)
	}
	tests := []struct{ header, want string }{
		{" " + header + "\r\n", damaged},
		{`"` + header + `"`, damaged},
		{"X-Twilio-Signature: " + header, damaged},
		{strings.ReplaceAll(header, "+", " "), damaged},
		{header[:9] + "\n" + header[9:], damaged},
		{header[:9] + " " + header[9:], damaged},
		{url.QueryEscape(header), damaged},
		{strings.TrimSuffix(header, "="), damaged},
		{strings.NewReplacer("+", "-", "/", "_").Replace(header), damaged},
		{strings.TrimPrefix(header, header[:4]), "is not an X-Twilio-Signature"},
		{"0a1ff7634d9ab3b95db5c9a2dfe9416e41502b28", "is not an X-Twilio-Signature"},
		{webhook.Sign("old", voice, nil), "No variation matches"},
	}
	for _, tt := range tests {
		d := diagnose(t, voice, hookBody, tt.header, origin)
		if !strings.Contains(d.Verdict, tt.want) || d.Accepted {
			t.Errorf("%q: accepted %t: %s", tt.header, d.Accepted, d.Verdict)
		}
	}
}

func TestDiagnoseSender(t *testing.T) {
	form, _ := url.ParseQuery(hookBody)
	const json = `{"CallSid": "CA01; 100%"}`
	tests := []struct{ name, body, header, want string }{
		{"token from a file", hookBody, webhook.Sign("next\n", origin+"/voice", form),
			"token has white space"},
		{"GET", hookBody, webhook.Sign("next", origin+"/voice?"+hookBody, nil), "set it to POST"},
		{"text", hookBody, webhook.Sign("next", origin+"/voice"+hookBody, nil), "as plain text"},
		{"JSON", json, webhook.Sign("next", origin+"/voice", nil), "The body is JSON"},
	}
	for _, tt := range tests {
		d := diagnose(t, origin+"/voice", tt.body, tt.header, origin)
		if d.Token != 2 || d.Accepted || !strings.Contains(d.Verdict, tt.want) {
			t.Errorf("%s: token %d, accepted %t: %s", tt.name, d.Token, d.Accepted, d.Verdict)
		}
	}
}

func TestDiagnoseTwoCauses(t *testing.T) {
	const emptyAdded = "Twilio did not sign the empty parameters"
	tests := []struct{ signed, given, public, want string }{
		{"https://www.example.com/voice", "https://example.com/voice", "",
			"set PUBLIC_URL to https://www.example.com. " + emptyAdded},
		{origin + "/line/voice", "http://10.0.0.1:8080/voice", origin + "/line",
			"token 2 of 2. " + emptyAdded},
		{"http://ivr.example.com/voice", "http://10.0.0.1/voice", origin,
			"set PUBLIC_URL to http://ivr.example.com. " + emptyAdded},
		{origin + "/voice?a=1&b=2", origin + "/voice?b=2&a=1", "", "came. " + emptyAdded},
	}
	for _, tt := range tests {
		d := diagnose(t, tt.given, hookBody+"&Zip=", signed(t, tt.signed, hookBody), tt.public)
		if d.Token != 2 || d.Accepted || !strings.Contains(d.Verdict, tt.want) {
			t.Errorf("signed %s, given %s: token %d: %s", tt.signed, tt.given, d.Token, d.Verdict)
		}
	}
}

func TestDiagnoseRefuses(t *testing.T) {
	tests := []struct {
		rawURL, body, public string
		tokens               []string
		want                 string
	}{
		{"ivr.example.com/voice", "", "", []string{"secret"}, "URL is not like https://host/path"},
		{"https://user:secret@ivr.example.com/voice", "", "", []string{"secret"}, "no user name"},
		{origin, "", "", nil, "no auth token"},
		{origin, "", "", []string{"secret", ""}, "token 2 of 2 is empty"},
		{origin, "", "", []string{"secret "}, "token 1 of 1 has white space"},
		{origin, "", origin + "?", []string{"secret"}, "public URL has a query"},
		{origin, "From=%&a=secret", "", []string{"secret"}, "reading form: field 1"},
	}
	for _, tt := range tests {
		_, err := webhook.Diagnose(tt.rawURL, []byte(tt.body), "", tt.tokens, tt.public)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Diagnose(%q, %q) = %v, want %q", tt.rawURL, tt.body, err, tt.want)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}

// Every verdict on real webhooks shows neither of the tokens, and ends in a full stop.
func TestDiagnosisKeepsTokens(t *testing.T) {
	tokens := []string{"a6a9c1f0e4d27b58935ac0de71f2b483", "5e0c7d91b2f84a36e1d09b7c45f3a826"}
	for _, h := range webhooks(t) {
		for _, public := range []string{"", origin, "http://ivr.example.com:8080/line"} {
			form, _ := url.ParseQuery(h.Body)
			header := webhook.Sign(tokens[0], h.URL, form)
			d, err := webhook.Diagnose(h.URL, []byte(h.Body), header, tokens, public)
			if err != nil || d.Token != 1 || !strings.HasSuffix(d.Verdict, ".") {
				t.Errorf("%s: %+v, %v", h.Name, d, err)
			}
			text := strings.Join(d.Lines(), "\n")
			if strings.Contains(text, tokens[0][28:]) || strings.Contains(text, tokens[1][:4]) {
				t.Errorf("%s shows a token", h.Name)
			}
		}
	}
}
