package bench

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestScreen(t *testing.T) {
	if chromium() == "" {
		t.Skip("skipped: there is no Chromium")
	}
	if _, err := os.Stat("../console/dist/index.html"); err != nil {
		t.Skip("skipped: the console is not built (make console)")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(t.TempDir(), "shuniu")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", exe, "./cmd/shuniu")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Chdir(root) // Where the town lies.
	var out bytes.Buffer
	o := short(t, &out)
	o.Program, o.Sizes.Changes = exe, 12
	if err := Screen(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	got := lines(t, o, &out)
	if len(got) != 1 {
		t.Fatalf("lines: %v", got)
	}
	x := got[0]
	positive(t, x, "demo_ready_ms", "first_page_ms", "first_page_running_ms", "demo_rss_mb", "second_screen_max_ms")
	if x["second_screen_seen"] != 12.0 || x["second_screen_missed"] != 0.0 || x["first_screen_missed"] != 0.0 {
		t.Errorf("of 12 changes the second screen saw %v and missed %v, the first missed %v", x["second_screen_seen"], x["second_screen_missed"], x["first_screen_missed"])
	}
	if x["first_page_ms"].(float64) <= x["demo_ready_ms"].(float64) {
		t.Errorf("a page before the demo was there: %v", x)
	}
}

func TestScreenWithoutBrowser(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CHROMIUM", "")
	var out bytes.Buffer
	o := short(t, &out)
	if err := Screen(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if got := lines(t, o, &out); len(got) != 1 || got[0]["skipped"] == nil || got[0]["second_screen_p95_ms"] != nil {
		t.Errorf("printed %v", got)
	}
}

// A row that never comes, or too late, must not be counted as one that was seen in time.
func TestScreenCountsWhatIsMissed(t *testing.T) {
	at := time.Unix(100, 0)
	made := []change{{"a", at}, {"b", at.Add(time.Second)}}
	after := func(a, b time.Duration) map[string]time.Time {
		return map[string]time.Time{"a": at.Add(a), "b": at.Add(time.Second + b), "other": at}
	}
	for _, tt := range []struct {
		name               string
		painted            map[string]time.Time
		seen, late, missed int
		worst              time.Duration
	}{
		{"both in time", after(30*time.Millisecond, 100*time.Millisecond), 2, 0, 0, 100 * time.Millisecond},
		{"one late", after(30*time.Millisecond, 101*time.Millisecond), 2, 1, 0, 101 * time.Millisecond},
		{"one never", map[string]time.Time{"a": at}, 1, 0, 1, 0},
		{"one after everybody went", after(0, seenWithin+1), 1, 0, 1, 0},
		{"one before it was answered", after(-5*time.Millisecond, 0), 2, 0, 0, 0},
		{"a blind screen", nil, 0, 0, 2, 0},
	} {
		got := countRows(made, tt.painted)
		if len(got.took) != tt.seen || got.late != tt.late || got.missed != tt.missed {
			t.Errorf("%s: %d seen, %d late, %d missed", tt.name, len(got.took), got.late, got.missed)
		}
		if worst := got.took.ms(1); worst != milliseconds(tt.worst) {
			t.Errorf("%s: the worst took %v ms", tt.name, worst)
		}
	}
}

// An incident must not leave the queue before a slow screen has drawn it: it would be counted as missed.
func TestScreenWaitsForSlowScreens(t *testing.T) {
	seen := map[string]time.Time{"a": time.Now()}
	for _, tt := range []struct {
		name          string
		stood         time.Duration
		first, second map[string]time.Time
		want          bool
	}{
		{"both have it", 3 * time.Second, seen, seen, true},
		{"both have it at once", time.Second, seen, seen, false},
		{"the first is held up", 3 * time.Second, nil, seen, false},
		{"the second is held up", 3 * time.Second, seen, nil, false},
		{"nobody waits any longer", seenWithin + time.Second, nil, nil, true},
	} {
		s := &stage{glass: newGlass(t.Context())}
		s.glass.rows[firstScreen], s.glass.rows[secondScreen] = tt.first, tt.second
		c := change{"a", time.Now().Add(-tt.stood)}
		if tt.first != nil || tt.second != nil {
			seen["a"] = c.at
		}
		if got := s.measured(c); got != tt.want {
			t.Errorf("%s: measured %v", tt.name, got)
		}
	}
}

// The page that is measured must be the one that is served: the same policy, one script more.
func TestGlassKeepsThePage(t *testing.T) {
	const policy = "script-src 'self'"
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		if r.URL.Path != "/" {
			_, _ = io.WriteString(w, `"<head>"`+r.Host)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<html><head><title>x</title></head></html>")
	}))
	defer behind.Close()
	g := newGlass(t.Context())
	front := httptest.NewServer(g.handler())
	defer front.Close()
	if err := g.show(strings.TrimPrefix(behind.URL, "http://")); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/":    `<html><head><script src="/bench/screen.js"></script><title>x</title></head></html>`,
		"/api": `"<head>"` + strings.TrimPrefix(front.URL, "http://"),
	} {
		res, err := http.Get(front.URL + path) //nolint:noctx // A test's own server.
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil || res.Body.Close() != nil {
			t.Fatal(err)
		}
		if string(body) != want || res.Header.Get("Content-Security-Policy") != policy {
			t.Errorf("%s: %q with policy %q", path, body, res.Header.Get("Content-Security-Policy"))
		}
	}
}
