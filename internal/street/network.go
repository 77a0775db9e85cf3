package street

import (
	"sync"
	"unsafe"

	"shuniu/internal/geo"
)

// fragmentMetersMax is how long a group of streets may be together, joined to nothing else, and still be taken for a
// fragment (a car park cut off by the edge of the extract) rather than an island with people on it.
const fragmentMetersMax = 1000

// Network is a street network. It never changes after Build and may be used by any number of goroutines at once.
type Network struct {
	segments []segment
	points   []geo.Point // Corners of all segments, one after another.
	along    []float32   // By point: metres from the first point of its segment.
	names    []string
	heads    []int32              // By course: the vertex where it ends.
	first    []int32              // Arcs that end at v are arcs[first[v]:first[v+1]].
	arcs     []arc                //
	copies   map[int32][]junction // By vertex: copies of it that stand for restricted turns.
	vertices int32                // Copies included.
	base     int32                // Copies have numbers from here on.
	lines    []Line
	grid     *grid
	pool     *sync.Pool // Of *search.
}

// junction is a copy of a vertex, entered by one course and left by few.
type junction struct {
	vertex int32
	out    []course
}

// Stats says how big the network is.
func (n *Network) Stats() Stats {
	s := Stats{Nodes: int(n.vertices), Segments: len(n.segments), Edges: len(n.arcs), Points: len(n.points)}
	s.Bytes = int64(len(n.segments))*int64(unsafe.Sizeof(segment{})) +
		int64(len(n.points))*int64(unsafe.Sizeof(geo.Point{})+4) +
		int64(len(n.arcs))*int64(unsafe.Sizeof(arc{})) +
		int64(len(n.heads)+len(n.first))*4 + n.grid.bytes()
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

// strays marks the segments of fragments.
func (w *work) strays() {
	n := w.n
	parent := make([]int32, n.base)
	for i := range parent {
		parent[i] = int32(i)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	for i := range n.segments {
		parent[find(n.segments[i].a)] = find(n.segments[i].b)
	}
	meters := make(map[int32]float64)
	longest := 0.0
	for i := range n.segments {
		root := find(n.segments[i].a)
		meters[root] += float64(n.segments[i].meters)
		longest = max(longest, meters[root])
	}
	for i := range n.segments {
		m := meters[find(n.segments[i].a)]
		n.segments[i].stray = m < fragmentMetersMax && m < longest
	}
	for _, m := range meters {
		if m < fragmentMetersMax && m < longest {
			w.report.Fragments++
		}
	}
}
