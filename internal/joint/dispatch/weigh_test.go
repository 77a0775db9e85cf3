package dispatch_test

import (
	"slices"
	"testing"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/incident"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/unit"
)

// What a unit leaves is said before it goes: whoever stays where it works, what waits behind, and the areas that it
// covers. Those who are weighed together leave together.
func TestWeighTellsWhatIsLeft(t *testing.T) {
	s := newScene(t, nil, "knife", jointtest.At(300, 0))
	other := incident.State{ID: "i7", Number: 7, Priority: cad.P1}
	s.Job = func(cad.IncidentID) *incident.State { return &other }
	for _, id := range []cad.UnitID{"101", "102"} {
		s.stacks[id] = []*assignment.State{
			{ID: cad.AssignmentID(id), Incident: "i7", Unit: id, Stage: assignment.EnRoute, Primary: true, DispatchedBy: "seat-12", DispatchedAt: noon.Add(-time.Minute)},
			{ID: "next", Incident: "i8", Unit: id, Stage: assignment.Dispatched},
		}
	}
	s.stacks["211"] = []*assignment.State{{ID: "here", Incident: "i1", Unit: "211", Stage: assignment.OnScene, Primary: true}}
	s.unit("221", func(u *unit.State) { u.Duty, u.Reason = unit.Unavailable, "meal" })
	s.Loss = func(id cad.UnitID) cover.Loss {
		return cover.Loss{Seconds: 12.34, Voids: []cover.Void{{Area: "st1", Class: string("of-" + id)}}}
	}
	sent := func(cad.IncidentID) []cad.UnitID { return []cad.UnitID{"101", "102", "103"} }
	weigh := func(units ...cad.UnitID) []dispatch.Weighed { return dispatch.Weigh(t.Context(), s.Input, units, sent) }

	one := weigh("101")[0]
	if one.State != "busy" || one.At == nil || one.At.Left != 2 || one.At.Number != 7 || one.At.Priority != cad.P1 || one.At.By != "seat-12" || one.At.SinceS != 60 {
		t.Errorf("a busy one: %+v %+v", one, one.At)
	}
	if !slices.Equal(one.Behind, []int64{7}) || one.Cover != nil || one.EtaS == nil {
		t.Errorf("a busy one: %+v", one)
	}
	both := weigh("101", "102", "101")
	if len(both) != 2 || both[0].At.Left != 1 || both[1].At.Left != 1 {
		t.Errorf("two that leave together: %+v", both)
	}
	free := ""
	for id := range s.Units {
		if len(s.stacks[id]) == 0 && s.Units[id].Dispatchable && s.Units[id].Duty == unit.Available {
			free = string(id)
		}
	}
	if w := weigh(cad.UnitID(free))[0]; w.State != "free" || w.At != nil || w.Cover == nil || w.Cover.LossS != 12.3 || w.Cover.Voids[0].Area != "st1" {
		t.Errorf("a free one: %+v", w)
	}
	if w := weigh("211")[0]; w.State != "here" || w.At != nil {
		t.Errorf("one that is here: %+v", w)
	}
	if w := weigh("221")[0]; w.State != "off" || w.Why == nil || w.Why.Code != "unavailable" {
		t.Errorf("one that cannot go: %+v", w)
	}
	if w := weigh("nobody")[0]; w.State != "unknown" || w.Cover != nil || w.EtaS != nil {
		t.Errorf("one that nobody knows: %+v", w)
	}
}
