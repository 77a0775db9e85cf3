package line_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"shuniu/internal/joint/line"
)

var papers = flag.Bool("papers", false, "write docs/COMMANDS.md anew")

// The page that people read is the table that the server reads by.
func TestPapersAreFresh(t *testing.T) {
	const page = "../../../docs/COMMANDS.md"
	want := line.Papers()
	if *papers {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("docs/COMMANDS.md is not what the grammar says (%v); run go test ./internal/joint/line -papers", err)
	}
}

// Each example of the table is a whole line of its own verb, in both languages: help never shows what does not work.
func TestExamplesWork(t *testing.T) {
	w := newTown(t)
	w.given("103 acknowledged\ntag 43 school\norder 101 151")
	asks := map[string]bool{"axis": true, "hand_on": true}
	for _, v := range line.Grammar() {
		for lang, text := range v.Example {
			r := line.Read(w.h, typed(text))
			told := v.ID == "at" && r.Status == line.Ready && r.Plan.Happened != nil
			if asks[v.ID] && r.Status == line.Ambiguous || told || r.Status == line.Ready && r.Plan.Verb == v.ID && r.Meant == "" {
				continue
			}
			t.Errorf("%s (%s): %q comes to %s", v.ID, lang, text, answer(t, r))
		}
		if v.Form["zh"] == "" || v.Form["en"] == "" || !strings.HasPrefix(v.Does, "line.does.") {
			t.Errorf("%s has no form or no words for what it does", v.ID)
		}
	}
}

// A verb is never found by the initials of its sounds, nor by half a Chinese word.
func TestVerbsAreNeverGuessed(t *testing.T) {
	h := world(t)
	for _, s := range []string{"p 101 去 42", "pai 101 去 42", "gp 103 去 42", "hb 43 到 42", "42 j x", "bj 42", "合 43 到 42", "改 103 去 42", "分 42 12345 x"} {
		if r := line.Read(h, typed(s)); r.Status == line.Ready || r.Status == line.Ambiguous {
			t.Errorf("%q comes to %s", s, answer(t, r))
		}
	}
}

// BenchmarkComplete is one key press in a city of 500 units and 300 open incidents.
func BenchmarkComplete(b *testing.B) {
	w := busy(b)
	for _, s := range []string{"派 1", "派 101 去 ", "新警 c", "联动 42 j"} {
		b.Run(s, func(b *testing.B) {
			for b.Loop() {
				line.Complete(w, typed(s))
				line.Read(w, typed(s))
			}
		})
	}
}

// The console's tips beside buttons are the lines of the table: people learn them by working.
func TestTipsAreFresh(t *testing.T) {
	const words = "../../../console/src/i18n/parts/line.ts"
	got, err := os.ReadFile(words)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, v := range line.Grammar() {
		for _, lang := range []string{"zh", "en"} {
			if v.Button != "" {
				want[lang] += "  'how." + v.Button + "': '" + v.How[lang] + "',\n"
			}
		}
	}
	for lang, block := range want {
		if !strings.Contains(string(got), block) {
			t.Errorf("the tips in %s are not what the grammar says; they are, in %s:\n%s", words, lang, block)
		}
	}
}
