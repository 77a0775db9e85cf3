package street_test

import (
	"math"
	"slices"
	"testing"

	"shuniu/internal/street"
)

// A crossing with four arms of 500 m at 36 km/h (10 m/s): 1 in the middle, 2 south, 3 west, 4 north, 5 east.
var crossing = map[int64][2]float64{1: {0, 0}, 2: {0, -500}, 3: {-500, 0}, 4: {0, 500}, 5: {500, 0}}

func arms() []street.Way {
	return []street.Way{
		{ID: 12, Nodes: []int64{2, 1}, SpeedKmh: 36, Class: "residential"},
		{ID: 13, Nodes: []int64{1, 3}, SpeedKmh: 36, Class: "residential"},
		{ID: 14, Nodes: []int64{1, 4}, SpeedKmh: 36, Class: "residential"},
		{ID: 15, Nodes: []int64{1, 5}, SpeedKmh: 36, Class: "residential"},
	}
}

func costs() *street.TurnCosts {
	return &street.TurnCosts{
		Civil:     street.TurnTimes{NearS: 1, FarS: 2, SharpS: 4, DeadEndS: 8, UTurnS: 16, SignalS: 32, GiveWayS: 64, LiftS: 128, GateS: 256, ForbiddenS: 512},
		Emergency: street.TurnTimes{NearS: 0.1, FarS: 0.2, SharpS: 0.4, DeadEndS: 0.8, UTurnS: 1.6, SignalS: 3.2, GiveWayS: 6.4, LiftS: 12.8, GateS: 25.6, ForbiddenS: 51.2},
	}
}

// build makes a network under conditions, with marks at nodes.
func build(t testing.TB, p street.Profile, nodes map[int64][2]float64, marks map[int64]street.Mark, rules []street.Restriction, ways ...street.Way) (*street.Network, street.Report) {
	t.Helper()
	b := &street.Builder{}
	for id, xy := range nodes {
		b.AddNode(id, origin.Offset(xy[0], xy[1]))
	}
	for id, m := range marks {
		b.AddMark(id, m)
	}
	for _, w := range ways {
		b.AddWay(w)
	}
	for _, r := range rules {
		b.AddRestriction(r)
	}
	n, report, err := b.Build(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return n, report
}

// Every kind of turn costs what the profile says, for each vehicle.
func TestTurnsCost(t *testing.T) {
	bent := map[int64][2]float64{1: {0, 0}, 2: {0, -500}, 3: {-400, -300}, 4: {0, 500}, 5: {500, 0}} // 3 lies sharply to the left behind.
	lights := map[int64]street.Mark{1: {Signal: true}}
	primary := arms()
	primary[1].Class, primary[3].Class = "primary", "primary"
	mark := func(b street.Barrier) map[int64]street.Mark { return map[int64]street.Mark{1: {Barrier: b}} }
	for _, tt := range []struct {
		name             string
		nodes            map[int64][2]float64
		marks            map[int64]street.Mark
		ways             []street.Way
		rules            []street.Restriction
		toX, toY         float64
		left             bool
		civil, emergency float64 // Seconds beside driving; infinite when there is no way.
	}{
		{name: "straight on", toY: 300},
		{name: "to the right", toX: 300, civil: 1, emergency: 0.1},
		{name: "to the left", toX: -300, civil: 2, emergency: 0.2},
		{name: "to the left where one drives on the left", toX: -300, left: true, civil: 1, emergency: 0.1},
		{name: "sharply to the left", nodes: bent, toX: -240, toY: -180, civil: 6, emergency: 0.6},
		{name: "with lights", marks: lights, toX: 300, civil: 33, emergency: 3.3},
		{name: "lights for the others", marks: map[int64]street.Mark{1: {Signal: true, SignalForward: -1}}, toX: 300, civil: 1, emergency: 0.1},
		{name: "over a bigger street", ways: primary, toY: 300, civil: 64, emergency: 6.4},
		{name: "over a bigger street with lights", ways: primary, marks: lights, toY: 300, civil: 32, emergency: 3.2},
		{name: "through a lift gate", marks: mark(street.BarrierLift), toY: 300, civil: 128, emergency: 12.8},
		{name: "through a gate", marks: mark(street.BarrierGate), toY: 300, civil: math.Inf(1), emergency: 25.6},
		{name: "through a wall", marks: mark(street.BarrierWall), toY: 300, civil: math.Inf(1), emergency: math.Inf(1)},
		{name: "forbidden", rules: []street.Restriction{{From: 12, Via: 1, To: 14, Kind: "no_straight_on"}}, toY: 300, civil: 100 + 8 + 1 + 1, emergency: 51.2},
		{name: "forbidden but for sirens", rules: []street.Restriction{{From: 12, Via: 1, To: 14, Kind: "no_straight_on", ExceptEmergency: true}}, toY: 300, civil: 100 + 8 + 1 + 1},
		{name: "only to the right", rules: []street.Restriction{{From: 12, Via: 1, To: 15, Kind: "only_right_turn"}}, toY: 300, civil: 100 + 8 + 1 + 1, emergency: 51.2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			nodes, ways := tt.nodes, tt.ways
			if nodes == nil {
				nodes = crossing
			}
			if ways == nil {
				ways = arms()
			}
			n, _ := build(t, street.Profile{Turns: costs(), LeftHand: tt.left}, nodes, tt.marks, tt.rules, ways...)
			from, to := snap(t, n, 0, -300), snap(t, n, tt.toX, tt.toY)
			for v, want := range map[street.Vehicle]float64{street.Civil: tt.civil, street.Emergency: tt.emergency} {
				got := n.Under(street.Conditions{Vehicle: v}).ManyToOne(t.Context(), []street.Snap{from}, to)[0]
				if got.OK == math.IsInf(want, 1) || got.OK && math.Abs(got.Duration.Seconds()-60-want) > 0.1 {
					t.Errorf("vehicle %d: %+v, want 60 s and %v s", v, got, want)
				}
			}
		})
	}
}

