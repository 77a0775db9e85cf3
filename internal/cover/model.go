package cover

import (
	"cmp"
	"slices"
	"sort"

	"shuniu/internal/cad"
)

// uncalled is the weight of a cell that nobody calls from, calls an hour: so small that it counts only where nobody
// calls at all.
const uncalled = 1e-9

// The long-run share q of busy units of a class lies between these. Below, a second unit would count for nothing; above,
// the odds of MEXCLP, which take units for independent of each other, are worth little.
const (
	BusyLeast = 0.1
	BusyUsual = 0.3 // Until it was watched.
	BusyMost  = 0.5
)

// Model keeps for every cell which free units are nearest. A unit that moves or changes its state touches only its own
// entries. It belongs to one goroutine at a time.
type Model struct {
	cells   []Cell
	classes []Class
	weights []float64 // Calls an hour by cell, at least uncalled.
	totals  []float64 // By class: of the weights of the cells where it promises anything.
	busy    []float64 // By class: the long-run share of busy units.

	areas  []cad.OrgID // Sorted.
	within [][]float32 // By class and cell: the standard there.
	areaOf []int32     // By cell: index into areas, or -1.

	units []Unit               // By slot; a removed one is without classes.
	slots map[cad.UnitID]int32 //
	near  [][][]reach          // By class and cell: free units, the nearest first.
}

// reach is a free unit as a cell sees it.
type reach struct {
	s    float32
	unit int32 // Slot.
}

func compareReach(a, b reach) int { return cmp.Or(cmp.Compare(a.s, b.s), cmp.Compare(a.unit, b.unit)) }

// New is the model of a city without units, with the same weight everywhere. The caller must not change cells or classes
// afterwards.
func New(cells []Cell, classes []Class) *Model {
	m := &Model{
		cells: cells, classes: classes, weights: make([]float64, len(cells)), areaOf: make([]int32, len(cells)),
		within: make([][]float32, len(classes)), totals: make([]float64, len(classes)), busy: make([]float64, len(classes)), slots: map[cad.UnitID]int32{}, near: make([][][]reach, len(classes)),
	}
	for _, c := range cells {
		if c.Area != "" {
			m.areas = append(m.areas, c.Area)
		}
	}
	slices.Sort(m.areas)
	m.areas = slices.Compact(m.areas)
	for i, c := range cells {
		m.areaOf[i] = -1
		if at, ok := slices.BinarySearch(m.areas, c.Area); ok {
			m.areaOf[i] = int32(at)
		}
	}
	for c := range classes {
		m.near[c] = make([][]reach, len(cells))
		m.within[c] = make([]float32, len(cells))
		for i := range cells {
			m.within[c][i] = classes[c].within(cells[i].Area)
		}
	}
	for c := range classes {
		m.Busy(c, BusyUsual)
	}
	m.Weigh(nil)
	return m
}

// Busy says what share of its time on duty a unit of a class is busy in the long run. It is held between BusyLeast and
// BusyMost. How many are busy now does not enter: those are left out of the picture already.
func (m *Model) Busy(class int, share float64) {
	if !(share >= 0) {
		share = BusyUsual
	}
	m.busy[class] = min(max(share, BusyLeast), BusyMost)
}

// Cells is how many cells there are.
func (m *Model) Cells() int { return len(m.cells) }

// Weigh says how many calls an hour come from each cell. What is missing or no number counts as a place that nobody
// calls from; without any weight all cells weigh the same.
func (m *Model) Weigh(weights []float64) {
	clear(m.totals)
	for i := range m.weights {
		w := 1.0
		if weights != nil {
			w = 0
			if i < len(weights) && weights[i] > 0 && weights[i] < 1e9 {
				w = weights[i]
			}
		}
		m.weights[i] = max(w, uncalled)
		for c := range m.classes {
			if m.within[c][i] > 0 {
				m.totals[c] += m.weights[i]
			}
		}
	}
}

// Put tells of a unit as it is now. A row that does not fit the cells counts as none.
func (m *Model) Put(u Unit) {
	if len(u.Row) != len(m.cells) || len(u.Row) == 0 {
		u.Row = nil
	}
	slot, known := m.slots[u.ID]
	if !known {
		slot = int32(len(m.units))
		m.slots[u.ID] = slot
		m.units = append(m.units, Unit{ID: u.ID})
	}
	old := m.units[slot]
	same := len(old.Row) > 0 && len(u.Row) > 0 && &old.Row[0] == &u.Row[0] && old.Free && u.Free && old.Area == u.Area && slices.Equal(old.Classes, u.Classes)
	if !same {
		m.take(old, slot)
		m.give(u, slot)
	}
	m.units[slot] = u
}

// Remove forgets a unit, as if it were off duty.
func (m *Model) Remove(id cad.UnitID) { m.Put(Unit{ID: id}) }

// Unit is a unit as it was put.
func (m *Model) Unit(id cad.UnitID) (Unit, bool) {
	slot, ok := m.slots[id]
	if !ok || len(m.units[slot].Classes) == 0 {
		return Unit{}, false
	}
	return m.units[slot], true
}

func (m *Model) take(u Unit, slot int32) {
	if !u.Free || u.Row == nil {
		return
	}
	for _, c := range u.Classes {
		for i, s := range u.Row {
			if s < 0 || !m.counts(c, i, u) {
				continue
			}
			list := m.near[c][i]
			if at, ok := slices.BinarySearchFunc(list, reach{s, slot}, compareReach); ok {
				m.near[c][i] = slices.Delete(list, at, at+1)
			}
		}
	}
}

func (m *Model) give(u Unit, slot int32) {
	if !u.Free || u.Row == nil {
		return
	}
	for _, c := range u.Classes {
		for i, s := range u.Row {
			if s < 0 || !m.counts(c, i, u) {
				continue
			}
			list := m.near[c][i]
			at, _ := slices.BinarySearchFunc(list, reach{s, slot}, compareReach)
			m.near[c][i] = slices.Insert(list, at, reach{s, slot})
		}
	}
}

// counts reports whether a unit of a class counts in a cell at all.
func (m *Model) counts(class, cell int, u Unit) bool {
	return !m.classes[class].Own || m.cells[cell].Area == u.Area
}

// depth is how many free units of a class reach a cell within its standard.
func (m *Model) depth(class, cell int) int {
	list, t := m.near[class][cell], m.within[class][cell]
	return sort.Search(len(list), func(k int) bool { return list[k].s > t })
}

// Count is how many units of a class are free, and on duty.
func (m *Model) Count(class int) (free, units int) {
	for _, u := range m.units {
		if slices.Contains(u.Classes, class) {
			units++
			if u.Free {
				free++
			}
		}
	}
	return free, units
}

// FreeIn is how many free units of a class stand in an area; where units count in their own area only, how many of its own
// are free.
func (m *Model) FreeIn(class int, area cad.OrgID) (n int) {
	for _, u := range m.units {
		switch {
		case !u.Free || u.Row == nil || !slices.Contains(u.Classes, class):
		case m.classes[class].Own && u.Area == area, !m.classes[class].Own && m.cells[u.stands()].Area == area:
			n++
		}
	}
	return n
}
