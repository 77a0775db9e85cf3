package keyfile

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
)

func open(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// crash copies the files as a killed process leaves them, without the lock.
func crash(t *testing.T, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "after")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

func seal(t testing.TB, s *Store, subject cad.Subject, text string) cad.Sealed {
	t.Helper()
	sealed, err := s.Seal(subject, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func wantPlain(t *testing.T, s *Store, sealed cad.Sealed, want string) {
	t.Helper()
	got, err := s.Open(sealed)
	if err != nil || string(got) != want {
		t.Fatalf("Open = %q, %v; want %q", got, err, want)
	}
}

func both(t *testing.T, test func(t *testing.T, s *Store)) {
	t.Run("files", func(t *testing.T) { test(t, open(t, t.TempDir(), Options{})) })
	t.Run("memory", func(t *testing.T) { test(t, Memory()) })
}

func TestWhatIsSealedOpens(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		a, b := seal(t, s, "call:1", "red door"), seal(t, s, "call:2", "red door")
		wantPlain(t, s, a, "red door")
		wantPlain(t, s, b, "red door")
		if a.Slot == b.Slot {
			t.Error("two subjects share a key")
		}
		again := seal(t, s, "call:1", "red door")
		if again.Slot != a.Slot {
			t.Error("one subject got two keys")
		}
		if bytes.Equal(again.Box, a.Box) {
			t.Error("equal texts are seen to be equal")
		}
	})
}

func TestAnotherSubjectCannotOpen(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		sealed := seal(t, s, "call:1", "red door")
		sealed.Subject = "call:2"
		if _, err := s.Open(sealed); !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("got %v, want ErrCorrupt", err)
		}
	})
}

func TestEveryFlippedBitIsFound(t *testing.T) {
	s := Memory()
	sealed := seal(t, s, "call:1", "red door")
	for bit := range len(sealed.Box) * 8 {
		bad := sealed
		bad.Box = bytes.Clone(sealed.Box)
		bad.Box[bit/8] ^= 1 << (bit % 8)
		if _, err := s.Open(bad); !errors.Is(err, journal.ErrCorrupt) {
			t.Fatalf("bit %d: got %v, want ErrCorrupt", bit, err)
		}
	}
	for _, bad := range []cad.Sealed{{Subject: "call:1", Box: []byte("short")}, {Subject: "call:1", Slot: 1 << 60, Box: sealed.Box}} {
		if _, err := s.Open(bad); !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("%+v: got %v, want ErrCorrupt", bad, err)
		}
	}
}

func TestDamagedSlotIsFound(t *testing.T) {
	dir := t.TempDir()
	sealed := seal(t, open(t, dir, Options{}), "call:1", "red door")
	for _, at := range []int64{0, 20, 55} {
		after := crash(t, dir)
		flip(t, filepath.Join(after, "slots.bin"), slotOffset(sealed.Slot)+at)
		s := open(t, after, Options{})
		if _, err := s.Open(sealed); !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("byte %d: got %v, want ErrCorrupt", at, err)
		}
		// The life goes on with another key.
		next := seal(t, s, "call:1", "blue door")
		wantPlain(t, s, next, "blue door")
	}
}

