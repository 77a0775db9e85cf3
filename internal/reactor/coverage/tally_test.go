package coverage_test

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/cover"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/reactor/coverage"
)

// Only what somebody called for counts, whichever way it comes to its place. What a patrol finds or a sensor tells never
// does, also when it is merged into what somebody called for. Seen to fail when every call with a place counts.
func TestOnlyCallersAreDemand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		p := at(1)
		for i, s := range []incident.Source{
			incident.Phone, incident.WalkIn, incident.App, incident.Replay, incident.Station, incident.Patrol, incident.Sensor, "",
		} {
			tn.do(joint.Receive{ID: cad.IncidentID(fmt.Sprint("i", i)), Call: cad.CallID(fmt.Sprint("c", i)), Source: s, Type: "theft", Place: &p})
		}
		tn.do(joint.Merge{ID: "i5", Into: "i0"})
		tn.do(joint.AboutCall{ID: "c9", Name: "arrive", Cmd: call.Arrive{ID: "c9", Place: &p}}) // Nobody knows of what yet.
		tn.pass(11 * time.Minute)
		if d := tn.view().Demand; d.Observed != 5 || d.LeftOut != 3 {
			t.Errorf("%d calls count and %d do not, want 5 and 3", d.Observed, d.LeftOut)
		}
		tn.do(joint.Receive{ID: "late", Call: "c9", Source: incident.Phone, Type: "theft"})
		tn.do(joint.Receive{ID: "nowhere", Call: "c10", Source: incident.Phone, Type: "theft"})
		tn.pass(time.Minute)
		if d := tn.view().Demand; d.Observed != 6 {
			t.Errorf("with the call that rang before its incident %d count, want 6", d.Observed)
		}
		tn.do(joint.Locate{ID: "nowhere", Place: &p})
		tn.pass(time.Minute)
		if d := tn.view().Demand; d.Observed != 7 || d.LeftOut != 3 {
			t.Errorf("when the last place is known %d count and %d do not, want 7 and 3", d.Observed, d.LeftOut)
		}
	})
}

// How busy units are is measured over hours, not taken from the moment: a third of an hour in which most are busy
// moves it little, three hours of it much. Seen to fail while the share was that of the moment.
func TestBusyIsMeasuredOverHours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tn := newTown(t, charter(), coverage.Options{})
		tn.pass(time.Second)
		busy := func() float64 { return tn.view().Classes[0].Busy }
		if got := busy(); got != cover.BusyUsual {
			t.Errorf("at first %v, want %v", got, cover.BusyUsual)
		}
		for _, id := range []cad.UnitID{"101", "102"} {
			tn.do(joint.SayUnit{Unit: id, To: "unavailable"})
		}
		tn.pass(20*time.Minute + time.Second)
		// A third of an hour of two thirds beside four hours of 0.3.
		if got, want := busy(), (1.0/3*2/3+4*0.3)/(1.0/3+4); math.Abs(got-want) > 0.001 {
			t.Errorf("after a third of an hour %v, want %v", got, want)
		}
		tn.pass(3 * time.Hour)
		if got, want := busy(), (10.0/3*2/3+4*0.3)/(10.0/3+4); math.Abs(got-want) > 0.005 {
			t.Errorf("three hours later %v, want %v", got, want)
		}
	})
}
