// Command typical is the menu as a Go developer writes it from the SDK's
// documentation: gorilla/mux, twilio-go's RequestValidator and its twiml package.
//
// That package can say no SSML between two sentences, so the half-second breaks of
// the menu are missing and a document is a fifth smaller than the others'. It also
// drops finishOnKey="".
package main

import (
	"encoding/json"
	"expvar"
	"log"
	"net/http"
	"os"
	"strings"

	"github.com/gorilla/mux"
	"github.com/twilio/twilio-go/client"
	"github.com/twilio/twilio-go/twiml"
)

// menu is the pages of the line, as package main of bench writes them.
type menu struct {
	Greetings map[string]page // by area code; "": of any other
	Wrong     map[string]page // the same after a wrong key
	Lines     map[string]page // by key
}

type page struct {
	Action  string
	Timeout json.Number
	Empty   bool
	Say     []struct {
		Voice, Language string
		Sentences       []string
	}
	Dial *struct {
		Action, Number string
		Timeout        json.Number
	}
}

func main() {
	go func() { log.Fatal(http.ListenAndServe(os.Getenv("ADMIN_ADDR"), expvar.Handler())) }()
	var m menu
	text, err := os.ReadFile(os.Getenv("MENU"))
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		log.Fatalf("reading the menu: %v", err)
	}
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), m.router()))
}

func (m menu) router() http.Handler {
	r := mux.NewRouter()
	r.Use(validated)
	r.HandleFunc("/voice", m.greeting).Methods(http.MethodPost)
	r.HandleFunc("/voice/en/menu", m.choice).Methods(http.MethodPost)
	return r
}

// validated lets only requests through that Twilio signed.
func validated(next http.Handler) http.Handler {
	validator := client.NewRequestValidator(os.Getenv("TWILIO_AUTH_TOKEN"))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, "not a form", http.StatusBadRequest)
			return
		}
		params := map[string]string{}
		for name := range r.PostForm {
			params[name] = r.PostForm.Get(name)
		}
		url := os.Getenv("PUBLIC_URL") + r.URL.Path
		if !validator.Validate(url, params, r.Header.Get("X-Twilio-Signature")) {
			http.Error(w, "wrong signature", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (m menu) greeting(w http.ResponseWriter, r *http.Request) { answer(w, forCaller(m.Greetings, r)) }

func (m menu) choice(w http.ResponseWriter, r *http.Request) {
	page, ok := m.Lines[r.PostForm.Get("Digits")]
	if !ok {
		page = forCaller(m.Wrong, r)
	}
	answer(w, page)
}

// forCaller picks the page that offers the region of the caller's area code first.
func forCaller(pages map[string]page, r *http.Request) page {
	if from := r.PostForm.Get("From"); len(from) > 5 {
		if page, ok := pages[from[2:5]]; ok {
			return page
		}
	}
	return pages[""]
}

func answer(w http.ResponseWriter, p page) {
	gather := &twiml.VoiceGather{
		Input: "dtmf", Action: p.Action, Timeout: p.Timeout.String(), NumDigits: "1",
	}
	if p.Empty {
		gather.ActionOnEmptyResult = "true"
	}
	for _, s := range p.Say {
		gather.InnerElements = append(gather.InnerElements, &twiml.VoiceSay{
			Voice: s.Voice, Language: s.Language, Message: strings.TrimSpace(strings.Join(s.Sentences, " ")),
		})
	}
	verbs := []twiml.Element{gather}
	if p.Dial != nil {
		verbs = append(verbs, &twiml.VoiceDial{
			Action: p.Dial.Action, Timeout: p.Dial.Timeout.String(),
			InnerElements: []twiml.Element{&twiml.VoiceNumber{PhoneNumber: p.Dial.Number}},
		})
	}
	document, err := twiml.Voice(verbs)
	if err != nil {
		http.Error(w, "no document", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write([]byte(document))
}
