package osm_test

import (
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/hierarchy"
	"shuniu/internal/journal/journaltest"
	"shuniu/internal/osm"
	"shuniu/internal/publicdata"
	"shuniu/internal/street"
)

// rush is a day on which everything is slower at eight, and small streets most.
func rush() street.Factors {
	f := street.Factors{}
	for class, x := range map[string]float64{"primary": 0.6, "secondary": 0.55, "tertiary": 0.7, "residential": 0.45, "unclassified": 0.8, "motorway": 0.33} {
		day := [24]float64{8: x}
		for h := range day {
			if h != 8 {
				day[h] = 1
			}
		}
		f[class] = day
	}
	return f
}

// The engine's answers are those of Dijkstra's search on the same graph, on a generated city with rules and on real
// streets, for both kinds of vehicles, before and after the speeds change.
func TestRouterIsExact(t *testing.T) {
	for _, tt := range []struct {
		name, file string
		rules      bool
	}{
		{"generated", filepath.Join("..", "..", "testdata", "worlds", "lanhu.osm"), true},
		{"tiger", tigerFile, false},
		{"north", northFile, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := tt.file
			if tt.name != "generated" {
				file = publicdata.File(t, file)
			}
			x, err := osm.ReadFile(t.Context(), file, osm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if tt.rules != (x.Report.RestrictionsApplied > 0) {
				t.Errorf("%+v", x.Report)
			}
			h, err := x.Streets.Prepare(t.Context(), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			began := time.Now()
			for _, c := range []street.Conditions{
				{},
				{Vehicle: street.Civil},
				{Factors: rush(), Hour: 8},
				{Vehicle: street.Civil, Factors: rush(), Hour: 8},
			} {
				exact(t, x.Streets, h, c)
			}
			t.Logf("%+v, compared in %v", x.Streets.Stats(), time.Since(began))
		})
	}
}

// exact compares 10,000 random pairs, fewer under the race detector, and the routes of some of them.
func exact(t *testing.T, n *street.Network, h *hierarchy.Hierarchy, c street.Conditions) {
	t.Helper()
	oracle := n.Under(c)
	r, err := n.Router(t.Context(), h, c)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(uint64(c.Hour)+1, uint64(c.Vehicle)))
	targets := 25
	if journaltest.Raced {
		targets = 4
	}
	from, to := spread(n, rng, 400), spread(n, rng, targets)
	copy(to, from[:3]) // Some trips lead nowhere.
	got, reached := r.ManyToMany(t.Context(), from, to), 0
	for k, target := range to {
		one := r.ManyToOne(t.Context(), from, target)
		for i, want := range oracle.ManyToOne(t.Context(), from, target) {
			if got[i][k] != want || one[i] != want {
				t.Fatalf("%+v from %+v to %+v: %+v, alone %+v, Dijkstra %+v", c, from[i], target, got[i][k], one[i], want)
			}
			if want.OK {
				reached++
			}
			if i%100 == k {
				sameRoute(t, oracle, r, from[i], target, want)
			}
		}
	}
	if all := len(from) * len(to); reached < all*8/10 {
		t.Errorf("%+v: only %d of %d pairs have a way", c, reached, all)
	}
	for i, f := range from[:10] {
		if one := r.OneToMany(t.Context(), f, to); !slices.Equal(one, got[i]) {
			t.Fatalf("%+v from %+v: %+v, want %+v", c, f, one, got[i])
		}
	}
	fleet := r.NewFleet()
	for i, f := range from {
		fleet.Put(i, from[(i+1)%len(from)]) // It moves.
		fleet.Put(i, f)
	}
	for k := range min(10, targets) {
		for i, trip := range fleet.To(to[k]) {
			if trip != got[i][k] {
				t.Fatalf("fleet %+v, router %+v", trip, got[i][k])
			}
		}
	}
}

// sameRoute holds a route of either against the trip: its pieces sum up, and it never jumps.
func sameRoute(t *testing.T, oracle *street.Network, r *street.Router, from, to street.Snap, trip street.Trip) {
	t.Helper()
	for _, f := range []street.Finder{oracle, r} {
		way, ok := f.Route(from, to)
		if ok != trip.OK || way.Duration != trip.Duration || way.Meters != trip.Meters {
			t.Fatalf("%T: %v %v %v m, trip %+v", f, ok, way.Duration, way.Meters, trip)
		}
		if !ok {
			continue
		}
		sum := 0.0
		for i := 1; i < len(way.Points); i++ {
			if way.Times[i] < way.Times[i-1] {
				t.Fatalf("%T: time runs backwards", f)
			}
			sum += geo.DistanceMeters(way.Points[i-1], way.Points[i])
		}
		if last := way.Times[len(way.Times)-1]; last != way.Duration || math.Abs(sum-way.Meters) > 0.5+sum*1e-4 {
			t.Fatalf("%T: pieces take %v and %.2f m, the whole %v and %.2f m", f, last, sum, way.Duration, way.Meters)
		}
	}
}

// spread puts places on streets at random, between their corners and sometimes on one.
func spread(n *street.Network, rng *rand.Rand, count int) []street.Snap {
	lines := n.Drawing()
	out := make([]street.Snap, 0, count)
	for len(out) < count {
		l := lines[rng.IntN(len(lines))].Points
		k, share := 1+rng.IntN(len(l)-1), rng.Float64()
		if rng.IntN(8) == 0 {
			share = 0
		}
		if s, ok := n.Snap(geo.Between(l[k-1], l[k], share), 500); ok {
			out = append(out, s)
		}
	}
	return out
}
