// Package page is what the web pages of this program share: their looks, a few
// modules, and how their files are served.
//
// static/ holds the colours, type and parts that every page is made of, light and
// dark, and the modules that make elements and switch the theme. A page brings a
// folder of the same shape, and [Files] serves the two as one: HTML, CSS and ES
// modules as they are, without a build step. [Policy] lets them load from their own
// listener only, and [Local] tells whether a request was meant for this machine.
package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"path"
	"time"
)

//go:embed static
var shared embed.FS

// Policy lets a page load what its listener serves and nothing else.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// contentTypes are of the files that a page loads; others are not served. The
// machine's own table of types is left out of it: it differs from one to the next.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// Files returns the handlers of a page's files by their paths: "/" is
// static/index.html, the rest is as it lies in static/, and what pages share.
func Files(own fs.FS) map[string]http.Handler {
	files := map[string]http.Handler{}
	for _, fsys := range []fs.FS{shared, own} {
		_ = fs.WalkDir(fsys, "static", func(name string, _ fs.DirEntry, _ error) error {
			if kind, ok := contentTypes[path.Ext(name)]; ok {
				files["/"+name] = file(fsys, name, kind)
			}
			return nil
		})
	}
	files["/"] = files["/static/index.html"]
	delete(files, "/static/index.html")
	return files
}

// file serves a file; a browser that has it asks only whether it is the same.
func file(fsys fs.FS, name, contentType string) http.Handler {
	content, err := fs.ReadFile(fsys, name)
	if err != nil {
		panic("page: " + err.Error())
	}
	tag := fmt.Sprintf(`"%x"`, sha256.Sum256(content))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		head := w.Header()
		head.Set("Content-Type", contentType)
		head.Set("Cache-Control", "no-cache")
		head.Set("ETag", tag)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	})
}

// Protect sets the headers that every answer of a page's listener has.
func Protect(head http.Header) {
	head.Set("Content-Security-Policy", Policy)
	head.Set("X-Content-Type-Options", "nosniff")
	head.Set("Referrer-Policy", "no-referrer")
	head.Set("Cross-Origin-Resource-Policy", "same-origin")
	head.Set("Cache-Control", "no-store")
}

// Local tells whether host, the Host of a request, is an address or localhost: a
// page in somebody's browser could have its own name lead to loopback, and read
// what is there.
func Local(host string) bool {
	_, err := netip.ParseAddr(bare(host))
	return err == nil || bare(host) == "localhost"
}

// Loopback tells whether host, a Host or the address of a peer, is this machine.
func Loopback(host string) bool {
	addr, err := netip.ParseAddr(bare(host))
	return err == nil && addr.Unmap().IsLoopback() || bare(host) == "localhost"
}

// bare is a host without its port and brackets.
func bare(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		return name
	}
	if n := len(host); n > 1 && host[0] == '[' && host[n-1] == ']' {
		return host[1 : n-1]
	}
	return host
}
