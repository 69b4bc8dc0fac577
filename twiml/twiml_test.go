package twiml_test

import (
	"reflect"
	"strings"
	"testing"

	"premiumline/twiml"
)

const declaration = `<?xml version="1.0" encoding="UTF-8"?>`

// canonical are documents that are written as they were read. Together they
// have every element and attribute.
var canonical = []string{
	`<Response/>`,
	`<Response><Reject/></Response>`,
	`<Response><Reject reason="busy"/><Pause/></Response>`,
	`<Response><Hangup/></Response>`,
	`<Response><Pause length="1"/><Pause length="0010"/></Response>`,
	`<Response><Redirect>/voice</Redirect></Response>`,
	`<Response><Redirect method="GET">https://ivr.example.com/a?b=1&amp;c=2</Redirect></Response>`,
	`<Response><Play/><Play loop="0">/hold.mp3</Play><Play digits="ww12#"/></Response>`,
	`<Response><Say/><Say voice="Polly.Mia" language="es-MX" loop="2">Adiós.</Say></Response>`,
	`<Response><Say> one <break/> two <break time="1.5s"/></Say></Response>`,
	`<Response><Say><prosody rate="x-slow">a<s>b</s></prosody><p>c</p></Say></Response>`,
	`<Response><Say><say-as interpret-as="digits"> 1 </say-as></Say></Response>`,
	`<Response><Say><lang xml:lang="es"><sub alias="uno">1</sub></lang></Say></Response>`,
	"<Response><Say>two\nlines&#13;, a\ttab, 𝄞, \uFFFD and \u00A0</Say></Response>",
	`<Response><Say voice="&#9;&#10;&#13; '&quot;&lt;&gt;&amp;">'"&lt;&gt;&amp;</Say></Response>`,
	`<Response><Gather/><Gather input="dtmf speech" method="POST" finishOnKey="*"/></Response>`,
	`<Response><Gather action="/a" timeout="1" numDigits="11" finishOnKey=""` +
		` actionOnEmptyResult="true"><Play>/a.mp3</Play><Say>b</Say><Pause/></Gather></Response>`,
	`<Response><Dial/><Dial action="/a" method="GET" timeout="600" timeLimit="86400"` +
		` callerId="+18005550199" answerOnBridge="true" hangupOnStar="true">` +
		`<Number>+18776997407</Number><Number sendDigits="1">+525512345678</Number></Dial></Response>`,
}

func TestCanonical(t *testing.T) {
	for _, body := range canonical {
		r, err := twiml.Unmarshal([]byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		doc, err := twiml.Marshal(r)
		want := declaration + strings.Replace(body, `"0010"`, `"10"`, 1)
		if string(doc) != want || err != nil {
			t.Errorf("\nwrote %s, %v\nread  %s", doc, err, want)
		}
	}
}

// What else XML allows comes to the same document.
func TestUnmarshalSame(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{"<?xml version='1.0'?>\n<Response />\n", `<Response/>`},
		{`<?xml version="1.0" encoding="utf-8" standalone="yes" ?><Response/>`, `<Response/>`},
		{"<!-- <a> --><Response><!-- &b --></Response><!-- c -->", `<Response/>`},
		{"<Response>\r\n\t<Hangup></Hangup>\n</Response>", `<Response><Hangup/></Response>`},
		{"<Response><Dial\n timeout = '5'\n/></Response>", `<Response><Dial timeout="5"/></Response>`},
		{`<Response><Dial hangupOnStar="false"/></Response>`, `<Response><Dial/></Response>`},
		{"<Response><Redirect>\n /a \n</Redirect></Response>",
			`<Response><Redirect>/a</Redirect></Response>`},
		{"<Response><Redirect>/a<!-- b -->c</Redirect></Response>",
			`<Response><Redirect>/ac</Redirect></Response>`},
		{"<Response><Say>a<!-- b -->c<![CDATA[<d>&]]><![CDATA[]]></Say></Response>",
			`<Response><Say>ac&lt;d&gt;&amp;</Say></Response>`},
		{"<Response><Say>a\r\nb &apos;&#x41;&#66;</Say></Response>",
			"<Response><Say>a\nb 'AB</Say></Response>"},
	} {
		r, err := twiml.Unmarshal([]byte(c.doc))
		if err != nil {
			t.Errorf("%q: %v", c.doc, err)
			continue
		}
		if doc, err := twiml.Marshal(r); string(doc) != declaration+c.want || err != nil {
			t.Errorf("%q\nwrote %s, %v\nwant  %s", c.doc, doc, err, declaration+c.want)
		}
	}
}

