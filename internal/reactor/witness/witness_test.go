package witness_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
	"shuniu/internal/memstore"
	"shuniu/internal/reactor/witness"
)

func start() time.Time { return time.Date(2030, 6, 7, 8, 0, 0, 0, time.UTC) }

// write appends records up to a sequence. say gives what each says.
func write(t *testing.T, s *memstore.Store, to cad.Seq, say func(cad.Seq) string) {
	t.Helper()
	epoch, head, err := s.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var records []journal.Record
	for seq := head.Seq + 1; seq <= to; seq++ {
		data, err := json.Marshal(say(seq))
		if err != nil {
			t.Fatal(err)
		}
		records = append(records, journal.Record{
			Seq: seq, Commit: int64(seq), At: start(), Happened: start(), HappenedFrom: cad.FromClock, Centre: "test", Actor: "p",
			Type: "test.said", Version: 1, Subjects: []cad.Subject{"test:1"}, Data: data,
		})
	}
	if err := s.Append(t.Context(), epoch, head.Seq, records, nil); err != nil {
		t.Fatal(err)
	}
}

func truth(cad.Seq) string { return "as it was" }

type bench struct {
	t     *testing.T
	dir   string
	store *memstore.Store
	w     *witness.Reactor
}

func (b *bench) heads() string { return filepath.Join(b.dir, "heads") }

func (b *bench) key() ed25519.PrivateKey {
	b.t.Helper()
	key, err := witness.OpenKey(filepath.Join(b.dir, "witness.pem"), b.heads())
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

func (b *bench) public() ed25519.PublicKey {
	b.t.Helper()
	key, err := witness.ReadPublic(filepath.Join(b.dir, "witness.pem.pub"))
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

func (b *bench) open(store journal.Store) error {
	b.t.Helper()
	w, err := witness.Open(b.t.Context(), witness.Options{Store: store, Centre: "test", Heads: b.heads(), Key: b.key()})
	if err == nil {
		b.w = w
		b.t.Cleanup(func() { _ = w.Close() })
	}
	return err
}

func (b *bench) step(after time.Duration, want bool) {
	b.t.Helper()
	signed, err := b.w.Step(b.t.Context(), start().Add(after))
	if err != nil || signed != want {
		b.t.Fatalf("at %s: signed %t, %v; want %t", after, signed, err, want)
	}
}

func newBench(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, dir: t.TempDir(), store: memstore.New("test")}
	if err := b.open(b.store); err != nil {
		t.Fatal(err)
	}
	return b
}

// signed is a journal of 30 records with heads over 10, 20 and 30, the last one signed after a restart.
func signed(t *testing.T) *bench {
	t.Helper()
	b := newBench(t)
	write(t, b.store, 10, truth)
	b.step(0, true)
	write(t, b.store, 20, truth)
	b.step(time.Minute, true)
	if err := b.w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := b.open(b.store); err != nil {
		t.Fatal(err)
	}
	write(t, b.store, 30, truth)
	b.step(2*time.Minute, true)
	return b
}

func TestStep(t *testing.T) {
	b := newBench(t)
	b.step(0, false) // An empty journal has nothing to prove.
	write(t, b.store, 10, truth)
	b.step(0, true) // The first word is signed at once.
	b.step(time.Hour, false)
	write(t, b.store, 11, truth)
	b.step(59*time.Second, false)
	b.step(60*time.Second, true)
	write(t, b.store, 1010, truth)
	b.step(61*time.Second, false) // 999 records and a second.
	write(t, b.store, 1011, truth)
	b.step(61*time.Second, true)
	last, ok := b.w.Last()
	if !ok || last.Size != 1011 || !last.At.Equal(start().Add(61*time.Second)) {
		t.Errorf("the last head is %+v", last)
	}
	write(t, b.store, 1012, truth)
	if err := b.w.Sign(t.Context(), start()); err != nil {
		t.Fatal(err)
	}
	report, err := witness.Check(t.Context(), b.store, b.heads(), b.public())
	if err != nil || report.Heads != 4 || report.Covered != 1012 || report.Records != 1012 {
		t.Errorf("the check says %+v, %v", report, err)
	}
}

func TestCheck(t *testing.T) {
	for _, tt := range []struct {
		name  string
		to    cad.Seq
		lie   cad.Seq // The record that says something else; 0 for none.
		first cad.Seq // 0: nothing is found.
		head  int
	}{
		{"untouched", 30, 0, 0, 0},
		{"grown", 45, 0, 0, 0},
		{"first record", 30, 1, 1, 0},
		{"record 17", 30, 17, 17, 1},
		{"last record", 30, 30, 30, 2},
		{"after the last head", 45, 40, 0, 0}, // Proved by nothing yet.
		{"cut", 29, 0, 30, 2},
		{"older copy", 12, 0, 13, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := signed(t)
			store := memstore.New("test")
			write(t, store, tt.to, func(seq cad.Seq) string {
				if seq == tt.lie {
					return "as somebody wished it had been"
				}
				return truth(seq)
			})
			report, err := witness.Check(t.Context(), store, b.heads(), b.public())
			if tt.first == 0 {
				if err != nil || report.Records != int64(tt.to) || report.Heads != 3 || report.Covered != 30 {
					t.Fatalf("%+v, %v", report, err)
				}
				return
			}
			var found *journal.Tampered
			if !errors.As(err, &found) || found.First != tt.first || found.Last != tt.first || found.Head != tt.head {
				t.Fatalf("found %+v (%v), want record %d by head %d", found, err, tt.first, tt.head)
			}
		})
	}
}

