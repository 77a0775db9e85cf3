package street_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// On random towns with one-way streets, closed ways and turn restrictions, every trip takes as long as the textbook
// says, and the route drawn for it takes exactly as long as the table says.
func TestTripsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tn := drawTown(t)
		if !slices.ContainsFunc(tn.legs, tn.drives) {
			return
		}
		n, report, err := tn.builder().Build(t.Context(), street.Profile{
			Factor: townSpeedup, Turns: &street.TurnCosts{Emergency: street.TurnTimes{ForbiddenS: forbiddenS}},
		})
		if err != nil {
			t.Fatal(err)
		}
		n = n.Under(street.Conditions{Vehicle: tn.vehicle})
		to, toPoint := tn.drawSpot(t, "target")
		target, ok := n.Snap(toPoint, 10)
		if !ok {
			t.Fatal("the target lies on no street")
		}
		var froms []spot
		var snaps []street.Snap
		for range rapid.IntRange(1, 5).Draw(t, "units") {
			s, p := tn.drawSpot(t, "unit")
			snap, ok := n.Snap(p, 10)
			if !ok {
				t.Fatal("a unit stands on no street")
			}
			froms, snaps = append(froms, s), append(snaps, snap)
		}
		for i, trip := range n.ManyToOne(t.Context(), snaps, target) {
			want := tn.seconds(froms[i], to)
			if trip.OK != !math.IsInf(want, 1) {
				t.Fatalf("unit %d: reached %v, textbook %v s; %+v", i, trip.OK, want, report)
			}
			// Half a millisecond of rounding for each street passed.
			if trip.OK && math.Abs(trip.Duration.Seconds()-want) > 0.001*float64(report.Segments+2) {
				t.Fatalf("unit %d: %v, textbook %.4f s; %+v", i, trip.Duration, want, report)
			}
			checkRoute(t, n, snaps[i], target, trip)
			if forth := n.OneToMany(t.Context(), snaps[i], []street.Snap{target})[0]; forth != trip {
				t.Fatalf("forward %+v, backward %+v", forth, trip)
			}
		}
	})
}

// checkRoute holds a route against the trip: same time, same length, and nowhere a jump.
func checkRoute(t *rapid.T, n *street.Network, from, to street.Snap, trip street.Trip) {
	r, ok := n.Route(from, to)
	if ok != trip.OK {
		t.Fatalf("route %v, trip %v", ok, trip.OK)
	}
	if !ok {
		return
	}
	if r.Duration != trip.Duration || r.Meters != trip.Meters {
		t.Fatalf("route %v %.2f m, trip %v %.2f m", r.Duration, r.Meters, trip.Duration, trip.Meters)
	}
	if r.Points[0] != from.Point || r.Points[len(r.Points)-1] != to.Point || len(r.Points) != len(r.Times) ||
		r.Times[0] != 0 || r.Times[len(r.Times)-1] != r.Duration || !slices.IsSorted(r.Times) {
		t.Fatalf("route does not lead from its start to its target: %+v", r)
	}
	sum := 0.0
	for i := 1; i < len(r.Points); i++ {
		sum += geo.DistanceMeters(r.Points[i-1], r.Points[i])
	}
	if math.Abs(sum-r.Meters) > 0.1+sum*1e-5 {
		t.Fatalf("points are %.2f m long, route %.2f m", sum, r.Meters)
	}
	for share := 0.0; share <= 1; share += 0.25 {
		p, _ := r.At(time.Duration(share * float64(r.Duration)))
		if s, ok := n.Snap(p, 1); !ok {
			t.Fatalf("at %.0f %% the crew is off the road: %v %v", share*100, p, s)
		}
	}
}

var origin = geo.Point{Lon: 118.4, Lat: 31.2}

