package journal

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/cad"
)

// The stored form is exactly what encoding/json gives: old trees go on, and any other program can read a journal.
func TestBytesAreWhatJSONGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-z:0-9-]{0,20}`), rapid.Just("<&>\u2028\"\\\x7f"))
		moment := func(name string) time.Time {
			at := time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, name), rapid.Int64Range(0, 999_999_999).Draw(t, name))
			if rapid.Bool().Draw(t, name) {
				return at.UTC()
			}
			return at.In(time.FixedZone("", rapid.IntRange(-12*60, 14*60).Draw(t, name)*60))
		}
		data, err := json.Marshal(rapid.MapOf(text, text).Draw(t, "data"))
		if err != nil {
			t.Fatal(err)
		}
		r := Record{
			Seq: cad.Seq(rapid.Int64().Draw(t, "seq")), Commit: rapid.Int64().Draw(t, "commit"), Index: rapid.Int().Draw(t, "index"),
			At: moment("at"), Happened: moment("happened"), HappenedFrom: cad.Origin(text.Draw(t, "from")), Centre: cad.CentreID(text.Draw(t, "centre")),
			Actor: cad.ActorID(text.Draw(t, "actor")), Seat: cad.SeatID(text.Draw(t, "seat")), Power: cad.Power(text.Draw(t, "power")),
			Key: text.Draw(t, "key"), Cause: cad.Seq(rapid.Int64().Draw(t, "cause")), Type: text.Draw(t, "type"), Version: rapid.Int().Draw(t, "version"),
			Data: rapid.SampledFrom([]json.RawMessage{nil, data}).Draw(t, "which"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "subjects") {
			r.Subjects = append(r.Subjects, cad.Subject(text.Draw(t, "subject")))
		}
		if rapid.Bool().Draw(t, "private") {
			r.Private = &cad.Sealed{
				Subject: cad.Subject(text.Draw(t, "sealed")), Slot: rapid.Uint64().Draw(t, "slot"), Box: rapid.SliceOf(rapid.Byte()).Draw(t, "box"),
			}
		}
		want, wantErr := json.Marshal(r)
		got, err := r.Bytes()
		if (err == nil) != (wantErr == nil) || !bytes.Equal(got, want) {
			t.Fatalf("%s (%v)\nis not\n%s (%v)", got, err, want, wantErr)
		}
	})
}

// What would be no JSON is refused, not written wrongly.
func TestBytesRefuseWhatHasNoForm(t *testing.T) {
	if b, err := (Record{Data: json.RawMessage(`{"a":`)}).Bytes(); err == nil {
		t.Errorf("half a fact was written: %s", b)
	}
	for _, year := range []int{-1, 10_000} {
		if b, err := (Record{At: time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), Data: json.RawMessage("{}")}).Bytes(); err == nil {
			t.Errorf("year %d was written: %s", year, b)
		}
	}
}

func BenchmarkBytes(b *testing.B) {
	r := Record{
		Seq: 123456, Commit: 123400, Index: 56, At: time.Now().UTC(), Happened: time.Now().UTC(), HappenedFrom: cad.FromClock, Centre: "yunze",
		Actor: "taker", Seat: "1", Key: "1-200", Type: "incident.opened", Version: 1, Subjects: []cad.Subject{"incident:i1-200", "call:c1-200"},
		Data: json.RawMessage(`{"id":"i1-200","number":2000,"place":[114.3,30.6]}`), Private: &cad.Sealed{Subject: "incident:i1-200", Slot: 77, Box: make([]byte, 120)},
	}
	for b.Loop() {
		if _, err := r.Bytes(); err != nil {
			b.Fatal(err)
		}
	}
}
