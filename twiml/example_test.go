package twiml_test

import (
	"fmt"
	"strings"

	"premiumline/twiml"
)

// show prints a document with a line break wherever a tag follows a tag.
func show(r twiml.Response) {
	doc, err := twiml.Marshal(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(strings.ReplaceAll(string(doc), "><", ">\n<"))
}

func ExampleMarshal() {
	goodbye := twiml.Say{Speech: []twiml.Speech{twiml.Text("Goodbye.")}}
	doc, err := twiml.Marshal(twiml.Response{goodbye})
	fmt.Println(string(doc), err)
	// Output: <?xml version="1.0" encoding="UTF-8"?><Response><Say>Goodbye.</Say></Response> <nil>
}

// An empty document hangs up a live call.
func ExampleMarshal_empty() {
	show(nil)
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response/>
}

// A menu takes one key. If no key comes, Gather falls through to the Redirect.
func ExampleGather() {
	show(twiml.Response{
		twiml.Gather{
			Action:      "/voice/en/menu?pass=2&late=1",
			Timeout:     6,
			NumDigits:   1,
			FinishOnKey: new(""), // # and * are choices too
			Prompts: []twiml.Verb{
				twiml.Say{Voice: "Polly.Joanna", Language: "en-US", Speech: []twiml.Speech{
					twiml.Text("For Georgia, "),
					twiml.Prosody{Rate: "80%", Speech: []twiml.Speech{twiml.Text("press 7.")}},
					twiml.Break{Time: "500ms"},
					twiml.Text(" To hear this again, press star."),
				}},
				twiml.Pause{Length: new(2)},
			},
		},
		twiml.Redirect{URL: "/voice/en/silence"},
	})
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response>
	// <Gather action="/voice/en/menu?pass=2&amp;late=1" timeout="6" numDigits="1" finishOnKey="">
	// <Say voice="Polly.Joanna" language="en-US">For Georgia, <prosody rate="80%">press 7.</prosody>
	// <break time="500ms"/> To hear this again, press star.</Say>
	// <Pause length="2"/>
	// </Gather>
	// <Redirect>/voice/en/silence</Redirect>
	// </Response>
}

// A transfer rings for 30 seconds and then asks what comes next.
func ExampleDial() {
	show(twiml.Response{twiml.Dial{
		Action:         "/voice/en/dialled",
		Timeout:        30,
		CallerID:       "+18005550199",
		AnswerOnBridge: true,
		Numbers:        []twiml.Number{{E164: "+18776997407", SendDigits: "ww1"}},
	}})
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response>
	// <Dial action="/voice/en/dialled" timeout="30" callerId="+18005550199" answerOnBridge="true">
	// <Number sendDigits="ww1">+18776997407</Number>
	// </Dial>
	// </Response>
}

// SSML is all lower case, unlike the verbs.
func ExampleSpeech() {
	show(twiml.Response{twiml.Say{Speech: []twiml.Speech{
		twiml.P{Speech: []twiml.Speech{
			twiml.S{Speech: []twiml.Speech{
				twiml.Text("Dial "),
				twiml.SayAs{InterpretAs: "telephone", Text: "8776997407"},
			}},
			twiml.Sub{Alias: "Kaiser Permanente", Text: "KP"},
		}},
		twiml.Lang{XMLLang: "es-US", Speech: []twiml.Speech{twiml.Text("Español")}},
	}}})
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response>
	// <Say>
	// <p>
	// <s>Dial <say-as interpret-as="telephone">8776997407</say-as>
	// </s>
	// <sub alias="Kaiser Permanente">KP</sub>
	// </p>
	// <lang xml:lang="es-US">Español</lang>
	// </Say>
	// </Response>
}

// What XML needs escaped is; an apostrophe stays readable.
func ExampleMarshal_escaping() {
	show(twiml.Response{twiml.Say{
		Voice:  `"A" & 'B'`,
		Speech: []twiml.Speech{twiml.Text(`If it's <3 & "late", press 1 > 0]]>`)},
	}})
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Response>
	// <Say voice="&quot;A&quot; &amp; 'B'">If it's &lt;3 &amp; "late", press 1 &gt; 0]]&gt;</Say>
	// </Response>
}

// Marshal refuses what would be an application error in the caller's ear.
func ExampleMarshal_refusal() {
	show(twiml.Response{twiml.Gather{Prompts: []twiml.Verb{twiml.Hangup{}}}})
	// Output: twiml: <Hangup> may not stand in <Gather>, only Say, Play, Pause
}

func ExampleUnmarshal() {
	response, err := twiml.Unmarshal([]byte(`<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <!-- White space between verbs means nothing. -->
  <Dial timeout="20">
    <Number>+18776997407</Number>
  </Dial>
</Response>`))
	fmt.Println(response[0].(twiml.Dial).Numbers[0].E164, err)
	// Output: +18776997407 <nil>
}

func ExampleUnmarshal_refusal() {
	_, err := twiml.Unmarshal([]byte(`<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <Gather numdigits="1"/>
</Response>`))
	fmt.Println(err)
	// Output: twiml: line 3: <Gather> has no attribute "numdigits" (numDigits?)
}

func ExamplePlain() {
	fmt.Println(twiml.Plain([]twiml.Speech{
		twiml.Text("Georgia. "),
		twiml.Break{Time: "1s"},
		twiml.Text(" Connecting\n\tyou now."),
	}))
	// Output: Georgia. Connecting you now.
}