// TestRewritten signs on after a rewrite: the new heads carry the old leaves on, so the lie is still found.
func TestRewritten(t *testing.T) {
	b := signed(t)
	lie := memstore.New("test")
	write(t, lie, 40, func(seq cad.Seq) string {
		if seq == 17 {
			return "as somebody wished it had been"
		}
		return truth(seq)
	})
	if err := b.open(lie); err != nil {
		t.Fatal(err)
	}
	b.step(time.Hour, true)
	_, err := witness.Check(t.Context(), lie, b.heads(), b.public())
	var found *journal.Tampered
	if !errors.As(err, &found) || found.First != 17 {
		t.Fatalf("found %v", err)
	}
}

// TestCut refuses to sign a journal that became shorter than what was signed, or another's past.
func TestCut(t *testing.T) {
	b := signed(t)
	older := memstore.New("test")
	write(t, older, 12, truth)
	if err := b.open(older); err != nil {
		t.Fatal(err)
	}
	did, err := b.w.Step(t.Context(), start().Add(time.Hour))
	var found *journal.Tampered
	if did || !errors.As(err, &found) || found.First != 13 {
		t.Fatalf("signed %t, %v", did, err)
	}
	if err := b.w.Sign(t.Context(), start().Add(time.Hour)); !errors.Is(err, journal.ErrCorrupt) {
		t.Fatalf("Sign says %v", err)
	}
}

func TestKey(t *testing.T) {
	b := signed(t)
	path := filepath.Join(b.dir, "witness.pem")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key's file is %v, %v", info.Mode(), err)
	}
	if !b.key().Equal(b.key()) {
		t.Error("the key is made anew at each start")
	}
	mine := b.public()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := witness.OpenKey(path, b.heads()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("a missing key of signed heads gives %v", err)
	}
	other, err := witness.OpenKey(filepath.Join(b.dir, "other.pem"), filepath.Join(b.dir, "no heads"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := witness.Open(t.Context(), witness.Options{Store: b.store, Centre: "test", Heads: b.heads(), Key: other}); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("another key on signed heads gives %v", err)
	}
	public, err := witness.ReadPublic(filepath.Join(b.dir, "other.pem.pub"))
	if err != nil || public.Equal(mine) {
		t.Fatal(err)
	}
	if _, err := witness.Check(t.Context(), b.store, b.heads(), public); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("a check with another's key gives %v", err)
	}
	if _, err := witness.ReadPublic(filepath.Join(b.dir, "other.pem")); err == nil {
		t.Error("a private key passes for a public one")
	}
}

func TestCheckWithoutHeads(t *testing.T) {
	dir := t.TempDir()
	_, err := witness.Check(context.Background(), memstore.New("test"), filepath.Join(dir, "heads"), nil)
	if fault.KindOf(err) != fault.NotFound {
		t.Errorf("no heads give %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("a check made %v", left)
	}
}

// TestKeptLeaves finds out when the kept leaves are not those that were signed.
func TestKeptLeaves(t *testing.T) {
	b := signed(t)
	path := b.heads() + ".leaves"
	leaves, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	leaves[5*32]++
	if err := os.WriteFile(path, leaves, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := b.open(b.store); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("opened on changed leaves: %v", err)
	}
}

// Follow says once that the journal is not the one that was signed, for as long as it is so, and that it is again.
func TestFollowSaysEachChangeOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := signed(t)
		var out bytes.Buffer
		short := memstore.New("test")
		write(t, short, 12, truth)
		w, err := witness.Open(t.Context(), witness.Options{
			Store: short, Centre: "test", Heads: b.heads(), Key: b.key(), Log: slog.New(slog.NewTextHandler(&out, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		last, _ := w.Last()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { w.Follow(ctx, time.Now); close(done) }()
		time.Sleep(time.Minute) // Of a clock that jumps.
		synctest.Wait()
		if w.Reason() != witness.NotTheSigned || strings.Count(out.String(), "not the one that was signed") != 1 {
			t.Errorf("the reason is %q, the log:\n%s", w.Reason(), out.String())
		}
		write(t, short, cad.Seq(last.Size), truth)
		time.Sleep(time.Minute)
		synctest.Wait()
		if w.Reason() != "" || strings.Count(out.String(), "\n") != 2 {
			t.Errorf("the reason is %q, the log:\n%s", w.Reason(), out.String())
		}
		stop()
		<-done
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
}
