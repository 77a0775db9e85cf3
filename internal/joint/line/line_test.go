package line_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/line"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// world is the house of the corpus: #40, #42 and #43 open, 101 102 e06 free, 103 busy at #40, 701 never dispatched.
func world(t *testing.T) *joint.House {
	t.Helper()
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	h := joint.NewHouse(nil)
	now := time.Date(2030, 1, 1, 8, 0, 0, 0, time.UTC)
	do := func(cmd joint.Command) {
		t.Helper()
		now = now.Add(time.Second)
		out, err := cmd.Decide(h, joint.Moment{Now: now, Actor: "test"})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range out.Facts {
			if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: now, Happened: now, Actor: "test"}); err != nil {
				t.Fatal(err)
			}
		}
	}
	do(joint.OpenWorld{World: cad.Study, Centre: "c"})
	for _, u := range []unit.Spec{{ID: "101"}, {ID: "102"}, {ID: "103"}, {ID: "E06"}, {ID: "701"}} {
		u.CallSign, u.Kind, u.Dispatchable = string(u.ID), "car", u.ID != "701"
		do(joint.AboutUnit{ID: u.ID, Name: "enrol", Cmd: unit.Enrol{Unit: u}})
		do(joint.SayUnit{Unit: u.ID, To: "available"})
	}
	h.Org = &org.State{
		Centre: "c", World: cad.Study, TypeOrder: []cad.TypeID{"knife", "lost"},
		Types:    map[cad.TypeID]org.Type{"knife": {ID: "knife", Name: org.Name{"zh": "持刀伤人", "en": "Stabbing in progress"}}, "lost": {ID: "lost", Name: org.Name{"zh": "走失"}}},
		Settings: org.Settings{Partners: []org.Item{{ID: "120", Name: org.Name{"zh": "急救"}}, {ID: "12345"}}, Posts: []org.Post{{ID: "post_square", Name: org.Name{"zh": "站前广场", "en": "Station Square"}, Place: geo.Point{Lon: 118.4, Lat: 31.2}}}},
	}
	for n := int64(1); n <= 43; n++ {
		do(joint.Receive{ID: cad.IncidentID(fmt.Sprintf("i%d", n)), Source: incident.Phone, Priority: "P1"})
	}
	do(dispatch.Send{Incident: "i40", Units: []cad.UnitID{"103"}, IDs: []cad.AssignmentID{"a1"}})
	return h
}

// TestCorpus plays testdata/corpus.txt. To accept new answers run
//
//	go test ./internal/joint/line -rewrite
//
// and read the difference as a dispatcher would.
func TestCorpus(t *testing.T) {
	h := world(t)
	datadriven.RunTest(t, "testdata/corpus.txt", func(t *testing.T, d *datadriven.TestData) string {
		var b strings.Builder
		for _, typed := range strings.Split(d.Input, "\n") {
			fmt.Fprintf(&b, "%s\n", answer(t, line.Read(h, typed, nil)))
		}
		return b.String()
	})
}

func answer(t *testing.T, r line.Reading) string {
	t.Helper()
	switch r.Status {
	case line.Ready:
		p, err := json.Marshal(r.Plan)
		if err != nil {
			t.Fatal(err)
		}
		return string(p)
	case line.Ambiguous:
		var labels []string
		for _, c := range r.Candidates {
			labels = append(labels, fmt.Sprintf("%d %s", c.N, c.Label))
		}
		return "? " + r.Text + " " + strings.Join(labels, ", ")
	case line.Wrong:
		return "! " + r.Text + "; " + r.Remedy
	case line.Incomplete:
	}
	return "… " + r.Text
}

// A number that has left memory is asked for once, and then understood as any other.
func TestOldNumbers(t *testing.T) {
	h := world(t)
	h.Apply(joint.Change{From: h.Seq, To: h.Seq, Gone: []cad.Subject{incident.Subject("i8")}})
	for _, tt := range []struct {
		typed  string
		sought []int64
		old    map[int64]cad.IncidentID
		want   string
	}{
		{"#8", []int64{8}, nil, "! there is no incident #8; look at the queue for its number"},
		{"#8", nil, map[int64]cad.IncidentID{8: "i8"}, `{"verb":"open","incident":"i8","number":8}`},
		{"#8", nil, map[int64]cad.IncidentID{8: ""}, "! there is no incident #8; look at the queue for its number"},
		{"关联 8 42", []int64{8}, nil, "! there is no incident #8; look at the queue for its number"},
		{"关联 8 42", nil, map[int64]cad.IncidentID{8: "i8"}, `{"verb":"link","incident":"i8","number":8,"other":"i42","other_number":42}`},
		{"8 记 她又来电", nil, map[int64]cad.IncidentID{8: "i8"}, `{"verb":"note","incident":"i8","number":8,"text":"她又来电"}`},
		{"#44", nil, nil, "! there is no incident #44; look at the queue for its number"},
		{"#42", nil, nil, `{"verb":"open","incident":"i42","number":42}`},
	} {
		r := line.Read(h, tt.typed, tt.old)
		if got := answer(t, r); got != tt.want || !slices.Equal(r.Sought, tt.sought) {
			t.Errorf("%s with %v: %s, seeking %v; want %s, seeking %v", tt.typed, tt.old, got, r.Sought, tt.want, tt.sought)
		}
	}
}

// FuzzRead looks for a line that breaks the reader, or that makes a plan about nothing.
func FuzzRead(f *testing.F) {
	for _, s := range []string{"派 101 去 42", "42 记 x", "101 到达", "派幺洞两去四十二", "@@#", "合并 43 到 42", "42 一级"} {
		f.Add(s)
	}
	var h *joint.House
	f.Fuzz(func(t *testing.T, s string) {
		if h == nil {
			h = world(t)
		}
		r := line.Read(h, s, nil)
		if r.Status == line.Ready && r.Plan.Incident == "" && len(r.Plan.Units) == 0 && r.Plan.Type == "" && r.Plan.Address == "" && r.Plan.Text == "" {
			t.Fatalf("%q makes a plan about nothing: %+v", s, r.Plan)
		}
	})
}
