package cover

import (
	"cmp"
	"slices"

	"shuniu/internal/cad"
)

// Wanted says what a move must bring, and which are possible at all. A zero limit asks nothing.
type Wanted struct {
	Places    []Place
	GainS     float64 // At least this many seconds of the expected response.
	CallsADay float64 // At least this many calls a day more in time.
	EtaS      float64 // At most this long a way.
	Max       int     // At most this many moves.
	Before    []Move  // Proposed the last time: half of the gain keeps them, so that a list does not flicker.

	May func(cad.UnitID, Place) bool // Whether this unit may be asked to wait there; nil: all may.
}

// Of a move the gain in seconds is worked out only for so many that promise the most calls.
const weighed = 24

// A way shorter than this, in seconds, is no move.
const movesFrom = 60

// Moves proposes moves of free units after DMEXCLP (C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, "An efficient
// heuristic for real-time ambulance redeployment", Operations Research for Health Care 4, 2015): a unit goes where its
// marginal coverage, the sum over the calls that it would reach in time of (1-q)q^k with k other free units that reach
// them as well, is greatest. Units on their way to a place must have been put with the row of that place. The moves are
// found one after another, each as if the ones before were done. Ways in between are not reckoned with: EtaS bounds them.
func (m *Model) Moves(w Wanted) []Move {
	var out []Move
	var undo []Unit
	done := map[cad.UnitID]bool{}
	do := func(mv Move) {
		u, _ := m.Unit(mv.Unit)
		undo = append(undo, u)
		u.Row = mv.To.Row
		m.Put(u)
		out, done[mv.Unit] = append(out, mv), true
	}
	s := newSearch(m, w)
	for _, old := range w.Before {
		if len(out) == w.Max {
			break
		}
		if mv, ok := s.again(old, done); ok {
			do(mv)
			s = newSearch(m, w)
		}
	}
	for len(out) < w.Max {
		mv, ok := s.best(done)
		if !ok {
			break
		}
		do(mv)
		s = newSearch(m, w)
	}
	for _, u := range slices.Backward(undo) {
		m.Put(u)
	}
	slices.SortStableFunc(out, func(a, b Move) int {
		return cmp.Or(cmp.Compare(b.GainCallsADay, a.GainCallsADay), cmp.Compare(a.ID, b.ID))
	})
	return out
}

// search looks for one move in a model that stands still meanwhile.
type search struct {
	m *Model
	Wanted
	worth  [][]float64   // By class and number of units in reach: what one more is worth to a call.
	depth  [][]int32     // By class and cell: that number.
	covers [][][]int32   // By class and place: the cells that it reaches within the standard.
	before []*reckoning  // By class; nil until somebody asks.
	was    [][]AreaCover //
}

func newSearch(m *Model, w Wanted) *search {
	n := len(m.classes)
	s := &search{m: m, Wanted: w, worth: make([][]float64, n), depth: make([][]int32, n), covers: make([][][]int32, n), before: make([]*reckoning, n), was: make([][]AreaCover, n)}
	for c := range m.classes {
		q := m.busy[c]
		free, _ := m.Count(c)
		s.worth[c] = make([]float64, free+1)
		for k, p := 0, 1-q; k <= free; k, p = k+1, p*q {
			s.worth[c][k] = p
		}
		s.depth[c] = make([]int32, len(m.cells))
		for i := range m.cells {
			s.depth[c][i] = int32(m.depth(c, i))
		}
		for p := range w.Places {
			s.covers[c] = append(s.covers[c], s.covered(c, w.Places[p].Row))
		}
	}
	return s
}

// covered lists the cells that a row reaches within the standard.
func (s *search) covered(class int, row []float32) []int32 {
	var out []int32
	for i, within := range s.m.within[class] {
		if i < len(row) && row[i] >= 0 && row[i] <= within {
			out = append(out, int32(i))
		}
	}
	return out
}

// candidate is a unit at another place with the calls an hour that this gains, over all its classes.
type candidate struct {
	unit  Unit
	class int // The one that gains most.
	to    *Place
	calls float64
}

func (c candidate) id() string { return string(c.unit.ID) + "~" + c.to.ID }

// may reports whether a unit can be asked to go to a place.
func (s *search) may(u Unit, to *Place, done map[cad.UnitID]bool) bool {
	if !u.Free || u.Row == nil || done[u.ID] || to.Cell < 0 || to.Cell >= len(u.Row) || len(to.Row) != len(u.Row) || &to.Row[0] == &u.Row[0] {
		return false
	}
	eta := u.eta(to)
	return eta >= movesFrom && (s.EtaS <= 0 || eta <= s.EtaS) && (s.May == nil || s.May(u.ID, *to))
}

