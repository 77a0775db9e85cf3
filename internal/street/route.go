package street

import (
	"slices"
	"sort"
	"time"

	"shuniu/internal/geo"
)

// Route is one trip, corner by corner.
type Route struct {
	Points   []geo.Point     `json:"points"`      // From the start to the target; a single place is given twice.
	Times    []time.Duration `json:"times_ns"`    // By point: driving time from the start. It never falls.
	Duration time.Duration   `json:"duration_ns"` // Of the whole, whole milliseconds.
	Meters   float64         `json:"length_m"`
	Names    []string        `json:"names"` // Streets in the order driven, unnamed ones left out, none twice in a row.
}

// draw follows a trip over states that costs so much, or straight on where that is cheaper.
func (n *Network) draw(from, to Snap, over cost, states []int32) (Route, bool) {
	t := trace{n: n}
	straight, by := n.direct(from, to)
	best := min(over, straight)
	if best == none {
		return Route{}, false
	}
	t.add(from.Point, 0)
	switch {
	case straight == best && by >= 0:
		at := from.OffsetMeters
		if n.segments[from.segment-1].junction(at) >= 0 { // It may stand at the end of another street.
			at = n.begin(by)
		}
		t.drive(by, at, to.OffsetMeters)
	case straight == best:
	default:
		t.follow(from, to, states)
	}
	t.add(to.Point, 0)
	trip := tripOf(best)
	t.route.Duration, t.route.Meters = trip.Duration, trip.Meters
	return t.route, true
}

// follow drives the states one after another, and from the last one to the target.
func (t *trace) follow(from, to Snap, states []int32) {
	n := t.n
	for i, state := range states {
		c, at := n.courses[state], 0.0
		switch {
		case i > 0:
			t.wait(n.pass(states[i-1], state))
			at = n.begin(c)
		case n.segments[from.segment-1].junction(from.OffsetMeters) >= 0:
			at = n.begin(c)
		default:
			at = from.OffsetMeters
		}
		t.drive(c, at, n.end(c))
	}
	if n.segments[to.segment-1].junction(to.OffsetMeters) >= 0 {
		return
	}
	last, best, by, pause := states[len(states)-1], none, course(-1), uint32(0)
	list, count := n.both(to.segment - 1)
	for _, c := range list[:count] {
		for _, s := range n.states(c) {
			if ms := n.pass(last, s); ms != never && costOf(ms, 0)+n.gone(c, to.OffsetMeters) < best {
				best, by, pause = costOf(ms, 0)+n.gone(c, to.OffsetMeters), c, ms
			}
		}
	}
	t.wait(pause)
	t.drive(by, n.begin(by), to.OffsetMeters)
}

// pass is what the turn from one state into the next costs, or never.
func (n *Network) pass(from, to int32) uint32 {
	ms := uint32(never)
	for i := n.graph.First[from]; i < n.graph.First[from+1]; i++ {
		if n.graph.Head[i] == to {
			ms = min(ms, n.turn[n.turns[i]])
		}
	}
	return ms
}

// wait lets time pass where the trip has come to.
func (t *trace) wait(ms uint32) {
	if ms > 0 {
		t.add(t.route.Points[len(t.route.Points)-1], ms)
	}
}

// begin and end are the offsets at which a whole course starts and stops.
func (n *ground) begin(c course) float64 {
	if c.backward() == 1 {
		return float64(n.segments[c.segment()].meters)
	}
	return 0
}

func (n *ground) end(c course) float64 { return n.begin(c ^ 1) }

// trace collects a route.
type trace struct {
	n     *Network
	route Route  // Never without a point.
	spent uint32 // Milliseconds up to the last point.
}

func (t *trace) add(p geo.Point, ms uint32) {
	t.spent += ms
	r := &t.route
	if k := len(r.Points); k > 1 && r.Points[k-1] == p && ms == 0 {
		return
	}
	r.Points = append(r.Points, p)
	r.Times = append(r.Times, time.Duration(t.spent)*time.Millisecond)
}

// drive follows one course between two offsets.
func (t *trace) drive(c course, from, to float64) {
	n := t.n
	s := &n.segments[c.segment()]
	if name := n.names[s.name]; name != "" {
		if k := len(t.route.Names); k == 0 || t.route.Names[k-1] != name {
			t.route.Names = append(t.route.Names, name)
		}
	}
	low, high := min(from, to), max(from, to)
	var corners []int32
	for k := s.first; k < s.last; k++ {
		if a := float64(n.along[k]); a > low && a < high {
			corners = append(corners, k)
		}
	}
	if c.backward() == 1 {
		slices.Reverse(corners)
	}
	before := uint32(n.gone(c, from) >> 32)
	for _, k := range corners {
		now := uint32(n.gone(c, float64(n.along[k])) >> 32)
		t.add(n.points[k], now-before)
		before = now
	}
	t.add(n.place(s, to), uint32(n.gone(c, to)>>32)-before)
}

// place is the point of a segment at an offset.
func (n *ground) place(s *segment, offset float64) geo.Point {
	along := n.along[s.first:s.last]
	k := sort.Search(len(along), func(i int) bool { return float64(along[i]) >= offset })
	switch {
	case k == 0:
		return n.points[s.first]
	case k == len(along):
		return n.points[s.last-1]
	}
	from, to := float64(along[k-1]), float64(along[k])
	return geo.Between(n.points[int(s.first)+k-1], n.points[int(s.first)+k], (offset-from)/(to-from))
}

// At is where a crew is after driving for elapsed, and in which direction it moves (degrees clockwise from north).
// Before the start it stands at the first point, after the end at the last. The zero route answers the zero point.
func (r Route) At(elapsed time.Duration) (geo.Point, float64) {
	if len(r.Points) == 0 || len(r.Times) != len(r.Points) {
		return geo.Point{}, 0
	}
	k := sort.Search(len(r.Times), func(i int) bool { return r.Times[i] > elapsed })
	k = min(max(k, 1), len(r.Points)-1)
	if len(r.Points) == 1 {
		return r.Points[0], 0
	}
	from, to := r.Points[k-1], r.Points[k]
	share := 1.0
	if span := r.Times[k] - r.Times[k-1]; span > 0 {
		share = min(1, max(0, float64(elapsed-r.Times[k-1])/float64(span)))
	}
	return geo.Between(from, to, share), r.bearing(k)
}

// bearing is the direction at leg k; a leg without length has that of the nearest leg with one before it, or after.
func (r Route) bearing(k int) float64 {
	for i := k; i > 0; i-- {
		if r.Points[i] != r.Points[i-1] {
			return geo.BearingDegrees(r.Points[i-1], r.Points[i])
		}
	}
	for i := k + 1; i < len(r.Points); i++ {
		if r.Points[i] != r.Points[i-1] {
			return geo.BearingDegrees(r.Points[i-1], r.Points[i])
		}
	}
	return 0
}
