package sqlite

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/tlog"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
	"shuniu/internal/journal/journaltest"
)

// written makes a journal of n records in appends of 10, with a signed head after each 100, and leaves it open.
func written(t *testing.T, path string, n cad.Seq) (*Store, ed25519.PublicKey, []journal.SignedHead, *journal.HeadLog) {
	t.Helper()
	s, err := Open(t.Context(), path, small())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	e, _, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log, _, err := journal.OpenHeadLog(path + ".heads")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	var tree journal.Tree
	var heads []journal.SignedHead
	var since []tlog.Hash
	for after := cad.Seq(0); after < n; after += 10 {
		rs := journaltest.Records(after, 10)
		if err := s.Append(t.Context(), e, after, rs, []journal.Answer{journaltest.AnswerOf(int(after))}); err != nil {
			t.Fatal(err)
		}
		for _, r := range rs {
			body, err := r.Bytes()
			if err != nil {
				t.Fatal(err)
			}
			tree.Append(journal.Leaf(body))
			since = append(since, journal.Leaf(body))
		}
		if size, hash := tree.Head(); size%100 == 0 {
			h := journal.SignHead(key, journaltest.Centre, size, hash, rs[9].At)
			if err := log.Append(h, since); err != nil {
				t.Fatal(err)
			}
			heads, since = append(heads, h), nil
		}
	}
	pub, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		t.Fatal("no public key")
	}
	return s, pub, heads, log
}

// Whoever changes one bit of a record, and mends the sum, is found and the record is named (P6).
func TestEveryFlippedBitIsPlaced(t *testing.T) {
	const n = 500
	s, pub, heads, log := written(t, filepath.Join(t.TempDir(), "yunze.db"), n)
	flips := 1000
	if testing.Short() || journaltest.Raced {
		flips = 100
	}
	if size, err := journal.Verify(t.Context(), s, pub, heads, log); err != nil || size != n {
		t.Fatalf("untouched: %d, %v", size, err)
	}
	for i := range flips {
		seq := n - int64(i) // The first and the last record are among them.
		if seq < 1 {
			seq = 1 + rand.Int64N(n)
		}
		body, err := journaltest.Record(cad.Seq(seq-1)/10*10+1, cad.Seq(seq)).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		set := func() {
			if err := s.w.exec("UPDATE records SET body=?, sum=? WHERE seq=?", body, sum(seq, body), seq); err != nil {
				t.Fatal(err)
			}
		}
		i, bit := rand.IntN(len(body)), rand.IntN(8)
		body[i] ^= 1 << bit
		set()
		var found *journal.Tampered
		if _, err := journal.Verify(t.Context(), s, pub, heads, log); !errors.As(err, &found) || found.First != cad.Seq(seq) || found.Last != found.First {
			t.Fatalf("bit %d of byte %d of record %d: %v", bit, i, seq, err)
		}
		if _, err := journal.Verify(t.Context(), s, pub, heads, nil); !errors.As(err, &found) || found.First > cad.Seq(seq) || found.Last < cad.Seq(seq) || found.Last-found.First >= 100 {
			t.Fatalf("without leaves: record %d: %v", seq, err)
		}
		body[i] ^= 1 << bit
		set()
	}
	if _, err := journal.Verify(t.Context(), s, pub, heads, log); err != nil {
		t.Fatal(err)
	}
}

