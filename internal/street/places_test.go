package street_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// A place is put on a street that one can leave and come back to, if there is one near.
func TestSnapAvoidsTraps(t *testing.T) {
	n, report := lay(t, street.Profile{}, map[int64][2]float64{1: {0, 0}, 2: {1000, 0}, 3: {2000, 0}, 4: {1000, 80}, 5: {2000, 80}}, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2, 3}, Name: "Proper"}, street.Way{ID: 2, Nodes: []int64{2, 4}},
		street.Way{ID: 3, Nodes: []int64{4, 5}, OneWay: 1, Name: "Trap"})
	s, ok := n.Snap(origin.Offset(1700, 70), 300)
	if !ok || s.Name != "Proper" {
		t.Errorf("%+v", s)
	}
	if s, ok = n.Snap(origin.Offset(1700, 70), 20); !ok || s.Name != "Trap" {
		t.Errorf("%+v", s)
	}
	if i := slices.IndexFunc(report.Ignored, func(ig street.Ignored) bool { return ig.Reason == "street that one can enter but not leave" }); i < 0 || report.Ignored[i].Example != 3 {
		t.Errorf("%+v", report.Ignored)
	}
	// A street closed to civil traffic is none for it.
	n, _ = build(t, street.Profile{}, map[int64][2]float64{1: {0, 0}, 2: {1000, 0}, 3: {0, 80}, 4: {1000, 80}}, nil, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2}, Name: "Open"}, street.Way{ID: 2, Nodes: []int64{3, 4}, Name: "Mall", Access: street.AccessEmergency}, street.Way{ID: 3, Nodes: []int64{1, 3}})
	for v, want := range map[street.Vehicle]string{street.Civil: "Open", street.Emergency: "Mall"} {
		if s, ok := n.Under(street.Conditions{Vehicle: v}).Snap(origin.Offset(500, 70), 300); !ok || s.Name != want {
			t.Errorf("vehicle %d: %+v", v, s)
		}
	}
}

// The street that an address names is taken if it is near, whichever way its name is written.
func TestSnapNamed(t *testing.T) {
	n, _ := lay(t, street.Profile{}, map[int64][2]float64{1: {0, 0}, 2: {1000, 0}, 3: {0, 60}, 4: {1000, 60}, 5: {0, 900}, 6: {1000, 900}}, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2}, Name: "学校路"}, street.Way{ID: 2, Nodes: []int64{3, 4}, Name: "Mill Lane"},
		street.Way{ID: 3, Nodes: []int64{5, 6}, Name: "Far Street"}, street.Way{ID: 4, Nodes: []int64{1, 3, 5}})
	for _, tt := range []struct {
		name, want string
		max        float64
	}{
		{"", "学校路", 500},
		{"Mill Lane", "Mill Lane", 500},
		{" mill lane ", "Mill Lane", 500},
		{"学校路", "学校路", 500},
		{"Mill Lane", "学校路", 30},    // Out of reach.
		{"Far Street", "学校路", 2000}, // So far away that the name must be wrong.
		{"No Such Street", "学校路", 500},
	} {
		if s, ok := n.SnapNamed(origin.Offset(500, 25), tt.max, tt.name); !ok || s.Name != tt.want {
			t.Errorf("%q within %v m: %+v", tt.name, tt.max, s)
		}
	}
	s, _ := n.SnapNamed(origin.Offset(500, 21), 500, "Mill Lane")
	if w := s.Walk(); math.Abs(w.Seconds()-39/1.3) > 0.2 {
		t.Errorf("%v on foot over %v m", w, s.DistanceMeters)
	}
}

// Of a divided road the carriageway is taken on whose side the place lies, and the trip arrives on that side.
func TestSnapDividedRoad(t *testing.T) {
	n, _ := lay(t, street.Profile{}, map[int64][2]float64{1: {0, 0}, 2: {2000, 0}, 3: {0, 25}, 4: {2000, 25}}, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2}, OneWay: 1, Name: "Ring", SpeedKmh: 36}, street.Way{ID: 2, Nodes: []int64{4, 3}, OneWay: 1, Name: "Ring", SpeedKmh: 36},
		street.Way{ID: 3, Nodes: []int64{1, 3}, SpeedKmh: 36}, street.Way{ID: 4, Nodes: []int64{2, 4}, SpeedKmh: 36})
	unit := snap(t, n, 500, -5)
	for _, tt := range []struct{ y, meters float64 }{{-40, 500}, {65, 1500 + 25 + 1000}} {
		s, ok := n.SnapNamed(origin.Offset(1000, tt.y), 100, "Ring")
		got := n.ManyToOne(t.Context(), []street.Snap{unit}, s)[0]
		if !ok || !got.OK || math.Abs(got.Meters-tt.meters) > 2 {
			t.Errorf("at %v: %+v %+v", tt.y, s, got)
		}
	}
}

