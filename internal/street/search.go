package street

import (
	"context"
	"time"

	"shuniu/internal/hierarchy"
)

var _ Finder = (*Network)(nil)

// checkEvery is how many states a search settles between two looks at the context: about a tenth of a millisecond.
const checkEvery = 1024

// label is what a search knows about one state. It is valid only while its stamp is of the present generation, so
// nothing is cleared between searches.
type label struct {
	stamp  uint32 // 2*generation: reached; 2*generation+1: settled, final.
	wanted uint32 // 2*generation: the search may not end before this state is settled.
	link   int32  // The state before (forward) or after it (backward); -1 at a seed.
	cost   cost
}

// search is the memory of one search. It belongs to a pool and to one goroutine at a time.
type search struct {
	labels     []label
	generation uint32
	heap       hierarchy.Heap
	pending    int     // Wanted states that are not settled yet.
	touched    []int32 // States that were reached, if keeps is set.
	keeps      bool
	seeds      []hierarchy.Seed
}

func newSearch(n *ground) *search { return &search{labels: make([]label, len(n.courses))} }

// begin forgets the last search.
func (s *search) begin() {
	s.generation += 2
	if s.generation == 0 { // After two thousand million searches old stamps could be taken for new ones.
		clear(s.labels)
		s.generation = 2
	}
	s.heap, s.pending, s.touched, s.keeps = s.heap[:0], 0, s.touched[:0], false
}

func (s *search) want(seeds []hierarchy.Seed) {
	for _, seed := range seeds {
		if l := &s.labels[seed.Vertex]; l.wanted != s.generation {
			l.wanted = s.generation
			s.pending++
		}
	}
}

// offer notes a way if it is the cheapest so far.
func (s *search) offer(state int32, c cost, link int32) {
	l := &s.labels[state]
	if l.stamp&^1 == s.generation && l.cost <= c {
		return
	}
	if s.keeps && l.stamp&^1 != s.generation {
		s.touched = append(s.touched, state)
	}
	l.stamp, l.cost, l.link = s.generation, c, link
	s.heap.Push(hierarchy.Entry{Cost: c, Vertex: state})
}

// at is the cost of a state, or none.
func (s *search) at(state int32) cost {
	if l := &s.labels[state]; l.stamp&^1 == s.generation {
		return l.cost
	}
	return none
}

// best is the cheapest way over one of the seeds, and that seed's state.
func (s *search) best(seeds []hierarchy.Seed) (cost, int32) {
	best, by := none, int32(-1)
	for _, seed := range seeds {
		if c := s.at(seed.Vertex); c != none && c+seed.Cost < best {
			best, by = c+seed.Cost, seed.Vertex
		}
	}
	return best, by
}

// run settles states, cheapest first, until all wanted ones are settled or the limit is passed. It answers false when
// ctx ended first.
func (s *search) run(ctx context.Context, n *Network, seeds []hierarchy.Seed, backward bool, limit cost) bool {
	for _, seed := range seeds {
		s.offer(seed.Vertex, seed.Cost, -1)
	}
	for settled := 1; len(s.heap) > 0 && s.pending > 0; {
		top := s.heap.Pop()
		l := &s.labels[top.Vertex]
		if l.stamp != s.generation || l.cost != top.Cost {
			continue // Settled already, or reached cheaper since.
		}
		if top.Cost > limit {
			return true
		}
		l.stamp++
		if l.wanted == s.generation {
			s.pending--
		}
		if backward {
			s.back(n, top)
		} else {
			s.forth(n, top)
		}
		if settled++; settled%checkEvery == 0 && ctx.Err() != nil {
			return false
		}
	}
	return true
}

func (s *search) forth(n *Network, top hierarchy.Entry) {
	for i := n.graph.First[top.Vertex]; i < n.graph.First[top.Vertex+1]; i++ {
		to := n.graph.Head[i]
		if w := n.arc(n.turns[i], to); w != none && top.Cost+w >= top.Cost {
			s.offer(to, top.Cost+w, top.Vertex)
		}
	}
}

