package study

import (
	"slices"
)

// Units is the input of the hypercube queueing model: units that may each be busy or free, and atoms of area that call.
// Each call takes the first free unit of its atom's list. Rates are numbers a unit of time, the same for all.
type Units struct {
	Mu     []float64   // Service rate of each unit: calls that it could finish in a unit of time.
	Lambda []float64   // Calls of each atom.
	Prefer [][]int     // Of each atom: all units, the first one sent first.
	Travel [][]float64 // Mean travel time of each unit (row) to each atom (column). May be nil: then nothing is said of travel.
	Home   []int       // The unit whose area an atom belongs to; nil means the first of its list.
	Line   bool        // Calls that find all units busy wait in one line, first come first served; else they are lost.
}

// Answer is what the model says of units.
type Answer struct {
	Workload  []float64   // Share of its time that each unit is busy.
	Idle      float64     // Probability that all units are free. Not known to the approximation of Larson: of alike units there.
	AllBusy   float64     // Probability that all units are busy and nobody waits.
	Waiting   float64     // Probability that calls wait.
	Delay     float64     // Share of calls that wait; 0 without a line.
	Loss      float64     // Share of calls that are lost; 0 with a line.
	Share     [][]float64 // f[n][j]: share of the calls served that go from atom j to unit n, those that waited included.
	Immediate [][]float64 // The same without those that waited; shares of all calls served.
	Away      float64     // Share of the calls served outside of the unit's own area (interresponse-area dispatches).
	Travel    float64     // Mean travel time of a call from the units' stations; NaN without travel times.
	States    []float64   // Probability of each set of busy units, bit n for unit n, of the exact model.
	Q         []float64   // Correction factors of the approximation.
	Trail     [][]float64 // Workloads after each iteration of the approximation.
	Changes   []float64   // Greatest change of a workload in each of these.
	Rounds    int         // Iterations, of either method.
	Residual  float64     // What the exact solution leaves of its balance equations, as a share of all flow.
}

// ExactMost is the greatest number of units whose sets of busy ones are all counted: 2^15 = 32,768.
const ExactMost = 15

// The bounds of an approximation: no bureau has as many units or atoms.
const (
	unitsMost = 10_000
	atomsMost = 1_000_000
	pairsMost = 50_000_000
)

// check refuses what makes no sense, naming the place that is wrong, counted from 0.
func (u *Units) check(op string) error {
	n := len(u.Mu)
	if n == 0 || n > unitsMost || len(u.Lambda) == 0 || len(u.Lambda) > atomsMost || n*len(u.Lambda) > pairsMost {
		return refuse(op, "give at least one of each, and fewer of both", "%d units and %d atoms cannot be worked out", n, len(u.Lambda))
	}
	for i, mu := range u.Mu {
		if !finite(mu) || mu == 0 {
			return refuse(op, "give each unit a service rate above 0", "mu[%d] is %g", i, mu)
		}
	}
	for j, l := range u.Lambda {
		if !finite(l) {
			return refuse(op, "give each atom a rate of calls from 0", "lambda_by_atom[%d] is %g", j, l)
		}
	}
	if !finite(u.capacity()) || !finite(u.calls()) || u.calls() == 0 {
		return refuse(op, "give at least one atom a rate of calls above 0", "all atoms together bring %g calls", u.calls())
	}
	if u.Line && u.calls() >= u.capacity() {
		return refuse(op, `add units, or ask with "line": "zero"`, "%g calls come in a time in which all units together can finish %g: the line would grow for ever", u.calls(), u.capacity())
	}
	if err := u.checkPrefer(op); err != nil {
		return err
	}
	return u.checkTravel(op)
}

func (u *Units) checkPrefer(op string) error {
	n := len(u.Mu)
	if len(u.Prefer) != len(u.Lambda) || (u.Home != nil && len(u.Home) != len(u.Lambda)) {
		return refuse(op, "give each atom one list of all units", "there are %d atoms, %d preference lists and %d home units", len(u.Lambda), len(u.Prefer), len(u.Home))
	}
	seen := make([]int, n)
	for j, list := range u.Prefer {
		if len(list) != n {
			return refuse(op, "name every unit once in each list", "the preference list of atom %d names %d of %d units", j, len(list), n)
		}
		for _, unit := range list {
			if unit < 0 || unit >= n || seen[unit] == j+1 {
				return refuse(op, "name every unit once in each list", "the preference list of atom %d names unit %d, which is twice there or is none of %d", j, unit, n)
			}
			seen[unit] = j + 1
		}
	}
	for j, unit := range u.Home {
		if unit < 0 || unit >= n {
			return refuse(op, "name one of the units", "the home of atom %d is unit %d of %d", j, unit, n)
		}
	}
	return nil
}

func (u *Units) checkTravel(op string) error {
	if u.Travel == nil {
		return nil
	}
	if len(u.Travel) != len(u.Mu) {
		return refuse(op, "give a row of travel times for each unit", "there are %d rows of travel times for %d units", len(u.Travel), len(u.Mu))
	}
	for n, row := range u.Travel {
		if len(row) != len(u.Lambda) {
			return refuse(op, "give each unit a travel time to each atom", "travel_time_n_j[%d] has %d times for %d atoms", n, len(row), len(u.Lambda))
		}
		if j := slices.IndexFunc(row, func(t float64) bool { return !finite(t) }); j >= 0 {
			return refuse(op, "give times from 0", "travel_time_n_j[%d][%d] is %g", n, j, row[j])
		}
	}
	return nil
}

func (u *Units) calls() float64 { return sum(u.Lambda) }

func (u *Units) capacity() float64 { return sum(u.Mu) }

func sum(v []float64) (s float64) {
	for _, x := range v {
		s += x
	}
	return s
}

// home is the unit whose area an atom belongs to.
func (u *Units) home(atom int) int {
	if u.Home != nil {
		return u.Home[atom]
	}
	return u.Prefer[atom][0]
}

// finish works out what follows from the shares without a wait: those of all calls, calls away from home, travel. Calls that waited
// are served by whoever is free next, so unit n serves mu[n]/sum(mu) of each atom's, from its station.
func (u *Units) finish(a *Answer) {
	all, capacity := u.calls(), u.capacity()
	a.Share = make([][]float64, len(u.Mu))
	for n := range a.Share {
		a.Share[n] = make([]float64, len(u.Lambda))
		for j, l := range u.Lambda {
			a.Share[n][j] = a.Immediate[n][j] + a.Delay*l/all*u.Mu[n]/capacity
			if u.home(j) != n {
				a.Away += a.Share[n][j]
			}
		}
	}
	a.Travel = u.meanTravel(a.Share)
}
