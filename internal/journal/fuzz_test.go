package journal_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/journal"
)

// FuzzParseRecord reads stored bytes as a damaged disk may give them: nothing panics, and what can be read and written
// again comes out as it was.
func FuzzParseRecord(f *testing.F) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 678_000, time.UTC)
	for _, r := range []journal.Record{
		{Seq: 1, Commit: 1, At: at, Happened: at, HappenedFrom: cad.FromClock, Centre: "c", Actor: "a", Type: "t", Version: 1, Subjects: []cad.Subject{"incident:i"}, Data: []byte(`{}`)},
		{
			Seq: 2, Commit: 1, Index: 1, At: at, Happened: at, HappenedFrom: cad.FromPaper, Centre: "c", Actor: "a", Seat: "21", Power: cad.Direct, Key: "k\"<\u2028", Cause: 1,
			Type: "t", Version: 2, Data: []byte(`{"x":[1,2.5e9,"é"]}`), Private: &cad.Sealed{Subject: "call:k", Slot: 7, Box: []byte{0, 1, 255}},
		},
	} {
		b, err := r.Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[:len(b)/2])
		f.Add(bytes.ReplaceAll(b, []byte(`"data"`), []byte(`"Data"`)))
	}
	f.Fuzz(func(t *testing.T, stored []byte) {
		r, err := journal.ParseRecord(stored)
		if err != nil {
			return
		}
		first, err := r.Bytes()
		if err != nil {
			return // A time outside the years that are written, or data that is none.
		}
		again, err := journal.ParseRecord(first)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, first)
		}
		second, err := again.Bytes()
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("read again it is another record: %v\n%s\n%s", err, first, second)
		}
		if !json.Valid(first) {
			t.Fatalf("what was written is no JSON: %s", first)
		}
	})
}
