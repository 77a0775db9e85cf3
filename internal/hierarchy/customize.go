package hierarchy

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"shuniu/internal/fault"
)

// cost is what a pair of neighbours costs in both directions: from the lower to the higher one, and back.
type cost struct{ up, down uint64 }

// via is the lower vertex over which a pair's cost goes in both directions, or -1 where an arc of the graph is taken.
type via struct{ up, down int32 }

// Metric is a hierarchy with the weights of one moment. It never changes and may be used by any number of goroutines at
// once.
type Metric struct {
	h        *Hierarchy
	via      []via     // By arc of the hierarchy, for unpacking ways.
	forward  half      // From the lower to the higher vertex: searches from the start climb it.
	backward half      // From the higher to the lower vertex: searches from the end climb it, and sweeps come down it.
	pool     sync.Pool // Of *climb.
}

// half holds, by the lower vertex, the arcs of one direction that some shortest way needs.
type half struct {
	first  []int32
	head   []int32 // Depth of the higher vertex.
	weight []uint64
	most   uint64 // The greatest weight.
}

// tableau is the state of one Customize.
type tableau struct {
	ctx     context.Context
	h       *Hierarchy
	cost    []cost
	via     []via
	gone    []uint8 // By arc: which directions no shortest way needs.
	low     []int32 // By rank: arcs from lower neighbours are lowArc[low[v]:low[v+1]].
	lowArc  []int32
	lowTail []int32
	tasks   [][2]int32 // Subtrees of the elimination tree that do not touch each other: first rank, and the one after the last.
	top     []int32    // What is above them, rising.
}

// Bits of tableau.gone.
const (
	goneUp = 1 << iota
	goneDown
)

// Customize gives the hierarchy the weights of one moment, one for each arc of the graph; No closes an arc. First each pair's cost
// is what the lower triangles say, then what is shortest at all ("perfect customization"), and arcs that no shortest way
// needs are left out. It runs on all cores. Errors are those of ctx, and a wrong number of weights.
func (h *Hierarchy) Customize(ctx context.Context, weights []uint64) (*Metric, error) {
	const op = "hierarchy.Customize"
	if len(weights) != len(h.graph.Head) {
		return nil, fault.New(op, fault.Invalid, "%d weights were given for %d arcs", len(weights), len(h.graph.Head)).Mend("give one weight an arc")
	}
	t := &tableau{ctx: ctx, h: h, cost: make([]cost, len(h.head)), via: make([]via, len(h.head)), gone: make([]uint8, len(h.head))}
	t.fill(weights)
	t.lower()
	t.share()
	t.run(t.relax, false)
	t.low, t.lowArc, t.lowTail = nil, nil, nil
	t.run(t.perfect, true)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("%s: %w", op, ctx.Err())
	}
	m := &Metric{h: h, via: t.via}
	m.forward = t.thin(goneUp, func(c cost) uint64 { return c.up })
	m.backward = t.thin(goneDown, func(c cost) uint64 { return c.down })
	m.pool.New = func() any { return &climb{} }
	return m, nil
}

// fill gives each pair the cheapest arc of the graph.
func (t *tableau) fill(weights []uint64) {
	for a := range t.cost {
		t.cost[a], t.via[a] = cost{No, No}, via{-1, -1}
	}
	for i, w := range weights {
		switch at := t.h.arcAt[i]; {
		case at >= 0:
			t.cost[at].up = min(t.cost[at].up, w)
		case at != noArc:
			t.cost[^at].down = min(t.cost[^at].down, w)
		}
	}
}

// lower lists the arcs from lower neighbours.
func (t *tableau) lower() {
	h := t.h
	n := len(h.order)
	t.low = make([]int32, n+1)
	chain := make([]int32, h.deep) // By depth: the ancestor of the vertex under way.
	each := func(do func(v, w, a int32)) {
		for v := int32(n) - 1; v >= 0; v-- {
			chain[h.depth[v]] = v
			for a := h.first[v]; a < h.first[v+1]; a++ {
				do(v, chain[h.head[a]], a)
			}
		}
	}
	each(func(_, w, _ int32) { t.low[w+1]++ })
	for v := range n {
		t.low[v+1] += t.low[v]
	}
	t.lowArc, t.lowTail = make([]int32, len(h.head)), make([]int32, len(h.head))
	next := slices.Clone(t.low)
	each(func(v, w, a int32) {
		at := &next[w]
		t.lowArc[*at], t.lowTail[*at] = a, v
		*at++
	})
}

