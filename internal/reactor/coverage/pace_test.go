package coverage_test

import (
	"testing"
	"testing/synctest"
	"time"

	"shuniu/internal/cover"
	"shuniu/internal/org"
	"shuniu/internal/reactor/coverage"
)

// A crew on foot does not cover what a car at the same post would, and is not asked to walk to another post; a boat covers
// as far as it goes in that time.
func TestCoverKnowsHowUnitsGetOn(t *testing.T) {
	for name, c := range map[string]struct {
		kind org.Kind
		want cover.State
		home float64 // Of the unit, km east. The area is from 4 to 8.
	}{
		"car":  {org.Kind{ID: "slow", Name: name("车"), Patrol: true}, cover.Thin, 6},
		"foot": {org.Kind{ID: "slow", Name: name("步巡"), Patrol: true, Kmh: 6}, cover.Bare, 6},
		"boat": {org.Kind{ID: "slow", Name: name("艇"), Patrol: true, Kmh: 90, Straight: true}, cover.Thin, 1},
		"raft": {org.Kind{ID: "slow", Name: name("筏"), Patrol: true, Kmh: 5, Straight: true}, cover.Bare, 6},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ch := charter()
				ch.Kinds = append(ch.Kinds, c.kind)
				p := at(c.home)
				ch.Units[2].Kind, ch.Units[2].Home = "slow", &p
				ch.Units = ch.Units[2:] // Nobody else.
				tn := newTown(t, ch, coverage.Options{})
				tn.pass(time.Second)
				within := 0
				for _, x := range tn.view().Classes[0].Cells {
					if x.ExpectedS <= 300 {
						within++
					}
				}
				a := tn.area("st2")
				if (a.Within > 0) != (c.want != cover.Bare) {
					t.Errorf("%+v with %d squares in time, want %v", a, within, c.want)
				}
				for _, m := range tn.view().Moves {
					if c.kind.Slow() {
						t.Errorf("it is asked to move: %+v", m)
					}
				}
				if free := tn.view().Free["patrol"]; len(free) != 1 || free[0].Kind != "slow" {
					t.Errorf("%+v waits", free)
				}
			})
		})
	}
}
