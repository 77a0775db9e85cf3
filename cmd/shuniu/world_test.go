package main

import (
	"bytes"
	"errors"
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

// A folder is replaced only when it holds a world and nothing else. Nothing else that lies there or beside it is touched.
func TestWorldLeavesOthersAlone(t *testing.T) {
	base, err := filepath.Abs(filepath.Join("..", "..", "centres", "yunze"))
	if err != nil {
		t.Fatal(err)
	}
	build := func(dir string) (int, string) {
		var out, errs bytes.Buffer
		code := run(t.Context(), []string{"world", "--seed", "3", "--out", dir, "--centre", base}, &out, &errs)
		return code, out.String() + errs.String()
	}
	put := func(parts ...string) string {
		path := filepath.Join(parts...)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o750), os.WriteFile(path, []byte(`{"name":"my game"}`), 0o600)); err != nil {
			t.Fatal(err)
		}
		return path
	}
	has := func(path string) {
		t.Helper()
		if text, err := os.ReadFile(path); err != nil || string(text) != `{"name":"my game"}` {
			t.Errorf("%s was touched: %q %v", path, text, err)
		}
	}
	room := t.TempDir()
	foreign := []string{put(room, "game", "world.json"), put(room, "game", "thesis.txt")}
	if code, text := build(filepath.Join(room, "game")); code != 1 || !strings.Contains(text, "nothing was changed") || !strings.Contains(text, "what to do") {
		t.Errorf("a world.json of another program: %d %s", code, text)
	}
	only := put(room, "lone", "world.json")
	if code, text := build(filepath.Join(room, "lone")); code != 1 || strings.Contains(text, "stat ") {
		t.Errorf("nothing but a world.json of another program: %d %s", code, text)
	}
	if code, text := build(filepath.Dir(room)); code != 1 || strings.Contains(text, "no such file") || !strings.Contains(text, "what to do") {
		t.Errorf("a folder without a manifest: %d %s", code, text)
	}
	sibling := put(room, "real.part", "notes.txt")
	dir := filepath.Join(room, "real")
	for range 2 { // The second replaces the first.
		if code, text := build(dir); code != 0 {
			t.Fatalf("%d %s", code, text)
		}
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	if code, text := build(link); code != 0 {
		t.Errorf("a link to a world: %d %s", code, text)
	}
	if at, err := os.Readlink(link); err != nil || at != dir {
		t.Errorf("the link leads to %q: %v", at, err)
	}
	if w, err := openWorld(dir); err != nil || !w.whole() {
		t.Errorf("behind the link is no whole world: %v", err)
	}
	t.Chdir(dir)
	if code, text := build("."); code != 0 {
		t.Errorf("the folder where one stands: %d %s", code, text)
	}
	t.Chdir(room)
	if entries, err := os.ReadDir(room); err != nil || len(entries) != 4 {
		t.Errorf("something was left beside the world: %v %v", entries, err)
	}
	for _, where := range [][]string{{dir, "thesis.txt"}, {dir, "centre", "calls.csv.gz"}, {dir, "notes", "a.txt"}} {
		path := put(where...)
		if code, text := build(dir); code != 1 || !strings.Contains(text, filepath.Base(where[1])) || !strings.Contains(text, "nothing was changed") {
			t.Errorf("a world with %v: %d %s", where[1:], code, text)
		}
		has(path)
		if err := os.RemoveAll(filepath.Join(dir, where[1])); err != nil {
			t.Fatal(err)
		}
	}
	for _, path := range append(foreign, only, sibling) {
		has(path)
	}
}
