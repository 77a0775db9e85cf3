package cover

import (
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
)

// restMin is the probability below which it no longer matters who would go.
const restMin = 1e-9

// CellCover is the cover of one cell by a class.
type CellCover struct {
	ExpectedS float32
	Covered   float32 // Probability that a call is reached within the standard.
}

// Picture reckons the cover as it is now. It takes time in proportion to cells and units, a few milliseconds for a city.
func (m *Model) Picture(at time.Time) *Picture {
	p := &Picture{At: at, Losses: make(map[cad.UnitID]Loss, len(m.units))}
	areas := make([][]AreaCover, len(m.classes))
	for c := range m.classes {
		r := m.reckon(c)
		p.Classes = append(p.Classes, r.cover)
		areas[c] = r.areas()
		r.losses(p.Losses)
	}
	for a := range m.areas {
		for c := range m.classes {
			if areas[c][a].State != "" {
				p.Areas = append(p.Areas, areas[c][a])
			}
		}
	}
	return p
}

// reckoning is the work on one class.
type reckoning struct {
	m     *Model
	class int
	odds  []float64 // By rank: the probability that the unit of that rank goes.
	miss  float64   // What is waited for where nobody comes, seconds.
	cover ClassCover

	lossS     []float64 // By slot: seconds, summed over calls.
	lossCalls []float64 // By slot.
	void      [][]cad.OrgID
	of        []areaSum
}

// areaSum is what is added up over the cells of one area.
type areaSum struct {
	weight, nearest, expected float64
	near                      float64           // Weight of the calls that anybody reaches at all.
	depths                    []float64         // By number of units within the standard: weight.
	sole                      map[int32]float64 // By slot: weight of the calls that only it reaches in time.
}

func (m *Model) reckon(class int) *reckoning {
	q := m.busy[class]
	free, units := m.Count(class)
	r := &reckoning{
		m: m, class: class, odds: odds(q, free), miss: m.classes[class].missing(units), lossS: make([]float64, len(m.units)), lossCalls: make([]float64, len(m.units)),
		void: make([][]cad.OrgID, len(m.units)), of: make([]areaSum, len(m.areas)),
	}
	r.cover = ClassCover{
		Class: m.classes[class].ID, StandardS: m.classes[class].StandardS, Free: free, Units: units, Busy: q, Cells: make([]CellCover, len(m.cells)),
	}
	bins := make([]float64, MissingS+1) // By whole seconds: calls that wait no longer.
	for i := range m.cells {
		expected, covered, nobody := r.cell(i, bins)
		r.cover.Cells[i] = CellCover{ExpectedS: float32(expected), Covered: float32(covered)}
		r.cover.ExpectedS += r.weight(i) * expected
		r.cover.Covered += r.weight(i) * covered
		r.cover.Nobody += r.weight(i) * nobody
		r.area(i, expected)
	}
	if total := m.totals[class]; total > 0 {
		r.cover.ExpectedS /= total
		r.cover.Covered /= total
		r.cover.Nobody /= total
	}
	r.cover.NobodyS = r.cover.Nobody * r.miss
	r.cover.P90S = quantile(bins, 0.9)
	return r
}

// odds gives for each rank the probability that the unit of this rank goes, down to restMin.
func odds(q float64, n int) []float64 {
	out := make([]float64, 0, min(n, 64))
	for p := 1 - q; len(out) < n && p > restMin; p *= q {
		out = append(out, p)
	}
	return out
}

// weight is that of a cell; 0 where the class promises nothing.
func (r *reckoning) weight(i int) float64 {
	if r.m.within[r.class][i] < 0 {
		return 0
	}
	return r.m.weights[i]
}

