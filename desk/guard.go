package desk

import (
	"net/http"
	"net/url"

	"premiumline/internal/page"
)

// guard lets in who is on this machine and says so: the page places calls, and
// shows what they were signed with. Another site's page, open in the same browser,
// is kept out by its Origin, or by the Host if it had its own name lead here.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page.Protect(w.Header())
		switch {
		case !page.Loopback(r.RemoteAddr) || !page.Loopback(r.Host) || !ownOrigin(r):
			http.Error(w, "the phone on the desk is for this machine alone: open it as "+
				"http://127.0.0.1 or http://localhost, with the port of ADDR", http.StatusForbidden)
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// ownOrigin tells whether the page that asks, if one does, is ours.
func ownOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	u, err := url.Parse(origin)
	return origin == "" || err == nil && u.Host == r.Host
}
