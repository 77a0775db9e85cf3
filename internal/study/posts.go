package study

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// Posts is a question of where to stand: what it costs to reach each demand point (row) from each site (column), and how much
// each point weighs. Costs are metres, seconds or anything else of which less is better, all the same. +Inf is never reached.
type Posts struct {
	Cost   [][]float64
	Weight []float64
}

// Search says how hard to look. The zero value of each field means its default.
type Search struct {
	Effort   int64                           // Elementary steps after which the search ends, with a gap if it must. 0 means EffortUsual.
	Progress func(value, bound, gap float64) // Told now and then how far it is; nil tells nobody.
	Branch   bool                            // Never enumerate. For tests.
}

// EffortUsual is some five seconds of one core (2.5 GHz, 2024), and so less than a minute of a busy one. Ten posts for 2,000 points on 300
// sites end with a gap of 0.24 %; two and a half times as much leaves 0.15 % and the same posts.
const EffortUsual = 400_000_000

// Placement is an answer: where to stand, and how good that is.
type Placement struct {
	Sites   []int   // Chosen sites, counted from 0, in order; of several units at one site each is named.
	Value   float64 // What was asked for: weighted cost, covered weight, expected covered weight, greatest cost.
	Bound   float64 // No answer is better than this. Equal to Value when proven.
	Gap     float64 // |Value-Bound| as a share of the value, 0 when proven.
	Proven  bool    // Nothing better exists (to 1e-9 of the value).
	Method  string  // "enumeration", "branch and bound" or "set cover".
	Nodes   int     // Looked at: sets of sites, or nodes of the search.
	Stopped bool    // The context ended before the search did; the answer is the best until then.

	Serves        []int   // For each point the chosen site that costs least; -1 where none reaches it.
	Mean          float64 // Mean cost to the nearest chosen site, by weight. NaN where all weights are 0.
	Worst         float64 // Greatest cost to the nearest chosen site.
	Weight        float64 // Of all points.
	Covered       float64 // Weight within the radius. NaN where no radius was given.
	CoveredPoints int     // Points within the radius.
}

// entriesMost bounds a matrix of costs.
const entriesMost = 30_000_000

// check refuses what makes no sense. p is how many units there are to place; many allows several at one site.
func (s *Posts) check(op string, p int, many, finiteCosts bool) error {
	m := len(s.Cost)
	if m == 0 || len(s.Cost[0]) == 0 {
		return refuse(op, "give at least one of each", "there are no demand points or no sites")
	}
	n := len(s.Cost[0])
	if m > entriesMost/n {
		return refuse(op, "leave out sites, or put points together", "%d points and %d sites are more than %d pairs", m, n, entriesMost)
	}
	if len(s.Weight) != m {
		return refuse(op, "give each demand point a weight", "there are %d demand points and %d weights", m, len(s.Weight))
	}
	if p < 1 || (p > n && !many) || p > math.MaxInt16 {
		return refuse(op, "ask for at least 1 and not more than there are sites (-p)", "%d cannot be placed on %d sites", p, n)
	}
	for i, row := range s.Cost {
		if len(row) != n {
			return refuse(op, "give each row a cost of each site", "row %d has %d costs, the first one %d", i, len(row), n)
		}
		for j, c := range row {
			if !(c >= 0) || c > costMost && (finiteCosts || !math.IsInf(c, 1)) {
				return refuse(op, "give costs from 0", "the cost from site %d to point %d is %g", j, i, c)
			}
		}
		if !(s.Weight[i] >= 0 && s.Weight[i] <= costMost) {
			return refuse(op, "give weights from 0", "point %d weighs %g", i, s.Weight[i])
		}
	}
	return nil
}

// costMost keeps sums of products finite and exact enough.
const costMost = 1e100

// describe fills in what any placement says of the points. radius below 0 means none.
func (s *Posts) describe(a *Placement, radius float64) {
	a.Serves = make([]int, len(s.Cost))
	cost := 0.0
	for i, row := range s.Cost {
		a.Serves[i] = -1
		least := math.Inf(1)
		for _, j := range a.Sites {
			if row[j] < least {
				a.Serves[i], least = j, row[j]
			}
		}
		a.Weight += s.Weight[i]
		if s.Weight[i] > 0 {
			cost += s.Weight[i] * least
		}
		a.Worst = max(a.Worst, least)
		if least <= radius {
			a.Covered += s.Weight[i]
			a.CoveredPoints++
		}
	}
	a.Mean = cost / a.Weight
	if radius < 0 {
		a.Covered = math.NaN()
	}
}

// PMedian places p posts on different sites so that the weighted cost from each point to the nearest is least (Hakimi 1964; ReVelle and Swain
// 1970). Value is the sum of weight times cost; Mean divides it by the weight. radius is only reported; below 0 means none.
func PMedian(ctx context.Context, s *Posts, p int, radius float64, o Search) (Placement, error) {
	const op = "study.PMedian"
	if err := s.check(op, p, false, true); err != nil {
		return Placement{}, err
	}
	a, err := search(ctx, newMedian(s, p), p, 1, o)
	if err != nil {
		return Placement{}, err
	}
	a.Value, a.Bound = 0-a.Value, max(0-a.Bound, 0) // A minus alone would make -0 of nothing.
	s.describe(&a, radius)
	return a, nil
}

// MCLP places p posts on different sites so that the weight within the radius of at least one is greatest (Church and ReVelle 1974).
// Value is that weight. A point at the radius is within it.
func MCLP(ctx context.Context, s *Posts, p int, radius float64, o Search) (Placement, error) {
	const op = "study.MCLP"
	if err := s.checkCover(op, p, radius, 0, false); err != nil {
		return Placement{}, err
	}
	a, err := search(ctx, newCovering(s, p, radius, 0), p, 1, o)
	if err != nil {
		return Placement{}, err
	}
	s.describe(&a, radius)
	return a, nil
}

// MEXCLP places so many units, several at one site if that is best, so that the expected weight within the radius of a free unit is
// greatest, when each unit is busy for a share of the time (M. S. Daskin, Transportation Science 17, 1983): a point with k units within the radius counts
// 1-busy^k of its weight. Value is the sum of that.
func MEXCLP(ctx context.Context, s *Posts, units int, radius, busy float64, o Search) (Placement, error) {
	const op = "study.MEXCLP"
	if err := s.checkCover(op, units, radius, busy, true); err != nil {
		return Placement{}, err
	}
	a, err := search(ctx, newCovering(s, units, radius, busy), units, units, o)
	if err != nil {
		return Placement{}, err
	}
	s.describe(&a, radius)
	return a, nil
}

func (s *Posts) checkCover(op string, p int, radius, busy float64, many bool) error {
	if !(radius >= 0) {
		return refuse(op, "give a radius from 0 in the unit of the costs (--radius)", "a radius of %g covers nothing", radius)
	}
	if !(busy >= 0 && busy < 1) {
		return refuse(op, "give a share from 0 to below 1 (--busy)", "units cannot be busy for a share of %g", busy)
	}
	return s.check(op, p, many, false)
}

// sitesOf lists the sites of counts.
func sitesOf(x []int) []int {
	var out []int
	for j, k := range x {
		for range k {
			out = append(out, j)
		}
	}
	return out
}

// byScore puts sites in order, the best score first, and of equals the first site.
func byScore(order []int, s []float64) {
	for j := range order {
		order[j] = j
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(s[b], s[a]), cmp.Compare(a, b)) })
}