// What is reached within a time is what a trip reaches, and the outline holds it.
func TestIsochrone(t *testing.T) {
	n := grid(t, 30, 150)
	from := snap(t, n, 2150, 2200)
	limits := []time.Duration{time.Minute, 2 * time.Minute, 150 * time.Second}
	all := n.Isochrone(t.Context(), from, limits)
	for i, r := range all {
		if r.Within != limits[i] || len(r.Streets) == 0 || len(r.Area) == 0 || !r.Area.Valid() {
			t.Fatalf("%v: %d streets, %d areas", r.Within, len(r.Streets), len(r.Area))
		}
		corners := 0
		for _, g := range r.Area {
			corners += len(g[0])
			if len(g) != 1 || g[0][0] != g[0][len(g[0])-1] {
				t.Errorf("%v: a hole, or an outline that is open", r.Within)
			}
			if at, crosses, _ := geo.Crossing(g[:1]); crosses {
				t.Errorf("%v: the outline crosses itself at %v", r.Within, at)
			}
		}
		inside := make(map[geo.Point]bool)
		for _, line := range r.Streets {
			for k, p := range line {
				inside[p] = true
				if !r.Area.Contains(p) {
					t.Fatalf("%v: %v is reached and lies outside", r.Within, p)
				}
				s, ok := n.Snap(p, 5)
				if !ok {
					t.Fatal("off the street")
				}
				if trip := n.OneToMany(t.Context(), from, []street.Snap{s})[0]; k%7 == 0 && (!trip.OK || trip.Duration > r.Within+50*time.Millisecond) {
					t.Fatalf("%v: %v takes %v", r.Within, p, trip.Duration)
				}
			}
		}
		if corners > 400 || len(inside) < 10 {
			t.Errorf("%v: %d corners, %d points", r.Within, corners, len(inside))
		}
		if i > 0 && len(r.Streets) <= len(all[0].Streets) {
			t.Errorf("%v reaches no more than %v", r.Within, limits[0])
		}
	}
	missing := 0
	for x := 0.0; x < 4300; x += 130 { // Nothing that a trip reaches is left out.
		for y := 0.0; y < 4300; y += 310 {
			s, ok := n.Snap(origin.Offset(x, y), 200)
			if !ok {
				continue
			}
			trip := n.OneToMany(t.Context(), from, []street.Snap{s})[0]
			for _, r := range all {
				if trip.OK && trip.Duration < r.Within-50*time.Millisecond && !on(r.Streets, s.Point) {
					missing++
					t.Logf("%v: %v is reached in %v and missing", r.Within, s.Point, trip.Duration)
				}
				if trip.OK && trip.Duration > r.Within+50*time.Millisecond && on(r.Streets, s.Point) && s.OffsetMeters > 1 {
					missing++
					t.Logf("%v: %v takes %v", r.Within, s.Point, trip.Duration)
				}
			}
		}
	}
	if missing > 0 {
		t.Errorf("%d places are wrong", missing)
	}
	if r := n.Isochrone(t.Context(), street.Snap{}, limits); len(r) != 3 || r[0].Streets != nil || r[0].Area != nil {
		t.Errorf("from nowhere: %+v", r)
	}
}

// On a one-way ring what lies behind is reached last, by going round.
func TestIsochroneGoesRound(t *testing.T) {
	n, _ := lay(t, street.Profile{}, ring, nil, street.Way{ID: 1, Nodes: []int64{1, 2, 3, 4, 1}, OneWay: 1, SpeedKmh: 36})
	for _, tt := range []struct{ seconds, meters float64 }{{0, 0}, {60, 600}, {380, 3800}, {390, 3900}, {1000, 4000}} {
		got := 0.0
		for _, line := range n.Isochrone(t.Context(), snap(t, n, 200, 0), []time.Duration{time.Duration(tt.seconds * float64(time.Second))})[0].Streets {
			for k := 1; k < len(line); k++ {
				got += geo.DistanceMeters(line[k-1], line[k])
			}
		}
		if math.Abs(got-tt.meters) > 3 {
			t.Errorf("within %v s: %.0f m, want %.0f", tt.seconds, got, tt.meters)
		}
	}
}

// on reports whether a point lies on one of the lines.
func on(lines [][]geo.Point, p geo.Point) bool {
	plane := geo.PlaneAt(p)
	for _, l := range lines {
		for k := 1; k < len(l); k++ {
			if d, _ := plane.Nearest(l[k-1], l[k]); d < 0.2 {
				return true
			}
		}
	}
	return false
}
