package study

import (
	"cmp"
	"math"
	"slices"
)

// median is the p-median problem, its value the weighted cost below 0. Given up is that each point is served once; a point
// pays u for it, and a site scores what the points around it would pay more than they cost (Cornuejols, Fisher and Nemhauser 1977).
type median struct {
	p, n   int
	cost   [][]float64 // Weighted, of points that weigh anything.
	near   [][]int32   // Sites of each point, the cheapest first.
	steps  int64
	chosen []int
	slope  []float64
	whole  float64
}

func newMedian(s *Posts, p int) *median {
	r := &median{p: p, n: len(s.Cost[0]), whole: 1}
	total := 0.0
	for i, row := range s.Cost {
		if s.Weight[i] == 0 {
			continue
		}
		cost, near := make([]float64, r.n), make([]int32, r.n)
		for j, c := range row {
			cost[j], near[j] = s.Weight[i]*c, int32(j)
			if cost[j] != math.Trunc(cost[j]) {
				r.whole = 0
			}
		}
		slices.SortFunc(near, func(a, b int32) int { return cmp.Or(cmp.Compare(cost[a], cost[b]), cmp.Compare(a, b)) })
		total += cost[near[r.n-1]]
		r.cost, r.near = append(r.cost, cost), append(r.near, near)
	}
	if total > 1<<50 {
		r.whole = 0
	}
	r.slope = make([]float64, len(r.cost))
	return r
}

func (r *median) size() (duals, sites int) { return len(r.cost), r.n }

func (r *median) grain() float64 { return r.whole }

func (r *median) effort() int64 { return r.steps }

// start lets each point pay a little more than its cheapest site costs.
func (r *median) start(u []float64) {
	k := min(r.n-1, r.n/r.p)
	for i, cost := range r.cost {
		u[i] = cost[r.near[i][k]]
	}
}

func (r *median) scores(u, s []float64) (constant float64) {
	clear(s)
	for i, cost := range r.cost {
		pays := u[i]
		constant -= pays
		for k, j := range r.near[i] {
			more := pays - cost[j]
			if more <= 0 {
				r.steps += int64(k)
				break
			}
			s[j] += more
		}
	}
	r.steps += int64(len(r.cost))
	return constant
}

func (r *median) step(u []float64, x []int, by func(slope, square float64) float64) {
	chosen := r.list(x)
	square := 0.0
	for i, cost := range r.cost {
		g := -1.0
		for _, j := range chosen {
			if cost[j] < u[i] {
				g++
			}
		}
		r.slope[i] = g
		square += g * g
	}
	length := by(0, square)
	for i, g := range r.slope {
		u[i] -= length * g
	}
	r.steps += int64(len(r.cost) * len(chosen))
}

func (r *median) list(x []int) []int {
	r.chosen = r.chosen[:0]
	for j, k := range x {
		if k > 0 {
			r.chosen = append(r.chosen, j)
		}
	}
	return r.chosen
}

func (r *median) value(x []int) float64 {
	chosen := r.list(x)
	if len(chosen) == 0 {
		return math.Inf(-1)
	}
	total := 0.0
	for _, cost := range r.cost {
		least := cost[chosen[0]]
		for _, j := range chosen[1:] {
			least = min(least, cost[j])
		}
		total -= least
	}
	r.steps += int64(len(r.cost) * len(chosen))
	return total
}

// swap finds the best move of one post. For each site that could be added it sums at once what is won, and what leaving each
// of the present ones would lose then (Whitaker 1983).
func (r *median) swap(x []int) (from, to int, better bool) {
	chosen := slices.Clone(r.list(x))
	first, second := make([]int, len(r.cost)), make([]float64, len(r.cost))
	for i, cost := range r.cost {
		least := math.Inf(1)
		second[i] = math.Inf(1)
		for at, j := range chosen {
			switch c := cost[j]; {
			case c < least:
				second[i], first[i], least = least, at, c
			case c < second[i]:
				second[i] = c
			}
		}
	}
	best := 0.0
	lost := make([]float64, len(chosen))
	for j := range r.n {
		if x[j] > 0 {
			continue
		}
		clear(lost)
		won := 0.0
		for i, cost := range r.cost {
			now := cost[chosen[first[i]]]
			if c := cost[j]; c < now {
				won += now - c
			} else {
				lost[first[i]] += min(second[i], c) - now
			}
		}
		for at, l := range lost {
			if won-l > best {
				best, from, to, better = won-l, chosen[at], j, true
			}
		}
	}
	r.steps += int64(len(r.cost) * r.n)
	return from, to, better
}
