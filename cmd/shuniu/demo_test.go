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
	s := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir)
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
	if said := refusedStart(t, "demo", "--addr", "127.0.0.1:0", "--data", t.TempDir(), "--from", dir); !strings.Contains(said, "leave out --from") {
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
	s := start(t, "demo", "--addr", "127.0.0.1:0", "--data", dir, "--speed", "10")
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