// lay builds a network from nodes in metres around the origin.
func lay(t testing.TB, p street.Profile, nodes map[int64][2]float64, rules []street.Restriction, ways ...street.Way) (*street.Network, street.Report) {
	t.Helper()
	b := &street.Builder{}
	for id, xy := range nodes {
		b.AddNode(id, origin.Offset(xy[0], xy[1]))
	}
	for _, w := range ways {
		b.AddWay(w)
	}
	for _, r := range rules {
		b.AddRestriction(r)
	}
	if p.Turns == nil {
		p.Turns = &street.TurnCosts{} // Distances are easier to read without.
	}
	n, report, err := b.Build(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return n.Under(street.Conditions{Vehicle: street.Civil}), report
}

func snap(t testing.TB, n *street.Network, x, y float64) street.Snap {
	t.Helper()
	s, ok := n.Snap(origin.Offset(x, y), 50)
	if !ok {
		t.Fatalf("no street at %v, %v", x, y)
	}
	return s
}

// One ring of streets, 1 km a side, at 36 km/h (10 m/s): every time is a tenth of the distance.
var ring = map[int64][2]float64{1: {0, 0}, 2: {1000, 0}, 3: {1000, 1000}, 4: {0, 1000}}

func TestOneWays(t *testing.T) {
	around := func(oneWay int8) street.Way {
		return street.Way{ID: 1, Nodes: []int64{1, 2, 3, 4, 1}, OneWay: oneWay, SpeedKmh: 36}
	}
	for _, tt := range []struct {
		name         string
		way          street.Way
		fromX, fromY float64
		toX, toY     float64
		meters       float64
	}{
		{"straight on in the same street", around(1), 200, 0, 700, 0, 500},
		{"back in the same one-way street: all the way round", around(1), 700, 0, 200, 0, 3500},
		{"back where both ways are open", around(0), 700, 0, 200, 0, 500},
		{"against the order of the nodes", around(-1), 700, 0, 200, 0, 500},
		{"with it, where the street runs against it", around(-1), 200, 0, 700, 0, 3500},
		{"the shorter way round", around(0), 200, 0, 0, 900, 1100},
		{"from the corner", around(1), 0, 0, 0, 900, 3100},
		{"to the corner", around(1), 0, 900, 0, 0, 900},
		{"nowhere", around(1), 700, 0, 700, 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, _ := lay(t, street.Profile{}, ring, nil, tt.way)
			got := n.ManyToOne(t.Context(), []street.Snap{snap(t, n, tt.fromX, tt.fromY)}, snap(t, n, tt.toX, tt.toY))[0]
			if !got.OK || math.Abs(got.Meters-tt.meters) > 1 || math.Abs(got.Duration.Seconds()-tt.meters/10) > 0.2 {
				t.Errorf("%+v, want %v m", got, tt.meters)
			}
		})
	}
}

// A one-way street into a dead end: what drives in cannot come out, and what is in it can still be reached.
func TestOneWayTrap(t *testing.T) {
	n, _ := lay(t, street.Profile{}, map[int64][2]float64{1: {0, 0}, 2: {1000, 0}, 3: {2000, 0}}, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2}}, street.Way{ID: 2, Nodes: []int64{2, 3}, OneWay: 1})
	street1, trap := snap(t, n, 500, 0), snap(t, n, 1500, 0)
	got := n.ManyToOne(t.Context(), []street.Snap{street1, trap, {}}, trap)
	if !got[0].OK || !got[1].OK || got[2].OK {
		t.Errorf("into the trap: %+v", got)
	}
	if got := n.ManyToOne(t.Context(), []street.Snap{trap, street1}, street1); got[0].OK || !got[1].OK {
		t.Errorf("out of the trap: %+v", got)
	}
	if _, ok := n.Route(trap, street1); ok {
		t.Error("a route leads out of the trap")
	}
	for _, trip := range n.ManyToOne(t.Context(), []street.Snap{street1}, street.Snap{}) {
		if trip.OK {
			t.Error("a trip leads nowhere")
		}
	}
}

