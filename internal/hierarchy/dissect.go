package hierarchy

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"shuniu/internal/fault"
)

// How a piece is cut.
const (
	// flowShare is the part of a piece that must lie on either side of a cut at least.
	flowShare = 0.25
	// alongPieces is the size from which a piece's directions, and its halves, are worked on at once.
	alongPieces = 4096
	// wideFrom is the size from which more directions are tried: few pieces are so big, and their cuts matter most.
	wideFrom = 1000
)

// XY is a place on a flat map, metres.
type XY struct{ X, Y float64 }

// Dissect ranks the edges of an undirected graph of places by nested dissection: the few edges that part the graph
// into halves come last, before them those that part each half, and so on. Cuts are found by inertial flow (Schild,
// Sommer: "On Balanced Separators in Road Networks", 2015): the places are lined up along a direction, a quarter at either
// end is joined, and the least cut between is taken; of several directions the one with the fewest edges for its
// balance. The rank of edges is an order for a graph whose vertices are the edges driven in one direction and whose arcs
// are turns (Buchhold, Wagner, Zeitz, Zündorf: "Customizable Contraction Hierarchies with Turn Costs", 2020).
//
// The same input gives the same ranks. progress, which may be nil, is told the share that is done, by one goroutine at a
// time. Errors are those of ctx, and edges that end nowhere.
func Dissect(ctx context.Context, points []XY, edges [][2]int32, progress func(share float64)) ([]int32, error) {
	for i, e := range edges {
		for _, v := range e {
			if v < 0 || int(v) >= len(points) {
				return nil, fault.New("hierarchy.Dissect", fault.Invalid, "edge %d ends at place %d of %d", i, v, len(points)).Mend("give every edge two of the places")
			}
		}
	}
	p := whole(points, edges)
	d := &dissection{ctx: ctx, rank: make([]int32, len(edges)), progress: progress, spare: make(chan struct{}, runtime.GOMAXPROCS(0))}
	d.cut(p, 0)
	if ctx.Err() != nil {
		return nil, fmt.Errorf("hierarchy.Dissect: %w", ctx.Err())
	}
	return d.rank, nil
}

