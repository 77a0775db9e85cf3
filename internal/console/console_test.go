package console

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func get(t *testing.T, h http.Handler, method, target, accept, ifNone string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, target, nil)
	r.Header.Set("Accept", accept)
	if ifNone != "" {
		r.Header.Set("If-None-Match", ifNone)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestHandler(t *testing.T) {
	h := handler(fstest.MapFS{
		".keep":               {},
		"index.html":          {Data: []byte("<!doctype html><title>console</title>")},
		"assets/app-1a2b.js":  {Data: []byte("export {}")},
		"assets/app-1a2b.css": {Data: []byte("body{}")},
	})
	const html = "text/html,*/*"
	for _, c := range []struct {
		name, method, target, accept string
		status                       int
		kind, cache, body            string
	}{
		{"the page", "GET", "/", html, 200, "text/html; charset=utf-8", "no-cache", "<title>console"},
		{"an address inside it", "GET", "/incident/42", html, 200, "text/html; charset=utf-8", "no-cache", "<title>console"},
		{"a hashed file", "GET", "/assets/app-1a2b.js", "*/*", 200, "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "export"},
		{"a style sheet", "GET", "/assets/app-1a2b.css", "*/*", 200, "text/css; charset=utf-8", "public, max-age=31536000, immutable", "body"},
		{"a missing file is not the page", "GET", "/assets/old.js", html, 404, "", "", ""},
		{"data is not the page", "GET", "/elsewhere", "application/json", 404, "", "", ""},
		{"outside the folder", "GET", "/../console.go", "*/*", 404, "", "", ""},
		{"the placeholder", "GET", "/.keep", "*/*", 404, "", "", ""},
		{"a write", "POST", "/", html, 405, "", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := get(t, h, c.method, c.target, c.accept, "")
			if w.Code != c.status {
				t.Fatalf("status %d, want %d", w.Code, c.status)
			}
			if c.status != 200 {
				return
			}
			if got := w.Header().Get("Content-Type"); got != c.kind {
				t.Errorf("content type %q, want %q", got, c.kind)
			}
			if got := w.Header().Get("Cache-Control"); got != c.cache {
				t.Errorf("cache %q, want %q", got, c.cache)
			}
			if !strings.Contains(w.Body.String(), c.body) {
				t.Errorf("body %q lacks %q", w.Body, c.body)
			}
			csp := w.Header().Get("Content-Security-Policy")
			if !strings.Contains(csp, "script-src 'self';") || strings.Contains(csp, "unsafe") {
				t.Errorf("policy allows more than our own scripts: %q", csp)
			}
		})
	}
}

func TestHandler_PackedFileIsSentAsItIsHeld(t *testing.T) {
	const script = "export const words = 'the same words, the same words'"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write([]byte(script)) // The buffer takes everything.
	_ = z.Close()
	h := handler(fstest.MapFS{"index.html": {Data: []byte("page")}, "assets/app-1a2b.js.gz": {Data: packed.Bytes()}})
	tags := map[string]bool{}
	for _, able := range []string{"gzip, br", ""} {
		r := httptest.NewRequest(http.MethodGet, "/assets/app-1a2b.js", nil)
		r.Header.Set("Accept-Encoding", able)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		want := script
		if able != "" {
			want = packed.String()
		}
		if w.Code != http.StatusOK || w.Body.String() != want || (w.Header().Get("Content-Encoding") == "gzip") != (able != "") {
			t.Errorf("a reader that takes %q got %d, %d bytes as %q", able, w.Code, w.Body.Len(), w.Header().Get("Content-Encoding"))
		}
		if kind := w.Header().Get("Content-Type"); kind != "text/javascript; charset=utf-8" {
			t.Errorf("content type %q", kind)
		}
		tags[w.Header().Get("ETag")] = true
	}
	if len(tags) != 2 {
		t.Errorf("two bodies have %d tags between them: a cache would mix them up", len(tags))
	}
}

func TestHandler_UnchangedPageIsNotSentAgain(t *testing.T) {
	h := handler(fstest.MapFS{"index.html": {Data: []byte("one")}})
	tag := get(t, h, "GET", "/", "text/html", "").Header().Get("ETag")
	if tag == "" {
		t.Fatal("no ETag")
	}
	if w := get(t, h, "GET", "/", "text/html", tag); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 304 and none", w.Code, w.Body.Len())
	}
	other := handler(fstest.MapFS{"index.html": {Data: []byte("two")}})
	if w := get(t, other, "GET", "/", "text/html", tag); w.Code != http.StatusOK {
		t.Errorf("a new page answers %d to the old tag, want 200", w.Code)
	}
}

func TestHandler_SaysHowToBuild(t *testing.T) {
	w := get(t, handler(fstest.MapFS{".keep": {}}), "GET", "/", "text/html", "")
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "make build") {
		t.Errorf("%d %q, want 503 and the remedy", w.Code, w.Body)
	}
	if w := get(t, Handler(), "DELETE", "/", "*/*", ""); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("built-in console answers %d to DELETE, want 405", w.Code)
	}
}