func TestUnmarshalValues(t *testing.T) {
	got, err := twiml.Unmarshal([]byte(`<Response><Gather timeout="7" numDigits="11" finishOnKey=""` +
		` actionOnEmptyResult="true"><Say>a</Say><Pause length="2"/></Gather><Hangup/></Response>`))
	want := twiml.Response{
		twiml.Gather{
			Timeout: 7, NumDigits: 11, FinishOnKey: new(""), ActionOnEmptyResult: true,
			Prompts: []twiml.Verb{say(twiml.Text("a")), twiml.Pause{Length: new(2)}},
		},
		twiml.Hangup{},
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v\nwant %+v", got, err, want)
	}
}

func say(words ...twiml.Speech) twiml.Say { return twiml.Say{Speech: words} }

func TestUnmarshalRefuses(t *testing.T) {
	beginning := `1: a document begins with ` + declaration + ` or <Response>`
	for _, c := range []struct{ doc, want string }{
		// The document.
		{"", beginning},
		{" <Response/>", beginning},
		{"\n" + declaration + "<Response/>", beginning},
		{"\uFEFF<Response/>", beginning},
		{declaration, beginning},
		{`<?xml version="1.1"?><Response/>`, beginning},
		{`<?xml version="1.0" encoding="ISO-8859-1"?><Response/>`, beginning},
		{`<?xml version="1.0'?><Response/>`, beginning},
		{"<?php?><Response/>", beginning},
		{declaration + "\n<!-- a -->\n", "3: no <Response>"},
		{declaration + "\n<Gather/>", "2: the root is <Gather>, not <Response>"},
		{"<response/>", "1: the root is <response>, not <Response>"},
		{`<Response xmlns="a"/>`, "1: the root is <a:Response>, not <Response>"},
		{"<Response/>\n\n bye", "3: text may not stand outside <Response>"},
		{"<Response/>\n<![CDATA[ ]]>", "2: text may not stand outside <Response>"},
		{"<Response/>\n<Response/>", "2: <Response> stands after the end of <Response>"},
		{"<Response>\n<Hangup/>", "2: unexpected EOF"},
		{"<Response>\n</Gather>", "2: element <Response> closed by </Gather>"},
		{"<Response><?a?></Response>", "1: a processing instruction may not stand in TwiML"},
		{`<!DOCTYPE Response [<!ENTITY a "b">]>` + "<Response/>", "1: a DOCTYPE may not stand in TwiML"},
		{"<Response><Say>\n&nbsp;</Say></Response>", "2: invalid character entity &nbsp;"},
		{"<Response><Say>&#1;</Say></Response>", "1: illegal character code U+0001"},
		{"<Response><Say>\n&#xD83D;&#xDE00;</Say></Response>", "1: &#xD83D; is no character"},
		{"<Response><Say voice='&#055357;'/></Response>", "1: &#055357; is no character"},
		{"<Response><Say>\xff</Say></Response>", "1: invalid UTF-8"},
		{"<Response>\n<!-- \x01 --></Response>", "2: XML cannot hold U+0001"},

		// Elements.
		{"<Response>\n<say/></Response>", "2: no element is named <say> (<Say>?)"},
		{"<Response><Say>a\n<Break/></Say></Response>", "2: no element is named <Break> (<break>?)"},
		{"<Response><Record/></Response>", "1: no element is named <Record>"},
		{"<Response><x:Say/></Response>", "1: no element is named <x:Say>"},
		{"<Response><Response/></Response>", "1: <Response> may not stand in <Response>, only " +
			"Say, Play, Pause, Gather, Dial, Redirect, Hangup, Reject"},
		{"<Response><Gather>\n<Dial/></Gather></Response>",
			"2: <Dial> may not stand in <Gather>, only Say, Play, Pause"},
		{"<Response><Dial><Say/></Dial></Response>", "1: <Say> may not stand in <Dial>, only Number"},
		{"<Response><Number/></Response>", "1: <Number> may not stand in <Response>, only " +
			"Say, Play, Pause, Gather, Dial, Redirect, Hangup, Reject"},
		{"<Response><Hangup><Say/></Hangup></Response>", "1: <Say> may not stand in <Hangup>"},
		{"<Response><Redirect>a<Say/></Redirect></Response>", "1: <Say> may not stand in <Redirect>"},
		{"<Response><Say><p><p/></p></Say></Response>",
			"1: <p> may not stand in <p>, only break, lang, prosody, s, say-as, sub"},
		{"<Response><Pause/>\n<Reject/></Response>", "2: <Reject> only works as the first verb"},

		// Text.
		{"<Response>\n\n  Hello</Response>", "3: text may not stand in <Response>"},
		{"<Response>\u00A0</Response>", "1: text may not stand in <Response>"},
		{"<Response>&#32;</Response>", "1: text may not stand in <Response>"},
		{"<Response><Gather>a</Gather></Response>", "1: text may not stand in <Gather>"},
		{"<Response><Dial>\n+18776997407</Dial></Response>", "2: text may not stand in <Dial>"},
		{"<Response><Hangup>a</Hangup></Response>", "1: text may not stand in <Hangup>"},
		{"<Response><Dial>\n<Number>\n877\n</Number></Dial></Response>",
			`2: <Number>: want \+[1-9][0-9]{6,14}`},
		{"<Response><Redirect/></Response>", `1: <Redirect>: want \S+`},

		// Attributes.
		{"<Response version='1'/>", `1: <Response> has no attribute "version"`},
		{"<Response>\n<Say\nVoice='a'/></Response>", `2: <Say> has no attribute "Voice" (voice?)`},
		{"<Response><Say xml:lang='a'/></Response>", `1: <Say> has no attribute "xml:lang"`},
		{"<Response><Say><lang lang='a'/></Say></Response>", `1: <lang> has no attribute "lang"`},
		{"<Response><Say><sub>a</sub></Say></Response>", `1: <sub> lacks its attribute "alias"`},
		{"<Response><Say voice='a' voice='a'/></Response>", `1: <Say> has two attributes "voice"`},
		{"<Response><Say voice='a'loop='1'/></Response>", "1: <Say>: no space between attributes"},
		{"<Response><Say voice=''/></Response>", `1: <Say> voice="": want some text`},
		{"<Response><Say loop='-1'/></Response>", `1: <Say> loop="-1": want a whole number from 0`},
		{"<Response><Say loop=' 1'/></Response>", `1: <Say> loop=" 1": want a whole number from 0`},
		{"<Response><Pause length='0'/></Response>",
			`1: <Pause> length="0": want a whole number from 1`},
		{"<Response><Gather timeout='auto'/></Response>",
			`1: <Gather> timeout="auto": want a whole number from 1`},
		{"<Response><Gather numDigits='4294967297'/></Response>",
			`1: <Gather> numDigits="4294967297": want a whole number from 1`},
		{"<Response><Gather finishOnKey='##'/></Response>",
			`1: <Gather> finishOnKey="##": want [0-9*#]?`},
		{"<Response><Dial timeout='601'/></Response>",
			`1: <Dial> timeout="601": want a whole number from 1 to 600`},
		{"<Response><Dial hangupOnStar='TRUE'/></Response>",
			`1: <Dial> hangupOnStar="TRUE": want true|false`},
		{"<Response><Dial method='PUT'/></Response>", `1: <Dial> method="PUT": want GET|POST`},
		{"<Response><Say><break time='1 s'/></Say></Response>",
			`1: <break> time="1 s": want [0-9]+(\.[0-9]+)?m?s`},
	} {
		if _, err := twiml.Unmarshal([]byte(c.doc)); said(err) != "twiml: line "+c.want {
			t.Errorf("%q\ngot  %v\nwant twiml: line %s", c.doc, err, c.want)
		}
	}
}

