package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestCallersCommand(t *testing.T) {
	file := filepath.Join(t.TempDir(), "calls.csv")
	base := []string{"callers", "--centre", "../../centres/yunze", "--streets", "../../testdata/worlds/lanhu.osm", "--days", "2"}
	var out, errs bytes.Buffer
	if code := run(t.Context(), append(base, "--csv", file, "--table"), &out, &errs); code != 0 {
		t.Fatalf("it ended with %d: %s", code, errs.String())
	}
	for _, want := range []string{"group", "guangzhou2015", "chi-square", "http://lumingtang.cn/zcxw/4334.html", "assumption: "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, out.String())
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(text, []byte("\n")); n < 1_200 || n > 1_700 {
		t.Errorf("%d lines for two days", n)
	}
	for _, wrong := range [][]string{
		append(base, "--csv", file), // It exists already.
		append(base, "--from", "yesterday"),
		append(base, "--surge", "storm", "--factor", "1000"),
		append(base, "--per-day=-1"),
		{"callers", "--centre", "../../centres/sf", "--streets", "../../testdata/worlds/lanhu.osm", "--csv", filepath.Join(t.TempDir(), "x")},
		{"callers", "--centre", "../../centres/yunze", "--streets", "nowhere.osm"},
	} {
		refusedStart(t, wrong...)
	}
}