// A whole copy of yesterday in the place of today is a good database; only the heads show it.
func TestRollbackIsFound(t *testing.T) {
	dir := t.TempDir()
	path, yesterday := filepath.Join(dir, "yunze.db"), filepath.Join(dir, "yesterday.db")
	s, _, _, log := written(t, path, 300)
	if err := errors.Join(log.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	copyFile(t, path, yesterday, -1)
	if err := errors.Join(os.Remove(path), os.Remove(path+".heads"), os.Remove(path+".heads.leaves")); err != nil {
		t.Fatal(err)
	}
	s, pub, heads, log := written(t, path, 600)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	copyFile(t, yesterday, path, -1)
	s, err := Open(t.Context(), path, small())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	if err := s.Check(t.Context()); err != nil {
		t.Fatalf("yesterday's copy is whole: %v", err)
	}
	var found *journal.Tampered
	if _, err := journal.Verify(t.Context(), s, pub, heads, log); !errors.As(err, &found) || found.First != 301 {
		t.Fatalf("the rollback: %v", err)
	}
}

// copyFile copies the first n bytes, or all if n is below 0.
func copyFile(t *testing.T, from, to string, n int) {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if n >= 0 && n < len(b) {
		b = b[:n]
	}
	if err := os.WriteFile(to, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Whatever is cut or flipped in the files of a crashed journal: what is served afterwards is a whole prefix, or
// the damage is said. What the log lost is found by the signed heads.
func TestDamagedFiles(t *testing.T) {
	const n = 300
	dir := t.TempDir()
	path := filepath.Join(dir, "yunze.db")
	s, pub, heads, log := written(t, path, n)
	// A checkpoint in the middle, so that both files matter.
	if _, err := s.w.number("PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		t.Fatal(err)
	}
	e, head, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range cad.Seq(5) {
		if err := s.Append(t.Context(), e, head.Seq+i*10, journaltest.Records(head.Seq+i*10, 10), nil); err != nil {
			t.Fatal(err)
		}
	}
	files := map[string][]byte{}
	for _, name := range []string{path, path + "-wal"} { // As after a crash: nothing is closed.
		if files[name], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	rounds := 400
	if testing.Short() || journaltest.Raced {
		rounds = 60
	}
	outcomes := map[string]int{}
	for round := range rounds {
		at := filepath.Join(dir, fmt.Sprintf("copy%d", round), "yunze.db")
		if err := os.Mkdir(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		harmed := []string{path, path + "-wal"}[round%2]
		for name, content := range files {
			content = append([]byte(nil), content...)
			if name == harmed {
				where := rand.IntN(len(content))
				if round%4 < 2 {
					content[where] ^= 1 << rand.IntN(8)
				} else {
					content = content[:where]
				}
			}
			if err := os.WriteFile(at+strings.TrimPrefix(name, path), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		outcome, err := lookAt(t.Context(), at, pub, heads, log)
		if err != nil {
			t.Fatalf("round %d, %s: %v", round, harmed, err)
		}
		outcomes[outcome]++
		if err := os.RemoveAll(filepath.Dir(at)); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%v", outcomes)
	if outcomes["damage said"] == 0 {
		t.Error("no damage was ever met: the test harms nothing")
	}
}

// lookAt opens a damaged copy and says what happened. An error is a broken promise.
func lookAt(ctx context.Context, path string, pub ed25519.PublicKey, heads []journal.SignedHead, kept journal.Leaver) (string, error) {
	s, err := Open(ctx, path, small())
	if errors.Is(err, journal.ErrCorrupt) {
		return "damage said", nil
	}
	if err != nil {
		return "", fmt.Errorf("the damage has another name: %w", err)
	}
	defer func() { _ = s.Close() }()
	n, err := journaltest.CheckWhole(ctx, s)
	if errors.Is(err, journal.ErrCorrupt) {
		return "damage said", nil
	}
	if err != nil {
		return "", fmt.Errorf("something wrong was served: %w", err)
	}
	if n%10 != 0 {
		return "", fmt.Errorf("half an append is there: %d", n)
	}
	if err := s.Check(ctx); err != nil {
		if errors.Is(err, journal.ErrCorrupt) {
			return "damage said by Check", nil
		}
		return "", err
	}
	if _, err := journal.Verify(ctx, s, pub, heads, kept); err != nil {
		var found *journal.Tampered
		if !errors.As(err, &found) {
			return "", err
		}
		return "lost records found by the heads", nil
	}
	if n < 300 {
		return "", fmt.Errorf("%d signed records are there and the heads agree", n)
	}
	return "whole", nil
}

// A file that is not a journal is refused and stays as it is.
func TestForeignFile(t *testing.T) {
	for name, content := range map[string]string{
		"text":         strings.Repeat("这不是日志。", 100),
		"short":        "SQLite format 3\x00",
		"another's db": "SQLite format 3\x00" + strings.Repeat("\x01", 500),
	} {
		path := filepath.Join(t.TempDir(), "yunze.db")
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(t.Context(), path, small()); !errors.Is(err, journal.ErrCorrupt) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != content {
			t.Errorf("%s: the file was changed: %v", name, err)
		}
	}
}

// A full disk stores nothing of the append, and says so; with room again the store goes on.
func TestFullDisk(t *testing.T) {
	s, _, _, _ := written(t, filepath.Join(t.TempDir(), "yunze.db"), 100)
	if !s.ReserveHeld() {
		t.Error("the reserve is missing")
	}
	pages, err := s.w.number("PRAGMA page_count")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.w.number(fmt.Sprintf("PRAGMA max_page_count=%d", pages)); err != nil {
		t.Fatal(err)
	}
	err = s.Append(t.Context(), s.epoch, 100, journaltest.Records(100, 500), nil)
	if !errors.Is(err, journal.ErrFull) {
		t.Fatalf("a full disk: %v", err)
	}
	if err := s.Append(t.Context(), s.epoch, 100, journaltest.Records(100, 1), nil); err == nil {
		t.Fatal("an append was taken before Begin")
	}
	if ok, err := s.ReleaseReserve(); !ok || err != nil || s.ReserveHeld() {
		t.Fatalf("the reserve: %v %v", ok, err)
	}
	if _, err := s.w.number("PRAGMA max_page_count=1000000"); err != nil {
		t.Fatal(err)
	}
	e, head, err := s.Begin(t.Context())
	if err != nil || head.Seq != 100 {
		t.Fatalf("the end is %d: %v", head.Seq, err)
	}
	if err := s.Append(t.Context(), e, 100, journaltest.Records(100, 500), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.RestoreReserve(); err != nil || !s.ReserveHeld() {
		t.Errorf("the reserve is not back: %v", err)
	}
	if n, err := journaltest.CheckWhole(t.Context(), s); err != nil || n != 600 {
		t.Fatalf("%d records: %v", n, err)
	}
}
