package joint_test

import (
	"encoding/json"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// FuzzDecode gives the codec records of every known name with any data: it refuses or decodes, never panics, and
// what it decoded is written and decoded as the same.
func FuzzDecode(f *testing.F) {
	codec, err := joint.NewCodec()
	if err != nil {
		f.Fatal(err)
	}
	out, err := joint.Receive{
		ID: "i1", Call: "k1", Source: incident.Phone, Place: &geo.Point{Lon: 1, Lat: 2}, Type: "nonsense", Priority: cad.P1, Tags: []cad.TagID{"x"},
	}.Decide(joint.NewHouse(nil), joint.Moment{Now: time.Unix(1e9, 0).UTC(), Actor: "a"})
	if err != nil {
		f.Fatal(err)
	}
	for _, fact := range out.Facts {
		var r journal.Record
		if err := codec.Encode(&r, fact); err != nil {
			f.Fatal(err)
		}
		f.Add(r.Type, r.Version, []byte(r.Data), true)
		f.Add(r.Type, r.Version+1, []byte(r.Data), false)
	}
	f.Add("incident.closed", 1, []byte(`{"id":7}`), false)
	f.Add("assignment.stage_changed", 1, []byte(`null`), true)
	f.Add("unit.duress_raised", 1, []byte(`{"place":{"lon":1e999}}`), true)
	f.Add("no.such", 1, []byte(`{}`), false)
	f.Fuzz(func(t *testing.T, name string, version int, data []byte, private bool) {
		r := journal.Record{Seq: 1, Type: name, Version: version, Data: data}
		if private {
			r.Private = &cad.Sealed{Subject: "incident:i1", Slot: 1, Box: []byte{1}}
		}
		fact, err := codec.Decode(r)
		if err != nil {
			return
		}
		var first, second journal.Record
		if err := codec.Encode(&first, fact); err != nil {
			t.Fatalf("%s cannot be written again: %v", name, err)
		}
		same, err := codec.Decode(first)
		if err != nil {
			t.Fatalf("%s cannot be read again: %v\n%s", name, err, first.Data)
		}
		if err := codec.Encode(&second, same); err != nil || string(first.Data) != string(second.Data) || first.Type != name || !json.Valid(first.Data) {
			t.Fatalf("%s is not the same again: %v\n%s\n%s", name, err, first.Data, second.Data)
		}
	})
}