// best is the move that gains the most calls among those that gain enough of everything.
func (s *search) best(done map[cad.UnitID]bool) (Move, bool) {
	var all []candidate
	for _, u := range s.m.units {
		if !u.Free || u.Row == nil || done[u.ID] {
			continue
		}
		loses := s.loses(u)
		for p := range s.Places {
			if !s.may(u, &s.Places[p], done) {
				continue
			}
			if c := s.at(u, p, loses); c.calls > 0 {
				all = append(all, c)
			}
		}
	}
	slices.SortFunc(all, func(a, b candidate) int { return cmp.Or(cmp.Compare(b.calls, a.calls), cmp.Compare(a.id(), b.id())) })
	for _, c := range all[:min(len(all), weighed)] {
		if mv := s.weigh(c); mv.GainS >= s.GainS && mv.GainCallsADay >= s.CallsADay {
			return mv, true
		}
	}
	return Move{}, false
}

// again weighs a move that was proposed before.
func (s *search) again(old Move, done map[cad.UnitID]bool) (Move, bool) {
	u, ok := s.m.Unit(old.Unit)
	p := slices.IndexFunc(s.Places, func(p Place) bool { return p.ID == old.To.ID })
	if !ok || p < 0 || !s.may(u, &s.Places[p], done) {
		return Move{}, false
	}
	mv := s.weigh(s.at(u, p, s.loses(u)))
	return mv, mv.GainS >= s.GainS/2 && mv.GainCallsADay >= s.CallsADay/2
}

// loses is what a unit's leaving costs each of its classes, calls an hour, in the order of its classes.
func (s *search) loses(u Unit) []float64 {
	out := make([]float64, len(u.Classes))
	for k, c := range u.Classes {
		for _, i := range s.covered(c, u.Row) {
			if !s.m.counts(c, int(i), u) {
				continue
			}
			out[k] += s.m.weights[i] * s.worth[c][s.depth[c][i]-1]
		}
	}
	return out
}

// at is a unit at a place: what it would bring there beyond what its leaving costs.
func (s *search) at(u Unit, place int, loses []float64) candidate {
	out := candidate{unit: u, to: &s.Places[place]}
	most := 0.0
	for k, c := range u.Classes {
		within, gain := s.m.within[c], -loses[k]
		for _, i := range s.covers[c][place] {
			if !s.m.counts(c, int(i), u) {
				continue
			}
			others := s.depth[c][i]
			if t := u.Row[i]; t >= 0 && t <= within[i] {
				others-- // It is one of them itself.
			}
			gain += s.m.weights[i] * s.worth[c][others]
		}
		if k == 0 || gain > most {
			most, out.class = gain, c
		}
		out.calls += gain
	}
	return out
}

// weigh works out everything that a move would bring.
func (s *search) weigh(c candidate) Move {
	m := s.m
	mv := Move{
		ID: c.id(), Unit: c.unit.ID, Class: m.classes[c.class].ID, To: *c.to, EtaS: c.unit.eta(c.to), GainCallsADay: c.calls * 24,
	}
	if s.before[c.class] == nil {
		s.before[c.class] = m.reckon(c.class)
		s.was[c.class] = s.before[c.class].areas()
	}
	moved := c.unit
	moved.Row = c.to.Row
	m.Put(moved)
	before, after := s.before[c.class], m.reckon(c.class)
	m.Put(c.unit)
	mv.GainS = before.cover.ExpectedS - after.cover.ExpectedS
	mv.CoveredBefore, mv.CoveredAfter = before.cover.Covered, after.cover.Covered
	for a, is := range after.areas() {
		if s.was[c.class][a].State == Bare && is.State != Bare {
			mv.Fills = append(mv.Fills, Void{Area: is.Area, Class: mv.Class})
		}
	}
	mv.Beside = max(0, m.depth(c.class, c.unit.stands())-1)
	return mv
}

// eta is how long a unit takes to a place from where it is now, seconds; below 0 when it cannot get there.
func (u Unit) eta(to *Place) float64 {
	if len(u.Now) > to.Cell {
		return float64(u.Now[to.Cell])
	}
	return float64(u.Row[to.Cell])
}

// stands is the cell that a unit is nearest to.
func (u Unit) stands() int {
	at := 0
	for i, t := range u.Row {
		if best := u.Row[at]; t >= 0 && (best < 0 || t < best) {
			at = i
		}
	}
	return at
}
