package coverage_test

import (
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/demand"
	"shuniu/internal/joint"
	"shuniu/internal/reactor/coverage"
)

// What lies outside of the centre's bounds is no part of its cover, neither beforehand nor when somebody calls from there.
func TestOutsideIsNoCover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		monday := time.Date(1999, 12, 27, 0, 0, 0, 0, time.UTC)
		var events []demand.Event
		for i := range 100 {
			events = append(events, demand.Event{At: monday.Add(time.Duration(i) * time.Hour), Place: at(0.5 + float64(i%2)*40), By: demand.Caller})
		}
		tn := newTown(t, charter(), coverage.Options{Demand: demand.Fit(events, demand.Options{})})
		tn.pass(time.Second)
		far := at(40.5)
		tn.do(joint.Receive{ID: "i1", Call: "c1", Type: "theft", Place: &far})
		tn.pass(11 * time.Minute)
		all := 0.0
		for _, s := range tn.view().Squares {
			if all += s.Weight; s.Box.Contains(far) {
				t.Errorf("%v is watched", s.Box)
			}
		}
		if all <= 0 {
			t.Error("nothing is watched")
		}
	})
}
