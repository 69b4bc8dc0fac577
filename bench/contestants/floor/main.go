// Command floor is the least that answers a webhook: it reads the body and writes
// a constant. It looks at nothing and checks no signature.
package main

import (
	"expvar"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func main() {
	go func() { log.Fatal(http.ListenAndServe(os.Getenv("ADMIN_ADDR"), expvar.Handler())) }()
	calls := http.NewServeMux()
	calls.HandleFunc("/voice", constant("FIRST_BYTES"))
	calls.HandleFunc("/voice/", constant("LATER_BYTES"))
	log.Fatal(http.ListenAndServe(os.Getenv("ADDR"), calls))
}

// constant answers with a document of as many bytes as the variable says.
func constant(variable string) http.HandlerFunc {
	size, err := strconv.Atoi(os.Getenv(variable))
	if err != nil {
		log.Fatalf("reading %s: %v", variable, err)
	}
	const before, after = `<?xml version="1.0" encoding="UTF-8"?><Response><Say>`, `</Say></Response>`
	filling := strings.Repeat("a", max(0, size-len(before)-len(after)))
	document := []byte(before + filling + after)
	return func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		_, _ = w.Write(document)
	}
}