// No left turn from the south into the west: one drives on to the next junction and turns there. A vehicle that may
// turn anywhere does not.
func TestRestrictions(t *testing.T) {
	nodes := map[int64][2]float64{1: {0, 0}, 2: {0, -500}, 3: {-500, 0}, 4: {0, 500}}
	ways := []street.Way{
		{ID: 12, Nodes: []int64{2, 1}, SpeedKmh: 36},
		{ID: 13, Nodes: []int64{1, 3}, SpeedKmh: 36},
		{ID: 14, Nodes: []int64{1, 4}, SpeedKmh: 36},
	}
	rule := street.Restriction{ID: 9, From: 12, Via: 1, To: 13, Kind: "no_left_turn"}
	ways3 := append(slices.Clone(ways), street.Way{ID: 12, Nodes: []int64{3, 4}})
	for _, tt := range []struct {
		name    string
		rules   []street.Restriction
		profile street.Profile
		ways    []street.Way
		meters  float64
		applied int
		ignored string
	}{
		{"no rule", nil, street.Profile{}, ways, 700, 0, ""},
		{"obeyed", []street.Restriction{rule}, street.Profile{}, ways, 1700, 1, ""},
		{"passed by sirens", []street.Restriction{rule}, street.Profile{IgnoreRestrictions: true}, ways, 700, 0, ""},
		{"only straight on", []street.Restriction{{From: 12, Via: 1, To: 14, Kind: "only_straight_on"}}, street.Profile{}, ways, 1700, 1, ""},
		{"only to the left", []street.Restriction{{From: 12, Via: 1, To: 13, Kind: "only_left_turn"}}, street.Profile{}, ways, 700, 1, ""},
		{"unknown kind", []street.Restriction{{ID: 9, From: 12, Via: 1, To: 13, Kind: "wish"}}, street.Profile{}, ways, 700, 0, "restriction of unknown kind"},
		{"ways that do not meet", []street.Restriction{{ID: 9, From: 12, Via: 4, To: 13, Kind: "no_left_turn"}}, street.Profile{}, ways, 700, 0, "restriction whose ways do not meet at its node"},
		{"through a way", []street.Restriction{{ID: 9, From: 12, Ways: []int64{14}, To: 13, Kind: "no_u_turn"}}, street.Profile{}, ways, 700, 0, "restriction whose ways in between do not join its ends"},
		{"a way given twice", nil, street.Profile{}, ways3, 700, 0, "way id given twice"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, report := lay(t, tt.profile, nodes, tt.rules, tt.ways...)
			got := n.ManyToOne(t.Context(), []street.Snap{snap(t, n, 0, -300)}, snap(t, n, -400, 0))[0]
			if !got.OK || math.Abs(got.Meters-tt.meters) > 1 {
				t.Errorf("%+v, want %v m", got, tt.meters)
			}
			if report.RestrictionsApplied != tt.applied || report.Restrictions != len(tt.rules) {
				t.Errorf("%+v", report)
			}
			if has := len(report.Ignored) > 0; has != (tt.ignored != "") || has && report.Ignored[0].Reason != tt.ignored {
				t.Errorf("ignored %+v", report.Ignored)
			}
		})
	}
}

func TestReportNamesWhatIsLeftOut(t *testing.T) {
	nodes := map[int64][2]float64{1: {0, 0}, 2: {1500, 0}, 3: {3000, 0}, 4: {0, 300}, 5: {100, 300}, 6: {0, 0}}
	b := &street.Builder{}
	for id, xy := range nodes {
		b.AddNode(id, origin.Offset(xy[0], xy[1]))
	}
	b.AddNode(77, geo.Point{Lon: math.NaN()})
	b.AddNode(78, geo.Point{Lon: 0, Lat: 0})
	for _, w := range []street.Way{
		{ID: 1, Nodes: []int64{1, 2, 99, 3}, SpeedKmh: 9999},              // 99 is missing: 3 hangs in the air.
		{ID: 2, Nodes: []int64{3}},                                        // Too short.
		{ID: 3, Nodes: []int64{3, 3}},                                     // Stays in one place.
		{ID: 4, Nodes: []int64{2, 3, 78}, OneWay: 1, SpeedKmh: 50},        // The last piece crosses half the earth.
		{ID: 5, Nodes: []int64{4, 5}},                                     // A fragment.
		{ID: 6, Nodes: []int64{1, 3}, Access: street.AccessClosed},        // Drawn only.
		{ID: 7, Nodes: []int64{1, 6}, Access: street.AccessEmergency},     // Two nodes in one place: a link.
		{ID: 8, Nodes: []int64{77, 77}, SpeedKmh: math.NaN(), OneWay: -1}, // Nothing is right.
	} {
		b.AddWay(w)
	}
	n, report, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]int)
	for _, ig := range report.Ignored {
		got[ig.Reason] = ig.Count
	}
	want := map[string]int{
		"node has no valid place":                                           1,
		"way refers to a node that is not in the data":                      3,
		"way has fewer than two usable nodes":                               3,
		"way repeats a node or stays in one place":                          1,
		"way has a straight piece longer than 50 km":                        1,
		"speed limit is absurd; the class speed is used":                    1,
		"way is closed to our vehicles; it is drawn only":                   1,
		"street that one can enter but not leave":                           1, // The one-way piece to node 3.
		"way has a piece without length; kept as a link that takes no time": 1,
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("ignored %v\nwant    %v", got, want)
	}
	if report.Ways != 8 || report.Driven != 4 || report.Segments != 4 || report.Edges != 7 || report.OneWays != 1 ||
		report.Speeds != 1 || report.Fragments != 1 || report.Nodes != 6 {
		t.Errorf("%+v", report)
	}
	if len(n.Drawing()) != 5 || len(n.Lines(geo.Bounds{Min: origin.Offset(-10, 250), Max: origin.Offset(10, 350)})) != 1 {
		t.Errorf("%d lines", len(n.Drawing()))
	}
	// The proper street is taken although the fragment is nearer, unless only the fragment is in reach.
	if s, ok := n.Snap(origin.Offset(50, 290), 400); !ok || s.DistanceMeters < 280 {
		t.Errorf("%+v %v", s, ok)
	}
	if s, ok := n.Snap(origin.Offset(50, 290), 100); !ok || s.DistanceMeters > 11 {
		t.Errorf("%+v %v", s, ok)
	}
	if _, _, err := b.Build(cancelled(t), street.Profile{}); err == nil {
		t.Error("a cancelled build gives a network")
	}
}

