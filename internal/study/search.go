package study

import (
	"container/heap"
	"context"
	"math"
)

// relaxed is a problem that a search can bound: some constraints are given up and paid for by multipliers u instead (Lagrangian
// relaxation). What is left is a constant and a score for each unit at each site, so that the best choice is the best scores. For any
// u the sum is an upper bound of the value, which is maximised.
type relaxed interface {
	size() (duals, sites int)
	start(u []float64)                                                 // Fills in first multipliers.
	scores(u, s []float64) (constant float64)                          // Fills in the scores of the sites.
	step(u []float64, x []int, by func(slope, square float64) float64) // Moves u against the slope of the bound at the choice x, which by scales.
	value(x []int) float64                                             // What a choice is worth.
	swap(x []int) (from, to int, better bool)                          // The best move of one unit to another site.
	grain() float64                                                    // All values are multiples of it; 0 where nothing is known.
	effort() int64                                                     // Steps so far.
}

// node is a part of all choices: between lo and hi units at each site.
type node struct {
	bound  float64
	seq    int
	lo, hi []int16
	u      []float64
}

// nodes is a heap, the greatest bound first, and of equals the oldest.
type nodes []*node

// Len, Less, Swap, Push and Pop make nodes a heap.
func (h nodes) Len() int { return len(h) }

// Less is heap.Interface.
func (h nodes) Less(i, j int) bool {
	if h[i].bound > h[j].bound {
		return true
	}
	return h[i].bound == h[j].bound && h[i].seq < h[j].seq
}

// Swap is heap.Interface.
func (h nodes) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push is heap.Interface.
func (h *nodes) Push(x any) { *h = append(*h, x.(*node)) }

// Pop is heap.Interface.
func (h *nodes) Pop() any {
	old := *h
	n := old[len(old)-1]
	*h = old[:len(old)-1]
	return n
}

// hunt is a search under way.
type hunt struct {
	ctx   context.Context
	r     relaxed
	p     int
	o     Search
	best  []int
	value float64 // Of best.
	goal  float64 // A value that ends the search; +Inf is none.
	floor float64 // What a choice must beat to be of any use; -Inf is none.
	open  nodes
	seen  int
	// Room for one node at a time.
	s, share []float64
	x, order []int
	keepS    []float64
	keepU    []float64
	keepX    []int
}

// The bounds of a search. Iterations are those of the subgradient method.
const (
	firstIterations = 800
	laterIterations = 60
	openMost        = 200_000
	equalMost       = 1e-9 // Values that differ by less are the same.
)

// search finds the best choice of p units at sites that hold up to each.
func search(ctx context.Context, r relaxed, p, each int, o Search) (Placement, error) {
	if o.Effort <= 0 {
		o.Effort = EffortUsual
	}
	m, n := r.size()
	if !o.Branch && choices(n, p, each) <= float64(enumeratedMost)/float64(m*p) {
		return enumerate(ctx, r, n, p, each), nil
	}
	h := newHunt(ctx, r, p, o)
	h.polish(h.greedy(each))
	root := &node{bound: math.Inf(1), lo: make([]int16, n), hi: make([]int16, n), u: make([]float64, m)}
	for j := range root.hi {
		root.hi[j] = int16(each)
	}
	r.start(root.u)
	bound, stopped := h.run(root)
	a := Placement{Sites: sitesOf(h.best), Value: h.value, Bound: bound, Method: "branch and bound", Nodes: h.seen, Stopped: stopped}
	a.close()
	return a, nil
}

// close works out the gap.
func (a *Placement) close() {
	a.Gap = math.Abs(a.Bound-a.Value) / max(math.Abs(a.Value), math.SmallestNonzeroFloat64)
	if a.Bound == a.Value {
		a.Gap = 0
	}
	a.Proven = a.Gap <= equalMost
	if a.Proven {
		a.Bound, a.Gap = a.Value, 0
	}
}

