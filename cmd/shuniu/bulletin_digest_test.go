package main

import (
	"bytes"
	"encoding/gob"
	"iter"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"shuniu/internal/bulletin"
	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/journal"
	"shuniu/internal/sqlite"
)

// restless is the week in which everything that had ended comes back: reopened, split off, merged, sent to anew.
func restless(t *testing.T) *book {
	t.Helper()
	k := kept(t)
	words := cad.Sealed{Subject: "incident:i1", Slot: 1, Box: []byte("words")}
	at := k.now
	do := func(commands ...joint.Command) {
		for _, c := range commands {
			at = at.Add(time.Minute)
			k.do(at, c)
		}
	}
	final := func(id cad.IncidentID) []joint.Command {
		return []joint.Command{
			about(id, "feedback", incident.GiveFeedback{ID: id, Kind: incident.Final, Result: "settled", Type: "theft"}),
			about(id, "review", incident.Review{ID: id}), about(id, "close", incident.Close{ID: id}),
		}
	}
	do(about("i2", "reopen", incident.Reopen{ID: "i2", Text: words}), dispatch.Send{Incident: "i2", Units: []cad.UnitID{"211"}, IDs: []cad.AssignmentID{"211@i2b"}},
		joint.Merge{ID: "i2", Into: "i6"}, joint.SayUnit{Unit: "211", To: "on_scene"}, joint.Split{ID: "i2"}, // It came there while its order stood under the other.
		joint.Merge{ID: "i2", Into: "i6"}, joint.SayUnit{Unit: "211", To: "clear"})
	do(final("i6")...)
	do(joint.Split{ID: "i4"}, about("i1", "reopen", incident.Reopen{ID: "i1", Text: words}))
	do(final("i1")...)
	do(joint.SayUnit{Unit: "221", To: "clear"}, about("i5", "invalid", incident.Invalidate{ID: "i5", Text: words}))
	do(about("i6", "reopen", incident.Reopen{ID: "i6", Text: words}), joint.Split{ID: "i2"})
	do(final("i6")...)
	return k
}

// storyOf reads lives from records that a test holds.
func storyOf(records []journal.Record) func(cad.Subject) iter.Seq2[journal.Record, error] {
	return func(s cad.Subject) iter.Seq2[journal.Record, error] {
		return func(yield func(journal.Record, error) bool) {
			for _, r := range records {
				if slices.Contains(r.Subjects, s) && !yield(r, nil) {
					return
				}
			}
		}
	}
}

func takeAll(t *testing.T, l *ledger, records []journal.Record, after func()) {
	t.Helper()
	for _, r := range records {
		if err := l.take(r); err != nil {
			t.Fatal(err)
		}
		after()
	}
}

// Wherever a journal is cut, a digest of what came before and the records after it lead to what the whole journal leads to;
// and so does settling after every record.
func TestDigestAtEveryRecord(t *testing.T) {
	k := restless(t)
	story := storyOf(k.records)
	whole := newLedger(k.codec, story)
	takeAll(t, whole, k.records, func() {})
	want := whole.reading()
	if len(want.incidents) != 6 {
		t.Fatalf("%d incidents", len(want.incidents))
	}
	often := newLedger(k.codec, story)
	takeAll(t, often, k.records, func() { often.settle() })
	if got := often.reading(); !reflect.DeepEqual(got, want) {
		t.Errorf("settling after each record gives\n%+v\nwant\n%+v", got.incidents, want.incidents)
	}
	if len(often.settled) < 3 {
		t.Errorf("only %d incidents are settled", len(often.settled))
	}
	for cut := 1; cut < len(k.records); cut++ {
		first := newLedger(k.codec, story)
		takeAll(t, first, k.records[:cut], func() {})
		first.settle()
		d, err := first.digest()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		var back digest
		if err := gob.NewEncoder(&b).Encode(d); err != nil {
			t.Fatal(err)
		}
		if err := gob.NewDecoder(&b).Decode(&back); err != nil {
			t.Fatal(err)
		}
		second := newLedger(k.codec, story)
		second.restore(back)
		if second.seq != cad.Seq(cut) {
			t.Fatalf("the digest at %d is of %d", cut, second.seq)
		}
		takeAll(t, second, k.records[cut:], func() {})
		if got := second.reading(); !reflect.DeepEqual(got, want) {
			t.Fatalf("cut at %d (%s) gives\n%+v\nwant\n%+v", cut, k.records[cut].Type, got.incidents, want.incidents)
		}
	}
}

