package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
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

// A journal in form 1, whose index has a row for each record of a life, is lifted when it is opened for writing and
// refused, with what to do, by whoever may only read.
func TestFormOneIsLifted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "yunze.db")
	writeFormOne(t, path, 30)
	opt := small()
	opt.ReadOnly = true
	if r, err := Open(t.Context(), path, opt); err == nil {
		t.Errorf("a reader opened a file that it cannot lift: %v", r.Close())
	} else if !strings.Contains(err.Error(), "form 1") {
		t.Errorf("not said why: %v", err)
	}
	s, err := Open(t.Context(), path, small())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	e, head, err := s.Begin(t.Context())
	if err != nil || head.Seq != 30 {
		t.Fatalf("the end is %d: %v", head.Seq, err)
	}
	if err := s.Append(t.Context(), e, 30, journaltest.Records(30, 40), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	life, err := journaltest.Collect(s.BySubject(t.Context(), "unit:0"))
	if err != nil || len(life) != 30 { // Of 70 records, 23 are multiples of 3 and 10 of 7, three of both.
		t.Errorf("a life over both forms has %d records: %v", len(life), err)
	}
}

// writeFormOne makes a journal of n records as the first form had it.
func writeFormOne(t *testing.T, path string, n int) {
	t.Helper()
	c, err := dial(path, "journal_mode(WAL)", fmt.Sprintf("page_size(%d)", pageBytes))
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string, args ...any) {
		t.Helper()
		if err := c.exec(query, args...); err != nil {
			t.Fatal(err)
		}
	}
	do(strings.Replace(schema, "seq INTEGER NOT NULL, more BLOB,", "seq INTEGER NOT NULL,", 1))
	do(fmt.Sprintf("PRAGMA application_id=%d", applicationID))
	do("PRAGMA user_version=1")
	do("INSERT INTO meta VALUES('centre',?),('epoch','0')", string(journaltest.Centre))
	for _, r := range journaltest.Records(0, n) {
		body, err := r.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		do("INSERT INTO records VALUES(?,?,?)", int64(r.Seq), sum(int64(r.Seq), body), body)
		for _, sub := range distinct(r.Subjects) {
			do("INSERT INTO subjects VALUES(?,?)", string(sub), int64(r.Seq))
		}
	}
	if err := c.close(); err != nil {
		t.Fatal(err)
	}
}

// An index that leads astray is damage, not a shorter life.
func TestDamagedIndex(t *testing.T) {
	s, _, _, _ := written(t, filepath.Join(t.TempDir(), "yunze.db"), 50)
	for name, more := range map[string][]byte{"half a number": {0x80}, "a step of nothing": {0}, "another record": {1}, "beyond the end": {0xff, 0x7f}} {
		if err := s.w.exec("UPDATE subjects SET more=? WHERE subject='incident:i000001' AND seq=10", more); err != nil {
			t.Fatal(err)
		}
		if _, err := journaltest.Collect(s.BySubject(t.Context(), "incident:i000001")); name != "another record" && !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("%s: reading the life: %v", name, err)
		}
		if err := s.Check(t.Context()); !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("%s: Check: %v", name, err)
		}
	}
}
