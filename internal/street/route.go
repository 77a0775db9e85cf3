package street

import (
	"context"
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

// Route gives the fastest trip from one place to another; its Duration and Meters equal those that ManyToOne gives.
// It answers false when there is none.
func (n *Network) Route(from, to Snap) (Route, bool) {
	if !n.has(to) || !n.has(from) {
		return Route{}, false
	}
	s := n.pool.Get().(*search)
	defer n.pool.Put(s)
	s.begin()
	n.seed(s, to)
	n.want(s, from)
	s.run(context.Background(), n)
	st := n.start(s, from, to)
	if !st.ok {
		return Route{}, false
	}
	t := trace{n: n}
	t.add(from.Point, 0)
	v := st.vertex
	switch {
	case v < 0:
		t.drive(st.course, from.OffsetMeters, to.OffsetMeters)
	case st.course >= 0:
		t.drive(st.course, from.OffsetMeters, n.end(st.course))
	}
	for v >= 0 {
		next := s.labels[v].next
		switch {
		case next == arrived:
			v = -1
		case next < 0:
			c := course(^next)
			t.drive(c, n.begin(c), to.OffsetMeters)
			v = -1
		default:
			c := course(next)
			t.drive(c, n.begin(c), n.end(c))
			v = n.heads[c]
		}
	}
	t.add(to.Point, 0)
	t.route.Duration = time.Duration(st.ms) * time.Millisecond
	t.route.Meters = float64(st.meters)
	return t.route, true
}

// begin and end are the offsets at which a whole course starts and stops.
func (n *Network) begin(c course) float64 {
	if c.backward() == 1 {
		return float64(n.segments[c.segment()].meters)
	}
	return 0
}

func (n *Network) end(c course) float64 { return n.begin(c ^ 1) }

// trace collects a route.
type trace struct {
	n     *Network
	route Route
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
	before := s.at(from, c.backward())
	for _, k := range corners {
		now := s.at(float64(n.along[k]), c.backward())
		t.add(n.points[k], now-before)
		before = now
	}
	t.add(n.place(s, to), s.at(to, c.backward())-before)
}

// place is the point of a segment at an offset.
func (n *Network) place(s *segment, offset float64) geo.Point {
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