func TestMarshalRefuses(t *testing.T) {
	for _, c := range []struct {
		response twiml.Response
		want     string
	}{
		{twiml.Response{say(twiml.Text("a\x00"))}, "<Say>: XML cannot hold U+0000"},
		{twiml.Response{say(twiml.Text("\uFFFE"))}, "<Say>: XML cannot hold U+FFFE"},
		{twiml.Response{say(twiml.Text("caf\xe9"))}, "<Say>: XML cannot hold invalid UTF-8"},
		{twiml.Response{say(twiml.Text("\xed\xa0\x80"))}, "<Say>: XML cannot hold invalid UTF-8"},
		{twiml.Response{say(twiml.P{Speech: []twiml.Speech{twiml.Text("\x1b")}})},
			"<p>: XML cannot hold U+001B"},
		{twiml.Response{say(twiml.Sub{Alias: "a\x7f\x08", Text: "b"})},
			"<sub> alias: XML cannot hold U+0008"},
		{twiml.Response{say(twiml.Sub{Text: "b"})}, `<sub> alias="": want some text`},
		{twiml.Response{say(twiml.Prosody{})},
			`<prosody> rate="": want [0-9]+%|(x-)?slow|medium|(x-)?fast`},
		{twiml.Response{say(twiml.S{Speech: []twiml.Speech{twiml.S{}}})},
			"<s> may not stand in <s>, only break, lang, prosody, say-as, sub"},
		{twiml.Response{say(nil)}, "<Say> holds a <nil>, which TwiML has not"},
		{twiml.Response{nil}, "<Response> holds a <nil>, which TwiML has not"},
		{twiml.Response{&twiml.Hangup{}}, "<Response> holds a *twiml.Hangup, which TwiML has not"},
		{twiml.Response{twiml.Pause{}, twiml.Reject{}}, "<Reject> only works as the first verb"},
		{twiml.Response{twiml.Gather{Prompts: []twiml.Verb{twiml.Reject{}}}},
			"<Reject> may not stand in <Gather>, only Say, Play, Pause"},
		{twiml.Response{twiml.Gather{Action: "/a b"}}, `<Gather> action="/a b": want \S+`},
		{twiml.Response{twiml.Gather{Timeout: -1}},
			`<Gather> timeout="-1": want a whole number from 1`},
		{twiml.Response{twiml.Pause{Length: new(0)}},
			`<Pause> length="0": want a whole number from 1`},
		{twiml.Response{twiml.Redirect{}}, `<Redirect>: want \S+`},
		{twiml.Response{twiml.Dial{Numbers: []twiml.Number{{E164: "+1 877 699 7407"}}}},
			`<Number>: want \+[1-9][0-9]{6,14}`},
		{twiml.Response{twiml.Dial{CallerID: "\x01+18005550199"}},
			"<Dial> callerId: XML cannot hold U+0001"},
	} {
		doc, err := twiml.Marshal(c.response)
		if said(err) != "twiml: "+c.want || doc != nil {
			t.Errorf("%+v\ngot  %v\nwant twiml: %s", c.response, err, c.want)
		}
	}
}