// Turning round is dear in the middle of the town, cheap at a dead end, and free for who stands still. Nobody is trapped by
// it, and nobody turns into a one-way street.
func TestTurningRound(t *testing.T) {
	// The crossing, with an arm in the west that is so short that its dead end is the better place to turn.
	short := map[int64][2]float64{1: {0, 0}, 2: {0, -500}, 3: {-20, 0}, 4: {0, 500}, 5: {500, 0}}
	oneWay := arms()
	oneWay[0].OneWay = 1
	for _, tt := range []struct {
		name     string
		nodes    map[int64][2]float64
		ways     []street.Way
		from, to [2]float64
		seconds  float64 // Infinite when there is no way.
	}{
		{"back where one stands", crossing, arms(), [2]float64{0, -300}, [2]float64{0, -400}, 10},
		{"against a one-way street", crossing, oneWay, [2]float64{300, 0}, [2]float64{0, -300}, math.Inf(1)},
		{"from a one-way street, round a short arm", short, oneWay, [2]float64{0, -300}, [2]float64{-10, 0}, 30 + 1 + 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, _ := build(t, street.Profile{Turns: costs()}, tt.nodes, nil, nil, tt.ways...)
			n = n.Under(street.Conditions{Vehicle: street.Civil})
			got := n.ManyToOne(t.Context(), []street.Snap{snap(t, n, tt.from[0], tt.from[1])}, snap(t, n, tt.to[0], tt.to[1]))[0]
			if got.OK == math.IsInf(tt.seconds, 1) || got.OK && math.Abs(got.Duration.Seconds()-tt.seconds) > 0.1 {
				t.Errorf("%+v, want %v s", got, tt.seconds)
			}
		})
	}
	// A one-way street brings a car to the crossing; its way back lies through a full turn, of which there are two kinds.
	ringed := []street.Way{
		{ID: 1, Nodes: []int64{1, 2}, OneWay: 1, SpeedKmh: 36},
		{ID: 2, Nodes: []int64{2, 3}, SpeedKmh: 36},
		{ID: 3, Nodes: []int64{2, 4}, OneWay: 1, SpeedKmh: 36},
		{ID: 4, Nodes: []int64{5, 2}, OneWay: 1, SpeedKmh: 36},
	}
	at := map[int64][2]float64{1: {0, -500}, 2: {0, 0}, 3: {0, 100}, 4: {-500, 0}, 5: {500, 0}, 6: {800, 100}, 7: {-800, 100}}
	onlyOn := street.Restriction{ID: 1, From: 1, Via: 2, To: 2, Kind: "only_straight_on"}
	further := append(slices.Clone(ringed), street.Way{ID: 5, Nodes: []int64{3, 6}, SpeedKmh: 36}, street.Way{ID: 6, Nodes: []int64{3, 7}, SpeedKmh: 36})
	for _, tt := range []struct {
		name  string
		ways  []street.Way
		round float64
	}{{"dead end", ringed, 8}, {"fork", further, 16}} {
		n, _ := build(t, street.Profile{Turns: costs()}, at, nil, []street.Restriction{onlyOn}, tt.ways...)
		n = n.Under(street.Conditions{Vehicle: street.Civil})
		got := n.ManyToOne(t.Context(), []street.Snap{snap(t, n, 0, -300)}, snap(t, n, -300, 0))[0]
		if want := 30 + 20 + tt.round + 1 + 30; !got.OK || math.Abs(got.Duration.Seconds()-want) > 0.1 {
			t.Errorf("round the %s: %+v, want %v s", tt.name, got, want)
		}
	}
}