func flip(t *testing.T, path string, at int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[at] ^= 0x40
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestDestroyedMeansErased(t *testing.T) {
	both(t, func(t *testing.T, s *Store) {
		sealed, kept := seal(t, s, "call:1", "red door"), seal(t, s, "call:2", "oak tree")
		for range 2 { // Twice is harmless.
			if err := s.Destroy("call:1"); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Destroy("call:never-seen"); err != nil {
			t.Fatal(err)
		}
		s.Adopt(sealed) // A replay does not bring it back.
		if _, err := s.Open(sealed); !errors.Is(err, journal.ErrErased) {
			t.Errorf("Open: got %v, want ErrErased", err)
		}
		for _, subject := range []cad.Subject{"call:1", "call:never-seen"} {
			_, err := s.Seal(subject, []byte("again"))
			if !errors.Is(err, journal.ErrErased) || fault.KindOf(err) != fault.Conflict {
				t.Errorf("Seal %s: got %v, want a conflict with ErrErased", subject, err)
			}
		}
		wantPlain(t, s, kept, "oak tree")
	})
}

func TestErasureOutlivesLossOfTheCache(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	sealed := seal(t, s, "call:1", "red door")
	if err := s.Destroy("call:1"); err != nil {
		t.Fatal(err)
	}
	after := crash(t, dir)
	if err := os.Remove(filepath.Join(after, "subjects-0.tab")); err != nil {
		t.Fatal(err)
	}
	s = open(t, after, Options{})
	if _, err := s.Open(sealed); !errors.Is(err, journal.ErrErased) {
		t.Errorf("Open: got %v, want ErrErased", err)
	}
	if _, err := s.Seal("call:1", nil); !errors.Is(err, journal.ErrErased) {
		t.Errorf("Seal: got %v, want ErrErased", err)
	}
}

// A power loss between tombstone and overwriting: it counts as erased, and the next replay finishes it.
func TestHalfDoneErasureIsFinished(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	sealed := seal(t, s, "call:1", "red door")
	if err := s.erased.add(s.name("call:1"), 0); err != nil {
		t.Fatal(err)
	}
	after := crash(t, dir)
	s = open(t, after, Options{})
	if _, err := s.Open(sealed); !errors.Is(err, journal.ErrErased) {
		t.Errorf("Open: got %v, want ErrErased", err)
	}
	s.Adopt(sealed)
	if _, err := s.Seal("call:1", nil); !errors.Is(err, journal.ErrErased) {
		t.Errorf("Seal: got %v, want ErrErased", err)
	}
	b, err := os.ReadFile(filepath.Join(after, "slots.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if at := slotOffset(sealed.Slot); !bytes.Equal(b[at:at+slotBytes], make([]byte, slotBytes)) {
		t.Error("the key is still there")
	}
}

// The cache is lost or torn at any length: nobody gets a key that was given out, and the journal's records mend it.
func TestCrashWithLostCache(t *testing.T) {
	for _, keep := range []int64{-1, 0, 31, 4096, 50_000} {
		t.Run(fmt.Sprint(keep), func(t *testing.T) {
			dir := t.TempDir()
			s := open(t, dir, Options{BatchSlots: 64})
			var records []cad.Sealed
			for i := range 300 {
				records = append(records, seal(t, s, cad.Subject(fmt.Sprint("call:", i)), fmt.Sprint("door ", i)))
			}
			after := crash(t, dir)
			cache := filepath.Join(after, "subjects-0.tab")
			if keep < 0 {
				if err := os.Remove(cache); err != nil {
					t.Fatal(err)
				}
			} else if err := os.Truncate(cache, keep); err != nil {
				t.Fatal(err)
			}
			s = open(t, after, Options{BatchSlots: 64})
			given := map[uint64]cad.Subject{}
			for _, r := range records {
				given[r.Slot] = r.Subject
			}
			for i := range 300 {
				r := seal(t, s, cad.Subject(fmt.Sprint("new:", i)), "x")
				if owner, ok := given[r.Slot]; ok {
					t.Fatalf("slot %d of %s was given to %s", r.Slot, owner, r.Subject)
				}
				given[r.Slot] = r.Subject
			}
			for i, r := range records {
				s.Adopt(r)
				wantPlain(t, s, r, fmt.Sprint("door ", i))
				if next := seal(t, s, r.Subject, "y"); next.Slot != r.Slot {
					t.Fatalf("%s was not learned again", r.Subject)
				}
			}
		})
	}
}

// Lost cache, no replay yet, a second key: both are destroyed once both records are known.
func TestDestroyTakesEveryKeyOfASubject(t *testing.T) {
	dir := t.TempDir()
	first := seal(t, open(t, dir, Options{}), "call:1", "red door")
	after := crash(t, dir)
	if err := os.Remove(filepath.Join(after, "subjects-0.tab")); err != nil {
		t.Fatal(err)
	}
	s := open(t, after, Options{})
	second := seal(t, s, "call:1", "blue door")
	if first.Slot == second.Slot {
		t.Fatal("the story needs two slots")
	}
	s.Adopt(first)
	if err := s.Destroy("call:1"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(after, "slots.bin"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []cad.Sealed{first, second} {
		if at := slotOffset(r.Slot); !bytes.Equal(b[at:at+slotBytes], make([]byte, slotBytes)) {
			t.Errorf("slot %d still holds a key", r.Slot)
		}
	}
}

// A damaged record that names another subject's slot must not cost that subject its key.
func TestAdoptBelievesOnlyWhatOpens(t *testing.T) {
	s := Memory()
	innocent := seal(t, s, "call:1", "red door")
	s.Adopt(cad.Sealed{Subject: "call:2", Slot: innocent.Slot, Box: innocent.Box})
	if err := s.Destroy("call:2"); err != nil {
		t.Fatal(err)
	}
	wantPlain(t, s, innocent, "red door")
}

func TestOrdinaryStopsCostNoSlots(t *testing.T) {
	dir := t.TempDir()
	var sealed []cad.Sealed
	for i := range 20 {
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		sealed = append(sealed, seal(t, s, cad.Subject(fmt.Sprint("call:", i)), "x"))
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Seal("call:late", nil); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after Close: %v", err)
		}
	}
	for i, r := range sealed {
		if r.Slot != uint64(i) {
			t.Errorf("subject %d has slot %d", i, r.Slot)
		}
	}
}

func TestTablesGrow(t *testing.T) {
	s := Memory()
	const n = 20_000
	for i := range n {
		if err := s.subjects.add(s.name(cad.Subject(fmt.Sprint(i))), uint64(i)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(s.subjects.files); got < 3 || got > 4 {
		t.Errorf("%d entries take %d tables", n, got)
	}
	for i := range n {
		if got, err := s.subjects.find(s.name(cad.Subject(fmt.Sprint(i)))); err != nil || len(got) != 1 || got[0] != uint64(i) {
			t.Fatalf("%d: found %v, %v", i, got, err)
		}
	}
	if ok, err := s.subjects.has(s.name("nobody")); ok || err != nil {
		t.Errorf("nobody: %v, %v", ok, err)
	}
}

func TestManyAtOnce(t *testing.T) {
	s := open(t, t.TempDir(), Options{BatchSlots: 32, CacheKeys: 16})
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		owner = map[uint64]cad.Subject{}
	)
	for worker := range 8 {
		wg.Go(func() {
			for i := range 200 {
				subject := cad.Subject(fmt.Sprintf("call:%d-%d", worker, i))
				sealed, err := s.Seal(subject, []byte("red door"))
				if err != nil {
					t.Error(err)
					return
				}
				s.Adopt(sealed)
				if plain, err := s.Open(sealed); err != nil || string(plain) != "red door" {
					t.Errorf("%q, %v", plain, err)
				}
				if i%20 == 0 {
					if err := s.Destroy(subject); err != nil {
						t.Error(err)
					}
					if _, err := s.Open(sealed); !errors.Is(err, journal.ErrErased) {
						t.Errorf("got %v, want ErrErased", err)
					}
				}
				mu.Lock()
				if other, ok := owner[sealed.Slot]; ok {
					t.Errorf("slot %d belongs to %s and %s", sealed.Slot, other, subject)
				}
				owner[sealed.Slot] = subject
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}
