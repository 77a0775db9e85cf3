package archive_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"shuniu/internal/archive"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

func noon() time.Time { return time.Date(2031, 5, 4, 12, 0, 0, 0, time.UTC) }

func open(t testing.TB, path string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}

func put(t testing.TB, a *archive.Archive, rows ...archive.Row) {
	t.Helper()
	if err := a.Put(t.Context(), a.AsOf(), a.AsOf()+1, rows); err != nil {
		t.Fatal(err)
	}
}

func ids(t testing.TB, a *archive.Archive, q archive.Query) string {
	t.Helper()
	hits, err := a.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, h := range hits {
		found = append(found, h.ID)
	}
	return strings.Join(found, " ")
}

func town() []archive.Row {
	return []archive.Row{
		{
			ID: "a", Kind: "incident", Number: "20310504-0001", Type: "fire", Priority: cad.P1, Phase: "closed", Unit: "st-3", Address: "12 Mill Lane",
			Narrative: "Smoke from a bakery", Notes: "gas shut off\nneighbours out", Place: geo.Point{Lon: 10.01, Lat: 50.01}, HasPlace: true,
			Received: noon(), Closed: noon().Add(time.Hour), LastChanged: 9,
		},
		{
			ID: "b", Kind: "incident", Number: "20310504-0002", Address: "Bakery Road", Narrative: "someone shouting", Received: noon().Add(time.Minute),
			Place: geo.Point{Lon: 10.30, Lat: 50.30}, HasPlace: true,
		},
		{ID: "c", Kind: "incident", Number: "20310504-0003", Narrative: "小区门口两人打架,一人受伤", Received: noon().Add(2 * time.Minute)},
		{ID: "d", Kind: "call", Of: "a", Number: "C-77", Narrative: "see 20310504-0001, the bakery burns", Received: noon().Add(3 * time.Minute)},
	}
}

