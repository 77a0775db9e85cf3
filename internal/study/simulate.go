package study

import (
	"context"
	"math"
	"math/rand/v2"

	"shuniu/internal/fault"
)

// Estimate is a mean that was simulated, with the standard error of it by batch means.
type Estimate struct {
	Mean, Error float64
}

// Simulated is what a simulation says of units. Shares are of all calls.
type Simulated struct {
	Calls    int        // That came, without those of the first batch.
	Workload []Estimate // Share of its time that each unit is busy.
	Delay    Estimate   // Share of calls that wait.
	Loss     Estimate   // Share of calls that are lost.
	Wait     Estimate   // Mean wait of all calls.
	Away     Estimate   // Share of calls served outside of the unit's own area.
}

// batches is into how many parts a simulation is cut. They are long beside the time that a busy hour lingers, so that their means are
// as good as independent; one more at the beginning is thrown away, because it begins with nobody at work.
const batches = 40

// Simulate plays so many calls through the units, one event after another: Poisson arrivals, exponential service, the first free unit of
// the atom's list, one line or none. The same seed gives the same answer.
func Simulate(ctx context.Context, u *Units, calls int, seed uint64) (Simulated, error) {
	const op = "study.Simulate"
	if err := u.check(op); err != nil {
		return Simulated{}, err
	}
	if calls < batches*100 || calls > math.MaxInt32 {
		return Simulated{}, refuse(op, "ask for some thousands or millions", "%d calls are not between %d and %d", calls, batches*100, math.MaxInt32)
	}
	s := newPlay(u, seed)
	each := calls / batches
	done := make([]batch, 0, batches)
	for part := range batches + 1 {
		if err := ctx.Err(); err != nil {
			return Simulated{}, fault.Wrap(op, fault.Unavailable, err, "stopped after %d calls", part*each)
		}
		b := s.run(each)
		if part > 0 {
			done = append(done, b)
		}
	}
	return summarise(done, each, len(u.Mu)), nil
}

// play is a simulation under way.
type play struct {
	u      *Units
	chance *rand.Rand
	all    float64   // Calls in a unit of time.
	now    float64   // The time; it begins anew with each batch, so that it loses no digits.
	ends   []float64 // When each unit becomes free; +Inf when it is.
	busy   int       // How many units are.
	next   float64   // When the next call comes.
	line   []waiting // Who waits, from head on.
	head   int
	atom   alias
	home   []int
}

// waiting is a call that waits.
type waiting struct {
	since float64
	atom  int
}

// batch is what a part of a simulation counts.
type batch struct {
	time                    float64
	busy                    []float64
	waited, lost, away, sum float64 // sum is the time waited.
}

func newPlay(u *Units, seed uint64) *play {
	s := &play{u: u, chance: rand.New(rand.NewPCG(seed, 0x5348554e4955)), all: u.calls(), ends: make([]float64, len(u.Mu)), atom: newAlias(u.Lambda)}
	for i := range s.ends {
		s.ends[i] = math.Inf(1)
	}
	for j := range u.Lambda {
		s.home = append(s.home, u.home(j))
	}
	s.next = s.chance.ExpFloat64() / s.all
	return s
}

// run plays until so many more calls came.
func (s *play) run(calls int) batch {
	b := batch{busy: make([]float64, len(s.ends))}
	s.begin()
	for came := 0; came < calls; {
		unit, at := 0, s.ends[0]
		for i, end := range s.ends[1:] {
			if end < at {
				unit, at = i+1, end
			}
		}
		if s.next < at {
			s.now = s.next
			s.next += s.chance.ExpFloat64() / s.all
			came++
			s.arrive(&b)
			continue
		}
		s.now = at
		if s.head == len(s.line) {
			s.ends[unit] = math.Inf(1)
			s.busy--
			continue
		}
		call := s.line[s.head]
		s.head++
		b.sum += s.now - call.since
		s.send(unit, call.atom, &b)
	}
	for i, end := range s.ends { // What lies beyond the end of this batch belongs to the next one.
		if !math.IsInf(end, 1) {
			b.busy[i] -= end - s.now
		}
	}
	b.time = s.now
	return b
}

// begin moves the clock back to 0.
func (s *play) begin() {
	s.line = append(s.line[:0], s.line[s.head:]...)
	s.head = 0
	for i := range s.line {
		s.line[i].since -= s.now
	}
	for i := range s.ends {
		s.ends[i] -= s.now
	}
	s.next -= s.now
	s.now = 0
}

func (s *play) arrive(b *batch) {
	atom := s.atom.draw(s.chance)
	if s.busy < len(s.ends) {
		for _, unit := range s.u.Prefer[atom] {
			if math.IsInf(s.ends[unit], 1) {
				s.busy++
				s.send(unit, atom, b)
				return
			}
		}
	}
	if !s.u.Line {
		b.lost++
		return
	}
	b.waited++
	if s.head > 1024 && s.head*2 > len(s.line) {
		s.line = append(s.line[:0], s.line[s.head:]...)
		s.head = 0
	}
	s.line = append(s.line, waiting{s.now, atom})
}

// send gives a call to a unit.
func (s *play) send(unit, atom int, b *batch) {
	if s.home[atom] != unit {
		b.away++
	}
	took := s.chance.ExpFloat64() / s.u.Mu[unit]
	s.ends[unit] = s.now + took
	b.busy[unit] += took
}

// summarise makes means and errors of the batches.
func summarise(done []batch, each, units int) Simulated {
	over := func(f func(b *batch) float64) Estimate {
		mean, square := 0.0, 0.0
		for i := range done {
			mean += f(&done[i]) / batches
		}
		for i := range done {
			d := f(&done[i]) - mean
			square += d * d
		}
		return Estimate{mean, math.Sqrt(square / (batches - 1) / batches)}
	}
	calls := float64(each)
	out := Simulated{
		Calls: each * batches,
		Delay: over(func(b *batch) float64 { return b.waited / calls }), Loss: over(func(b *batch) float64 { return b.lost / calls }),
		Wait: over(func(b *batch) float64 { return b.sum / calls }), Away: over(func(b *batch) float64 { return b.away / calls }),
	}
	for i := range units {
		out.Workload = append(out.Workload, over(func(b *batch) float64 { return b.busy[i] / b.time }))
	}
	return out
}

// alias draws one of many in constant time, each as often as its weight (M. D. Vose, 1991).
type alias struct {
	keep  []float64
	other []int
}

func newAlias(weights []float64) alias {
	n := len(weights)
	a := alias{make([]float64, n), make([]int, n)}
	total := sum(weights)
	var small, large []int
	for i, w := range weights {
		a.keep[i], a.other[i] = w/total*float64(n), i
		if a.keep[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		a.other[s] = l
		if a.keep[l] -= 1 - a.keep[s]; a.keep[l] < 1 {
			large, small = large[:len(large)-1], append(small, l)
		}
	}
	for _, i := range small { // Rounding left them a little below 1.
		a.other[i] = i
	}
	return a
}

func (a alias) draw(chance *rand.Rand) int {
	x := chance.Float64() * float64(len(a.keep))
	i := int(x)
	if x-float64(i) < a.keep[i] {
		return i
	}
	return a.other[i]
}