func newHunt(ctx context.Context, r relaxed, p int, o Search) *hunt {
	m, n := r.size()
	return &hunt{
		ctx: ctx, r: r, p: p, o: o, value: math.Inf(-1), goal: math.Inf(1), floor: math.Inf(-1), s: make([]float64, n), share: make([]float64, n), x: make([]int, n), order: make([]int, n),
		keepS: make([]float64, n), keepU: make([]float64, m), keepX: make([]int, n),
	}
}

// run works through the nodes, best bound first, and gives the bound that is left.
func (h *hunt) run(root *node) (bound float64, stopped bool) {
	heap.Push(&h.open, root)
	iterations := firstIterations
	for len(h.open) > 0 && h.value < h.goal {
		top := h.open[0].bound
		if top <= h.enough() {
			break
		}
		if stopped = h.ctx.Err() != nil; stopped || (h.seen > 0 && (h.r.effort() > h.o.Effort || len(h.open) > openMost)) {
			return top, stopped
		}
		if h.o.Progress != nil {
			h.o.Progress(h.value, top, math.Abs(top-h.value)/max(math.Abs(h.value), math.SmallestNonzeroFloat64))
		}
		n := heap.Pop(&h.open).(*node)
		h.seen++
		if h.tighten(n, iterations) {
			h.branch(n)
		}
		iterations = laterIterations
	}
	return max(h.value, min(h.floor, h.goal)), false
}

// enough is the bound that a node must beat to be looked at.
func (h *hunt) enough() float64 { return max(h.value, h.floor) + h.slack() }

// slack is by how much a bound must beat the best value to be looked at.
func (h *hunt) slack() float64 {
	return max(equalMost*math.Abs(h.value), h.r.grain()*(1-1e-6))
}

// tighten lowers the bound of a node by the subgradient method (Held, Wolfe and Crowder 1974), trying each choice that comes up. It
// reports whether something better may still be in it, and then leaves in keep what gave the best bound, and in share how often each site was chosen.
func (h *hunt) tighten(n *node, iterations int) bool {
	theta, since := 1.5, 0
	if h.seen > 1 {
		theta = 0.5
	}
	first := true
	clear(h.share)
	for i := range iterations {
		bound := h.r.scores(n.u, h.s)
		bound += h.choose(n)
		if h.offer(h.x); i%polishEvery == polishEvery-1 && !math.IsInf(bound, -1) {
			h.polish(h.x)
		}
		for j, k := range h.x {
			h.share[j] += 0.1 * (float64(k) - h.share[j])
		}
		if bound < n.bound || first {
			if since++; n.bound-bound > 1e-5*math.Abs(bound) || first {
				since = 0
			}
			n.bound, first = min(n.bound, bound), false
			copy(h.keepS, h.s)
			copy(h.keepU, n.u)
			copy(h.keepX, h.x)
		} else {
			since++
		}
		if n.bound <= h.enough() || h.value >= h.goal {
			return false
		}
		if since >= 15 {
			if theta, since = theta/2, 0; theta < 1e-4 {
				break
			}
		}
		if h.ctx.Err() != nil || !h.move(n, bound, theta) {
			break
		}
	}
	copy(n.u, h.keepU)
	return true
}

// move takes a step of the multipliers; false when the slope is flat: the bound cannot be lowered.
func (h *hunt) move(n *node, bound, theta float64) bool {
	moved := true
	h.r.step(n.u, h.x, func(_, square float64) float64 {
		if square == 0 {
			moved = false
			return 0
		}
		return theta * max(bound-max(h.value, h.floor), 1e-6*math.Abs(bound)) / square
	})
	return moved
}

// choose takes the best scores within the node's limits into x, and gives their sum.
func (h *hunt) choose(n *node) (total float64) {
	byScore(h.order, h.s)
	left := h.p
	for j, k := range n.lo {
		h.x[j] = int(k)
		left -= int(k)
		total += float64(k) * h.s[j]
	}
	if left < 0 { // More are asked for than there are.
		return math.Inf(-1)
	}
	for _, j := range h.order {
		if left == 0 {
			break
		}
		k := min(left, int(n.hi[j]-n.lo[j]))
		h.x[j] += k
		left -= k
		total += float64(k) * h.s[j]
	}
	if left > 0 { // The sites that are left cannot hold all units: there is nothing in this node.
		return math.Inf(-1)
	}
	return total
}

