package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Where the recorded city is not there, its figures are skipped aloud; a folder that somebody named must hold it.
func TestBenchWithoutRecords(t *testing.T) {
	project, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "checkout") // Nothing is beside it.
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, "centres"), os.DirFS(filepath.Join(project, "centres"))); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, args := range [][]string{{"bench", "replay", "--json"}, {"bench", "recommend", "--json", "--seconds", "0.1", "--units", "20"}} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, &out, &errs); code != 0 || !strings.Contains(out.String(), `"skipped":"../shared/data/sf/`) {
			t.Errorf("%v ended with %d: %s%s", args, code, out.String(), errs.String())
		}
	}
	if said := refusedStart(t, "bench", "replay", "--json", "--from", "elsewhere"); !strings.Contains(said, "elsewhere") {
		t.Errorf("it said %q", said)
	}
}