func (s *search) back(n *Network, top hierarchy.Entry) {
	for i := n.backFirst[top.Vertex]; i < n.backFirst[top.Vertex+1]; i++ {
		if w := n.arc(n.turns[n.backArc[i]], top.Vertex); w != none && top.Cost+w >= top.Cost {
			s.offer(n.backTail[i], top.Cost+w, top.Vertex)
		}
	}
}

// ManyToOne gives the fastest trip from each place to one target, in the order of from, by one search from the
// target backwards that ends when all places are reached. A place that cannot reach the target, or is the zero Snap,
// has OK false. When ctx ends early, all places may have OK false: ask ctx.Err.
func (n *Network) ManyToOne(ctx context.Context, from []Snap, to Snap) []Trip {
	return n.fan(ctx, to, from, true)
}

// OneToMany gives the fastest trip from one place to each target, in the order of to; otherwise it is as ManyToOne.
func (n *Network) OneToMany(ctx context.Context, from Snap, to []Snap) []Trip {
	return n.fan(ctx, from, to, false)
}

// fan searches from one place to many, or backwards.
func (n *Network) fan(ctx context.Context, one Snap, many []Snap, backward bool) []Trip {
	trips := make([]Trip, len(many))
	if !n.has(one) || ctx.Err() != nil {
		return trips
	}
	s := n.pool.Get().(*search)
	defer n.pool.Put(s)
	s.begin()
	seeds, ends := n.departures, n.arrivals
	if backward {
		seeds, ends = ends, seeds
	}
	for _, m := range many {
		s.seeds = ends(m, s.seeds[:0])
		s.want(s.seeds)
	}
	s.seeds = seeds(one, s.seeds[:0])
	if !s.run(ctx, n, s.seeds, backward, none) {
		return trips
	}
	for i, m := range many {
		s.seeds = ends(m, s.seeds[:0])
		best, _ := s.best(s.seeds)
		f, t := one, m
		if backward {
			f, t = m, one
		}
		straight, _ := n.direct(f, t)
		trips[i] = tripOf(min(best, straight))
	}
	return trips
}

// ManyToMany gives a row of trips for each place of from, with a column for each of to, by one search for each place
// of the shorter side.
func (n *Network) ManyToMany(ctx context.Context, from, to []Snap) [][]Trip {
	rows := make([][]Trip, len(from))
	if len(from) <= len(to) {
		for i, f := range from {
			rows[i] = n.OneToMany(ctx, f, to)
		}
		return rows
	}
	for i := range rows {
		rows[i] = make([]Trip, len(to))
	}
	for k, t := range to {
		for i, trip := range n.ManyToOne(ctx, from, t) {
			rows[i][k] = trip
		}
	}
	return rows
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
	goals := n.arrivals(to, nil)
	s.want(goals)
	s.seeds = n.departures(from, s.seeds[:0])
	s.run(context.Background(), n, s.seeds, false, none)
	best, by := s.best(goals)
	var states []int32
	for state := by; state >= 0; state = s.labels[state].link {
		states = append(states, state)
	}
	for i, k := 0, len(states)-1; i < k; i, k = i+1, k-1 {
		states[i], states[k] = states[k], states[i]
	}
	return n.draw(from, to, best, states)
}

// Isochrone gives what is reached from a place within each limit, in their order, by one search that ends at the
// longest of them.
func (n *Network) Isochrone(ctx context.Context, from Snap, limits []time.Duration) []Reach {
	out := make([]Reach, len(limits))
	for i, l := range limits {
		out[i].Within = l
	}
	if !n.has(from) {
		return out
	}
	s := n.pool.Get().(*search)
	defer n.pool.Put(s)
	s.begin()
	s.pending, s.keeps = 1, true // It wants everything.
	s.seeds = n.departures(from, s.seeds[:0])
	longest := time.Duration(0)
	for _, l := range limits {
		longest = max(longest, l)
	}
	if s.run(ctx, n, s.seeds, false, costOf(msOf(longest), 1<<32-1)) {
		n.spread(from, s, out)
	}
	return out
}

// msOf is a duration in whole milliseconds.
func msOf(d time.Duration) uint32 {
	return uint32(min(max(0, d.Milliseconds()), never-1))
}