// offer keeps a choice if it is better than the best, and then improves it by moving single units.
func (h *hunt) offer(x []int) {
	total := 0
	for _, k := range x {
		total += k
	}
	if total != h.p || h.r.value(x) <= h.value+equalMost*math.Abs(h.value) {
		return
	}
	h.polish(x)
}

// polish moves single units while that makes a choice better (Teitz and Bart 1968), and keeps it if it is the best.
func (h *hunt) polish(x []int) {
	y := append([]int(nil), x...)
	value := h.r.value(y)
	for range polishMost {
		from, to, better := h.r.swap(y)
		if !better {
			break
		}
		y[from]--
		y[to]++
		next := h.r.value(y)
		if next <= value+equalMost*math.Abs(value) {
			y[from]++
			y[to]--
			break
		}
		value = next
	}
	if value > h.value || h.best == nil {
		h.best, h.value = y, value
	}
}

// polishMost bounds how often one choice is improved; every polishEvery-th choice is, whether it is good or not.
const (
	polishMost  = 1_000
	polishEvery = 25
)

// greedy adds one unit after another where it helps most, for a beginning.
func (h *hunt) greedy(each int) []int {
	_, n := h.r.size()
	x := make([]int, n)
	for range h.p {
		best, at := math.Inf(-1), -1
		for j := range x {
			if x[j] < each {
				x[j]++
				if v := h.r.value(x); v > best {
					best, at = v, j
				}
				x[j]--
			}
		}
		x[at]++
	}
	return x
}

// branch narrows a node by what its bound forbids, and splits it at the site that is least decided.
func (h *hunt) branch(n *node) {
	if !h.narrow(n) {
		return
	}
	at, least := -1, math.Inf(1)
	for j := range n.lo {
		if n.lo[j] == n.hi[j] {
			continue
		}
		// Half chosen is least decided; among sites that are always or never chosen the best score is.
		whole := math.Floor(h.share[j])
		decided := math.Abs(h.share[j]-whole-0.5) - 1e-9*h.keepS[j]/(1+math.Abs(h.keepS[j]))
		if decided < least {
			at, least = j, decided
		}
	}
	if at < 0 {
		return
	}
	split := int16(min(max(math.Floor(h.share[at]), float64(n.lo[at])), float64(n.hi[at]-1)))
	for _, up := range []bool{true, false} {
		c := &node{bound: n.bound, seq: h.seen*2 + 1, lo: append([]int16(nil), n.lo...), hi: append([]int16(nil), n.hi...), u: append([]float64(nil), n.u...)}
		if up {
			c.lo[at], c.seq = split+1, h.seen*2
		} else {
			c.hi[at] = split
		}
		heap.Push(&h.open, c)
	}
}

// narrow closes what would cost more than the bound is above the best value: one more unit at a site, or one fewer. It
// reports whether anything is left.
func (h *hunt) narrow(n *node) bool {
	room, lack := n.bound-h.enough(), 0
	worst, best := math.Inf(1), math.Inf(-1) // Of what is taken and could be left; of what is left and could be taken.
	for j, k := range h.keepX {
		if k > int(n.lo[j]) {
			worst = min(worst, h.keepS[j])
		}
		if k < int(n.hi[j]) {
			best = max(best, h.keepS[j])
		}
		lack += k
	}
	if lack != h.p {
		return false
	}
	for j, k := range h.keepX {
		if worst-h.keepS[j] >= room {
			n.hi[j] = min(n.hi[j], int16(k))
		}
		if h.keepS[j]-best >= room {
			n.lo[j] = max(n.lo[j], int16(k))
		}
	}
	return true
}
