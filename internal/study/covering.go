package study

import (
	"math"
	"slices"
)

// covering is MCLP (busy 0) and MEXCLP. Given up is that a point counts no more units than stand within its radius: a point pays u for
// each that it counts, and a site scores what the points around it pay.
type covering struct {
	n      int
	weight []float64 // Of points that weigh anything and have a site in reach.
	sites  [][]int32 // Of each point: the sites in reach.
	points [][]int32 // Of each site: the points in reach.
	gain   []float64 // What the k-th unit adds, as a share of the weight.
	total  []float64 // What k units are worth.
	whole  float64
	steps  int64
	count  []int
	slope  []float64
}

func newCovering(s *Posts, p int, radius, busy float64) *covering {
	r := &covering{n: len(s.Cost[0]), whole: 1, total: []float64{0}}
	for k := range p {
		g := (1 - busy) * math.Pow(busy, float64(k))
		r.gain, r.total = append(r.gain, g), append(r.total, r.total[k]+g)
	}
	r.points = make([][]int32, r.n)
	sum := 0.0
	for i, row := range s.Cost {
		var sites []int32
		for j, c := range row {
			if c <= radius && s.Weight[i] > 0 {
				sites = append(sites, int32(j))
				r.points[j] = append(r.points[j], int32(len(r.weight)))
			}
		}
		if sites != nil {
			r.weight, r.sites = append(r.weight, s.Weight[i]), append(r.sites, sites)
			sum += s.Weight[i]
			if s.Weight[i] != math.Trunc(s.Weight[i]) {
				r.whole = 0
			}
		}
	}
	if busy > 0 || sum > 1<<50 {
		r.whole = 0
	}
	r.count, r.slope = make([]int, len(r.weight)), make([]float64, len(r.weight))
	return r
}

func (r *covering) size() (duals, sites int) { return max(len(r.weight), 1), r.n }

func (r *covering) grain() float64 { return r.whole }

func (r *covering) effort() int64 { return r.steps }

// start lets each point pay its weight, shared by the units that could stand in its reach.
func (r *covering) start(u []float64) {
	for i, w := range r.weight {
		u[i] = w * r.gain[0] / float64(len(r.sites[i])+1)
	}
}

// counts is how many units a point counts when it pays u for each: those that add more.
func (r *covering) counts(i int, pays float64) int {
	k := 0
	for k < len(r.gain) && r.weight[i]*r.gain[k] > pays {
		k++
	}
	return k
}

func (r *covering) scores(u, s []float64) (constant float64) {
	for i, w := range r.weight {
		k := r.counts(i, u[i])
		constant += w*r.total[k] - float64(k)*u[i]
	}
	for j, points := range r.points {
		score := 0.0
		for _, i := range points {
			score += u[i]
		}
		s[j] = score
		r.steps += int64(len(points))
	}
	r.steps += int64(len(r.weight))
	return constant
}

// cover counts the units in reach of each point.
func (r *covering) cover(x []int) {
	clear(r.count)
	for j, k := range x {
		if k > 0 {
			for _, i := range r.points[j] {
				r.count[i] += k
			}
			r.steps += int64(len(r.points[j]))
		}
	}
}

func (r *covering) step(u []float64, x []int, by func(slope, square float64) float64) {
	r.cover(x)
	square := 0.0
	for i := range r.weight {
		g := float64(r.count[i] - r.counts(i, u[i]))
		if (g > 0 && u[i] == 0) || (g < 0 && u[i] >= r.weight[i]*r.gain[0]) {
			g = 0 // It would leave the range in which u has a meaning.
		}
		r.slope[i] = g
		square += g * g
	}
	length := by(0, square)
	for i, g := range r.slope {
		u[i] = min(max(u[i]-length*g, 0), r.weight[i]*r.gain[0])
	}
}

func (r *covering) value(x []int) float64 {
	r.cover(x)
	total := 0.0
	for i, w := range r.weight {
		total += w * r.total[r.count[i]]
	}
	r.steps += int64(len(r.weight))
	return total
}

func (r *covering) swap(x []int) (from, to int, better bool) {
	r.cover(x)
	best := 0.0
	left := slices.Clone(r.count)
	for a, k := range x {
		if k == 0 {
			continue
		}
		lost := 0.0
		for _, i := range r.points[a] {
			left[i]--
			lost += r.weight[i] * r.gain[left[i]]
		}
		for b := range x {
			if b == a || (x[b] > 0 && len(r.gain) > 1 && r.gain[1] == 0) { // A second unit at a site adds nothing there, and MCLP has one.
				continue
			}
			won := 0.0
			for _, i := range r.points[b] {
				won += r.weight[i] * r.gain[left[i]]
			}
			r.steps += int64(len(r.points[b]))
			if won-lost > best {
				best, from, to, better = won-lost, a, b, true
			}
		}
		for _, i := range r.points[a] {
			left[i]++
		}
	}
	return from, to, better
}
