package console

import (
	"net/http"
	"testing"
	"testing/fstest"
)

// TestTheWorkerIsAskedForAnew checks that a browser asks for the service worker at every load, and gets it as a script of
// the root that may speak to nobody but us: one that was kept for a year would keep a console of last year.
func TestTheWorkerIsAskedForAnew(t *testing.T) {
	h := handler(fstest.MapFS{"index.html": {Data: []byte("page")}, "service-worker.js": {Data: []byte("one")}})
	w := get(t, h, "GET", "/service-worker.js", "*/*", "")
	for name, want := range map[string]string{"Cache-Control": "no-cache", "Content-Type": "text/javascript; charset=utf-8", "Content-Security-Policy": policyFor(nil)} {
		if got := w.Header().Get(name); w.Code != http.StatusOK || got != want {
			t.Errorf("%d %s %q, want %q", w.Code, name, got, want)
		}
	}
	other := handler(fstest.MapFS{"index.html": {Data: []byte("page")}, "service-worker.js": {Data: []byte("two")}})
	if w := get(t, other, "GET", "/service-worker.js", "*/*", w.Header().Get("ETag")); w.Code != http.StatusOK || w.Body.String() != "two" {
		t.Errorf("another program's worker: %d %q", w.Code, w.Body)
	}
}
