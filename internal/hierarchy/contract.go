package hierarchy

import (
	"context"
	"fmt"
	"slices"

	"shuniu/internal/fault"
)

const (
	// contractArcsMax is where contraction gives up: more arcs than a country has, and about 4 GB.
	contractArcsMax = 120_000_000
	// contractCheckEvery is how many vertices are contracted between two looks at the context.
	contractCheckEvery = 1024
)

// Hierarchy is a contracted graph without weights. It never changes and may be used by any number of goroutines at once.
// Inside, vertices have their rank as number: what is near in the order is near in memory.
type Hierarchy struct {
	graph  Graph
	rank   []int32 // By vertex of the graph.
	order  []int32 // By rank: the vertex.
	parent []int32 // By rank: the lowest higher neighbour, -1 for none: the elimination tree.
	first  []int32 // By rank: arcs to higher neighbours are head[first[v]:first[v+1]], rising.
	head   []int32
	arcAt  []int32 // By arc of the graph: its arc here; ^arc if it leads down; noArc for one that ends where it begins.
}

// noArc marks an arc that leads nowhere: no shortest way holds it.
const noArc = -1 << 31

// Stats says how big a hierarchy is.
type Stats struct {
	Vertices, Arcs int // Of the graph.
	Pairs          int // Of vertices that are joined in the hierarchy.
	Depth          int // The longest chain of the elimination tree: what a question looks at, at most.
}

// Stats says how big the hierarchy is.
func (h *Hierarchy) Stats() Stats {
	s := Stats{Vertices: len(h.rank), Arcs: len(h.graph.Head), Pairs: len(h.head)}
	depth := make([]int32, len(h.parent))
	for v := len(h.parent) - 1; v >= 0; v-- {
		depth[v] = 1
		if p := h.parent[v]; p >= 0 {
			depth[v] += depth[p]
		}
		s.Depth = max(s.Depth, int(depth[v]))
	}
	return s
}

// Ranks gives the place of each vertex in the order. The caller must not change it.
func (h *Hierarchy) Ranks() []int32 { return h.rank }

// Graph gives the graph. The caller must not change it.
func (h *Hierarchy) Graph() Graph { return h.graph }

// Contract joins the higher neighbours of each vertex with each other, from the lowest rank up, so that a shortest way between
// any two vertices goes first up and then down, whatever the weights are. rank holds the place of each vertex in the order,
// 0 first; any order gives right answers, a good one gives quick ones. progress, which may be nil, is told the share that
// is done. Errors are those of ctx, a graph or an order that is none, and a graph so dense that this is no help: ask Plain
// then.
func Contract(ctx context.Context, g Graph, rank []int32, progress func(share float64)) (*Hierarchy, error) {
	const op = "hierarchy.Contract"
	if err := g.check(op); err != nil {
		return nil, err
	}
	n := g.Vertices()
	h := &Hierarchy{graph: g, rank: rank, order: make([]int32, n), parent: make([]int32, n), first: make([]int32, n+1)}
	if err := h.ordered(op); err != nil {
		return nil, err
	}
	upFirst, up := h.higher()
	h.head = make([]int32, 0, 4*len(g.Head))
	child, sibling := make([]int32, n), make([]int32, n) // Trees of vertices by their lowest higher neighbour.
	stamp := make([]int32, n)
	for v := range n {
		child[v], stamp[v] = -1, -1
	}
	for v := range int32(n) {
		if v%contractCheckEvery == 0 {
			if ctx.Err() != nil {
				return nil, fmt.Errorf("%s: %w", op, ctx.Err())
			}
			if progress != nil {
				progress(float64(v) / float64(n))
			}
		}
		from := len(h.head)
		stamp[v] = v
		take := func(list []int32) {
			for _, w := range list {
				if stamp[w] != v {
					stamp[w] = v
					h.head = append(h.head, w)
				}
			}
		}
		take(up[upFirst[v]:upFirst[v+1]])
		for c := child[v]; c >= 0; c = sibling[c] {
			take(h.head[h.first[c]:h.first[c+1]])
		}
		mine := h.head[from:]
		slices.Sort(mine)
		h.parent[v], h.first[v+1] = -1, int32(len(h.head))
		if len(mine) > 0 {
			p := mine[0]
			h.parent[v], sibling[v], child[p] = p, child[p], v
		}
		if len(h.head) > contractArcsMax {
			return nil, fault.New(op, fault.Invalid, "the graph is too dense: its hierarchy passes %d arcs", contractArcsMax).Mend("search it plainly")
		}
	}
	h.head = slices.Clip(h.head)
	h.arcs()
	if progress != nil {
		progress(1)
	}
	return h, nil
}

// ordered checks that rank is an order, and turns it round.
func (h *Hierarchy) ordered(op string) error {
	n := len(h.order)
	bad := func(format string, args ...any) error {
		return fault.New(op, fault.Invalid, format, args...).Mend("give each vertex a rank of its own, from 0 on")
	}
	if len(h.rank) != n {
		return bad("%d ranks were given for %d vertices", len(h.rank), n)
	}
	for r := range h.order {
		h.order[r] = -1
	}
	for v, r := range h.rank {
		if r < 0 || int(r) >= n || h.order[r] >= 0 {
			return bad("vertex %d has rank %d, which is not free", v, r)
		}
		h.order[r] = int32(v)
	}
	return nil
}

// higher lists, by rank, the higher neighbours along arcs of either direction.
func (h *Hierarchy) higher() (first, up []int32) {
	n := len(h.order)
	first = make([]int32, n+1)
	each := func(do func(low, high int32)) {
		for v := range n {
			a := h.rank[v]
			for _, w := range h.graph.Head[h.graph.First[v]:h.graph.First[v+1]] {
				if b := h.rank[w]; a != b {
					do(min(a, b), max(a, b))
				}
			}
		}
	}
	each(func(low, _ int32) { first[low+1]++ })
	for v := range n {
		first[v+1] += first[v]
	}
	up = make([]int32, first[n])
	next := append([]int32(nil), first...)
	each(func(low, high int32) {
		up[next[low]] = high
		next[low]++
	})
	return first, up
}

// arcs finds the arc of the hierarchy for each arc of the graph.
func (h *Hierarchy) arcs() {
	h.arcAt = make([]int32, len(h.graph.Head))
	for v := range h.order {
		for i := h.graph.First[v]; i < h.graph.First[v+1]; i++ {
			a, b := h.rank[v], h.rank[h.graph.Head[i]]
			switch {
			case a < b:
				h.arcAt[i] = h.find(a, b)
			case a > b:
				h.arcAt[i] = ^h.find(b, a)
			default:
				h.arcAt[i] = noArc
			}
		}
	}
}

// find gives the arc between two neighbours.
func (h *Hierarchy) find(low, high int32) int32 {
	at, _ := slices.BinarySearch(h.head[h.first[low]:h.first[low+1]], high)
	return h.first[low] + int32(at)
}
