package index_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/archive"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/desk"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/index"
)

type town struct {
	t       testing.TB
	path    string
	archive *archive.Archive
	desk    *desk.Desk
	index   *index.Reactor
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func newTown(t testing.TB) *town {
	t.Helper()
	w := &town{t: t, path: filepath.Join(t.TempDir(), "archive.db")}
	d, err := desk.Open(t.Context(), desk.Config{
		Centre: "test", World: cad.Demo, Store: memstore.New("test"), Keys: keyfile.Memory(), Policy: policy.Roles{},
	})
	check(t, err)
	t.Cleanup(func() { _ = d.Close(context.Background()) })
	w.desk = d
	n := org.Name{"en": "theft", "zh": "盗窃"}
	w.do(joint.Configure{Charter: org.Charter{
		Centre: "test", Settings: org.Settings{Name: n, Zone: "UTC", Bounds: [4]float64{-1, -1, 1, 1}},
		Types:  []org.Type{{ID: "theft", Name: n, Priority: cad.P3}},
		Grades: []org.Grade{{ID: cad.P1, Name: n}, {ID: cad.P2, Name: n}, {ID: cad.P3, Name: n}, {ID: cad.P4, Name: n}},
		Kinds:  []org.Kind{{ID: "car", Name: n}}, Orgs: []org.Org{{ID: "st1", Kind: "station", Name: n}},
	}})
	w.open()
	return w
}

// open gives the archive's file to a new reactor, as a start does.
func (w *town) open() {
	w.t.Helper()
	a, err := index.Open(w.path)
	check(w.t, err)
	w.t.Cleanup(func() { _ = a.Close() })
	w.archive, w.index = a, index.New(w.desk, a, slog.New(slog.DiscardHandler))
	check(w.t, w.index.Watch(w.t.Context()))
}

func (w *town) do(c joint.Command) {
	w.t.Helper()
	_, err := w.desk.Do(w.t.Context(), desk.Wish{Actor: cad.Actor{ID: "p", Role: policy.Operator}, Command: c})
	check(w.t, err)
}

func (w *town) seal(s cad.Subject, v any) cad.Sealed {
	w.t.Helper()
	sealed, err := w.desk.Seal(s, v)
	check(w.t, err)
	return sealed
}

func (w *town) report(id, narrative, number string) {
	w.t.Helper()
	i := cad.IncidentID(id)
	w.do(joint.Receive{
		ID: i, Call: cad.CallID("k" + id), Source: incident.Phone, Type: "theft", Priority: cad.P2,
		Caller:  w.seal(call.Subject(cad.CallID("k"+id)), board.Caller{Number: number}),
		Private: w.seal(incident.Subject(i), board.Opening{Narrative: narrative, Address: "address of " + id}),
	})
}

func (w *town) note(id, text string) {
	w.t.Helper()
	i := cad.IncidentID(id)
	w.do(joint.AboutIncident{ID: i, Name: "note", Cmd: incident.Note{ID: i, Text: w.seal(incident.Subject(i), board.Words{Text: text})}})
}

// step takes everything in, and gives the number of steps.
func (w *town) step() int {
	w.t.Helper()
	for n := 1; ; n++ {
		behind, err := w.index.Step(w.t.Context())
		check(w.t, err)
		if behind == 0 {
			return n
		}
	}
}

func (w *town) finds(query string, want ...string) {
	w.t.Helper()
	hits, err := w.index.Hits(w.t.Context(), query, 0)
	check(w.t, err)
	var got []string
	for _, h := range hits {
		got = append(got, h.ID)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		w.t.Errorf("%q finds %v, want %v", query, got, want)
	}
}

func (w *town) rows() []archive.Hit {
	w.t.Helper()
	hits, err := w.archive.Search(w.t.Context(), archive.Query{Limit: 500})
	check(w.t, err)
	return hits
}

func TestRow(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	w.do(joint.AboutIncident{ID: "a", Name: "locate", Cmd: incident.Locate{ID: "a", Address: w.seal("incident:a", board.Opening{Address: "behind the mill"})}})
	w.note("a", "red jacket")
	w.step()
	row, ok, err := w.archive.Row(t.Context(), "incident:a")
	check(t, err)
	want := archive.Row{
		ID: "incident:a", Kind: "incident", Number: "1", Type: "theft", Priority: cad.P2, Phase: string(incident.Classified),
		Address: "behind the mill", Narrative: "somebody took the lantern", Notes: "red jacket\n盗窃\ntheft",
		Received: row.Received, LastChanged: w.desk.Head(), // The calls stand in a table of their own.
	}
	if !ok || !reflect.DeepEqual(row, want) || row.Received.IsZero() {
		t.Errorf("the row is\n%+v, want\n%+v", row, want)
	}
	for _, query := range []string{"#1", "1", "lantern", "behind the mill", "red jacket", "5550117", "盗窃"} {
		w.finds(query, "incident:a")
	}
	w.finds("address of a") // Corrected since.
}

// TestNumberIsFoundWholeAndNotKept finds calls by the whole number of their caller, however it is written, and by no part of
// it; and no byte of the archive's files holds it.
func TestNumberIsFoundWholeAndNotKept(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "139 7654 3219")
	w.report("b", "somebody took the ladder", "13976543218")
	w.do(joint.AboutCall{ID: "k9", Name: "arrive", Cmd: call.Arrive{ID: "k9", Caller: w.seal("call:k9", board.Caller{Number: "+86 139-7654-3219"})}})
	w.do(joint.AboutCall{ID: "k9", Name: "abandon", Cmd: call.Abandon{ID: "k9"}})
	w.step()
	for _, query := range []string{"13976543219", "139 7654 3219", "+8613976543219", "１３９７６５４３２１９"} {
		w.finds(query, "call:k9", "incident:a")
	}
	for _, query := range []string{"3219", "7654", "1397654321", "13976543210"} {
		w.finds(query)
	}
	hits, err := w.index.Hits(t.Context(), "13976543219", 0)
	check(t, err)
	if !hits[0].Exact || !hits[1].Exact {
		t.Errorf("a number is not found as one: %+v", hits)
	}
	files, err := filepath.Glob(w.path + "*")
	check(t, err)
	words := 0
	for _, path := range files {
		b, err := os.ReadFile(path)
		check(t, err)
		words += bytes.Count(b, []byte("lantern"))
		for _, number := range []string{"139 7654 3219", "13976543219", "139-7654-3219"} {
			if bytes.Contains(b, []byte(number)) {
				t.Errorf("%s holds %s", filepath.Base(path), number)
			}
		}
	}
	if words == 0 {
		t.Error("the files hold no word: looking into them proves nothing")
	}
	w.do(joint.Erase{Subject: "call:k9", Ground: "request"})
	w.step()
	w.finds("13976543219", "incident:a")
}

