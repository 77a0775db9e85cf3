package dispatch

import (
	"cmp"
	"slices"
)

// cost is what it costs to give a unit to a slot. Costs are added up over the set and compared part by part, the first
// part that differs decides: so what stands later only settles ties.
type cost struct {
	doubtful int64 // 1 where the streets do not reach it, 2 where its position is suspect: it goes only where no other can.
	ms       int64 // Arrival, doubt and the cover that is taken away, milliseconds; half of it in a slot that stays back.
	early    int64 // The same, weighted with the place of the slot in the plan: of equal sets, the one whose first lines are served first.
	busyS    int64 // What the unit has worked today, seconds.
	order    int64 // Its place among the call signs.
}

func (a cost) plus(b cost) cost {
	return cost{a.doubtful + b.doubtful, a.ms + b.ms, a.early + b.early, a.busyS + b.busyS, a.order + b.order}
}

func (a cost) minus(b cost) cost {
	return cost{a.doubtful - b.doubtful, a.ms - b.ms, a.early - b.early, a.busyS - b.busyS, a.order - b.order}
}

func (a cost) compare(b cost) int {
	switch {
	case a.doubtful != b.doubtful:
		return cmp.Compare(a.doubtful, b.doubtful)
	case a.ms != b.ms:
		return cmp.Compare(a.ms, b.ms)
	case a.early != b.early:
		return cmp.Compare(a.early, b.early)
	case a.busyS != b.busyS:
		return cmp.Compare(a.busyS, b.busyS)
	}
	return cmp.Compare(a.order, b.order)
}

// option is one unit that can fill a slot.
type option struct {
	unit int32 // Its number among the candidates.
	as   int8  // Which line it meets: 0 the need itself, n its n-th alternative.
	cost cost
}

// keepBest keeps the n cheapest options of a slot, which is all that matters where n slots are filled: the other slots
// take at most n-1 of them.
func keepBest(options []option, n int) []option {
	byCost := func(a, b option) int { return cmp.Or(a.cost.compare(b.cost), cmp.Compare(a.unit, b.unit)) }
	if len(options) <= n {
		slices.SortFunc(options, byCost)
		return options
	}
	best := options[:0]
	for _, o := range options { // It writes behind where it reads.
		switch {
		case len(best) < n:
			best = append(best, o)
		case byCost(o, best[n-1]) < 0:
			best[n-1] = o
		default:
			continue
		}
		for i := len(best) - 1; i > 0 && byCost(best[i], best[i-1]) < 0; i-- {
			best[i], best[i-1] = best[i-1], best[i]
		}
	}
	return best
}

// solver finds the assignment. Columns are the units that some slot may take.
type solver struct {
	rows    [][]option
	column  map[int32]int32 // Unit to column.
	unit    []int32         // Column to unit.
	rowOf   []int32         // Column to the slot that has it, or -1.
	chosen  []int32         // Slot to the index of its option, or -1.
	slotP   []cost          // Potentials of slots.
	unitP   []cost          // Potentials of columns.
	dist    []cost          // Of the search for one slot, by column.
	reached []bool
	done    []bool
	from    []int32 // Column to the slot that it was reached from.
	through []int32 // Column to the option of that slot.
}

// assign gives each slot the index of one of its options, or -1, each unit to one slot at most. Slots stand in the order
// of their importance. First as many slots as possible are filled, and of the sets that can be filled the one with the
// most important slots; then the sum of costs is the least.
//
// This is the Hungarian method as shortest augmenting paths, one slot after another (Kuhn 1955; R. Jonker and
// A. Volgenant, Computing 38, 1987). Sets of slots that can be filled together are the independent sets of a
// transversal matroid, so taking in slots greedily gives the largest and most important set at once; a slot for which no
// path is found stays empty for good.
func assign(rows [][]option) []int32 {
	s := solver{rows: rows, column: make(map[int32]int32, 4*len(rows)), chosen: make([]int32, len(rows)), slotP: make([]cost, len(rows))}
	for r, options := range rows {
		s.chosen[r] = -1
		for _, o := range options {
			if _, known := s.column[o.unit]; !known {
				s.column[o.unit] = int32(len(s.unit))
				s.unit = append(s.unit, o.unit)
			}
		}
	}
	n := len(s.unit)
	s.rowOf, s.unitP, s.dist = make([]int32, n), make([]cost, n), make([]cost, n)
	s.reached, s.done, s.from, s.through = make([]bool, n), make([]bool, n), make([]int32, n), make([]int32, n)
	for c := range s.rowOf {
		s.rowOf[c] = -1
	}
	for r := range rows {
		s.insert(int32(r))
	}
	return s.chosen
}

// insert looks for the cheapest path from a slot over slots that are filled already to a unit that nobody has, and
// changes hands along it.
func (s *solver) insert(row int32) {
	clear(s.reached)
	clear(s.done)
	base, last := cost{}, int32(-1)
	for r := row; ; {
		for i, o := range s.rows[r] {
			c := s.column[o.unit]
			d := base.plus(o.cost).minus(s.slotP[r]).minus(s.unitP[c])
			if !s.done[c] && (!s.reached[c] || d.compare(s.dist[c]) < 0) {
				s.reached[c], s.dist[c], s.from[c], s.through[c] = true, d, r, int32(i)
			}
		}
		next := int32(-1)
		for c := range s.dist {
			if s.reached[c] && !s.done[c] && (next < 0 || s.dist[c].compare(s.dist[next]) < 0) {
				next = int32(c)
			}
		}
		if next < 0 {
			return // Nothing is changed: whoever is served stays so.
		}
		base = s.dist[next]
		if s.rowOf[next] < 0 {
			last = next
			break
		}
		s.done[next] = true
		r = s.rowOf[next]
	}
	s.slotP[row] = s.slotP[row].plus(base)
	for c, done := range s.done {
		if done {
			slack := base.minus(s.dist[c])
			s.unitP[c] = s.unitP[c].minus(slack)
			s.slotP[s.rowOf[c]] = s.slotP[s.rowOf[c]].plus(slack)
		}
	}
	for c := last; ; {
		r := s.from[c]
		before := s.chosen[r]
		s.chosen[r], s.rowOf[c] = s.through[c], r
		if r == row {
			return
		}
		c = s.column[s.rows[r][before].unit]
	}
}
