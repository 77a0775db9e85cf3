package blobfile_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"shuniu/internal/blobfile"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
)

type house struct {
	*testing.T
	dir  string
	keys *keyfile.Store
	*blobfile.Store
}

func newHouse(t *testing.T) house {
	t.Helper()
	dir, keys := t.TempDir(), keyfile.Memory()
	s, err := blobfile.Open(dir, keys)
	if err != nil {
		t.Fatal(err)
	}
	return house{t, dir, keys, s}
}

func (h house) put(subject cad.Subject, content string) string {
	h.Helper()
	name, err := h.Put(h.Context(), subject, []byte(content))
	if err != nil {
		h.Fatal(err)
	}
	return name
}

func (h house) wantGet(name, want string) {
	h.Helper()
	got, err := h.Get(h.Context(), name)
	if err != nil || string(got) != want {
		h.Fatalf("Get = %q, %v; want %q", got, err, want)
	}
}

func (h house) wantKind(name string, want fault.Kind) {
	h.Helper()
	if _, err := h.Get(h.Context(), name); err == nil || fault.KindOf(err) != want {
		h.Errorf("Get = %v; want %v", err, want)
	}
}

func (h house) files(under string) []string {
	h.Helper()
	var found []string
	err := filepath.WalkDir(filepath.Join(h.dir, under), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
	return found
}

func TestWhatIsPutIsGot(t *testing.T) {
	h := newHouse(t)
	sum := sha256.Sum256([]byte("a recording"))
	name := h.put("call:1", "a recording")
	if name != hex.EncodeToString(sum[:]) {
		t.Errorf("the name %s is not the content's hash", name)
	}
	h.wantGet(name, "a recording")
	if again := h.put("call:1", "a recording"); again != name || len(h.files("objects")) != 1 {
		t.Errorf("put twice: %s, %d files", again, len(h.files("objects")))
	}
	h.wantGet(h.put("call:1", ""), "")
	h.wantKind(strings.Repeat("0", 64), fault.NotFound)
	for _, bad := range []string{"", "../../etc/passwd", strings.Repeat("G", 64), strings.Repeat("a", 65)} {
		h.wantKind(bad, fault.Invalid)
	}
}

func TestErasedForOneStaysForTheOther(t *testing.T) {
	h := newHouse(t)
	name, own := h.put("call:1", "shared picture"), h.put("call:1", "own picture")
	h.put("call:2", "shared picture")
	for range 2 {
		if err := h.Erase(t.Context(), "call:1"); err != nil {
			t.Fatal(err)
		}
	}
	h.wantGet(name, "shared picture")
	h.wantKind(own, fault.NotFound)
	if err := h.Erase(t.Context(), "call:2"); err != nil {
		t.Fatal(err)
	}
	h.wantKind(name, fault.NotFound)
	if left := h.files("."); len(left) != 0 {
		t.Errorf("files are left: %v", left)
	}
	h.wantGet(h.put("call:1", "after"), "after")
}

func TestDestroyedKeyErasesCopiesToo(t *testing.T) {
	h := newHouse(t)
	name := h.put("call:1", "a recording")
	if err := h.keys.Destroy("call:1"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Get(t.Context(), name); !errors.Is(err, journal.ErrErased) || fault.KindOf(err) != fault.NotFound {
		t.Errorf("Get: %v", err)
	}
	if _, err := h.Put(t.Context(), "call:1", []byte("more")); !errors.Is(err, journal.ErrErased) {
		t.Errorf("Put: %v", err)
	}
}

func TestNoReadableFile(t *testing.T) {
	h := newHouse(t)
	h.put("call:1", "the planted words")
	for _, path := range h.files(".") {
		b, err := os.ReadFile(path)
		if err != nil || bytes.Contains(b, []byte("planted")) {
			t.Errorf("%s is readable (%v)", path, err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestEveryDamageIsFoundAndMended(t *testing.T) {
	h := newHouse(t)
	name := h.put("call:1", "a recording")
	path := h.files("objects")[0]
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	damage := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Get(t.Context(), name); !errors.Is(err, journal.ErrCorrupt) || fault.KindOf(err) != fault.Internal {
			t.Fatalf("%d bytes: got %v, want ErrCorrupt", len(b), err)
		}
	}
	for i := range whole {
		bad := bytes.Clone(whole)
		bad[i] ^= 1
		damage(bad)
		damage(whole[:i])
	}
	h.put("call:1", "a recording") // Whoever has it again may put it again.
	h.wantGet(name, "a recording")
}

func TestSwappedFileIsFound(t *testing.T) {
	h := newHouse(t)
	a, b := h.put("call:1", "picture a"), h.put("call:1", "picture b")
	folder := filepath.Dir(h.files("objects")[0])
	if err := os.Rename(filepath.Join(folder, a), filepath.Join(folder, b)); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Get(t.Context(), b); !errors.Is(err, journal.ErrCorrupt) {
		t.Errorf("got %v, want ErrCorrupt", err)
	}
}

func TestIndexIsDerivedAndPartsAreRemoved(t *testing.T) {
	h := newHouse(t)
	a, b := h.put("call:1", "picture a"), h.put("call:2", "picture b")
	folder := filepath.Dir(h.files("objects")[0])
	err := errors.Join(
		os.WriteFile(filepath.Join(folder, ".part-123"), []byte("half"), 0o600),
		os.RemoveAll(filepath.Join(h.dir, "names")),
		os.MkdirAll(filepath.Join(h.dir, ".index", "names", "ab"), 0o700), // A rebuild that a crash ended.
	)
	if err != nil {
		t.Fatal(err)
	}
	if h.Store, err = blobfile.Open(h.dir, h.keys); err != nil {
		t.Fatal(err)
	}
	h.wantGet(a, "picture a")
	h.wantGet(b, "picture b")
	if got := len(h.files("objects")); got != 2 {
		t.Errorf("%d files, want 2", got)
	}
}

func TestRefusedBySickDisk(t *testing.T) {
	h := newHouse(t)
	// A file stands where the subject's folder must be, so that nothing can be written.
	sum := sha256.Sum256([]byte("call:1"))
	if err := os.WriteFile(filepath.Join(h.dir, "objects", hex.EncodeToString(sum[:])), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Put(t.Context(), "call:1", []byte("x")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("got %v, want unavailable", err)
	}
}

func TestManyAtOnce(t *testing.T) {
	h := newHouse(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			subject := cad.Subject("call:" + string(rune('a'+i%2)))
			for range 5 {
				name, err := h.Put(t.Context(), subject, []byte("the same for all"))
				if err != nil {
					t.Error(err)
					return
				}
				if got, err := h.Get(t.Context(), name); err != nil || string(got) != "the same for all" {
					t.Errorf("%q, %v", got, err)
				}
			}
		})
	}
	wg.Wait()
}