// TestCalls follows a call that was lost, and then belongs to an incident after all.
func TestCalls(t *testing.T) {
	w := newTown(t)
	w.do(joint.AboutCall{ID: "k9", Name: "arrive", Cmd: call.Arrive{ID: "k9", Caller: w.seal("call:k9", board.Caller{Number: "5550199"})}})
	w.step()
	w.finds("5550199") // It rings still.
	w.do(joint.AboutCall{ID: "k9", Name: "abandon", Cmd: call.Abandon{ID: "k9"}})
	w.step()
	w.finds("5550199", "call:k9")
	w.report("a", "it was an accident", "5550100")
	w.do(joint.AboutCall{ID: "k9", Name: "attach", Cmd: call.Attach{ID: "k9", Incident: "a"}})
	w.step()
	w.finds("5550199", "incident:a")
}

func TestMerged(t *testing.T) {
	w := newTown(t)
	w.report("a", "smoke above the roofs", "5550101")
	w.report("b", "fire in the bakery", "5550102")
	w.step()
	w.do(joint.Merge{ID: "a", Into: "b"})
	w.step()
	w.finds("5550101", "incident:b")
	w.finds("smoke", "incident:a")
}

// TestRestart goes on where it was, one batch at a time, and comes to the same rows as from nothing.
func TestRestart(t *testing.T) {
	w := newTown(t)
	for i := range 150 {
		w.report(fmt.Sprint("i", i), fmt.Sprint("word", i, "x"), fmt.Sprint(5550000+i))
		if i == 70 {
			w.step()
			check(t, w.archive.Close())
			w.open()
		}
		w.note("i0", fmt.Sprint("again", i, "x"))
	}
	w.note("i7", "the last word")
	if w.step(); w.index.Rebuilt() != 0 {
		t.Error("it began again")
	}
	first := w.rows()
	if len(first) != 150 || w.archive.AsOf() != w.desk.Head() {
		t.Fatalf("%d rows as of %d", len(first), w.archive.AsOf())
	}
	check(t, w.archive.Reset(t.Context()))
	w.step()
	if again := w.rows(); !reflect.DeepEqual(again, first) {
		t.Error("filled again it is another archive")
	}
}

