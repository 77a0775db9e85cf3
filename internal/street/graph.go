package street

import (
	"math"
	"slices"

	"shuniu/internal/geo"
)

// A state is a vertex of the routing graph. The first 2*len(segments) states are the courses themselves: to be in one
// means to have driven it to its end. The rest are copies of courses for vehicles that came on a way to which a rule
// over several streets applies; they are called by the same name, int32.

// meet lists the courses that begin at each vertex, and the directions in which they begin.
func (w *work) meet() {
	n := w.n
	n.legFirst = make([]int32, len(w.marks)+1)
	for c := range course(2 * len(n.segments)) {
		n.legFirst[n.tail(c)+1]++
	}
	for v := range len(w.marks) {
		n.legFirst[v+1] += n.legFirst[v]
	}
	n.legList = make([]course, 2*len(n.segments))
	next := slices.Clone(n.legFirst)
	for c := range course(2 * len(n.segments)) {
		at := &next[n.tail(c)]
		n.legList[*at] = c
		*at++
	}
	w.bearings = make([]float32, 2*len(n.segments))
	for i := range n.segments {
		points := n.points[n.segments[i].first:n.segments[i].last]
		w.bearings[2*i] = bearing(points)
		back := slices.Clone(points)
		slices.Reverse(back)
		w.bearings[2*i+1] = bearing(back)
	}
}

// bearing is the direction in which a line begins; pieces without length say nothing.
func bearing(points []geo.Point) float32 {
	for i := 1; i < len(points); i++ {
		if points[i] != points[0] {
			return float32(geo.BearingDegrees(points[0], points[i]))
		}
	}
	return 0
}

// legs are the courses that begin at a vertex, open or not.
func (n *ground) legs(v int32) []course { return n.legList[n.legFirst[v]:n.legFirst[v+1]] }

// opened reports whether a course may be driven as far as its direction goes.
func (n *ground) opened(c course) bool { return n.segments[c.segment()].open[c.backward()] }

// step is a course that follows a state.
type step struct {
	state int32
	next  course
}

// memory knows which chains have been begun. It is the automaton of Aho and Corasick, "Efficient String Matching"
// (1975), over courses instead of letters.
type memory struct {
	into     map[step]int32 // Where a chain goes on: a copy of the next course.
	banned   map[step]bool  // Where a chain ends: nobody goes on so; true for all but emergency vehicles.
	fallback []int32        // By copy: the state that remembers one course less.
	courses  []course       // By copy.
	base     int32          // Copies have numbers from here on.
}

func newMemory(chains []chain, base int32) *memory {
	m := &memory{into: make(map[step]int32), banned: make(map[step]bool), base: base}
	slices.SortStableFunc(chains, func(a, b chain) int { return len(a.courses) - len(b.courses) })
	depth := 0
	for _, ch := range chains {
		depth = max(depth, len(ch.courses))
	}
	parents := []int32(nil)
	for level := 1; level+1 < depth; level++ { // Shorter beginnings first, as the fallbacks need them.
		for _, ch := range chains {
			if level+1 >= len(ch.courses) {
				continue
			}
			from := m.walk(ch.courses[:level])
			s := step{from, ch.courses[level]}
			if _, known := m.into[s]; !known {
				m.into[s] = base + int32(len(m.courses))
				m.courses, parents = append(m.courses, ch.courses[level]), append(parents, from)
				m.fallback = append(m.fallback, m.after(parents[len(parents)-1], ch.courses[level]))
			}
		}
	}
	for _, ch := range chains {
		last := len(ch.courses) - 1
		s := step{m.walk(ch.courses[:last]), ch.courses[last]}
		all, known := m.banned[s]
		m.banned[s] = ch.excepted && (all || !known)
	}
	return m
}

// walk is the state after the beginning of a chain.
func (m *memory) walk(run []course) int32 {
	state := int32(run[0])
	for _, c := range run[1:] {
		state = m.into[step{state, c}]
	}
	return state
}

// after is where a copy falls back to: what its parent's own fallback would go on to.
func (m *memory) after(parent int32, c course) int32 {
	if parent < m.base {
		return int32(c)
	}
	return m.next(m.fallback[parent-m.base], c)
}

// next is the state after going on by a course.
func (m *memory) next(state int32, c course) int32 {
	for {
		if to, known := m.into[step{state, c}]; known {
			return to
		}
		if state < m.base {
			return int32(c)
		}
		state = m.fallback[state-m.base]
	}
}

// forbids reports whether rules forbid to go on by a course, and whether they except emergency vehicles.
func (m *memory) forbids(state int32, c course) (forbidden, excepted bool) {
	excepted = true
	for {
		if free, known := m.banned[step{state, c}]; known {
			forbidden, excepted = true, excepted && free
		}
		if state < m.base {
			return forbidden, excepted
		}
		state = m.fallback[state-m.base]
	}
}

// link makes the graph: from every state to the states of the courses that follow.
func (w *work) link(chains []chain) {
	n := w.n
	m := newMemory(chains, int32(2*len(n.segments)))
	n.courses = make([]course, 2*len(n.segments), 2*len(n.segments)+len(m.courses))
	for c := range n.courses {
		n.courses[c] = course(c)
	}
	n.courses = append(n.courses, m.courses...)
	n.copies = make(map[course][]int32)
	for i, c := range m.courses {
		n.copies[c] = append(n.copies[c], m.base+int32(i))
	}
	g := &n.graph
	g.First = make([]int32, 1, len(n.courses)+1)
	for state, a := range n.courses {
		if n.opened(a) {
			w.follow(m, int32(state), a)
		}
		g.First = append(g.First, int32(len(g.Head)))
	}
	n.turnBack()
}

// follow adds the arcs that leave a state.
func (w *work) follow(m *memory, state int32, a course) {
	n := w.n
	v := n.head(a)
	for _, b := range n.legs(v) {
		if !n.opened(b) {
			continue
		}
		code, can := w.between(a, b, v)
		if !can {
			continue
		}
		if forbidden, excepted := m.forbids(state, b); forbidden {
			code |= turnForbidden
			if excepted {
				code |= turnExcepted
			}
		}
		n.graph.Head = append(n.graph.Head, m.next(state, b))
		n.turns = append(n.turns, code)
	}
}

// turnBack lists the arcs by the state in which they end.
func (n *ground) turnBack() {
	g := n.graph
	n.backFirst = make([]int32, len(g.First))
	for _, to := range g.Head {
		n.backFirst[to+1]++
	}
	for s := range len(g.First) - 1 {
		n.backFirst[s+1] += n.backFirst[s]
	}
	n.backArc, n.backTail = make([]int32, len(g.Head)), make([]int32, len(g.Head))
	next := slices.Clone(n.backFirst)
	for s := range len(g.First) - 1 {
		for arc := g.First[s]; arc < g.First[s+1]; arc++ {
			at := &next[g.Head[arc]]
			n.backArc[*at], n.backTail[*at] = arc, int32(s)
			*at++
		}
	}
}

// states are all states of a course.
func (n *ground) states(c course) []int32 {
	return append([]int32{int32(c)}, n.copies[c]...)
}

// byteSize is about what the graph takes in memory.
func (n *ground) byteSize() int64 {
	words := len(n.graph.First) + len(n.graph.Head) + len(n.backFirst) + len(n.backArc) + len(n.backTail) + len(n.courses) + len(n.legFirst) + len(n.legList)
	return int64(words)*4 + int64(len(n.turns))*2 + int64(len(n.stray[0])+len(n.stray[1]))
}

func degreesBetween(a, b float32) float64 { return math.Mod(float64(b-a)+540, 360) - 180 }
