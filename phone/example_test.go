package phone_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"premiumline/phone"
)

// A test of a call is the call: the caller's words are carried out, and what
// then happens is written beneath them.
func ExampleTranscript_Run() {
	line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/xml")
		switch r.FormValue("Digits") {
		case "7":
			fmt.Fprint(w, `<Response><Dial><Number>+18776997407</Number></Dial></Response>`)
		default:
			fmt.Fprint(w, `<Response><Gather numDigits="1"><Say>For Georgia, press 7.</Say>`+
				`</Gather><Redirect>/voice</Redirect></Response>`)
		}
	}))
	defer line.Close()
	t, err := phone.ParseTranscript("georgia.txt", `# The caller thinks it over.
call   from +14045550100 to +18005550199
wait
press  7
`)
	if err != nil {
		fmt.Println(err)
	}
	text, err := t.Run(context.Background(), &phone.Line{Public: line.URL}, nil)
	fmt.Print(text, err)
	// Output:
	// # The caller thinks it over.
	// call   from +14045550100 to +18005550199
	// hear   For Georgia, press 7.
	// wait
	// hear   For Georgia, press 7.
	// press  7
	// dialed +18776997407
	// ended  after the transfer
	// <nil>
}
