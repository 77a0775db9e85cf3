package main

import (
	"io/fs"
	"path/filepath"
	"syscall"
	"testing"
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
