package dispatch_test

import (
	"slices"
	"testing"

	"shuniu/internal/joint/dispatch"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// paced makes the kinds of the scene's units get on in their own way.
func (s *scene) paced(kinds ...org.Kind) {
	o := *s.Org
	o.Kinds = map[string]org.Kind{}
	for _, k := range kinds {
		o.Kinds[k.ID] = k
	}
	s.Org = &o
}

// A crew on foot is not there as soon as a car, although it stands nearer.
func TestFootIsNotThereAsACar(t *testing.T) {
	n := grid(t)
	s := newScene(t, n, "", jointtest.At(1500, 0))
	s.only("101", "102")
	s.unit("102", func(u *unit.State) { u.Kind = "foot" })
	s.fix("101", 1500, 1500, dispatch.Trusted, 0)
	s.fix("102", 1500, 500, dispatch.Trusted, 0)
	s.paced(org.Kind{ID: "patrol", Patrol: true}, org.Kind{ID: "foot", Patrol: true, Kmh: 6})
	a := dispatch.Recommend(t.Context(), s.Input)
	wantItems(t, a, "101=any", "102")
	if len(a.Items) < 2 || a.Items[1].EtaS == nil || *a.Items[1].EtaS < 299 || *a.Items[1].EtaS > 301 || !says(a.Items[1], "own_speed") {
		t.Errorf("500 m on foot: %+v, want 300 s at its own speed", a.Items)
	}
	s.Streets = nil // No map: it walks a straight line too.
	a = dispatch.Recommend(t.Context(), s.Input)
	if len(a.Items) < 2 || a.Items[1].Unit != "102" || *a.Items[1].EtaS < 299 {
		t.Errorf("500 m on foot without a map: %+v", a.Items)
	}
}

// A boat crosses the river where cars go round by the bridge.
func TestBoatGoesStraight(t *testing.T) {
	n := grid(t)
	s := newScene(t, n, "", jointtest.At(500, 0))
	s.only("101", "102")
	s.unit("102", func(u *unit.State) { u.Kind = "boat" })
	s.fix("101", 0, 0, dispatch.Trusted, 0)
	s.fix("102", -500, 0, dispatch.Trusted, 0)
	s.paced(org.Kind{ID: "patrol"}, org.Kind{ID: "boat", Kmh: 36, Straight: true})
	a := dispatch.Recommend(t.Context(), s.Input)
	wantItems(t, a, "102=any", "101")
	if len(a.Items) < 2 || *a.Items[0].EtaS < 99 || *a.Items[0].EtaS > 101 || !says(a.Items[0], "goes_straight") || says(a.Items[1], "goes_straight") || len(a.Degraded) > 0 {
		t.Errorf("1 km on water: %+v, %v", a.Items, a.Degraded)
	}
}

// A boat far from every street is sent like any other unit: no street was ever to reach it.
func TestBoatFarFromStreets(t *testing.T) {
	n := grid(t)
	s := newScene(t, n, "", jointtest.At(500, 0))
	s.only("101", "102")
	s.unit("102", func(u *unit.State) { u.Kind = "boat" })
	s.fix("101", -2000, -2000, dispatch.Trusted, 0)
	s.fix("102", 500, -5000, dispatch.Trusted, 0)
	s.paced(org.Kind{ID: "patrol"}, org.Kind{ID: "boat", Kmh: 36, Straight: true})
	wantItems(t, dispatch.Recommend(t.Context(), s.Input), "102=any", "101")
}

func says(c dispatch.Candidate, code string) bool {
	return slices.ContainsFunc(c.Reasons, func(r dispatch.Reason) bool { return r.Code == code })
}
