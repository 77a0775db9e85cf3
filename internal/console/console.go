// Package console carries the built browser console inside the program and serves it. It must never know a row, a
// session or a rule: everything the page shows it fetches from the API like any other client.
package console

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"
)

//go:embed all:dist
var built embed.FS //nolint:gochecknoglobals // go:embed needs a package variable; nothing ever writes to it.

// policyFor allows what the console needs and nothing else: from other servers only the agency's own map. The map's
// worker is a script of our own, which MapLibre may also start from a blob; it draws images from blobs and data. Style
// attributes are set through the object model, which the policy does not restrict, so no inline style is allowed either.
func policyFor(origins []string) string {
	also := ""
	for _, o := range origins {
		also += " " + o
	}
	return "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self'; " +
		"img-src 'self' data: blob:" + also + "; font-src 'self'; connect-src 'self'" + also + "; manifest-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

const notBuilt = "The console is not part of this program yet: run make build.\n"

// file is one file of the built console. The build packs scripts and style sheets: of those only the packed bytes are held.
type file struct {
	body   []byte
	zipped bool
	kind   string
	etag   string
}

// Handler serves the console that was built into the program. Without one it says how to build it. The page may load
// from origins beside our own: scheme, host and port of the agency's map, as a content policy names them.
func Handler(origins ...string) http.Handler {
	dist, err := fs.Sub(built, "dist")
	if err != nil {
		dist = built // "dist" is a constant and valid, so this cannot be; an empty console says what to do.
	}
	return handler(dist, origins...)
}

// handler serves a built console from a folder. Files are read once: they cannot change while the program runs.
func handler(dist fs.FS, origins ...string) http.Handler {
	policy := policyFor(origins)
	files := map[string]file{}
	err := fs.WalkDir(dist, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Base(name) == ".keep" {
			return err
		}
		body, err := fs.ReadFile(dist, name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		plain, zipped := strings.CutSuffix(name, ".gz")
		files["/"+plain] = file{body: body, zipped: zipped, kind: kindOf(plain), etag: `"` + hex.EncodeToString(sum[:12]) + `"`}
		return nil
	})
	_, whole := files["/index.html"]
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD", http.StatusMethodNotAllowed)
			return
		}
		if err != nil || !whole {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, notBuilt) // The other side may be gone; there is nobody else to tell.
			return
		}
		serve(w, r, files, policy)
	})
}

func serve(w http.ResponseWriter, r *http.Request, files map[string]file, policy string) {
	name := path.Clean("/" + r.URL.Path)
	f, found := files[name]
	page := name == "/" || name == "/index.html"
	if !found {
		// An address inside the console is the page itself; a missing script or picture is not.
		if !page && (path.Ext(name) != "" || !strings.Contains(r.Header.Get("Accept"), "text/html")) {
			http.NotFound(w, r)
			return
		}
		f, page = files["/index.html"], true
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("ETag", f.etag)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", policy)
	if !page && strings.HasPrefix(name, "/assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // Their names carry a hash of their content.
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.forReader(h, r)))
}

// forReader gives the bytes that the reader can take, and says in the headers which they are.
func (f file) forReader(h http.Header, r *http.Request) []byte {
	if !f.zipped {
		return f.body
	}
	h.Set("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		return f.body
	}
	h.Set("ETag", strings.TrimSuffix(f.etag, `"`)+`-plain"`)
	z, err := gzip.NewReader(bytes.NewReader(f.body))
	if err != nil {
		return nil // The build packed it, so it can be unpacked.
	}
	plain, _ := io.ReadAll(z) // As above.
	return plain
}

// kindOf names the content of a file. The system's own table of types is not asked: it differs between machines.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".json", ".map":
		return "application/json"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
