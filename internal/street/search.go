package street

import (
	"context"
	"math"
	"time"
)

// checkEvery is how many vertices a search settles between two looks at the context: about a tenth of a millisecond.
const checkEvery = 1024

// label is what a search knows about one vertex. It is valid only while its stamp is of the present generation, so
// nothing is cleared between searches.
type label struct {
	stamp  uint32  // 2*generation: reached; 2*generation+1: settled, final.
	wanted uint32  // 2*generation: the search may not end before this vertex is settled.
	ms     uint32  // Driving time to the target.
	meters float32 // Length of that way.
	next   step    // How it begins.
}

// step is a course to follow from a vertex; negative ones (^course) end at the target on that course.
type step int32

// arrived is the step of a vertex at which the target lies.
const arrived step = math.MinInt32

// search is the memory of one search. It belongs to a pool and to one goroutine at a time.
type search struct {
	labels     []label
	generation uint32
	heap       heap
	pending    int // Wanted vertices that are not settled yet.
}

func newSearch(n *Network) *search { return &search{labels: make([]label, n.vertices)} }

// begin forgets the last search.
func (s *search) begin() {
	s.generation += 2
	if s.generation == 0 { // After two thousand million searches old stamps could be taken for new ones.
		clear(s.labels)
		s.generation = 2
	}
	s.heap, s.pending = s.heap[:0], 0
}

func (s *search) reached(v int32) bool { return s.labels[v].stamp&^1 == s.generation }

func (s *search) want(v int32) {
	if l := &s.labels[v]; l.wanted != s.generation {
		l.wanted = s.generation
		s.pending++
	}
}

// offer notes a way from v to the target if it is the fastest so far.
func (s *search) offer(v int32, ms uint32, meters float32, next step) {
	l := &s.labels[v]
	if l.stamp&^1 == s.generation && l.ms <= ms {
		return
	}
	l.stamp, l.ms, l.meters, l.next = s.generation, ms, meters, next
	s.heap.push(uint64(ms)<<32 | uint64(uint32(v)))
}

// run settles vertices, nearest to the target first, until all wanted ones are settled. It answers false when ctx
// ended first.
func (s *search) run(ctx context.Context, n *Network) bool {
	for settled := 0; len(s.heap) > 0 && s.pending > 0; {
		top := s.heap.pop()
		v, ms := int32(uint32(top)), uint32(top>>32)
		l := &s.labels[v]
		if l.stamp != s.generation || l.ms != ms {
			continue // Settled already, or reached faster since.
		}
		l.stamp++
		if l.wanted == s.generation {
			s.pending--
		}
		meters := l.meters
		for i := n.first[v]; i < n.first[v+1]; i++ {
			a := &n.arcs[i]
			if total := ms + a.ms; total >= ms { // Not past 49 days.
				s.offer(a.tail, total, meters+a.meters, step(a.course))
			}
		}
		if settled++; settled%checkEvery == 0 && ctx.Err() != nil {
			return false
		}
	}
	return true
}

// ManyToOne gives the fastest trip from each place to one target, in the order of from, by one search from the
// target backwards that ends when all places are reached. One-way streets and turn restrictions are obeyed as the
// network's profile says. A place that cannot reach the target, or is the zero Snap, has OK false. When ctx ends
// early, places not reached yet have OK false too: ask ctx.Err.
func (n *Network) ManyToOne(ctx context.Context, from []Snap, to Snap) []Trip {
	trips := make([]Trip, len(from))
	if !n.has(to) || ctx.Err() != nil {
		return trips
	}
	s := n.pool.Get().(*search)
	defer n.pool.Put(s)
	s.begin()
	n.seed(s, to)
	for _, f := range from {
		n.want(s, f)
	}
	whole := s.run(ctx, n)
	for i, f := range from {
		if st := n.start(s, f, to); st.ok && (whole || st.settled) {
			trips[i] = Trip{Duration: time.Duration(st.ms) * time.Millisecond, Meters: float64(st.meters), OK: true}
		}
	}
	return trips
}

