package study

import (
	"context"
	"math"
	"math/bits"
	"slices"
)

// PCentre places p posts on different sites so that the greatest cost from any point to its nearest post is least (Hakimi 1964). Weights have
// no part in it: every point counts, also one that weighs nothing. It looks for the least cost within which p sites reach all points, by
// halving, and asks each time for a set cover; where that is too hard the gap is between what was found and what was proved impossible.
func PCentre(ctx context.Context, s *Posts, p int, radius float64, o Search) (Placement, error) {
	const op = "study.PCentre"
	if err := s.check(op, p, false, true); err != nil {
		return Placement{}, err
	}
	if o.Effort <= 0 {
		o.Effort = EffortUsual
	}
	var a Placement
	if m, n := len(s.Cost), len(s.Cost[0]); !o.Branch && choices(n, p, 1) <= float64(enumeratedMost)/float64(m*p) {
		a = enumerate(ctx, worst{s}, n, p, 1)
		a.Value, a.Bound = -a.Value, max(-a.Bound, 0)
	} else {
		a = s.centre(ctx, p, o)
	}
	s.describe(&a, radius)
	return a, nil
}

// worst is the p-centre problem for an enumeration: the greatest cost, below 0.
type worst struct{ s *Posts }

func (w worst) value(x []int) float64 {
	chosen := sitesOf(x)
	most := 0.0
	for _, row := range w.s.Cost {
		least := math.Inf(1)
		for _, j := range chosen {
			least = min(least, row[j])
		}
		most = max(most, least)
	}
	return -most
}

