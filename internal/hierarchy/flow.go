package hierarchy

import "math"

// Sides of a cut.
const (
	middle = iota
	source
	sink
)

// piece is a part of the place graph, with numbers of its own.
type piece struct {
	points []XY
	edges  [][2]int32
	ids    []int32 // The number that each edge has in the whole graph.
}

// link is an edge as seen from one of its ends.
type link struct {
	edge int32 // 2*edge, plus 1 from the edge's second end.
	to   int32 // The other end.
}

// adjacency lists, by vertex, the edges that touch it.
func (p *piece) adjacency() (first []int32, touch []link) {
	first = make([]int32, len(p.points)+1)
	for _, e := range p.edges {
		if e[0] != e[1] {
			first[e[0]+1]++
			first[e[1]+1]++
		}
	}
	for v := range p.points {
		first[v+1] += first[v]
	}
	touch = make([]link, first[len(p.points)])
	next := append([]int32(nil), first...)
	for i, e := range p.edges {
		if e[0] == e[1] {
			continue
		}
		for end, v := range e {
			touch[next[v]] = link{int32(2*i + end), e[1-end]}
			next[v]++
		}
	}
	return first, touch
}

// flow looks for the fewest edges that part a set of sources from a set of sinks, by Dinic's method: every edge takes
// one unit either way.
type flow struct {
	*piece
	first []int32
	touch []link
	role  []uint8
	sent  []int8  // By edge: the unit that goes from its first end to its second, or -1 for back.
	level []int32 // From the sources; -1 where not reached.
	next  []int32 // The next edge to try.
	queue []int32
	path  []int32 // Edges of the path under way, as in links.
}

func newFlow(p *piece, first []int32, touch []link) *flow {
	n := len(p.points)
	return &flow{
		piece: p, first: first, touch: touch, role: make([]uint8, n), sent: make([]int8, len(p.edges)),
		level: make([]int32, n), next: make([]int32, n), queue: make([]int32, 0, n),
	}
}

// open tells whether another unit can go over an edge away from the end that t names.
func (f *flow) open(t int32) bool {
	if t&1 == 0 {
		return f.sent[t>>1] < 1
	}
	return f.sent[t>>1] > -1
}

// spread gives levels to all that can still be reached, and tells whether a sink is among them. Backwards it starts from the
// sinks and goes against the flow.
func (f *flow) spread(from uint8) bool {
	for v := range f.level {
		f.level[v] = -1
	}
	f.queue = f.queue[:0]
	for v, r := range f.role {
		if r == from {
			f.level[v] = 0
			f.queue = append(f.queue, int32(v))
		}
	}
	against := int32(0)
	if from == sink {
		against = 1
	}
	end := int32(math.MaxInt32)
	for i := 0; i < len(f.queue); i++ {
		v := f.queue[i]
		if f.level[v] >= end {
			return true
		}
		for _, t := range f.touch[f.first[v]:f.first[v+1]] {
			to := t.to
			if f.level[to] >= 0 || !f.open(t.edge^against) {
				continue
			}
			f.level[to] = f.level[v] + 1
			if f.role[to] != middle && f.role[to] != from {
				end = f.level[to]
			}
			f.queue = append(f.queue, to)
		}
	}
	return end != math.MaxInt32
}

// most sends as much as fits, or gives up above bound. It gives the number of units.
func (f *flow) most(bound int) int {
	clear(f.sent)
	total := 0
	for total <= bound && f.spread(source) {
		copy(f.next, f.first[:len(f.points)])
		for v, r := range f.role {
			if r != source {
				continue
			}
			for f.send(int32(v)) {
				total++
			}
		}
	}
	return total
}

// send brings one unit from a source to a sink along rising levels.
func (f *flow) send(from int32) bool {
	f.path = f.path[:0]
	v := from
	for f.role[v] != sink {
		moved := false
		for ; f.next[v] < f.first[v+1]; f.next[v]++ {
			t := f.touch[f.next[v]]
			if f.level[t.to] == f.level[v]+1 && f.open(t.edge) {
				f.path = append(f.path, t.edge)
				v, moved = t.to, true
				break
			}
		}
		if moved {
			continue
		}
		if len(f.path) == 0 {
			return false
		}
		last := f.path[len(f.path)-1]
		f.path = f.path[:len(f.path)-1]
		v = f.edges[last>>1][last&1]
		f.next[v]++
	}
	for _, t := range f.path {
		f.sent[t>>1] += int8(1 - 2*(t&1))
		v := f.edges[t>>1][t&1]
		if f.sent[t>>1] != 0 && !f.open(t) {
			f.next[v]++
		}
	}
	return true
}
