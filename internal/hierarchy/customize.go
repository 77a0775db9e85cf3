package hierarchy

import (
	"context"
	"fmt"
	"runtime"
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
	via      []via // By arc of the hierarchy, for unpacking ways.
	forward  half  // From the lower to the higher vertex: searches from the start climb it.
	backward half  // From the higher to the lower vertex: searches from the end climb it, and sweeps come down it.
	pool     sync.Pool
}

// half holds, by the lower vertex, the arcs of one direction that some shortest way needs.
type half struct {
	first  []int32
	head   []int32
	weight []uint64
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
	tasks   [][]int32 // Subtrees of the elimination tree that do not touch each other, each by rising rank.
	top     []int32   // What is above them.
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
	m.pool.New = func() any { return newClimb(len(h.order)) }
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
	t.low = make([]int32, len(h.order)+1)
	for _, v := range h.head {
		t.low[v+1]++
	}
	for v := range h.order {
		t.low[v+1] += t.low[v]
	}
	t.lowArc, t.lowTail = make([]int32, len(h.head)), make([]int32, len(h.head))
	next := append([]int32(nil), t.low...)
	for v := range int32(len(h.order)) {
		for a := h.first[v]; a < h.first[v+1]; a++ {
			at := &next[h.head[a]]
			t.lowArc[*at], t.lowTail[*at] = a, v
			*at++
		}
	}
}

// share splits the elimination tree into subtrees that can be worked on at once, and the rest above them.
func (t *tableau) share() {
	n := len(t.h.order)
	size := make([]int32, n)
	for v := range n {
		size[v]++
		if p := t.h.parent[v]; p >= 0 {
			size[p] += size[v]
		}
	}
	limit := int32(n/(8*runtime.GOMAXPROCS(0)) + 1)
	owner := make([]int32, n)
	for v := n - 1; v >= 0; v-- {
		p := t.h.parent[v]
		switch {
		case p >= 0 && owner[p] >= 0:
			owner[v] = owner[p]
		case size[v] <= limit:
			owner[v] = int32(len(t.tasks))
			t.tasks = append(t.tasks, make([]int32, 0, size[v]))
		default:
			owner[v] = -1
		}
	}
	for v, o := range owner {
		if o < 0 {
			t.top = append(t.top, int32(v))
		} else {
			t.tasks[o] = append(t.tasks[o], int32(v))
		}
	}
}

// run does step for every vertex: subtrees at once and then what is above, or, falling, the other way round.
func (t *tableau) run(step func(v int32, at []int32), falling bool) {
	walk := func(list []int32, at []int32) {
		for i := range list {
			v := list[i]
			if falling {
				v = list[len(list)-1-i]
			}
			if i%contractCheckEvery == 0 && t.ctx.Err() != nil {
				return
			}
			step(v, at)
		}
	}
	scratch := func() []int32 {
		at := make([]int32, len(t.h.order))
		for v := range at {
			at[v] = -1
		}
		return at
	}
	if falling {
		walk(t.top, scratch())
	}
	var next atomic.Int32
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(t.tasks)) {
		wait.Go(func() {
			at := scratch()
			for k := int(next.Add(1)) - 1; k < len(t.tasks); k = int(next.Add(1)) - 1 {
				walk(t.tasks[k], at)
			}
		})
	}
	wait.Wait()
	if !falling {
		walk(t.top, scratch())
	}
}

// relax makes the costs of v's pairs right for ways over lower vertices: v, x, w with x below both. The costs of x are final.
// at holds -1 for every vertex, before and after.
func (t *tableau) relax(v int32, at []int32) {
	h := t.h
	for a := h.first[v]; a < h.first[v+1]; a++ {
		at[h.head[a]] = a
	}
	for i := t.low[v]; i < t.low[v+1]; i++ {
		x, xv := t.lowTail[i], t.lowArc[i]
		c := t.cost[xv]
		if c.up == No && c.down == No {
			continue
		}
		end := h.first[x+1]
		heads, costs := h.head[xv+1:end], t.cost[xv+1:end]
		for k, w := range heads {
			a := at[w]
			there, back := add(c.down, costs[k].up), add(costs[k].down, c.up)
			vw := &t.cost[a]
			if there < vw.up {
				vw.up, t.via[a].up = there, x
			}
			if back < vw.down {
				vw.down, t.via[a].down = back, x
			}
		}
	}
	for a := h.first[v]; a < h.first[v+1]; a++ {
		at[h.head[a]] = -1
	}
}