func TestBatches(t *testing.T) {
	w := newTown(t)
	w.report("a", "many words", "5550117")
	for i := range 2000 {
		w.note("a", fmt.Sprint("n", i))
	}
	if n := w.step(); n != 3 {
		t.Errorf("%d records were taken in by %d steps", w.desk.Head(), n)
	}
	w.finds("n1999", "incident:a")
}

func TestDamage(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	w.step()
	before := w.rows()
	check(t, w.archive.Close())
	b, err := os.ReadFile(w.path)
	check(t, err)
	for _, tt := range []struct {
		name  string
		bytes []byte
	}{
		{"no archive at all", bytes.Repeat([]byte("not a database "), 1000)},
		{"cut", b[:len(b)/2]},
		{"every page but the first", append(bytes.Clone(b[:4096]), bytes.Repeat([]byte{0xa5}, len(b)-4096)...)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check(t, archive.Remove(w.path))
			check(t, os.WriteFile(w.path, tt.bytes, 0o600))
			w.open()
			w.note("a", "what comes after "+tt.name)
			w.step()
			w.finds("lantern", "incident:a")
			w.finds("after "+tt.name, "incident:a")
			if got := w.rows(); len(got) != len(before) {
				t.Errorf("%d rows, want %d", len(got), len(before))
			}
			check(t, w.archive.Close())
		})
	}
}

// TestDamagedPage spoils one page of the file after the other: whatever meets it, a start, a step or a search, the
// archive is whole again after the next step.
func TestDamagedPage(t *testing.T) {
	const page = 4096
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	for i := range 40 {
		w.note("a", fmt.Sprint("a word of the crowd ", i))
	}
	w.step()
	check(t, w.archive.Close())
	whole, err := os.ReadFile(w.path)
	check(t, err)
	spoil := func(at int) {
		b := bytes.Clone(whole)
		copy(b[at:], bytes.Repeat([]byte{0xa5}, page))
		check(t, archive.Remove(w.path))
		check(t, os.WriteFile(w.path, b, 0o600))
		w.open()
	}
	steps, searches := 0, 0
	for at := 0; at < len(whole); at += page { // Nothing is written, so only a search can meet it.
		spoil(at)
		if _, err := w.index.Hits(t.Context(), "lantern", 0); errors.Is(err, archive.ErrDamaged) {
			searches++
		}
		w.step()
		w.finds("lantern", "incident:a")
		check(t, w.archive.Close())
	}
	for at := 0; at < len(whole); at += page {
		spoil(at)
		w.note("a", fmt.Sprint("what comes after ", at))
		w.step()
		steps += int(w.index.Rebuilt())
		w.finds("lantern", "incident:a")
		w.finds(fmt.Sprint("after ", at), "incident:a")
		check(t, w.archive.Close())
	}
	if steps == 0 || searches == 0 {
		t.Errorf("%d steps and %d searches met a damaged page", steps, searches)
	}
}