func said(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestMaxDocument(t *testing.T) {
	frame, err := twiml.Marshal(twiml.Response{say()})
	if err != nil {
		t.Fatal(err)
	}
	room := twiml.MaxDocument - len(frame) + len("<Say/>") - len("<Say></Say>")
	doc, err := twiml.Marshal(twiml.Response{say(twiml.Text(strings.Repeat("a", room)))})
	if len(doc) != twiml.MaxDocument || err != nil {
		t.Errorf("wrote %d bytes, %v", len(doc), err)
	}
	if _, err := twiml.Unmarshal(doc); err != nil {
		t.Error(err)
	}
	const want = "twiml: a document of 65537 bytes, Twilio reads 65536"
	long := say(twiml.Text(strings.Repeat("a", room+1)))
	if _, err := twiml.Marshal(twiml.Response{long}); said(err) != want {
		t.Error(err)
	}
	if _, err := twiml.Unmarshal(append(doc, ' ')); said(err) != want {
		t.Error(err)
	}
}

func TestHeard(t *testing.T) {
	for _, c := range []struct {
		inSay      string
		plain      string
		characters int
	}{
		{``, "", 0},
		{` Georgia.  Connecting you now. `, "Georgia. Connecting you now.", 31},
		{`one <break time="1s"/> two`, "one two", 8},
		{`one<break/>two`, "one two", 6},
		{`<break/>`, "", 0},
		{`<p>One.</p><p><s>Two.</s><s>Three.</s></p>`, "One. Two. Three.", 14},
		{`Pr<prosody rate="75%">ess </prosody>7`, "Press 7", 7},
		{`<say-as interpret-as="digits">12</say-as>, <sub alias="Kaiser">K</sub>`, "12, Kaiser", 10},
		{`<lang xml:lang="es">Español</lang> &amp;`, "Español &", 10}, // ñ is two bytes
	} {
		r, err := twiml.Unmarshal([]byte("<Response><Say>" + c.inSay + "</Say></Response>"))
		if err != nil {
			t.Errorf("%s: %v", c.inSay, err)
			continue
		}
		heard := r[0].(twiml.Say)
		plain, characters := twiml.Plain(heard.Speech), heard.Characters()
		if plain != c.plain || characters != c.characters {
			t.Errorf("%s: %q of %d, want %q of %d", c.inSay, plain, characters, c.plain, c.characters)
		}
		ssml, err := twiml.SSML(heard.Speech)
		if err != nil || ssml != c.inSay {
			t.Errorf("%s: SSML %s, %v", c.inSay, ssml, err)
		}
	}
}
