package dispatch_test

import (
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/joint"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
)

// What units have done today is counted from the orders in memory, and how long work took from those that ended.
func TestReckon(t *testing.T) {
	h := joint.NewHouse(nil)
	codec, err := joint.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	do := func(now time.Time, c joint.Command) {
		t.Helper()
		out, err := c.Decide(h, joint.Moment{Now: now, Actor: "p12"})
		if err != nil {
			t.Fatalf("%+v: %v", c, err)
		}
		for _, f := range out.Facts {
			if err := h.Evolve(codec, f, cad.Stamp{Seq: h.Seq + 1, At: now, Happened: now}); err != nil {
				t.Fatal(err)
			}
		}
	}
	midnight := noon.Add(-12 * time.Hour)
	at := func(m int) time.Time { return midnight.Add(time.Duration(m) * time.Minute) }
	do(at(-60), joint.OpenWorld{World: cad.Live, Centre: jointtest.Centre})
	do(at(-60), joint.Configure{Charter: jointtest.Charter(jointtest.Centre)})
	for _, u := range []cad.UnitID{"101", "211"} {
		do(at(-60), joint.SayUnit{Unit: u, To: "available"})
	}
	for i, from := range []int{-30, 10, 60} { // The first lasts past midnight.
		id := cad.IncidentID(string(rune('a' + i)))
		do(at(from), joint.Receive{ID: id, Type: "theft"})
		do(at(from), dispatch.Send{Incident: id, Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{cad.AssignmentID(id)}})
		do(at(from+5), joint.SayUnit{Unit: "101", To: "on_scene"})
		do(at(from+35), joint.SayUnit{Unit: "101", To: "cleared"})
	}
	do(at(100), joint.Receive{ID: "x", Type: "knife"})
	do(at(100), dispatch.Send{Incident: "x", Units: []cad.UnitID{"101", "211"}, IDs: []cad.AssignmentID{"x1", "x2"}})
	do(at(101), joint.SayUnit{Unit: "211", To: "on_scene"})
	do(at(102), joint.SayUnit{Unit: "211", To: "transporting"})
	do(at(112), joint.SayUnit{Unit: "211", To: "cleared"})
	do(at(113), joint.Receive{ID: "y", Type: "theft"})
	do(at(113), dispatch.Send{Incident: "y", Units: []cad.UnitID{"101"}, IDs: []cad.AssignmentID{"y1"}, Stack: true})
	got := dispatch.Reckon(h, midnight, at(120))
	for u, want := range map[cad.UnitID]dispatch.Load{"101": {Jobs: 5, BusyS: 60 * (5 + 35 + 35 + 20)}, "211": {Jobs: 1, BusyS: 60 * 12}, "102": {}} {
		if got.Loads[u] != want {
			t.Errorf("%s has done %+v, want %+v", u, got.Loads[u], want)
		}
	}
	if m := got.OnScene["theft"]; m.N != 3 || m.TotalS != 3*30*60 {
		t.Errorf("on scene: %+v", m)
	}
	if got.Away.N != 1 || got.Away.TotalS != 600 || got.OnScene["knife"].N != 0 {
		t.Errorf("away: %+v, on scene: %+v", got.Away, got.OnScene)
	}
}
