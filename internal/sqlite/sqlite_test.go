package sqlite

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

// small keeps tests from laying out many megabytes each.
func small() Options {
	return Options{Centre: journaltest.Centre, ReserveBytes: 1 << 16, WALBytes: 1 << 16}
}

func openSpec(path string) (journal.Store, error) { return Open(context.Background(), path, small()) }

func TestMain(m *testing.M) { os.Exit(journaltest.Main(m, openSpec)) }

func TestStore(t *testing.T) {
	journaltest.Run(t, func(t *testing.T) journaltest.Medium {
		path := filepath.Join(t.TempDir(), "yunze.db")
		return journaltest.Medium{Open: func() (journal.Store, error) { return openSpec(path) }, Spec: path}
	})
}

// A verifier may read beside the writer, sees what is durable, and can change nothing.
func TestReadOnly(t *testing.T) {
	s, _, _, _ := written(t, filepath.Join(t.TempDir(), "yunze.db"), 50)
	opt := small()
	opt.ReadOnly = true
	r, err := Open(t.Context(), s.path, opt)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if _, _, err := r.Begin(t.Context()); err == nil {
		t.Error("a reader began to write")
	}
	if err := r.ForgetAnswers(t.Context(), journaltest.Start().AddDate(1, 0, 0)); err == nil {
		t.Error("a reader forgot answers")
	}
	if err := r.SetCursor(t.Context(), "deadlines", 5); err == nil {
		t.Error("a reader moved a cursor")
	}
	if err := s.Append(t.Context(), s.epoch, 50, journaltest.Records(50, 5), nil); err != nil {
		t.Fatal(err)
	}
	if n, err := journaltest.CheckWhole(t.Context(), r); err != nil || n != 55 {
		t.Errorf("the reader sees %d records: %v", n, err)
	}
}
