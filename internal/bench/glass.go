package bench

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

//go:embed screen.js
var watcher []byte //nolint:gochecknoglobals // go:embed needs a package variable; nothing ever writes to it.

// sight is the first rows of a screen: when they were painted, and when its page began to load.
type sight struct{ at, began time.Time }

// glass is the proxy between browsers and a demo. It holds every request until there is a demo.
type glass struct {
	ctx  context.Context //nolint:containedctx // Requests that are held end with the bench.
	news chan struct{}   // Something was painted, or asked for.

	mu     sync.Mutex
	target *url.URL
	ready  chan struct{}   // Closed when there is a target.
	asked  map[string]bool // Screens whose page was asked for.
	first  map[string]sight
	rows   map[string]map[string]time.Time // By screen and incident.
}

func newGlass(ctx context.Context) *glass {
	return &glass{ctx: ctx, asked: map[string]bool{}, news: make(chan struct{}, 1), ready: make(chan struct{}), first: map[string]sight{}, rows: map[string]map[string]time.Time{}}
}

// show looks at another demo from now on.
func (g *glass) show(addr string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.target == nil {
		close(g.ready)
	}
	g.target = &url.URL{Scheme: "http", Host: addr}
	return nil
}

func (g *glass) tell() {
	select {
	case g.news <- struct{}{}:
	default:
	}
}

// await waits until something is so; it is asked under the lock whenever there is news.
func (g *glass) await(ctx context.Context, within time.Duration, what string, so func() bool) error {
	end := time.NewTimer(within)
	defer end.Stop()
	for {
		g.mu.Lock()
		yes := so()
		g.mu.Unlock()
		if yes {
			return nil
		}
		select {
		case <-g.news:
		case <-end.C:
			return fmt.Errorf("bench: not within %v: %s", within, what)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// count is called under the lock, counted without it.
func (g *glass) count(screen string, made []change) screened { return countRows(made, g.rows[screen]) }

func (g *glass) counted(screen string, made []change) screened {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.count(screen, made)
}

// handler is the proxy. The page keeps the policy that it was served with: the script comes from its own origin.
func (g *glass) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /bench/screen.js", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = w.Write(watcher) // A browser that is gone needs nothing.
	})
	mux.HandleFunc("POST /bench/seen", g.seen)
	proxy := &httputil.ReverseProxy{
		FlushInterval: -1, // The stream.
		Rewrite: func(r *httputil.ProxyRequest) {
			g.mu.Lock()
			defer g.mu.Unlock()
			r.SetURL(g.target)
			r.Out.Host = r.In.Host // The demo compares it with the origin of the page.
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: withWatcher,
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		g.mu.Lock()
		g.asked[r.URL.Query().Get("screen")] = true
		g.mu.Unlock()
		g.tell()
		select {
		case <-g.ready:
			proxy.ServeHTTP(w, r)
		case <-r.Context().Done():
		case <-g.ctx.Done():
		}
	})
	return mux
}

// withWatcher adds the script to a page, before its own.
func withWatcher(r *http.Response) error {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	page, err := io.ReadAll(r.Body)
	if err = errors.Join(err, r.Body.Close()); err != nil {
		return err
	}
	const head = "<head>"
	if !bytes.Contains(page, []byte(head)) {
		return errors.New("the page has no head to put the script in")
	}
	page = bytes.Replace(page, []byte(head), []byte(head+`<script src="/bench/screen.js"></script>`), 1)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(page)), int64(len(page))
	r.Header.Set("Content-Length", strconv.Itoa(len(page)))
	r.Header.Del("ETag")
	return nil
}

// seen takes what a screen has painted.
func (g *glass) seen(w http.ResponseWriter, r *http.Request) {
	var x struct {
		Screen    string
		Rows      []string
		At, Began float64 // Milliseconds since 1970.
	}
	if err := json.NewDecoder(r.Body).Decode(&x); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	moment := func(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)) }
	g.mu.Lock()
	if _, known := g.first[x.Screen]; !known {
		g.first[x.Screen], g.rows[x.Screen] = sight{at: moment(x.At), began: moment(x.Began)}, map[string]time.Time{}
	}
	for _, id := range x.Rows {
		g.rows[x.Screen][id] = moment(x.At)
	}
	g.mu.Unlock()
	g.tell()
	w.WriteHeader(http.StatusNoContent)
}

// tailMax is how much of what a program said is kept, bytes.
const tailMax = 64 << 10

// tail is the end of what a program said.
type tail struct {
	mu   sync.Mutex
	text []byte
}

// Write keeps it.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - tailMax; extra > 0 {
		t.text = t.text[extra:]
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
