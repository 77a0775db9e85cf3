package dispatch

import (
	"cmp"
	"slices"
)

// switchesMax is how often another way of filling a line is tried in one recommendation: each is a whole solution. Plans
// have a handful of such lines.
const switchesMax = 16

// choose fills the slots, and finds for each line whose alternatives take another number of units the way that serves
// best: line after line, the others as they are. That is exact for one such line; two of them that want the same
// units may end one step from the best.
func (p *plan) choose() {
	p.want = make([]int, len(p.lines))
	for i, n := range p.lines {
		p.want[i] = n.Count
	}
	p.fill()
	left := switchesMax
	for line, n := range p.lines {
		for _, other := range counts(n)[1:] {
			if left--; left < 0 {
				return
			}
			before, was := p.merit(line), p.want[line]
			p.want[line] = other
			p.fill()
			if !p.merit(line).better(before) {
				p.want[line] = was
				p.fill()
			}
		}
	}
}

// what is asked for in a line, by the way that was chosen for it.
func (p *plan) what(line int) string { return What(of(p.lines[line], p.want[line])) }

// merit is how well the slots are filled, seen from a line that has a choice.
type merit struct {
	met     int       // Lines that are filled whole.
	filled  []float64 // By line: the part that is filled.
	settled bool      // All that the line takes is on its way already.
	cost    cost      // Of all others, and of the last unit for this line: it is filled when that one is there.
}

func (p *plan) merit(line int) merit {
	w := merit{filled: make([]float64, len(p.lines)), settled: true}
	empty := make([]int, len(p.lines))
	var last cost
	for i, s := range p.open {
		if s.line == line {
			w.settled = false
		}
		switch {
		case p.given[i] < 0:
			empty[s.line]++
		case s.line != line:
			w.cost = w.cost.plus(p.costs[i])
		case p.costs[i].compare(last) > 0:
			last = p.costs[i]
		}
	}
	w.cost = w.cost.plus(last)
	for i, n := range empty {
		if n == 0 {
			w.met++
		}
		w.filled[i] = 1 - float64(n)/float64(max(1, p.want[i]))
	}
	return w
}

// better reports whether one way is to be taken instead of another: more lines met, the important ones sooner, what is on
// its way already rather than somebody else, and then whoever is there sooner.
func (w merit) better(than merit) bool {
	if order := cmp.Or(cmp.Compare(w.met, than.met), slices.Compare(w.filled, than.filled)); order != 0 {
		return order > 0
	}
	if w.settled != than.settled {
		return w.settled
	}
	return w.cost.compare(than.cost) < 0
}