// cell reckons one cell and what each unit's leaving would cost there. nobody is the probability that all of those who
// reach it are busy.
func (r *reckoning) cell(i int, bins []float64) (expected, covered, nobody float64) {
	m := r.m
	list, w := m.near[r.class][i], r.weight(i)
	n := min(len(list), len(r.odds))
	rest := 1.0
	for k := range n {
		s := r.wait(list[k].s)
		expected += r.odds[k] * s
		rest -= r.odds[k]
		bins[int(math.Ceil(s))] += w * r.odds[k]
	}
	rest = max(0, rest)
	expected += rest * r.miss
	bins[int(math.Ceil(r.miss))] += w * rest

	d := min(m.depth(r.class, i), n)
	for k := range d {
		covered += r.odds[k]
		r.lossCalls[list[k].unit] += w * r.odds[d-1] // Whoever of them leaves: the last rank is lost.
	}
	if n == 0 {
		return expected, covered, rest
	}
	// Without the unit of rank k everybody behind it moves up by one.
	behind := r.odds[n-1] * r.miss
	if n < len(list) {
		behind = r.odds[n-1] * r.wait(list[n].s)
	}
	for k := n - 1; k >= 0; k-- {
		s := r.wait(list[k].s)
		r.lossS[list[k].unit] += w * (behind - r.odds[k]*s)
		if k > 0 {
			behind += (r.odds[k-1] - r.odds[k]) * s
		}
	}
	return expected, covered, rest
}

// wait is a travel time as it is reckoned with: nobody waits longer than when all are busy.
func (r *reckoning) wait(s float32) float64 { return min(float64(s), r.miss) }

// area adds a cell to its area.
func (r *reckoning) area(i int, expected float64) {
	m := r.m
	a := m.areaOf[i]
	if a < 0 || m.within[r.class][i] < 0 {
		return
	}
	sum, list, w := &r.of[a], m.near[r.class][i], m.weights[i]
	d := m.depth(r.class, i)
	for len(sum.depths) <= d {
		sum.depths = append(sum.depths, 0)
	}
	sum.depths[d] += w
	sum.weight += w
	sum.expected += w * expected
	if len(list) > 0 {
		sum.near += w
		sum.nearest += w * float64(list[0].s)
	}
	if d == 1 {
		if sum.sole == nil {
			sum.sole = map[int32]float64{}
		}
		sum.sole[list[0].unit] += w
	}
}

// areas finishes the areas, and notes whose leaving would make one void.
func (r *reckoning) areas() []AreaCover {
	out := make([]AreaCover, len(r.of))
	for a := range r.of {
		sum := &r.of[a]
		if sum.weight == 0 { // Nothing is promised there.
			continue
		}
		reached, middle := sum.reached()
		out[a] = AreaCover{
			Area: r.m.areas[a], Class: r.cover.Class, State: stateOf(middle), Within: middle,
			Nobody: sum.near == 0, ExpectedS: sum.expected / sum.weight,
		}
		if sum.near > 0 {
			out[a].NearestS = sum.nearest / sum.near
		}
		if middle == 0 {
			continue
		}
		for slot, w := range sum.sole {
			if !half(reached-w, sum.weight) {
				r.void[slot] = append(r.void[slot], r.m.areas[a])
			}
		}
	}
	return out
}

// reached is the weight of the calls that anybody reaches in time, and middle by how many units the middle call is reached.
func (s *areaSum) reached() (weight float64, middle int) {
	above := 0.0
	for d := len(s.depths) - 1; d > 0; d-- {
		above += s.depths[d]
		if middle == 0 && half(above, s.weight) {
			middle = d
		}
	}
	return above, middle
}

// half reports whether a part is at least half of the whole, but for rounding.
func half(part, whole float64) bool { return part*2 >= whole*(1-1e-9) }

func stateOf(within int) State {
	switch within {
	case 0:
		return Bare
	case 1:
		return Thin
	}
	return OK
}

// losses brings what each free unit's leaving costs into the picture. areas must have been called.
func (r *reckoning) losses(into map[cad.UnitID]Loss) {
	for slot, u := range r.m.units {
		if !u.Free || u.Row == nil || !slices.Contains(u.Classes, r.class) {
			continue
		}
		l := into[u.ID]
		if s := r.lossS[slot] / r.m.totals[r.class]; s >= l.Seconds {
			l.Seconds, l.Calls = s, r.lossCalls[slot]
		}
		for _, area := range r.void[slot] {
			l.Voids = append(l.Voids, Void{Area: area, Class: r.cover.Class})
		}
		into[u.ID] = l
	}
}

// quantile is the smallest number of seconds within which a share of the calls is reached.
func quantile(bins []float64, share float64) float64 {
	total := 0.0
	for _, w := range bins {
		total += w
	}
	sum := 0.0
	for s, w := range bins {
		if sum += w; w > 0 && sum >= share*total*(1-1e-9) {
			return float64(s)
		}
	}
	return 0
}