func cancelled(t testing.TB) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}

func TestEmptyNetwork(t *testing.T) {
	n, report := lay(t, street.Profile{}, nil, nil)
	if _, ok := n.Snap(origin, 1e9); ok || report.Edges != 0 || n.Stats().Edges != 0 || len(n.Drawing()) != 0 {
		t.Errorf("streets in nothing: %+v", report)
	}
	if got := n.ManyToOne(t.Context(), []street.Snap{{}}, street.Snap{}); len(got) != 1 || got[0].OK {
		t.Errorf("%+v", got)
	}
}

// The grid finds the same street as looking at all of them.
func TestSnapIsNearest(t *testing.T) {
	n := grid(t, 12, 170)
	lines := n.Drawing()
	rapid.Check(t, func(t *rapid.T) {
		p := origin.Offset(rapid.Float64Range(-4000, 6000).Draw(t, "x"), rapid.Float64Range(-4000, 6000).Draw(t, "y"))
		limit := rapid.SampledFrom([]float64{50, 500, 1e5}).Draw(t, "limit")
		best := math.Inf(1)
		for _, l := range lines {
			for i := 1; i < len(l.Points); i++ {
				d, _ := geo.PlaneAt(p).Nearest(l.Points[i-1], l.Points[i])
				best = min(best, d)
			}
		}
		s, ok := n.Snap(p, limit)
		if ok != (best <= limit) || ok && math.Abs(s.DistanceMeters-best) > 1e-6 {
			t.Fatalf("%+v %v, nearest %.3f m", s, ok, best)
		}
	})
	for _, p := range []geo.Point{{Lon: math.NaN()}, {Lon: 200}, {Lat: math.Inf(1)}} {
		if _, ok := n.Snap(p, 1e9); ok {
			t.Errorf("%v lies on a street", p)
		}
	}
	if _, ok := n.Snap(origin, math.NaN()); ok {
		t.Error("a distance that is no number reaches a street")
	}
	if s, ok := n.Snap(geo.Point{Lon: 0, Lat: 89.9}, 1e9); !ok || s.DistanceMeters < 1e6 {
		t.Errorf("from the pole: %+v %v", s, ok)
	}
}

func TestCancelledSearchFindsNothing(t *testing.T) {
	n := grid(t, 60, 100)
	from, to := snap(t, n, 0, 0), snap(t, n, 5900, 5900)
	if got := n.ManyToOne(cancelled(t), []street.Snap{from}, to); got[0].OK {
		t.Errorf("%+v", got)
	}
}

func TestManyGoroutines(t *testing.T) {
	n := grid(t, 30, 100)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			to := snap(t, n, float64(i)*300, 1500)
			for k := range 20 {
				from := snap(t, n, float64(k)*100, 50)
				got := n.ManyToOne(t.Context(), []street.Snap{from}, to)[0]
				r, ok := n.Route(from, to)
				if !ok || !got.OK || r.Duration != got.Duration {
					t.Errorf("%+v %v", got, r.Duration)
				}
			}
		})
	}
	wg.Wait()
}

