package coverage_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/call"
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
