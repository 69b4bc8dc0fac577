package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"premiumline/twilioapi/faketwilio"
)

// premiumline is the program as scripts run it: where FAKE_TWILIO is set, Twilio is there.
func premiumline() {
	if address := os.Getenv("FAKE_TWILIO"); address != "" {
		twilioTransport = faketwilio.Transport(address)
	}
	main()
}

// twilio is the program "twilio FILE" of the scripts: a Twilio that holds the state in the file,
// and the world's way to the line. It prints where both are, writes the world's certificate into
// front.pem, and runs until it is told to stop. $FRONT in the file is the world's way.
func twilio() {
	front := httptest.NewTLSServer(http.HandlerFunc(toTheLine))
	defer front.Close()
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	text = []byte(strings.ReplaceAll(string(text), "$FRONT", front.URL))
	var state faketwilio.State
	if err := json.Unmarshal(text, &state); err != nil {
		panic(err)
	}
	certificate := pem.EncodeToMemory(&pem.Block{
		Type: "CERTIFICATE", Bytes: front.Certificate().Raw})
	if err := os.WriteFile("front.pem", certificate, 0o600); err != nil {
		panic(err)
	}
	fake := faketwilio.Start(state)
	defer fake.Close()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	fmt.Printf("twilio %s\nfront %s\n", fake.URL, front.URL)
	<-ctx.Done()
}

// toTheLine brings what is under /line to the address in the file "line", without the prefix.
// Anything else is a file of the working folder.
func toTheLine(w http.ResponseWriter, r *http.Request) {
	path, ours := strings.CutPrefix(r.URL.Path, "/line")
	if !ours {
		w.Header().Set("Content-Type", "text/xml")
		http.ServeFile(w, &http.Request{Method: http.MethodGet, URL: r.URL}, "."+r.URL.Path)
		return
	}
	address, err := os.ReadFile("line")
	if err != nil {
		http.Redirect(w, r, "/elsewhere", http.StatusFound)
		return
	}
	proxy := httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		p.SetURL(&url.URL{Scheme: "http", Host: strings.TrimSpace(string(address))})
		p.Out.URL.Path = path
	}}
	proxy.ServeHTTP(w, r)
}
