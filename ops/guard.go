package ops

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"

	"premiumline/internal/page"
)

// guard stands before every route.
func guard(password string, next http.Handler) http.Handler {
	allowed := anywhereLocal
	if password != "" {
		allowed = withPassword(password)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Protect(w.Header())
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		case isHealth(r.URL.Path) || allowed(w, r):
			next.ServeHTTP(w, r)
		}
	})
}

// isHealth tells what is answered to anybody: a container's health check and a
// load balancer hold no password, and learn no more than that the line is well.
func isHealth(path string) bool { return path == "/healthz" || path == "/readyz" }

// withPassword asks for the password, whatever the user's name. Digests are
// compared, since a comparison of the texts would tell their lengths.
func withPassword(password string) func(http.ResponseWriter, *http.Request) bool {
	want := sha256.Sum256([]byte(password))
	return func(w http.ResponseWriter, r *http.Request) bool {
		_, given, _ := r.BasicAuth()
		got := sha256.Sum256([]byte(given))
		if subtle.ConstantTimeCompare(want[:], got[:]) == 1 {
			return true
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="premiumline", charset="UTF-8"`)
		http.Error(w, "the password is ADMIN_PASSWORD; any user name will do", http.StatusUnauthorized)
		return false
	}
}

// anywhereLocal refuses names of other machines.
func anywhereLocal(w http.ResponseWriter, r *http.Request) bool {
	if page.Local(r.Host) {
		return true
	}
	http.Error(w, "to be reached by a name, this listener needs ADMIN_PASSWORD; "+
		"localhost and addresses do without", http.StatusMisdirectedRequest)
	return false
}
