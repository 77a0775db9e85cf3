package hierarchy

import (
	"context"
	"errors"
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

// ErrDense is within the error of a graph whose hierarchy would be too big to be of help.
var ErrDense = errors.New("too dense for a hierarchy")

// Hierarchy is a contracted graph without weights. It never changes and may be used by any number of goroutines at once.
//
// Inside, vertices have their rank as number, and ranks go through the elimination tree from the leaves up, subtree by
// subtree: what is near in the order is near in memory. All higher neighbours of a vertex are its ancestors in the tree.
// So an arc names its upper end by its depth, and whoever climbs from a vertex, or comes down to it, needs one short list
// of costs by depth, which stays in the processor's nearest cache.
type Hierarchy struct {
	graph  Graph
	rank   []int32 // By vertex of the graph.
	order  []int32 // By rank: the vertex.
	parent []int32 // By rank: the lowest higher neighbour, -1 for none.
	depth  []int32 // By rank: how many ancestors.
	deep   int     // The greatest depth, and one.
	first  []int32 // By rank: arcs to higher neighbours are head[first[v]:first[v+1]].
	head   []int32 // By arc: the depth of its upper end, falling for each vertex.
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
	return Stats{Vertices: len(h.rank), Arcs: len(h.graph.Head), Pairs: len(h.head), Depth: h.deep}
}

// Ranks gives the place of each vertex in the order that is used: as good as the one that was given. The caller must not
// change it.
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
	h := &Hierarchy{graph: g, rank: slices.Clone(rank), order: make([]int32, n), parent: make([]int32, n), first: make([]int32, n+1)}
	if err := h.ordered(op); err != nil {
		return nil, err
	}
	h.grow()
	if err := h.join(ctx, op, progress); err != nil {
		return nil, err
	}
	h.arcs()
	h.byDepth()
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

// neighbours lists, by rank, the neighbours along arcs of either direction that are higher, or those that are lower.
func (h *Hierarchy) neighbours(higher bool) (first, list []int32) {
	n := len(h.order)
	first = make([]int32, n+1)
	each := func(do func(at, other int32)) {
		for v := range n {
			a := h.rank[v]
			for _, w := range h.graph.Head[h.graph.First[v]:h.graph.First[v+1]] {
				if b := h.rank[w]; a != b && (a < b) == higher {
					do(a, b)
				} else if a != b {
					do(b, a)
				}
			}
		}
	}
	each(func(at, _ int32) { first[at+1]++ })
	for v := range n {
		first[v+1] += first[v]
	}
	list = make([]int32, first[n])
	next := slices.Clone(first)
	each(func(at, other int32) {
		list[next[at]] = other
		next[at]++
	})
	return first, list
}

// grow makes the elimination tree (Liu, 1986), and changes the ranks so that they go through it subtree by subtree. That
// joins the same pairs.
func (h *Hierarchy) grow() {
	n := len(h.order)
	first, low := h.neighbours(false)
	above := make([]int32, n) // A shortcut to some ancestor.
	for v := range int32(n) {
		h.parent[v], above[v] = -1, -1
		for _, x := range low[first[v]:first[v+1]] {
			for above[x] >= 0 && above[x] != v {
				x, above[x] = above[x], v
			}
			if above[x] < 0 {
				above[x], h.parent[x] = v, v
			}
		}
	}
	size := make([]int32, n)
	for v := range n {
		size[v]++
		if p := h.parent[v]; p >= 0 {
			size[p] += size[v]
		}
	}
	begin := make([]int32, n) // Where the next child's subtree begins; children come by rising rank.
	fresh := make([]int32, n)
	roots := int32(n)
	for v := n - 1; v >= 0; v-- { // Subtrees are placed from the end.
		end := &roots
		if p := h.parent[v]; p >= 0 {
			end = &begin[p]
		}
		fresh[v] = *end - 1
		*end -= size[v]
		begin[v] = fresh[v]
	}
	old := slices.Clone(h.parent)
	for v, r := range h.rank {
		h.rank[v] = fresh[r]
		h.order[fresh[r]] = int32(v)
	}
	for v, p := range old {
		if p >= 0 {
			p = fresh[p]
		}
		h.parent[fresh[v]] = p
	}
	h.depth = make([]int32, n)
	for v := n - 1; v >= 0; v-- {
		if p := h.parent[v]; p >= 0 {
			h.depth[v] = h.depth[p] + 1
		}
		h.deep = max(h.deep, int(h.depth[v])+1)
	}
}

// join lists the higher neighbours of each vertex: its own, and those of its children in the tree.
func (h *Hierarchy) join(ctx context.Context, op string, progress func(share float64)) error {
	n := len(h.order)
	upFirst, up := h.neighbours(true)
	h.head = make([]int32, 0, 4*len(h.graph.Head))
	child, sibling, stamp := make([]int32, n), make([]int32, n), make([]int32, n)
	for v := range n {
		child[v], stamp[v] = -1, -1
	}
	for v := range int32(n) {
		if v%contractCheckEvery == 0 {
			if ctx.Err() != nil {
				return fmt.Errorf("%s: %w", op, ctx.Err())
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
		slices.Sort(h.head[from:])
		h.first[v+1] = int32(len(h.head))
		if p := h.parent[v]; p >= 0 {
			sibling[v], child[p] = child[p], v
		}
		if len(h.head) > contractArcsMax {
			return fault.Wrap(op, fault.Invalid, ErrDense, "the graph is too dense: its hierarchy passes %d arcs", contractArcsMax).Mend("search it plainly")
		}
	}
	h.head = slices.Clip(h.head)
	return nil
}

// arcs finds the arc of the hierarchy for each arc of the graph. Heads are ranks yet.
func (h *Hierarchy) arcs() {
	find := func(low, high int32) int32 {
		at, _ := slices.BinarySearch(h.head[h.first[low]:h.first[low+1]], high)
		return h.first[low] + int32(at)
	}
	h.arcAt = make([]int32, len(h.graph.Head))
	for v := range h.order {
		for i := h.graph.First[v]; i < h.graph.First[v+1]; i++ {
			a, b := h.rank[v], h.rank[h.graph.Head[i]]
			switch {
			case a < b:
				h.arcAt[i] = find(a, b)
			case a > b:
				h.arcAt[i] = ^find(b, a)
			default:
				h.arcAt[i] = noArc
			}
		}
	}
}

// byDepth turns heads from ranks into depths.
func (h *Hierarchy) byDepth() {
	for a, w := range h.head {
		h.head[a] = h.depth[w]
	}
}

// find gives the arc between two neighbours.
func (h *Hierarchy) find(low, high int32) int32 {
	want := h.depth[high]
	at, _ := slices.BinarySearchFunc(h.head[h.first[low]:h.first[low+1]], want, func(d, want int32) int { return int(want - d) })
	return h.first[low] + int32(at)
}
