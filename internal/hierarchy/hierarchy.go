// Package hierarchy finds shortest ways in any directed graph, exactly and some hundred times faster than a plain
// search. It is a customizable contraction hierarchy (Dibbelt, Strasser, Wagner: "Customizable Contraction
// Hierarchies", 2014 and 2016) over an order by nested dissection. Places that stay are kept with the costs along their
// chains, and one place and many others are one way down the tree (after Delling, Goldberg, Nowatzyk, Werneck: "PHAST",
// 2011, and Strasser, Zeitz: "Using Incremental Many-to-One Queries to Build a Fast and Tight Heuristic for A* in Road
// Networks", 2021).
//
// The work has three stages. Dissect or Fill, then Contract, look at the graph alone and take the longest; their result
// is kept in a file. Customize takes the weights of one moment (an hour of the day, a kind of vehicle). The Metric that it
// gives answers questions.
//
// The package knows no streets. It must never give an answer that differs from a plain search: Plain is that search, and
// the tests hold one against the other.
package hierarchy

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/bits"

	"shuniu/internal/fault"
)

// No is the weight of a closed arc, and the cost of what cannot be reached.
const No = math.MaxUint64

// Graph is a directed graph. The arcs that leave v are Head[First[v]:First[v+1]]; the number of an arc is its index in
// Head. Arcs may be parallel, and may end where they begin.
type Graph struct{ First, Head []int32 }

// Vertices is how many vertices there are.
func (g Graph) Vertices() int { return max(0, len(g.First)-1) }

// Seed is a vertex with what it costs to get from a place to it, or from it to a place. A place between vertices is
// several seeds.
type Seed struct {
	Vertex int32
	Cost   uint64
}

// add is a sum that stays No once it has passed it.
func add(a, b uint64) uint64 {
	s, carry := bits.Add64(a, b, 0)
	return s | -carry // Without a branch: this is the innermost step of everything.
}

// check refuses a graph that is none.
func (g Graph) check(op string) error {
	bad := func(format string, args ...any) error {
		return fault.New(op, fault.Invalid, format, args...).Mend("build the graph anew: First has one entry a vertex and one more, and rises to the number of arcs")
	}
	if len(g.First) == 0 {
		if len(g.Head) > 0 {
			return bad("the graph has arcs and no vertex")
		}
		return nil
	}
	if len(g.First) > math.MaxInt32/2 || len(g.Head) > math.MaxInt32/2 {
		return bad("the graph has more than %d vertices or arcs", math.MaxInt32/2)
	}
	if g.First[0] != 0 || int(g.First[len(g.First)-1]) != len(g.Head) {
		return bad("First goes from %d to %d, not from 0 to %d", g.First[0], g.First[len(g.First)-1], len(g.Head))
	}
	for v := range g.Vertices() {
		if g.First[v] > g.First[v+1] {
			return bad("First falls at vertex %d", v)
		}
	}
	for i, h := range g.Head {
		if h < 0 || int(h) >= g.Vertices() {
			return bad("arc %d leads to vertex %d of %d", i, h, g.Vertices())
		}
	}
	return nil
}

// Digest tells graphs apart. The same vertices and arcs in the same order give the same digest.
func (g Graph) Digest() [sha256.Size]byte {
	h := sha256.New()
	var word [8]byte
	part := make([]byte, 0, 1<<16)
	for _, list := range [][]int32{g.First, g.Head} {
		binary.LittleEndian.PutUint64(word[:], uint64(len(list)))
		h.Write(word[:])
		for i, x := range list {
			part = binary.LittleEndian.AppendUint32(part, uint32(x))
			if len(part) == cap(part) || i == len(list)-1 {
				h.Write(part)
				part = part[:0]
			}
		}
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// reversed is the graph with every arc turned round, and the number that each of its arcs has in g.
func (g Graph) reversed() (back Graph, arc []int32) {
	n := g.Vertices()
	back = Graph{First: make([]int32, n+1), Head: make([]int32, len(g.Head))}
	arc = make([]int32, len(g.Head))
	for _, h := range g.Head {
		back.First[h+1]++
	}
	for v := range n {
		back.First[v+1] += back.First[v]
	}
	next := append([]int32(nil), back.First...)
	for v := range n {
		for i := g.First[v]; i < g.First[v+1]; i++ {
			at := &next[g.Head[i]]
			back.Head[*at], arc[*at] = int32(v), i
			*at++
		}
	}
	return back, arc
}