// TestErasedFromDamaged erases from an archive that cannot be read any more.
func TestErasedFromDamaged(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	w.step()
	w.do(joint.AboutIncident{ID: "a", Name: "feedback", Cmd: incident.GiveFeedback{ID: "a", Kind: incident.Final, Result: "done"}})
	w.do(joint.AboutIncident{ID: "a", Name: "review", Cmd: incident.Review{ID: "a"}})
	w.do(joint.AboutIncident{ID: "a", Name: "close", Cmd: incident.Close{ID: "a"}})
	w.do(joint.Erase{Subject: "incident:a", Ground: "law"})
	check(t, w.archive.Close())
	b, err := os.ReadFile(w.path)
	check(t, err)
	met := 0
	for at := 4096; at < len(b); at += 4096 {
		spoiled := bytes.Clone(b)
		for i := at; i < at+100; i++ { // The head of a page; the words in it are still there.
			spoiled[i] = 0xa5
		}
		check(t, archive.Remove(w.path))
		check(t, os.WriteFile(w.path, spoiled, 0o600))
		w.open()
		check(t, w.index.Erase(t.Context(), "incident:a"))
		met += int(w.index.Rebuilt())
		w.step()
		w.finds("lantern")
		left, err := os.ReadFile(w.path)
		check(t, err)
		if bytes.Contains(left, []byte("lantern")) {
			t.Errorf("with page %d damaged the words are left", at/4096)
		}
		check(t, w.archive.Close())
	}
	if met == 0 {
		t.Error("no erasure met a damaged page")
	}
}

// TestAhead meets an archive of a journal that was longer.
func TestAhead(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	check(t, w.archive.Put(t.Context(), 0, w.desk.Head()+5, []archive.Row{{ID: "incident:ghost", Kind: "incident", Narrative: "a ghost"}}))
	w.step()
	w.finds("ghost")
	w.finds("lantern", "incident:a")
	if w.index.Rebuilt() != 1 {
		t.Errorf("it began again %d times", w.index.Rebuilt())
	}
}

func TestErase(t *testing.T) {
	w := newTown(t)
	w.report("a", "somebody took the lantern", "5550117")
	w.note("a", "red jacket")
	w.step()
	digest := w.desk.Digest("5550117")
	if calls, err := w.archive.Calls(t.Context(), digest, time.Time{}); err != nil || len(calls) != 1 || calls[0].Row.ID != "incident:a" || calls[0].At.IsZero() {
		t.Fatalf("the calls of the number: %+v, %v", calls, err)
	}
	w.do(joint.AboutIncident{ID: "a", Name: "feedback", Cmd: incident.GiveFeedback{ID: "a", Kind: incident.Final, Result: "done"}})
	w.do(joint.AboutIncident{ID: "a", Name: "review", Cmd: incident.Review{ID: "a"}})
	w.do(joint.AboutIncident{ID: "a", Name: "close", Cmd: incident.Close{ID: "a"}})
	w.do(joint.Erase{Subject: "incident:a", Ground: "law"})
	check(t, w.index.Erase(t.Context(), "incident:a")) // At once, before the records are taken in.
	for range 2 {
		w.finds("lantern")
		w.finds("red jacket")
		w.finds("#1")
		w.step()
	}
	for _, suffix := range []string{"", "-wal"} {
		b, err := os.ReadFile(w.path + suffix)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			t.Fatal(err)
		}
		if strings.Contains(string(b), "lantern") || strings.Contains(string(b), "red jacket") || strings.Contains(string(b), digest) {
			t.Errorf("archive.db%s still holds the words", suffix)
		}
	}
}

// TestFollow takes in what is written, within a moment, and never makes the desk wait.
func TestFollow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- index.Follow(ctx, w.desk, w.archive, nil) }()
		for i := range 3 {
			w.report(fmt.Sprint("i", i), fmt.Sprint("word", i, "x"), "5550117")
			time.Sleep(time.Second) // The bubble's clock.
			synctest.Wait()
			w.finds(fmt.Sprint("word", i, "x"), fmt.Sprint("incident:i", i))
		}
		stop()
		check(t, <-done)
		check(t, w.archive.Close())
		check(t, w.desk.Close(context.Background()))
	})
}

// BenchmarkFill measures filling from nothing: incidents of four records each.
func BenchmarkFill(b *testing.B) {
	w := newTown(b)
	for i := range 1000 {
		w.report(fmt.Sprint("i", i), fmt.Sprint("a report in a few plain words ", i), fmt.Sprint(5550000+i))
	}
	for b.Loop() {
		check(b, w.archive.Reset(b.Context()))
		w.step()
	}
	b.ReportMetric(float64(w.desk.Head())*float64(b.N)/b.Elapsed().Seconds(), "records/s")
}