// has reports whether the snap lies on a street of this network.
func (n *Network) has(s Snap) bool {
	return s.segment > 0 && int(s.segment) <= len(n.segments) && s.OffsetMeters >= 0 &&
		s.OffsetMeters <= float64(n.segments[s.segment-1].meters)
}

// at is the driving time from the segment's first end (forward) or last end (backward) to an offset from the first.
func (s *segment) at(offset float64, backward int) uint32 {
	whole := s.ms[backward]
	if s.meters == 0 {
		return 0
	}
	share := offset / float64(s.meters)
	if backward == 1 {
		share = 1 - share
	}
	return uint32(math.Round(float64(whole) * min(1, max(0, share))))
}

// junction is the vertex on which a snap stands, or -1 in the middle of a street.
func (s *segment) junction(offset float64) int32 {
	switch offset {
	case 0:
		return s.a
	case float64(s.meters):
		return s.b
	}
	return -1
}

// seed labels the vertices from which the target is reached without passing another one.
func (n *Network) seed(s *search, to Snap) {
	index := to.segment - 1
	seg := &n.segments[index]
	if v := seg.junction(to.OffsetMeters); v >= 0 {
		s.offer(v, 0, 0, arrived)
		for _, j := range n.copies[v] {
			s.offer(j.vertex, 0, 0, arrived)
		}
	}
	for backward, tail := range [2]int32{seg.a, seg.b} {
		if seg.ms[backward] == never {
			continue
		}
		c := course(int(index)*2 + backward)
		meters := float32(to.OffsetMeters)
		if backward == 1 {
			meters = seg.meters - meters
		}
		ms := seg.at(to.OffsetMeters, backward)
		s.offer(tail, ms, meters, ^step(c))
		for _, j := range n.copies[tail] {
			for _, out := range j.out {
				if out == c {
					s.offer(j.vertex, ms, meters, ^step(c))
				}
			}
		}
	}
}

// want marks the vertices that a trip from f may pass first.
func (n *Network) want(s *search, f Snap) {
	if !n.has(f) {
		return
	}
	index := f.segment - 1
	seg := &n.segments[index]
	if v := seg.junction(f.OffsetMeters); v >= 0 {
		s.want(v)
	}
	for backward, ms := range seg.ms {
		if ms != never {
			s.want(n.heads[int(index)*2+backward])
		}
	}
}

// start is how the fastest trip from a place begins.
type start struct {
	ms      uint32
	meters  float32
	vertex  int32  // First vertex passed; -1 when the target lies ahead on the same street.
	course  course // Driven from the place to vertex or target; -1 when standing on vertex.
	ok      bool
	settled bool // Whether the figures are final although the search was ended early.
}

// start compares the ways to leave f: along its own street to the target, from the junction on which it stands, and
// over either end of its street.
func (n *Network) start(s *search, f, to Snap) start {
	var best start
	if !n.has(f) {
		return best
	}
	best.settled = true
	better := func(ms uint32, meters float32, v int32, c course) {
		if !best.ok || ms < best.ms {
			best.ms, best.meters, best.vertex, best.course, best.ok = ms, meters, v, c, true
		}
	}
	over := func(v int32, ms uint32, meters float32, c course) {
		l := &s.labels[v]
		best.settled = best.settled && l.stamp == s.generation+1
		if s.reached(v) && ms+l.ms >= ms {
			better(ms+l.ms, meters+l.meters, v, c)
		}
	}
	index := f.segment - 1
	seg := &n.segments[index]
	for backward, whole := range seg.ms {
		if whole == never {
			continue
		}
		c := course(int(index)*2 + backward)
		gone, ahead := seg.at(f.OffsetMeters, backward), float32(to.OffsetMeters-f.OffsetMeters)
		left := seg.meters - float32(f.OffsetMeters)
		if backward == 1 {
			ahead, left = -ahead, float32(f.OffsetMeters)
		}
		if f.segment == to.segment && ahead >= 0 {
			better(seg.at(to.OffsetMeters, backward)-gone, ahead, -1, c)
		}
		over(n.heads[c], whole-gone, left, c)
	}
	if v := seg.junction(f.OffsetMeters); v >= 0 {
		over(v, 0, 0, -1)
	}
	return best
}