// A dual carriageway with a link in the middle: turning round over it is forbidden, crossing over it is not.
func TestRulesOverWays(t *testing.T) {
	nodes := map[int64][2]float64{
		1: {0, 0}, 2: {1000, 0}, 3: {2000, 0}, // Eastbound.
		4: {0, 40}, 5: {1000, 40}, 6: {2000, 40}, // Westbound.
		7: {1000, -500}, 8: {1000, 540}, // The crossing street.
	}
	ways := []street.Way{
		{ID: 11, Nodes: []int64{1, 2}, OneWay: 1, SpeedKmh: 36},
		{ID: 12, Nodes: []int64{2, 3}, OneWay: 1, SpeedKmh: 36},
		{ID: 21, Nodes: []int64{6, 5}, OneWay: 1, SpeedKmh: 36},
		{ID: 22, Nodes: []int64{5, 4}, OneWay: 1, SpeedKmh: 36},
		{ID: 31, Nodes: []int64{7, 2}, SpeedKmh: 36},
		{ID: 32, Nodes: []int64{2, 5}, SpeedKmh: 36},
		{ID: 33, Nodes: []int64{5, 8}, SpeedKmh: 36},
		{ID: 41, Nodes: []int64{3, 6}, SpeedKmh: 36}, // Far in the east one may turn.
	}
	ban := street.Restriction{ID: 9, From: 11, Ways: []int64{32}, To: 22, Kind: "no_u_turn"}
	south, north := [2]float64{1000, -300}, [2]float64{1000, 300}
	for _, tt := range []struct {
		name     string
		rules    []street.Restriction
		from, to [2]float64
		meters   float64
		applied  int
	}{
		{"without a rule", nil, [2]float64{500, 0}, [2]float64{500, 40}, 1040, 0},
		{"turning round", []street.Restriction{ban}, [2]float64{500, 0}, [2]float64{500, 40}, 2040, 1}, // By the dead end in the south.
		{"straight over the same link", []street.Restriction{ban}, south, north, 600, 1},
		{"to the left over the same link", []street.Restriction{ban}, south, [2]float64{500, 40}, 840, 1},
		{"into the link", []street.Restriction{ban}, [2]float64{500, 0}, [2]float64{1000, 20}, 520, 1},
		{"to the end of the link", []street.Restriction{ban}, [2]float64{500, 0}, [2]float64{1000, 40}, 540, 1},
		{"through the link to the north", []street.Restriction{ban}, [2]float64{500, 0}, north, 800, 1},
		{"only through to the north", []street.Restriction{{ID: 9, From: 11, Ways: []int64{32}, To: 33, Kind: "only_straight_on"}}, [2]float64{500, 0}, [2]float64{500, 40}, 500 + 40 + 1000 + 500, 1},
		{"against each other", []street.Restriction{ban, {ID: 10, From: 11, Ways: []int64{32}, To: 22, Kind: "only_u_turn"}}, [2]float64{500, 0}, [2]float64{500, 40}, 1040, 0},
		{"two in a row", []street.Restriction{ban, {ID: 10, From: 32, Via: 5, To: 33, Kind: "no_straight_on"}}, south, north, 300 + 1000 + 40 + 1000 + 260, 2},
		{"over ways that do not join", []street.Restriction{{ID: 9, From: 11, Ways: []int64{41}, To: 22, Kind: "no_u_turn"}}, [2]float64{500, 0}, [2]float64{500, 40}, 1040, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, report := build(t, street.Profile{Turns: &street.TurnCosts{Civil: street.TurnTimes{UTurnS: 300}}}, nodes, nil, tt.rules, ways...)
			n = n.Under(street.Conditions{Vehicle: street.Civil})
			from, to := snap(t, n, tt.from[0], tt.from[1]), snap(t, n, tt.to[0], tt.to[1])
			got := n.ManyToOne(t.Context(), []street.Snap{from}, to)[0]
			r, ok := n.Route(from, to)
			if !got.OK || math.Abs(got.Meters-tt.meters) > 2 || !ok || r.Duration != got.Duration {
				t.Errorf("%+v, want %v m; route %v %v", got, tt.meters, ok, r.Points)
			}
			if report.RestrictionsApplied != tt.applied {
				t.Errorf("%+v", report)
			}
			h, err := n.Prepare(t.Context(), "", nil)
			if err != nil {
				t.Fatal(err)
			}
			quick, err := n.Router(t.Context(), h, street.Conditions{Vehicle: street.Civil})
			if err != nil {
				t.Fatal(err)
			}
			if q := quick.ManyToOne(t.Context(), []street.Snap{from}, to)[0]; q != got {
				t.Errorf("router %+v, search %+v", q, got)
			}
		})
	}
}

