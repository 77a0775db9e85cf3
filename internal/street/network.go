package street

import (
	"sync"
	"unsafe"

	"shuniu/internal/geo"
	"shuniu/internal/hierarchy"
)

// fragmentMetersMax is how long a group of streets may be together, joined to nothing else, and still be taken for a
// fragment (a car park cut off by the edge of the extract) rather than an island with people on it.
const fragmentMetersMax = 1000

// Network is a street network under certain conditions. It never changes and may be used by any number of goroutines at
// once. It answers every question by a search: slower than a Router, ready at once, and what the Router must agree with.
type Network struct {
	*ground
	conditions Conditions
	ms         []uint32          // By segment: driving time of the whole in milliseconds; or never.
	turn       [turnCodes]uint32 // By turn: milliseconds, or never.
	weights    func() []cost     // By arc; reckoned when first asked for.
}

// ground is what is the same under all conditions.
type ground struct {
	profile  Profile
	segments []segment
	points   []geo.Point // Corners of all segments, one after another.
	along    []float32   // By point: metres from the first point of its segment.
	names    []string
	nameAt   map[string][]int32 // Names in lower case to their indexes.
	classes  []string
	legFirst []int32 // Courses that begin at v are legList[legFirst[v]:legFirst[v+1]].
	legList  []course
	courses  []course           // By state.
	copies   map[course][]int32 // Further states of a course.
	graph    hierarchy.Graph    // From state to state.
	turns    []turn             // By arc.

	backFirst, backArc, backTail []int32 // Arcs that end in a state, and where they come from.

	stray [vehicles][]bool // By segment: trips from or to it are not possible, or only within a fragment.
	lines []Line
	grid  *grid
	pool  *sync.Pool // Of *search.
}

// Stats says how big the network is.
func (n *Network) Stats() Stats {
	s := Stats{
		Nodes: max(0, len(n.legFirst)-1), Segments: len(n.segments), Points: len(n.points),
		States: len(n.courses), Turns: len(n.graph.Head),
	}
	for c := range course(2 * len(n.segments)) {
		if n.opened(c) {
			s.Edges++
		}
	}
	s.Bytes = int64(len(n.segments))*int64(unsafe.Sizeof(segment{})+4) +
		int64(len(n.points))*int64(unsafe.Sizeof(geo.Point{})+4) + n.byteSize() + n.grid.bytes()
	for _, l := range n.lines {
		s.Bytes += int64(unsafe.Sizeof(l)) + int64(len(l.Points))*int64(unsafe.Sizeof(geo.Point{}))
	}
	for _, name := range n.names {
		s.Bytes += int64(len(name)) + int64(unsafe.Sizeof(name))
	}
	return s
}

// Drawing gives the lines of all ways, also of those that are not driven, in the order of the source. The caller
// must not change them.
func (n *Network) Drawing() []Line { return n.lines }

// Lines gives the lines that have a corner in the box or whose own box overlaps it: never too few, at times one too
// many. The caller must not change them.
func (n *Network) Lines(b geo.Bounds) []Line {
	var out []Line
	for _, l := range n.lines {
		lb := geo.EmptyBounds()
		for _, p := range l.Points {
			lb = lb.Extend(p)
		}
		if lb.Overlaps(b) {
			out = append(out, l)
		}
	}
	return out
}
