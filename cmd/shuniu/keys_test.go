package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// refusedStart runs a command that must end by itself, and gives what it said.
func refusedStart(t *testing.T, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), startsWithin)
	defer cancel()
	if code := run(ctx, args, &out, &out); code != 1 || ctx.Err() != nil {
		t.Errorf("it ended with %d (%v) and said %q", code, ctx.Err(), out.String())
	}
	return out.String()
}

type healthAnswer struct {
	OK      bool
	Status  string
	Reasons []string
}

func (s *server) health() (h healthAnswer) {
	s.t.Helper()
	s.ask(http.MethodGet, "/api/v1/health", nil, nil, &h)
	return h
}

// A journal without its keys is not started with new ones, unless somebody says that they are lost. Then calls are
// taken (promise P8), health says so, also after a restart, and what cannot be read is not called erased.
func TestKeysAreNotMadeAnew(t *testing.T) {
	t.Chdir("../..")
	whole := t.TempDir()
	args := func(dir string, more ...string) []string {
		return append([]string{"serve", "--addr", "127.0.0.1:0", "--data", dir, "--centre", "centres/yunze"}, more...)
	}
	s := start(t, args(whole)...)
	s.take(2)
	s.stop()
	other := t.TempDir()
	s = start(t, args(other)...)
	s.take(1)
	s.stop()
	for name, spoil := range map[string]func(keys string) error{
		"no folder":       os.RemoveAll,
		"an empty folder": func(keys string) error { _ = os.RemoveAll(keys); return os.MkdirAll(keys, 0o700) },
		"no master key":   func(keys string) error { return os.Remove(filepath.Join(keys, "master.key")) },
		"keys of another centre": func(keys string) error {
			_ = os.RemoveAll(keys)
			return os.CopyFS(keys, os.DirFS(filepath.Join(other, "keys")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, whole)
			keys := filepath.Join(dir, "keys")
			if err := spoil(keys); err != nil {
				t.Fatal(err)
			}
			before, _ := filepath.Glob(keys + "/*")
			for range 2 { // The first refusal must not prepare a second start that succeeds.
				if said := refusedStart(t, args(dir)...); !strings.Contains(said, "key") || !strings.Contains(said, "back") {
					t.Errorf("it said %q", said)
				}
			}
			if after, _ := filepath.Glob(keys + "/*"); len(after) > len(before)+1 { // The lock.
				t.Errorf("a refused start made %q", after)
			}
			s := start(t, args(dir, "--keys-lost")...)
			s.lostWords()
			s.stop()
			s = start(t, args(dir)...) // Said once is enough.
			s.lostWords()
			s.stop()
			if aside, _ := filepath.Glob(keys + ".old-*"); len(before) > 0 && len(aside) != 1 {
				t.Errorf("the old keys are in %q", aside)
			}
		})
	}
	s = start(t, args(whole, "--keys-lost")...) // Keys that fit stay whatever is said.
	if h := s.health(); slices.Contains(h.Reasons, "keys_lost") {
		t.Errorf("health says %+v", h)
	}
	s.stop()
}

// lostWords takes a call, and looks how the lives are shown whose keys are lost.
func (s *server) lostWords() {
	s.t.Helper()
	if h := s.health(); !h.OK || h.Status != "degraded" || !slices.Contains(h.Reasons, "keys_lost") {
		s.t.Errorf("health says %+v", h)
	}
	s.take(1)
	var list struct {
		Items []struct {
			ID, Narrative  string
			Erased, Masked bool
		}
	}
	s.ask(http.MethodGet, "/api/v1/incidents?state=all", nil, nil, &list)
	masked, read := 0, 0
	for _, i := range list.Items {
		if i.Erased {
			s.t.Errorf("incident %s is called erased", i.ID)
		}
		if i.Masked {
			masked++
			var story struct{ Items []struct{ Erased bool } }
			s.ask(http.MethodGet, "/api/v1/incidents/"+i.ID+"/timeline", nil, nil, &story)
			for _, e := range story.Items {
				if e.Erased {
					s.t.Errorf("an entry of incident %s is called erased", i.ID)
				}
			}
		}
		if i.Narrative != "" {
			read++
		}
	}
	if masked != 2 || read == 0 {
		s.t.Errorf("%d of 2 old incidents are masked, %d new ones can be read", masked, read)
	}
}

// A journal that is shorter than its signed heads is not started, and nothing is made in its place; who has lost the
// rest begins anew, and the old heads stay as they were.
func TestSignedHeadsHoldTheJournal(t *testing.T) {
	t.Chdir("../..")
	whole := t.TempDir()
	args := func(dir string, more ...string) []string {
		return append([]string{"serve", "--addr", "127.0.0.1:0", "--data", dir, "--centre", "centres/yunze"}, more...)
	}
	s := start(t, args(whole)...)
	s.take(1)
	s.stop()
	older := copyFolder(t, whole)
	s = start(t, args(whole)...)
	s.take(3)
	s.stop()
	signNow(t, whole)
	for name, put := range map[string]func(journal string) error{
		"missing": os.Remove,
		"empty":   func(journal string) error { return os.WriteFile(journal, nil, 0o600) },
		"older": func(journal string) error {
			b, err := os.ReadFile(filepath.Join(older, "journal.db"))
			if err != nil {
				return err
			}
			return os.WriteFile(journal, b, 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := copyFolder(t, whole)
			_ = os.RemoveAll(filepath.Join(dir, "journal.db.snapshots")) // Whoever puts a file back takes its own.
			journal := filepath.Join(dir, "journal.db")
			if err := put(journal); err != nil {
				t.Fatal(err)
			}
			heads, err := os.ReadFile(filepath.Join(dir, "witness", "heads.log"))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if said := refusedStart(t, args(dir)...); !strings.Contains(said, "witness") || !strings.Contains(said, "--heads-anew") {
					t.Errorf("it said %q", said)
				}
			}
			if info, err := os.Stat(journal); name != "older" && err == nil && info.Size() > 0 {
				t.Errorf("a journal of %d bytes was made", info.Size())
			}
			for range 2 {
				s := start(t, args(dir, "--heads-anew")...)
				if h := s.health(); !h.OK || slices.Contains(h.Reasons, "journal_not_signed") {
					t.Errorf("health says %+v", h)
				}
				s.take(1)
				s.stop()
				signNow(t, dir)
			}
			aside, _ := filepath.Glob(filepath.Join(dir, "witness.old-*", "heads.log"))
			if len(aside) != 1 {
				t.Fatalf("old heads in %q", aside)
			}
			if kept, err := os.ReadFile(aside[0]); err != nil || !bytes.Equal(kept, heads) {
				t.Errorf("the old heads were changed (%v)", err)
			}
		})
	}
}