// whole makes a piece of the graph, with places and edges that are near on the map near in memory.
func whole(points []XY, edges [][2]int32) piece {
	n := len(points)
	p := piece{points: slices.Clone(points), edges: make([][2]int32, len(edges)), ids: make([]int32, len(edges))}
	least, most := XY{math.Inf(1), math.Inf(1)}, XY{math.Inf(-1), math.Inf(-1)}
	for i := range p.points {
		at := &p.points[i]
		if math.IsNaN(at.X-at.X) || math.IsNaN(at.Y-at.Y) {
			*at = XY{} // A place that is none lies anywhere; the order is still an order.
		}
		least, most = XY{min(least.X, at.X), min(least.Y, at.Y)}, XY{max(most.X, at.X), max(most.Y, at.Y)}
	}
	cell := func(x, least, most float64) uint64 { // Its bits with a gap after each.
		c := uint64(math.MaxUint16 * min(1, max(0, (x-least)/max(most-least, math.SmallestNonzeroFloat64))))
		c = (c | c<<8) & 0x00ff00ff
		c = (c | c<<4) & 0x0f0f0f0f
		c = (c | c<<2) & 0x33333333
		return (c | c<<1) & 0x55555555
	}
	keys, order, at := make([]uint64, n), make([]int32, n), make([]int32, n)
	for v, q := range p.points {
		keys[v], order[v] = cell(q.X, least.X, most.X)|cell(q.Y, least.Y, most.Y)<<1, int32(v)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	places := make([]XY, n)
	for i, v := range order {
		at[v], places[i] = int32(i), p.points[v]
	}
	p.points = places
	for i := range p.ids {
		p.ids[i] = int32(i)
	}
	end := func(id int32) int32 { return min(at[edges[id][0]], at[edges[id][1]]) }
	slices.SortFunc(p.ids, func(a, b int32) int { return cmp.Or(cmp.Compare(end(a), end(b)), cmp.Compare(a, b)) })
	for i, id := range p.ids {
		p.edges[i] = [2]int32{at[edges[id][0]], at[edges[id][1]]}
	}
	return p
}

// dissection is the state of one Dissect.
type dissection struct {
	ctx      context.Context
	rank     []int32
	progress func(float64)
	spare    chan struct{} // A place for each goroutine that may be started beside.
	mu       sync.Mutex
	ranked   atomic.Int64
}

// give ranks edges, and tells about it.
func (d *dissection) give(ids []int32, base int32) {
	for i, id := range ids {
		d.rank[id] = base + int32(i)
	}
	d.ranked.Add(int64(len(ids)))
	if d.progress != nil && len(ids) > 0 {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.progress(float64(d.ranked.Load()) / float64(len(d.rank)))
	}
}

// cut ranks the edges of a piece from base on.
func (d *dissection) cut(p piece, base int32) {
	if d.ctx.Err() != nil || len(p.edges) == 0 {
		return
	}
	if len(p.points) <= 2 {
		d.give(p.ids, base)
		return
	}
	best := d.best(&p)
	if best.sides == nil {
		return // ctx ended.
	}
	halves, cut := p.part(best)
	p = piece{} // The halves hold all of it; the memory is wanted below.
	second := base + int32(len(halves[0].edges))
	d.give(cut, second+int32(len(halves[1].edges)))
	if len(halves[0].points) >= alongPieces {
		select {
		case d.spare <- struct{}{}:
			var wait sync.WaitGroup
			wait.Go(func() {
				d.cut(halves[0], base)
				<-d.spare
			})
			d.cut(halves[1], second)
			wait.Wait()
			return
		default:
		}
	}
	d.cut(halves[0], base)
	halves[0] = piece{}
	d.cut(halves[1], second)
}

// part splits a piece by the sides of its vertices, and gives the edges between.
func (p *piece) part(f found) (halves [2]piece, cut []int32) {
	second := f.sides
	at := make([]int32, len(p.points))
	var sizes [2]int
	for _, s := range second {
		sizes[b2i(s)]++
	}
	for h := range halves {
		halves[h].points = make([]XY, 0, sizes[h])
	}
	for v, s := range second {
		h := &halves[b2i(s)]
		at[v] = int32(len(h.points))
		h.points = append(h.points, p.points[v])
	}
	for i, e := range p.edges {
		if second[e[0]] != second[e[1]] {
			cut = append(cut, int32(i))
			continue
		}
		h := &halves[b2i(second[e[0]])]
		h.edges = append(h.edges, [2]int32{at[e[0]], at[e[1]]})
		h.ids = append(h.ids, p.ids[i])
	}
	sin, cos := math.Sincos(f.angle)
	along := func(e int32) float64 {
		a, b := p.points[p.edges[e][0]], p.points[p.edges[e][1]]
		return (a.Y+b.Y)*cos - (a.X+b.X)*sin
	}
	slices.SortFunc(cut, func(a, b int32) int { return cmp.Or(cmp.Compare(along(a), along(b)), cmp.Compare(a, b)) })
	line := slices.Clone(cut)
	for i := range cut { // From both ends inwards: the middle of a cut, which most ways pass, is highest.
		e := line[i/2]
		if i%2 == 1 {
			e = line[len(line)-1-i/2]
		}
		cut[i] = p.ids[e]
	}
	return halves, cut
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// found is a cut along one direction.
type found struct {
	score float64 // Edges for each vertex of the smaller side.
	sides []bool
	angle float64 // Of the direction.
}

// best tries the directions, and gives the second side of the best cut.
func (d *dissection) best(p *piece) found {
	first, touch := p.adjacency()
	directions := 4
	if len(p.points) >= wideFrom {
		directions = 8
	}
	all := make([]found, directions)
	bound := math.Inf(1) // A cut that cannot be better is given up; that never changes which one is the best.
	var next int
	var mu sync.Mutex
	work := func() {
		f := newFlow(p, first, touch)
		for {
			mu.Lock()
			k, limit := next, bound
			next++
			mu.Unlock()
			if k >= directions || d.ctx.Err() != nil {
				return
			}
			c := f.along(math.Pi*float64(k)/float64(directions), limit)
			mu.Lock()
			all[k], bound = c, min(bound, c.score)
			mu.Unlock()
		}
	}
	for k := range all {
		all[k].score = math.Inf(1)
	}
	if len(p.points) >= alongPieces {
		var wait sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			wait.Go(work)
		}
		wait.Wait()
	} else {
		work()
	}
	best := all[0]
	for _, c := range all[1:] {
		if c.score < best.score {
			best = c
		}
	}
	return best
}

// along finds the cut in one direction. A score above bound is of no interest.
func (f *flow) along(angle, bound float64) found {
	n := len(f.points)
	ends := max(1, int(flowShare*float64(n)))
	f.line(angle, ends)
	limit := math.MaxInt32
	if most := bound * float64(n/2); most < float64(limit) {
		limit = int(most)
	}
	cut := f.most(limit)
	if cut > limit {
		return found{score: math.Inf(1)}
	}
	near := 0 // After the last spread, what the sources still reach is the smallest first side.
	for _, l := range f.level {
		near += b2i(l >= 0)
	}
	out := found{sides: make([]bool, n), angle: angle}
	for v, l := range f.level {
		out.sides[v] = l < 0
	}
	f.spread(sink)
	far := 0
	for _, l := range f.level {
		far += b2i(l >= 0)
	}
	small := min(near, n-near)
	if other := min(far, n-far); other > small {
		small = other
		for v, l := range f.level {
			out.sides[v] = l >= 0
		}
	}
	out.score = float64(cut) / float64(small)
	return out
}

// line makes the first places along a direction sources, and the last ones sinks.
func (f *flow) line(angle float64, ends int) {
	sin, cos := math.Sincos(angle)
	along := make([]float64, len(f.points))
	order := make([]int32, len(f.points))
	for v, p := range f.points {
		along[v], order[v] = p.X*cos+p.Y*sin, int32(v)
	}
	less := func(a, b int32) bool { return along[a] < along[b] || along[a] == along[b] && a < b }
	clear(f.role)
	pick(order, ends, less)
	for _, v := range order[:ends] {
		f.role[v] = source
	}
	rest := order[ends:]
	pick(rest, len(rest)-ends, less)
	for _, v := range rest[len(rest)-ends:] {
		f.role[v] = sink
	}
}

// pick moves the k smallest to the front (Hoare's selection).
func pick(order []int32, k int, less func(a, b int32) bool) {
	lo, hi := 0, len(order)-1
	for lo < hi {
		pivot := order[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for less(order[i], pivot) {
				i++
			}
			for less(pivot, order[j]) {
				j--
			}
			if i <= j {
				order[i], order[j] = order[j], order[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}