func TestSearch(t *testing.T) {
	a := open(t, filepath.Join(t.TempDir(), "archive.db"))
	put(t, a, town()...)
	mill := geo.Bounds{Min: geo.Point{Lon: 10, Lat: 50}, Max: geo.Point{Lon: 10.02, Lat: 50.02}}
	world := geo.Bounds{Min: geo.Point{Lon: -180, Lat: -90}, Max: geo.Point{Lon: 180, Lat: 90}}
	for _, tt := range []struct {
		name string
		q    archive.Query
		want string
	}{
		{"nothing asked gives the newest", archive.Query{}, "d c b a"},
		{"an exact number comes before a mention", archive.Query{Text: "20310504-0001"}, "a d"},
		{"a number in small letters", archive.Query{Text: "c-77"}, "d"},
		{"part of a number, newest first", archive.Query{Text: "504-000"}, "c b a d"},
		{"an address weighs more, then the newer", archive.Query{Text: "BAKERY"}, "b d a"},
		{"every word must occur", archive.Query{Text: "bakery smoke"}, "a"},
		{"in a note", archive.Query{Text: "neighbours"}, "a"},
		{"two characters", archive.Query{Text: "打架"}, "c"},
		{"one character", archive.Query{Text: "伤"}, "c"},
		{"three characters", archive.Query{Text: "一人受伤"}, "c"},
		{"short and long together", archive.Query{Text: "12 bakery"}, "a"},
		{"nothing like it", archive.Query{Text: "zebra"}, ""},
		{"signs of the query language are only text", archive.Query{Text: `bakery" OR "smoke`}, ""},
		{"a percent sign is only text", archive.Query{Text: "%"}, ""},
		{"a zero byte parts words", archive.Query{Text: "bakery\x00smoke\xff"}, "a"},
		{"a kind", archive.Query{Text: "bakery", Kind: "call"}, "d"},
		{"a window of time", archive.Query{From: noon().Add(time.Minute), Until: noon().Add(3 * time.Minute)}, "c b"},
		{"a window of the map", archive.Query{Narrow: true, Within: mill}, "a"},
		{"words in a window of the map", archive.Query{Text: "bakery", Narrow: true, Within: mill}, "a"},
		{"the world holds what has a place", archive.Query{Narrow: true, Within: world}, "b a"},
		{"an empty window", archive.Query{Narrow: true, Within: geo.EmptyBounds()}, ""},
		{"a window that is no number", archive.Query{Narrow: true, Within: geo.Bounds{Min: geo.Point{Lon: math.NaN()}}}, ""},
		{"a limit", archive.Query{Limit: 2}, "d c"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := ids(t, a, tt.q); got != tt.want {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRowComesBackWhole(t *testing.T) {
	a := open(t, filepath.Join(t.TempDir(), "archive.db"))
	put(t, a, town()...)
	for _, want := range town() {
		got, ok, err := a.Row(t.Context(), want.ID)
		if err != nil || !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v, %v, %v\nwant %+v", got, ok, err, want)
		}
	}
	if _, ok, err := a.Row(t.Context(), "nobody"); ok || err != nil {
		t.Errorf("nobody: %v, %v", ok, err)
	}
	history, err := a.History(t.Context(), "a")
	if err != nil || len(history) != 1 || history[0].ID != "d" {
		t.Errorf("history: %v, %v", history, err)
	}
}

func TestChangedRowIsFoundByItsNewWordsOnly(t *testing.T) {
	a := open(t, filepath.Join(t.TempDir(), "archive.db"))
	rows := town()
	put(t, a, rows...)
	rows[0].Narrative, rows[0].Phase = "Steam from a laundry", "reviewed"
	put(t, a, rows[0])
	if got := ids(t, a, archive.Query{Text: "smoke"}); got != "" {
		t.Errorf("the old word finds %q", got)
	}
	if got := ids(t, a, archive.Query{Text: "laundry"}); got != "a" {
		t.Errorf("the new word finds %q", got)
	}
	if s, err := a.Stats(t.Context()); err != nil || s.Rows != 4 || s.AsOf != 2 || s.Bytes == 0 {
		t.Errorf("stats: %+v, %v", s, err)
	}
}

func TestGapIsRefusedAndNothingStored(t *testing.T) {
	path := filepath.Join(t.TempDir(), "archive.db")
	a := open(t, path)
	put(t, a, town()...)
	for _, tt := range []struct{ after, seq cad.Seq }{{0, 1}, {2, 3}, {1, 0}} {
		if err := a.Put(t.Context(), tt.after, tt.seq, []archive.Row{{ID: "x"}}); !errors.Is(err, archive.ErrGap) {
			t.Errorf("%+v: got %v, want ErrGap", tt, err)
		}
	}
	if err := a.Put(t.Context(), 1, 2, []archive.Row{{ID: "x"}, {}}); err == nil {
		t.Error("a row without an id was taken")
	}
	if _, ok, _ := a.Row(t.Context(), "x"); ok || a.AsOf() != 1 {
		t.Errorf("half of a refused put was stored (at %d)", a.AsOf())
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if a = open(t, path); a.AsOf() != 1 {
		t.Errorf("opened again it is at %d", a.AsOf())
	}
}

func TestResetBeginsANewFile(t *testing.T) {
	a := open(t, filepath.Join(t.TempDir(), "archive.db"))
	put(t, a, town()...)
	if err := a.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := ids(t, a, archive.Query{}); got != "" || a.AsOf() != 0 {
		t.Errorf("after Reset: %q at %d", got, a.AsOf())
	}
	put(t, a, town()[0])
}

func TestUnusableFileIsLeftAlone(t *testing.T) {
	for name, content := range map[string][]byte{"not a database": bytes.Repeat([]byte("no database "), 1000), "torn header": []byte("SQLite format 3\x00")} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "archive.db")
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := archive.Open(path)
			var said *fault.Error
			if !errors.Is(err, archive.ErrDamaged) || !errors.As(err, &said) || said.Remedy == "" {
				t.Fatalf("got %v, want ErrDamaged with a remedy", err)
			}
			if left, err := os.ReadFile(path); err != nil || !bytes.Equal(left, content) {
				t.Errorf("the file was changed (%v)", err)
			}
			if err := archive.Remove(path); err != nil {
				t.Fatal(err)
			}
			put(t, open(t, path), town()...)
		})
	}
}

