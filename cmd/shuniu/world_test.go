package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A world is made once, known again, and made anew when its files were touched; what is no world is left alone.
func TestWorldCommand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "district-3")
	base := filepath.Join("..", "..", "centres", "yunze")
	do := func(args ...string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), append([]string{"world", "--seed", "3", "--out", dir, "--centre", base}, args...), &out, &errs)
		return code, out.String() + errs.String()
	}
	code, text := do()
	if code != 0 || !strings.Contains(text, "63  units") || !strings.Contains(text, "9  stations") {
		t.Fatalf("%d %s", code, text)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "world.json"))
	if err != nil {
		t.Fatal(err)
	}
	if code, text := do("--keep"); code != 0 || strings.Contains(text, "making") {
		t.Errorf("a whole world was not kept: %d %s", code, text)
	}
	if err := os.WriteFile(filepath.Join(dir, "beats.geojson"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, text := do("--keep"); code != 0 || !strings.Contains(text, "making") {
		t.Errorf("a world with a changed file was kept: %d %s", code, text)
	}
	if again, err := os.ReadFile(filepath.Join(dir, "world.json")); err != nil || !bytes.Equal(again, manifest) {
		t.Errorf("the same seed gave another manifest: %v\n%s\n%s", err, manifest, again)
	}
	if code, text := do("--keep", "--seed", "4"); code != 0 || !strings.Contains(text, "making") {
		t.Errorf("the world of another seed was kept: %d %s", code, text)
	}
	code, text = do("--centre", t.TempDir())
	if code != 1 || !strings.Contains(text, "what to do") {
		t.Errorf("an empty base centre: %d %s", code, text)
	}
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "thesis.doc"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, text := do(); code != 1 || !strings.Contains(text, "nothing was changed") {
		t.Errorf("a folder that is no world: %d %s", code, text)
	}
	if _, err := os.Stat(filepath.Join(dir, "thesis.doc")); err != nil {
		t.Error(err)
	}
}