// A digest that is damaged, or of another journal, is passed over; a good one is gone on from.
func TestDigestOfAFolder(t *testing.T) {
	k := restless(t)
	dir := k.folder()
	path := filepath.Join(dir, "bulletin.digest")
	quiet := func(string, ...any) {}
	want, err := readJournal(t.Context(), dir, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a digest of a short journal is not worth its file")
	}
	cut := len(k.records) / 2
	write := func(records []journal.Record) {
		l := newLedger(k.codec, storyOf(records))
		takeAll(t, l, records, func() {})
		if err := l.keep(path); err != nil {
			t.Fatal(err)
		}
	}
	other := slices.Clone(k.records[:cut])
	other[cut-1].Actor = "p13"
	for name, tt := range map[string]struct {
		make func()
		used bool
	}{
		"of this journal":    {func() { write(k.records[:cut]) }, true},
		"of another journal": {func() { write(other) }, false},
		"of a later time": {func() {
			write(append(slices.Clone(k.records), journal.Record{Seq: k.house.Seq + 1, At: k.now, Type: "call.arrived"}))
		}, false},
		"with a flipped byte": {func() { write(k.records[:cut]); flip(t, path) }, false},
		"cut off":             {func() { write(k.records[:cut]); _ = os.Truncate(path, 100) }, false},
		"empty":               {func() { _ = os.Truncate(path, 0) }, false},
	} {
		tt.make()
		l := newLedger(k.codec, storyOf(k.records))
		store, err := sqlite.Open(t.Context(), filepath.Join(dir, "journal.db"), sqlite.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		l.resume(t.Context(), store, path)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		if used := l.seq > 0; used != tt.used {
			t.Errorf("a digest %s is used: %v", name, used)
		}
		if got, err := readJournal(t.Context(), dir, quiet); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("with a digest %s: %v\n%+v\nwant\n%+v", name, err, got.incidents, want.incidents)
		}
	}
}

func flip(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	b[len(b)/2] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkBulletinOfAYear makes the bulletin of a year of a city whose journal was digested before: 250,000 incidents with
// two orders each, and as many of the year before.
func BenchmarkBulletinOfAYear(b *testing.B) {
	const incidents = 500_000
	from := time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC)
	k := newBook(b, from)
	dir := k.folder()
	path := filepath.Join(dir, "bulletin.digest")
	l := newLedger(k.codec, storyOf(k.records))
	for _, r := range k.records {
		if err := l.take(r); err != nil {
			b.Fatal(err)
		}
	}
	step := from.AddDate(2, 0, 0).Sub(from) / incidents
	for n := range incidents {
		at := from.Add(time.Duration(n) * step)
		order := bulletin.Order{Crew: strconv.Itoa(n % 400), Unit: "st1", Sent: at.Add(time.Minute), Signed: at.Add(90 * time.Second), Departed: at.Add(4 * time.Minute), Arrived: at.Add(9 * time.Minute), Cleared: at.Add(time.Hour)}
		l.settled = append(l.settled, endedIncident{cad.IncidentID("i" + strconv.Itoa(n)), bulletin.Incident{
			ID: strconv.Itoa(n + 1), Received: at, Taken: "theft", Fed: "noise", Place: "street " + strconv.Itoa(n%2000), Unit: "st2", State: "closed",
			Feedback: at.Add(time.Hour), Orders: []bulletin.Order{order, order},
		}})
	}
	if err := l.keep(path); err != nil {
		b.Fatal(err)
	}
	if info, err := os.Stat(path); err == nil {
		b.Logf("the digest has %d MiB", info.Size()>>20)
	}
	for b.Loop() {
		r, err := readJournal(b.Context(), dir, func(string, ...any) {})
		if err != nil {
			b.Fatal(err)
		}
		made, err := bulletin.Make(r.incidents, bulletin.Options{From: from.AddDate(1, 0, 0), To: from.AddDate(2, 0, 0), Since: from})
		if err != nil || made.Received.N < 249_000 || made.Received.Year.N == nil {
			b.Fatal(err, made.Received)
		}
	}
}