// radii lists the different costs, in order.
func (s *Posts) radii() []float64 {
	all := make([]float64, 0, len(s.Cost)*len(s.Cost[0]))
	for _, row := range s.Cost {
		all = append(all, row...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// centre halves the radii twice: first for what can be found, then, below that, for what can be proved impossible.
func (s *Posts) centre(ctx context.Context, p int, o Search) Placement {
	radii := s.radii()
	a := Placement{Method: "set cover"}
	spent := int64(0)
	sure, top := -1, len(radii)-1 // Radii up to sure are impossible; at top all points are reached.
	unknown := map[int]bool{}
	for range p {
		a.Sites = append(a.Sites, len(a.Sites))
	}
	try := func(at int) answer {
		c := newCover(s, radii[at], (o.Effort-spent)/partsMost)
		sites, found := c.decide(ctx, p)
		a.Nodes += c.nodes
		spent += c.steps
		switch found {
		case yes:
			a.Sites, top = fill(sites, p, len(s.Cost[0])), at
		case no:
			sure = max(sure, at)
		case open:
			unknown[at] = true
		}
		if o.Progress != nil {
			o.Progress(radii[top], radii[sure+1], 1-radii[sure+1]/max(radii[top], math.SmallestNonzeroFloat64))
		}
		return found
	}
	for low := -1; top-low > 1 && ctx.Err() == nil; {
		if mid := low + (top-low)/2; try(mid) != yes {
			low = mid
		}
	}
	for high := top; high-sure > 1 && ctx.Err() == nil; high = min(high, top) {
		if mid := sure + (high-sure)/2; unknown[mid] || try(mid) != no {
			high = mid
		}
	}
	a.Value, a.Bound, a.Stopped = radii[top], radii[min(sure+1, top)], ctx.Err() != nil
	a.close()
	return a
}

// partsMost is which part of the effort that is left one radius may take. Most take next to none of it.
const partsMost = 4

// fill adds the first sites that are not there yet, until there are p: some radii need fewer.
func fill(sites []int, p, n int) []int {
	out := slices.Clone(sites)
	for j := 0; j < n && len(out) < p; j++ {
		if !slices.Contains(out, j) {
			out = append(out, j)
		}
	}
	slices.Sort(out)
	return out
}

// answer is what is known of a set cover.
type answer uint8

const (
	open answer = iota // Too hard.
	yes
	no
)

// cover asks whether some sites together reach all points within a radius. Sets are of bits.
type cover struct {
	points [][]uint64 // Of each point: the sites that reach it. Points that are reached whenever another one is are left out.
	reach  [][]uint64 // Of each site: the points.
	chosen []int
	nodes  int
	steps  int64
	most   int64
	radius float64
	ctx    context.Context
}

func newCover(s *Posts, radius float64, effort int64) *cover {
	n := len(s.Cost[0])
	c := &cover{most: effort, radius: radius}
	for _, row := range s.Cost {
		set := make([]uint64, (n+63)/64)
		for j, cost := range row {
			if cost <= radius {
				set[j/64] |= 1 << (j % 64)
			}
		}
		c.points = append(c.points, set)
	}
	c.points = hardest(c.points)
	c.reach = make([][]uint64, n)
	for j := range c.reach {
		c.reach[j] = make([]uint64, (len(c.points)+63)/64)
	}
	for i, set := range c.points {
		each(set, func(j int) { c.reach[j][i/64] |= 1 << (i % 64) })
	}
	return c
}

// hardest leaves out each point whose sites hold all sites of another one: whoever reaches that one reaches it.
func hardest(points [][]uint64) [][]uint64 {
	slices.SortStableFunc(points, func(a, b []uint64) int { return size(a) - size(b) })
	var out [][]uint64
	for _, set := range points {
		if len(out) > comparedMost || !slices.ContainsFunc(out, func(less []uint64) bool { return within(less, set) }) {
			out = append(out, set)
		}
	}
	return out
}

// comparedMost bounds with how many points each is compared.
const comparedMost = 5_000

func size(set []uint64) (k int) {
	for _, w := range set {
		k += bits.OnesCount64(w)
	}
	return k
}

func within(a, b []uint64) bool {
	for i, w := range a {
		if w&^b[i] != 0 {
			return false
		}
	}
	return true
}

func each(set []uint64, do func(i int)) {
	for w, word := range set {
		for ; word != 0; word &= word - 1 {
			do(w*64 + bits.TrailingZeros64(word))
		}
	}
}

// decide looks with a small tree first, then with the bound of the covering problem: p sites that cannot reach the weight of all points, each weighing 1,
// do not reach all points.
func (c *cover) decide(ctx context.Context, p int) ([]int, answer) {
	c.ctx = ctx
	left := make([]uint64, (len(c.points)+63)/64)
	for i := range c.points {
		left[i/64] |= 1 << (i % 64)
	}
	allowed := make([]uint64, (len(c.reach)+63)/64)
	for j := range c.reach {
		allowed[j/64] |= 1 << (j % 64)
	}
	whole := c.most
	c.most = whole / 20
	if found := c.tree(left, allowed, p); found != open {
		return c.chosen, found
	}
	if sites, found := c.relax(p, whole/2); found != open {
		return sites, found
	}
	c.most, c.chosen = whole, c.chosen[:0]
	found := c.tree(left, allowed, p)
	return c.chosen, found
}

// relax asks the covering problem whether p sites reach as many points as there are.
func (c *cover) relax(p int, effort int64) ([]int, answer) {
	alike := &Posts{Cost: make([][]float64, len(c.points)), Weight: make([]float64, len(c.points))}
	for i, set := range c.points {
		row := make([]float64, len(c.reach))
		for j := range row {
			row[j] = 1
		}
		each(set, func(j int) { row[j] = 0 })
		alike.Cost[i], alike.Weight[i] = row, 1
	}
	r := newCovering(alike, p, 0, 0)
	h := newHunt(c.ctx, r, p, Search{Effort: effort})
	h.goal = float64(len(c.points))
	h.floor = h.goal - 1 // Whatever reaches fewer is of no use.
	h.polish(h.greedy(1))
	root := &node{bound: math.Inf(1), lo: make([]int16, len(c.reach)), hi: make([]int16, len(c.reach)), u: make([]float64, len(r.weight))}
	for j := range root.hi {
		root.hi[j] = 1
	}
	r.start(root.u)
	bound, stopped := h.run(root)
	c.nodes += h.seen
	c.steps += r.steps
	switch {
	case h.value >= h.goal-0.5:
		return sitesOf(h.best), yes
	case !stopped && bound < h.goal-0.5:
		return nil, no
	}
	return nil, open
}

// tree takes the point with the fewest allowed sites and tries each of them, the one that reaches most first. A site that
// was tried is not allowed any more beside it.
func (c *cover) tree(left, allowed []uint64, p int) answer {
	c.nodes++
	if size(left) == 0 {
		return yes
	}
	if c.steps > c.most || c.ctx.Err() != nil {
		return open
	}
	at, ok := c.fewest(left, allowed, p)
	if !ok {
		return no
	}
	var sites []int
	for w, word := range c.points[at] {
		each([]uint64{word & allowed[w]}, func(j int) { sites = append(sites, w*64+j) })
	}
	gain := make(map[int]int, len(sites))
	for _, j := range sites {
		for w, word := range c.reach[j] {
			gain[j] += bits.OnesCount64(word & left[w])
		}
	}
	slices.SortStableFunc(sites, func(a, b int) int { return gain[b] - gain[a] })
	rest := slices.Clone(allowed)
	result := no
	for _, j := range sites {
		rest[j/64] &^= 1 << (j % 64)
		next := slices.Clone(left)
		for w, word := range c.reach[j] {
			next[w] &^= word
		}
		c.chosen = append(c.chosen, j)
		switch c.tree(next, rest, p-1) {
		case yes:
			return yes
		case open:
			result = open
		case no:
		}
		c.chosen = c.chosen[:len(c.chosen)-1]
	}
	return result
}

// fewest is the point with the fewest allowed sites. It answers false where p sites cannot do: a point has none, or more than p points
// have no site in common, two by two.
func (c *cover) fewest(left, allowed []uint64, p int) (at int, ok bool) {
	type hard struct{ point, sites int }
	var list []hard
	each(left, func(i int) {
		k := 0
		for w, word := range c.points[i] {
			k += bits.OnesCount64(word & allowed[w])
		}
		list = append(list, hard{i, k})
	})
	c.steps += int64(len(list) * len(allowed) * 2)
	slices.SortStableFunc(list, func(a, b hard) int { return a.sites - b.sites })
	if p == 0 || list[0].sites == 0 {
		return 0, false
	}
	used := make([]uint64, len(allowed))
	apart := 0
	for _, h := range list {
		own := c.points[h.point]
		clash := false
		for w, word := range own {
			if word&allowed[w]&used[w] != 0 {
				clash = true
				break
			}
		}
		if clash {
			continue
		}
		if apart++; apart > p {
			return 0, false
		}
		for w, word := range own {
			used[w] |= word & allowed[w]
		}
	}
	return list[0].point, true
}