// An incident with its call, changed several times and moved, then erased among many others: no word of it and no
// group of three letters of it is left in any byte.
func TestErasedLeavesNoByte(t *testing.T) {
	dir := t.TempDir()
	a := open(t, filepath.Join(dir, "archive.db"))
	// Letters that no other row, no schema and no file format here uses together.
	const planted = "qzxjv kwqpz Ünöqz 秘密住址甲乙"
	var rows []archive.Row
	for i := range 2000 {
		rows = append(rows, archive.Row{ID: fmt.Sprint("r", i), Number: fmt.Sprint("N", i), Narrative: fmt.Sprint("a man at the red door ", i)})
	}
	put(t, a, rows[:1000]...)
	secret := archive.Row{ID: "secret", Number: "qzxjv-1", Address: planted, Narrative: planted, Notes: planted, HasPlace: true, Place: geo.Point{Lon: 123.456789, Lat: 45.678912}}
	first := secret.Place
	for i := range 5 {
		put(t, a, secret, archive.Row{ID: fmt.Sprint("call", i), Of: "secret", Narrative: planted})
		secret.Narrative = fmt.Sprint(planted, " changed ", i)
		secret.Place = geo.Point{Lon: 123.456789 + float64(i), Lat: 45.678912}
	}
	put(t, a, rows[1000:]...)
	places := [][]byte{big(first.Lon), big(first.Lat)}
	if got := scan(t, dir, append(planting(planted), places...)); got == 0 {
		t.Fatal("the scan finds nothing even before the erasure: it proves nothing")
	}
	if err := a.Erase(t.Context(), []string{"secret", "not there", ""}); err != nil {
		t.Fatal(err)
	}
	if got := scan(t, dir, append(planting(planted), places...)); got != 0 {
		t.Errorf("%d traces are left", got)
	}
	for _, text := range []string{"qzxjv", "秘密住址", "秘密"} {
		if got := ids(t, a, archive.Query{Text: text}); got != "" {
			t.Errorf("%s finds %q", text, got)
		}
	}
	if s, err := a.Stats(t.Context()); err != nil || s.Rows != 2000 {
		t.Errorf("%d rows are left, %v", s.Rows, err)
	}
	if got := ids(t, a, archive.Query{Text: "door 1234"}); got != "r1234" {
		t.Errorf("the others are damaged: %q", got)
	}
}

func big(f float64) []byte {
	b := math.Float64bits(f)
	return []byte{byte(b >> 56), byte(b >> 48), byte(b >> 40), byte(b >> 32), byte(b >> 24), byte(b >> 16), byte(b >> 8), byte(b)}
}

// planting gives the text, its words and its groups of three letters, as the index of trigrams folds them.
func planting(text string) [][]byte {
	found := [][]byte{[]byte(text)}
	for _, word := range strings.Fields(text) {
		runes := []rune(strings.ToLower(word))
		for i := range len(runes) - 2 {
			found = append(found, []byte(string(runes[i:i+3])))
		}
	}
	return found
}

func scan(t *testing.T, dir string, planted [][]byte) int {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	traces := 0
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range planted {
			traces += bytes.Count(b, p)
		}
	}
	return traces
}

func TestSearchBesideFeedingAndErasing(t *testing.T) {
	a := open(t, filepath.Join(t.TempDir(), "archive.db"))
	put(t, a, town()...)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for range 30 {
				hits, err := a.Search(context.Background(), archive.Query{Text: "bakery"})
				if err != nil || !slices.ContainsFunc(hits, func(h archive.Hit) bool { return h.ID == "a" }) {
					t.Errorf("%d hits, %v", len(hits), err)
				}
			}
		})
	}
	for i := range 30 {
		put(t, a, archive.Row{ID: fmt.Sprint("x", i), Narrative: "another bakery"})
		if err := a.Erase(t.Context(), []string{fmt.Sprint("x", i)}); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
}