// share splits the elimination tree into subtrees that can be worked on at once, and the rest above them.
func (t *tableau) share() {
	n := int32(len(t.h.order))
	begin := make([]int32, n) // First rank of each subtree.
	for v := range n {
		begin[v] = v
	}
	for v := range n {
		if p := t.h.parent[v]; p >= 0 {
			begin[p] = min(begin[p], begin[v])
		}
	}
	limit := n/int32(8*runtime.GOMAXPROCS(0)) + 1
	for v := n - 1; v >= 0; v-- {
		if v-begin[v] < limit {
			t.tasks = append(t.tasks, [2]int32{begin[v], v + 1})
			v = begin[v]
			continue
		}
		t.top = append(t.top, v)
	}
	slices.Reverse(t.top)
}

// desk is what one worker of a Customize needs, by depth.
type desk struct {
	at    []int32 // -1, before and after each step.
	chain []int32 // The ancestors of the vertex under way; only when falling.
}

func (t *tableau) newDesk() *desk {
	d := &desk{at: make([]int32, t.h.deep), chain: make([]int32, t.h.deep)}
	for i := range d.at {
		d.at[i] = -1
	}
	return d
}

// run does step for every vertex: subtrees at once and then what is above, or, falling, the other way round.
func (t *tableau) run(step func(v int32, d *desk), falling bool) {
	top := func() {
		d := t.newDesk()
		for i := range t.top {
			v := t.top[i]
			if falling {
				v = t.top[len(t.top)-1-i]
				d.chain[t.h.depth[v]] = v
			}
			if t.ctx.Err() == nil {
				step(v, d)
			}
		}
	}
	if falling {
		top()
	}
	var next atomic.Int32
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(t.tasks)) {
		wait.Go(func() {
			d := t.newDesk()
			for k := int(next.Add(1)) - 1; k < len(t.tasks); k = int(next.Add(1)) - 1 {
				t.subtree(t.tasks[k], step, d, falling)
			}
		})
	}
	wait.Wait()
	if !falling {
		top()
	}
}

// subtree does step for the vertices of one task.
func (t *tableau) subtree(task [2]int32, step func(v int32, d *desk), d *desk, falling bool) {
	for p := t.h.parent[task[1]-1]; falling && p >= 0; p = t.h.parent[p] {
		d.chain[t.h.depth[p]] = p
	}
	for i := range task[1] - task[0] {
		if i%contractCheckEvery == 0 && t.ctx.Err() != nil {
			return
		}
		v := task[0] + i
		if falling {
			v = task[1] - 1 - i
			d.chain[t.h.depth[v]] = v
		}
		step(v, d)
	}
}

// relax makes the costs of v's pairs right for ways over lower vertices: v, x, w with x below both. The costs of x are final.
func (t *tableau) relax(v int32, d *desk) {
	h := t.h
	from, end := h.first[v], h.first[v+1]
	for a, w := range h.head[from:end] {
		d.at[w] = int32(a)
	}
	mine, over := t.cost[from:end], t.via[from:end]
	for i := t.low[v]; i < t.low[v+1]; i++ {
		x, xv := t.lowTail[i], t.lowArc[i]
		c := t.cost[xv]
		if c.up == No && c.down == No {
			continue
		}
		costs := t.cost[xv+1 : h.first[x+1]]
		for k, w := range h.head[xv+1 : h.first[x+1]] {
			a := d.at[w]
			there, back := add(c.down, costs[k].up), add(costs[k].down, c.up)
			if there < mine[a].up {
				mine[a].up, over[a].up = there, x
			}
			if back < mine[a].down {
				mine[a].down, over[a].down = back, x
			}
		}
	}
	for _, w := range h.head[from:end] {
		d.at[w] = -1
	}
}
