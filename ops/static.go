package ops

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"time"
)

//go:embed static
var static embed.FS

// contentTypes are of the files that the page loads; others are not served. The
// machine's own table of types is left out of it: it differs from one to the next.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
}

// pageFiles returns the files of the page by their paths.
func pageFiles() map[string]http.Handler {
	files := map[string]http.Handler{}
	_ = fs.WalkDir(static, "static", func(name string, _ fs.DirEntry, _ error) error {
		if kind, ok := contentTypes[path.Ext(name)]; ok {
			files["/"+name] = pageFile(name, kind)
		}
		return nil
	})
	files["/"] = files["/static/index.html"]
	delete(files, "/static/index.html")
	return files
}

// pageFile serves a file; a browser that has it asks only whether it is the same.
func pageFile(name, contentType string) http.Handler {
	content, err := static.ReadFile(name)
	if err != nil {
		panic("ops: " + err.Error())
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
