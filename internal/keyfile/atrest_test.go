package keyfile

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"shuniu/internal/journal"
)

func TestNothingReadableInAnyFile(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir, Options{})
	const planted = "Lovelace-Ada-0044-207946"
	sealed := seal(t, s, "call:planted-subject", planted)
	at := slotOffset(sealed.Slot)
	slots, err := os.ReadFile(filepath.Join(dir, "slots.bin"))
	if err != nil {
		t.Fatal(err)
	}
	cipherKey := bytes.Clone(slots[at : at+slotUsed])
	aad := []byte{0, 0, 0, 0, 0, 0, 0, byte(sealed.Slot)}
	key, err := s.slotAEAD.Open(nil, cipherKey[:nonceBytes], cipherKey[nonceBytes:], aad)
	if err != nil {
		t.Fatal(err)
	}
	scan(t, dir, map[string][]byte{"text": []byte(planted), "subject": []byte("planted-subject"), "key": key, "hex key": []byte(hex.EncodeToString(key))})
	if err := s.Destroy("call:planted-subject"); err != nil {
		t.Fatal(err)
	}
	scan(t, dir, map[string][]byte{"text": []byte(planted), "key": key, "encrypted key": cipherKey[nonceBytes : nonceBytes+keyBytes]})
}

func scan(t *testing.T, dir string, planted map[string][]byte) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		b, err := os.ReadFile(path)
		for what, bytesOf := range planted {
			if bytes.Contains(b, bytesOf) {
				t.Errorf("%s holds the %s", d.Name(), what)
			}
		}
		return err
	})
	if err != nil || files < 4 {
		t.Fatalf("scanned %d files: %v", files, err)
	}
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	open(t, dir, Options{})
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if err == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(path), info.Mode().Perm(), want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestMasterKeyMissingWrongOrDamaged(t *testing.T) {
	dir := t.TempDir()
	master := filepath.Join(t.TempDir(), "safe", "master.key")
	s := open(t, dir, Options{Master: master})
	sealed, mac := seal(t, s, "call:1", "red door"), s.MAC([]byte("body"))
	if _, err := os.Stat(filepath.Join(dir, "master.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the master key stands beside the keys, though another place was named")
	}
	after := crash(t, dir)
	if _, err := Open(after, Options{}); err == nil || !strings.Contains(err.Error(), "missing") {
		t.Errorf("missing master: %v", err)
	}
	if _, err := os.Stat(filepath.Join(after, "master.key")); !errors.Is(err, fs.ErrNotExist) {
		t.Error("a new master key was made over old slots")
	}
	write := func(text string) string {
		path := filepath.Join(t.TempDir(), "master.key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, bad := range []string{"", "nonsense", masterPrefix + "00", masterPrefix + strings.Repeat("00", masterBytes)} {
		if _, err := Open(after, Options{Master: write(bad)}); !errors.Is(err, journal.ErrCorrupt) {
			t.Errorf("master %q: got %v, want ErrCorrupt", bad, err)
		}
	}
	s = open(t, after, Options{Master: master})
	wantPlain(t, s, sealed, "red door")
	if s.MAC([]byte("body")) != mac {
		t.Error("the keyed hash changed over a restart")
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	open(t, dir, Options{})
	if _, err := Open(dir, Options{}); !errors.Is(err, journal.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
}
