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
	if a := post("surge", map[string]any{"kind": "storm"}, http.StatusConflict); a.Code != "recorded_calls" || a.Remedy == "" {
		t.Errorf("recorded calls were made more: %+v", a)
	}
	post("scenario", map[string]any{"id": "knife"}, http.StatusOK)
	ringing := func() (out []string) {
		var list struct{ Items []struct{ ID, Phase string } }
		if got := s.ask(http.MethodGet, "/api/v1/calls", nil, nil, &list); got != http.StatusOK {
			t.Fatalf("calls: status %d", got)
		}
		for _, c := range list.Items {
			out = append(out, c.ID)
		}
		return out
	}
	if before := ringing(); len(before) != 0 {
		t.Fatalf("somebody calls already: %v", before)
	}
	called := false
	for range 36 { // Three minutes; a call may be answered and over within a few seconds.
		post("step", map[string]any{"seconds": 5}, http.StatusOK)
		if called = len(ringing()) > 0; called {
			break
		}
	}
	if !called {
		t.Error("a big incident was begun beside recorded calls, and nobody calls")
	}
	if now := post("resume", nil, http.StatusOK); now.Paused || now.Speed != 10 {
		t.Errorf("resumed, it runs as %+v", now)
	}
	var a demoAnswer
	if got := s.ask(http.MethodGet, "/api/v1/demo", nil, nil, &a); got != http.StatusOK || len(a.Next) != 6 || a.Paused {
		t.Errorf("status %d: %+v", got, a)
	}
}

// The city of the demo is made once and kept; its callers ring, can be stirred, and say something to whoever answers.
func TestDemoOfAnInventedCity(t *testing.T) {
	t.Chdir("../..")
	worlds, dir := t.TempDir(), t.TempDir()
	s := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--worlds", worlds, "--speed", "0")
	if !strings.Contains(strings.Join(s.said, "\n"), "making the district of seed 1") {
		t.Errorf("it said %q", s.said)
	}
	var a demoAnswer
	if got := s.ask(http.MethodGet, "/api/v1/demo", nil, nil, &a); got != http.StatusOK || len(a.Scenarios) != 12 || len(a.Surges) != 4 || !a.Paused {
		t.Fatalf("status %d: %+v", got, a)
	}
	var open struct {
		Items []struct{ Assignments []struct{ Unit string } }
	}
	s.ask(http.MethodGet, "/api/v1/incidents?state=open&limit=500", nil, nil, &open)
	sent := 0
	for _, i := range open.Items {
		sent += len(i.Assignments)
	}
	if len(open.Items) < 5 || sent == 0 {
		t.Errorf("a visitor meets %d open incidents and %d units that were sent to them", len(open.Items), sent)
	}
	for _, move := range []struct {
		name string
		body map[string]any
	}{{"surge", map[string]any{"kind": "storm"}}, {"scenario", map[string]any{"id": a.Scenarios[0].ID}}, {"step", map[string]any{"seconds": 5}}} {
		if got := s.ask(http.MethodPost, "/api/v1/demo/"+move.name, move.body, nil, &a); got != http.StatusOK || a.Surge == nil || a.Surge.Kind != "storm" {
			t.Fatalf("%s: status %d: %+v", move.name, got, a)
		}
	}
	var calls struct{ Items []struct{ ID string } }
	s.ask(http.MethodGet, "/api/v1/calls?state=open", nil, nil, &calls)
	if len(calls.Items) == 0 {
		t.Fatal("nobody rings five seconds into a big incident")
	}
	var said struct{ Place, Words string }
	if got := s.ask(http.MethodGet, "/api/v1/demo/said/"+calls.Items[0].ID, nil, nil, &said); got != http.StatusOK || said.Place == "" && said.Words == "" {
		t.Errorf("status %d: the caller says %+v", got, said)
	}
	s.stop()

	s = start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--worlds", worlds, "--speed", "1")
	if strings.Contains(strings.Join(s.said, "\n"), "making") {
		t.Errorf("the city was made again: %q", s.said)
	}
	s.stop()
	if said := refusedStart(t, "demo", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--autopilot", "recorded"); !strings.Contains(said, "--autopilot recommended") {
		t.Errorf("it said %q", said)
	}
}
