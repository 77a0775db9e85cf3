package demand

import (
	"math"
	"slices"

	"shuniu/internal/fault"
)

// Accuracy says how well a choice of cells foretold where events happened.
type Accuracy struct {
	Hits int     // Events in the chosen cells.
	Most int     // Events in the best choice of as many cells.
	All  int     // Events everywhere.
	PAI  float64 // Share of the events over share of the area: 1 is no better than chance.
	PEI  float64 // PAI over the best PAI that as many cells allow: 1 cannot be beaten.
}

// Foretold measures a choice among cells of equal area by the formulas of the Real-Time Crime Forecasting Challenge of the
// National Institute of Justice of the United States (2017): PAI = (n/N)/(a/A), PEI* = PAI/PAI of the best choice of that
// area. An empty choice, a cell named twice or out of range, a count below 0 and counts that sum to 0 are fault.Invalid.
func Foretold(counts, chosen []int) (Accuracy, error) {
	const op = "demand.Foretold"
	a := Accuracy{}
	for i, n := range counts {
		if n < 0 || n > math.MaxInt32 {
			return Accuracy{}, fault.New(op, fault.Invalid, "cell %d has a count of %d", i, n).Mend("give how many events happened in each cell")
		}
		a.All += n
	}
	if a.All == 0 || len(chosen) == 0 {
		return Accuracy{}, fault.New(op, fault.Invalid, "there are %d events and %d chosen cells", a.All, len(chosen)).Mend("give at least one event and one chosen cell")
	}
	seen := make(map[int]bool, len(chosen))
	for _, i := range chosen {
		if i < 0 || i >= len(counts) || seen[i] {
			return Accuracy{}, fault.New(op, fault.Invalid, "cell %d is chosen twice or is not one of %d", i, len(counts)).Mend("name each chosen cell once, counted from 0")
		}
		seen[i] = true
		a.Hits += counts[i]
	}
	sorted := slices.Clone(counts)
	slices.SortFunc(sorted, func(a, b int) int { return b - a })
	for _, n := range sorted[:len(chosen)] {
		a.Most += n
	}
	area := float64(len(chosen)) / float64(len(counts))
	a.PAI = float64(a.Hits) / float64(a.All) / area
	a.PEI = float64(a.Hits) / float64(a.Most)
	return a, nil
}