// The hour changes how long a trip takes and which way it takes, and Under leaves the network as it was.
func TestHours(t *testing.T) {
	n, _ := lay(t, street.Profile{}, ring, nil,
		street.Way{ID: 1, Nodes: []int64{1, 2, 3}, SpeedKmh: 36, Class: "primary"},
		street.Way{ID: 2, Nodes: []int64{1, 4, 3}, SpeedKmh: 30, Class: "residential"})
	day := [24]float64{}
	for h := range day {
		day[h] = 1
	}
	day[8], day[9] = 0.5, math.NaN()
	f := street.Factors{"primary": day}
	from, to := snap(t, n, 0, 0), snap(t, n, 1000, 1000)
	for _, tt := range []struct {
		hour    int
		seconds float64
	}{{7, 200}, {8, 240}, {9, 200}, {32, 240}, {-16, 240}} {
		got := n.Under(street.Conditions{Vehicle: street.Civil, Factors: f, Hour: tt.hour}).ManyToOne(t.Context(), []street.Snap{from}, to)[0]
		if !got.OK || math.Abs(got.Duration.Seconds()-tt.seconds) > 0.5 {
			t.Errorf("at %d: %+v, want %v s", tt.hour, got, tt.seconds)
		}
	}
	if got := n.ManyToOne(t.Context(), []street.Snap{from}, to)[0]; math.Abs(got.Duration.Seconds()-200) > 0.5 {
		t.Errorf("the network has changed: %+v", got)
	}
}
