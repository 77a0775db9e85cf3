package main

import (
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What a data folder holds is for its owner only, whatever the process was started with.
func TestFilesAreForTheirOwner(t *testing.T) {
	t.Chdir("../..")
	old := syscall.Umask(0)
	defer syscall.Umask(old)
	dir := filepath.Join(t.TempDir(), "data")
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", dir)
	look := func() {
		t.Helper()
		seen := 0
		if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return nil //nolint:nilerr // A log of SQLite that ended meanwhile.
			}
			info, err := d.Info()
			if err != nil {
				return nil //nolint:nilerr // The same.
			}
			seen++
			if info.Mode().Perm()&0o077 != 0 {
				t.Errorf("%s has mode %v", path, info.Mode())
			}
			return nil
		}); err != nil || seen < 10 {
			t.Fatalf("%d files, %v", seen, err)
		}
	}
	look()
	s.stop()
	look()
}

// Recorded calls in --from mean their city; a folder without them is refused, not passed over.
func TestDemoFrom(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	if said := refusedStart(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--from", dir); !strings.Contains(said, "leave out --from") {
		t.Errorf("it said %q", said)
	}
	if err := os.WriteFile(filepath.Join(dir, "calls.csv.gz"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := demoCommand{City: "town", From: dir}
	where, err := c.city()
	if err != nil || where.calls != filepath.Join(dir, "calls.csv.gz") || filepath.Base(where.centre) != "sf" {
		t.Errorf("%+v, %v", where, err)
	}
}

// A killed world goes on from the time that it had, not from its last record: the clock is written while it runs.
func TestDemoRemembersItsTime(t *testing.T) {
	t.Chdir("../..")
	dir := t.TempDir()
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", dir, "--speed", "10")
	var was sessionAnswer
	s.ask(http.MethodGet, "/api/v1/session", nil, nil, &was)
	written := time.Time{}
	for end := time.Now().Add(10 * time.Second); written.Before(was.Clock) && time.Now().Before(end); {
		if text, err := os.ReadFile(filepath.Join(dir, clockFile)); err == nil {
			if written, err = time.Parse(time.RFC3339Nano, string(text)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if written.Before(was.Clock) {
		t.Errorf("the world's time is %v, %v is written down", was.Clock, written)
	}
	if got := stoppedAt(&files{dir: dir}); got.Before(was.Clock) {
		t.Errorf("after a kill now it would go on from %v, it was %v", got, was.Clock)
	}
}

// demoAnswer is how a world runs and what can be done with it, as far as these tests look.
type demoAnswer struct {
	Paused        bool
	Speed, Chosen float64
	Clock         time.Time
	Surge         *struct {
		Kind   string
		Factor float64
	}
	Surges    []struct{ Kind string }
	Scenarios []struct {
		ID   string
		Name map[string]string
	}
	Next []struct {
		Verb    string
		Allowed bool
		Code    string
	}
	Code, Remedy string // Of a refusal.
}

// A visitor pauses the world, steps it and lets it go on; what recorded calls cannot do is refused with a way out.
func TestDemoIsMoved(t *testing.T) {
	t.Chdir("../..")
	s := start(t, "demo", "--city", "town", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--speed", "10")
	post := func(name string, body any, status int) (a demoAnswer) {
		t.Helper()
		if got := s.ask(http.MethodPost, "/api/v1/demo/"+name, body, nil, &a); got != status {
			t.Fatalf("%s: status %d, want %d: %+v", name, got, status, a)
		}
		return a
	}
	if a := post("step", map[string]any{"seconds": 10}, http.StatusConflict); a.Code != "not_paused" || a.Remedy == "" {
		t.Errorf("a running world was stepped: %+v", a)
	}
	was := post("pause", nil, http.StatusOK)
	if !was.Paused || was.Speed != 0 || was.Chosen != 10 {
		t.Errorf("paused, it runs as %+v", was)
	}
	if now := post("step", map[string]any{"seconds": 60}, http.StatusOK); now.Clock.Sub(was.Clock) != time.Minute {
		t.Errorf("a step of a minute led from %v to %v", was.Clock, now.Clock)
	}
	for _, bad := range []float64{0, -1, 601} {
		post("step", map[string]any{"seconds": bad}, http.StatusBadRequest)
	}
	for name, body := range map[string]any{"surge": map[string]any{"kind": "storm"}, "scenario": map[string]any{"id": "fire"}} {
		if a := post(name, body, http.StatusConflict); a.Code != "recorded_calls" || a.Remedy == "" {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if now := post("resume", nil, http.StatusOK); now.Paused || now.Speed != 10 {
		t.Errorf("resumed, it runs as %+v", now)
	}
	var a demoAnswer
	if got := s.ask(http.MethodGet, "/api/v1/demo", nil, nil, &a); got != http.StatusOK || len(a.Next) != 6 || a.Paused {
		t.Errorf("status %d: %+v", got, a)
	}
}
