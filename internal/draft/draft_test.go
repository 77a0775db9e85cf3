package draft_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/draft"
	"shuniu/internal/fault"
	"shuniu/internal/keyfile"
)

type world struct {
	t    *testing.T
	dir  string
	keys *keyfile.Store
	at   time.Time
	*draft.Store
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, dir: filepath.Join(t.TempDir(), "drafts"), keys: keyfile.Memory(), at: time.Date(2030, 5, 1, 14, 0, 0, 0, time.UTC)}
	t.Cleanup(func() { _ = w.keys.Close() })
	w.open(0)
	return w
}

// open is a start of the program, after a kill of the one before: nothing was closed.
func (w *world) open(lost int) {
	w.t.Helper()
	s, n, err := draft.Open(w.dir, w.keys, func() time.Time { return w.at })
	if err != nil || n != lost {
		w.t.Fatalf("opened with %d lost: %v", n, err)
	}
	w.Store = s
}

func (w *world) put(id, words, code string) {
	w.t.Helper()
	body, _ := json.Marshal(map[string]string{"narrative": words})
	err := w.Put(draft.Draft{ID: id, Call: "k1", Seat: "01", Actor: "p1", At: w.at, Body: body})
	var e *fault.Error
	if errors.As(err, &e) && e.Code != code || err == nil && code != "" {
		w.t.Errorf("put %s: %v, want %q", id, err, code)
	}
}

func (w *world) words(id string) string {
	w.t.Helper()
	d, _ := w.Get(id)
	var body struct{ Narrative string }
	_ = json.Unmarshal(d.Body, &body)
	return body.Narrative
}

// Killed at any time, the program comes back with what it said it kept.
func TestItSurvivesAKill(t *testing.T) {
	w := newWorld(t)
	for i := range 5 {
		w.put("i1", fmt.Sprintf("two men, knife %d", i), "")
		w.at = w.at.Add(draft.Between)
	}
	if err := os.WriteFile(filepath.Join(w.dir, ".part-1"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	w.open(0)
	if got := w.words("i1"); got != "two men, knife 4" {
		t.Errorf("it came back with %q", got)
	}
	if files, _ := os.ReadDir(w.dir); len(files) != 1 {
		t.Errorf("%d files: a half written one is left", len(files))
	}
	if d, _ := w.Get("i1"); d.Call != "k1" || d.Seat != "01" || d.Actor != "p1" {
		t.Errorf("%+v", d)
	}
}

// Nothing on the disk can be read, and no name tells anything.
func TestItIsSealed(t *testing.T) {
	w := newWorld(t)
	w.put("incident-one", "two men, knife", "")
	files, _ := os.ReadDir(w.dir)
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(w.dir, f.Name()))
		if err != nil || bytes.Contains(b, []byte("knife")) || bytes.Contains(b, []byte("p1")) || strings.Contains(f.Name(), "incident") {
			t.Errorf("%s tells something: %v", f.Name(), err)
		}
	}
	if err := w.keys.Destroy(cad.SubjectOf("incident", "incident-one")); err != nil {
		t.Fatal(err)
	}
	w.open(1)
	if _, ok := w.Get("incident-one"); ok {
		t.Error("a draft of an erased incident can be read")
	}
}

// One write a second, whatever is sent.
func TestOneWriteASecond(t *testing.T) {
	w := newWorld(t)
	w.put("i1", "a", "")
	w.put("i2", "another form does not wait", "")
	w.at = w.at.Add(draft.Between - time.Millisecond)
	w.put("i1", "b", "too_often")
	w.at = w.at.Add(time.Millisecond)
	w.put("i1", "c", "")
	if got := w.words("i1"); got != "c" {
		t.Errorf("kept %q", got)
	}
}

func TestItEnds(t *testing.T) {
	w := newWorld(t)
	w.put("i1", "a", "")
	w.put("i2", "b", "")
	w.Drop("i1")
	w.Drop("i1")
	w.open(0)
	if _, ok := w.Get("i1"); ok {
		t.Error("a dropped draft came back")
	}
	w.at = w.at.Add(draft.Lifetime)
	if len(w.All()) != 0 {
		t.Error("a draft is still there after a day")
	}
	w.open(0)
	if files, _ := os.ReadDir(w.dir); len(files) != 0 {
		t.Errorf("%d files after a day", len(files))
	}
}

// A person's oldest draft gives way to his newest; nobody else's does.
func TestLimits(t *testing.T) {
	w := newWorld(t)
	if err := w.Put(draft.Draft{ID: "other", Actor: "p2", Body: json.RawMessage(`{}`)}); err != nil {
		t.Fatal(err)
	}
	for i := range draft.EachMax + 1 {
		w.at = w.at.Add(time.Millisecond)
		w.put(fmt.Sprintf("i%d", i), "x", "")
	}
	_, first := w.Get("i0")
	_, second := w.Get("i1")
	if _, other := w.Get("other"); first || !second || !other || len(w.All()) != draft.EachMax+1 {
		t.Errorf("first %v second %v other %v of %d", first, second, other, len(w.All()))
	}
	w.put("long", strings.Repeat("x", draft.BodyMax), "draft_too_long")
	for _, bad := range []string{``, `[]`, `"x"`, `{`, `nul`} {
		err := w.Put(draft.Draft{ID: "bad", Actor: "p1", Body: json.RawMessage(bad)})
		if fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// Whatever lies in the folder, the program starts.
func TestRubbishInTheFolder(t *testing.T) {
	w := newWorld(t)
	w.put("i1", "a", "")
	for i, rubbish := range []string{"", "shuniu draft 1\n", "shuniu draft 1\n\x00\x00\x00\x00\x00\x00\x00\x01\xff\xff", "shuniu draft 1\n\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01ax"} {
		if err := os.WriteFile(filepath.Join(w.dir, fmt.Sprintf("%d.draft", i)), []byte(rubbish), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.open(4)
	if w.words("i1") != "a" {
		t.Error("the good one is gone")
	}
}

func BenchmarkPut(b *testing.B) {
	keys, at := keyfile.Memory(), time.Now()
	s, _, err := draft.Open(b.TempDir(), keys, func() time.Time { at = at.Add(draft.Between); return at })
	if err != nil {
		b.Fatal(err)
	}
	body, _ := json.Marshal(map[string]string{"narrative": strings.Repeat("x", 2000)})
	for b.Loop() {
		if err := s.Put(draft.Draft{ID: "i1", Actor: "p1", Body: body}); err != nil {
			b.Fatal(err)
		}
	}
}