func TestRouteAt(t *testing.T) {
	n, _ := lay(t, street.Profile{}, ring, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2}, Name: "South", SpeedKmh: 36},
		street.Way{ID: 2, Nodes: []int64{2, 3}, Name: "East", SpeedKmh: 72})
	r, ok := n.Route(snap(t, n, 500, 0), snap(t, n, 1000, 800))
	if !ok || !slices.Equal(r.Names, []string{"South", "East"}) {
		t.Fatalf("%+v", r)
	}
	for _, tt := range []struct {
		after   time.Duration
		x, y    float64
		bearing float64
	}{
		{-time.Second, 500, 0, 90},
		{0, 500, 0, 90},
		{20 * time.Second, 700, 0, 90},
		{60 * time.Second, 1000, 200, 0},
		{90 * time.Second, 1000, 800, 0},
		{time.Hour, 1000, 800, 0},
	} {
		p, bearing := r.At(tt.after)
		off := math.Mod(bearing-tt.bearing+540, 360) - 180
		if d := geo.DistanceMeters(p, origin.Offset(tt.x, tt.y)); d > 2 || math.Abs(off) > 1 {
			t.Errorf("after %v: %.1f m off, bearing %.1f", tt.after, d, bearing)
		}
	}
	if p, b := (street.Route{}).At(time.Second); p != (geo.Point{}) || b != 0 {
		t.Error("a route without points is somewhere")
	}
}

// grid is a square town of n x n junctions with every third street one-way and some lines bent.
func grid(t testing.TB, n int, meters float64) *street.Network {
	b := &street.Builder{}
	rng := rand.New(rand.NewPCG(7, 7))
	id := func(x, y int) int64 { return int64(y*n + x) }
	for y := range n {
		for x := range n {
			b.AddNode(id(x, y), origin.Offset(float64(x)*meters+rng.Float64()*9, float64(y)*meters+rng.Float64()*9))
		}
	}
	for i := range n {
		across, up := street.Way{ID: int64(i), Class: "primary"}, street.Way{ID: int64(n + i), Class: "residential"}
		across.OneWay, up.OneWay = []int8{0, 1, -1}[i%3], []int8{0, 1, -1}[i%3]
		for k := range n {
			across.Nodes, up.Nodes = append(across.Nodes, id(k, i)), append(up.Nodes, id(i, k))
		}
		b.AddWay(across)
		b.AddWay(up)
	}
	network, _, err := b.Build(t.Context(), street.Profile{})
	if err != nil {
		t.Fatal(err)
	}
	return network
}

// BenchmarkManyToOne200 is one recommendation: 200 units over a town of 22,500 junctions, one incident.
func BenchmarkManyToOne200(b *testing.B) {
	n := grid(b, 150, 100)
	rng := rand.New(rand.NewPCG(1, 2))
	place := func() street.Snap {
		s, _ := n.Snap(origin.Offset(rng.Float64()*14900, rng.Float64()*14900), 500)
		return s
	}
	units, targets := make([]street.Snap, 200), make([]street.Snap, 64)
	for i := range units {
		units[i] = place()
	}
	for i := range targets {
		targets[i] = place()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		n.ManyToOne(b.Context(), units, targets[i%len(targets)])
	}
}

func BenchmarkSnap(b *testing.B) {
	n := grid(b, 150, 100)
	rng := rand.New(rand.NewPCG(1, 2))
	b.ReportAllocs()
	for b.Loop() {
		n.Snap(origin.Offset(rng.Float64()*14900, rng.Float64()*14900), 500)
	}
}

func ExampleNetwork_ManyToOne() {
	b := &street.Builder{}
	b.AddNode(1, geo.Point{Lon: 118.400, Lat: 31.2})
	b.AddNode(2, geo.Point{Lon: 118.410, Lat: 31.2})
	b.AddWay(street.Way{ID: 1, Nodes: []int64{1, 2}, Name: "学校路", Class: "secondary"})
	n, _, err := b.Build(context.Background(), street.Profile{Factor: 1.2})
	if err != nil {
		fmt.Println(err)
		return
	}
	unit, _ := n.Snap(geo.Point{Lon: 118.401, Lat: 31.2001}, 100)
	call, _ := n.Snap(geo.Point{Lon: 118.409, Lat: 31.1999}, 100)
	trip := n.ManyToOne(context.Background(), []street.Snap{unit}, call)[0]
	fmt.Printf("%.0f m in %v on %s\n", trip.Meters, trip.Duration.Round(time.Second), call.Name)
	// Output: 761 m in 51s on 学校路
}
