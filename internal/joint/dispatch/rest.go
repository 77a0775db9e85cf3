package dispatch

import (
	"cmp"
	"slices"
	"strconv"

	"shuniu/internal/cad"
)

// taken are the picked units, by line.
func (p *plan) taken() [][]*prospect {
	out := make([][]*prospect, len(p.lines))
	for i := range p.all {
		if c := &p.all[i]; c.pick {
			out[c.line] = append(out[c.line], c)
		}
	}
	return out
}

// notPicked says why a free unit is not among the recommended ones.
func (w *words) notPicked(c *prospect) Reason {
	p := w.p
	if len(p.open) == 0 {
		return Reason{Code: "not_needed"}
	}
	fits, otherwise, code := false, false, "others_sooner"
	for i := range p.open {
		s := &p.open[i]
		if i > 0 && p.open[i-1].line == s.line {
			continue
		}
		way := p.in.fits(s, c.u)
		if way < 0 {
			otherwise = otherwise || p.fitsOtherwise(s, c)
			continue
		}
		fits = true
		for _, x := range w.taken[s.line] {
			switch lost := cmp.Compare(c.loss.Seconds, x.loss.Seconds); {
			case !c.reach || c.trust == Suspect || c.astray || c.rank > x.rank:
			case c.covered && lost > 0:
				return Reason{Code: "spared_for_cover", Params: map[string]string{"seconds": strconv.FormatFloat(round1(c.loss.Seconds), 'f', -1, 64)}}
			case way > x.as:
				code = "only_alternative"
			case c.rank == x.rank && lost == 0 && c.load.BusyS > x.load.BusyS:
				code = "worked_more"
			case c.rank == x.rank && lost == 0:
				code = "as_good"
			}
		}
	}
	switch {
	case !fits && otherwise:
		return Reason{Code: "filled_otherwise"}
	case !fits:
		return Reason{Code: "fits_no_need"}
	case c.trust == Suspect:
		return Reason{Code: "others_trusted"}
	case c.astray || !c.reach:
		return Reason{Code: "not_reached"}
	}
	return Reason{Code: code}
}

// fitsOtherwise reports whether a unit serves a line by a way that takes another number of units than the chosen one.
func (p *plan) fitsOtherwise(s *slot, c *prospect) bool {
	return slices.ContainsFunc(counts(p.lines[s.line]), func(n int) bool {
		other := *s
		other.count = n
		return p.in.fits(&other, c.u) >= 0
	})
}

// rest counts the units that are not listed, by why they do not go: the most frequent reason first.
func (w *words) rest(a *Advice) []Reason {
	listed := make(map[cad.UnitID]bool, len(a.Items)+len(a.LeftOut))
	for _, list := range [...][]Candidate{a.Items, a.LeftOut} {
		for i := range list {
			listed[list[i].Unit] = true
		}
	}
	count := map[string]int{}
	for i := range w.p.all {
		c := &w.p.all[i]
		switch {
		case listed[c.u.ID]:
		case c.state == StateFree:
			count[w.notPicked(c).Code]++
		default:
			count[c.why.Code]++
		}
	}
	out := []Reason{}
	for code, n := range count {
		out = append(out, Reason{Code: "rest." + code, Params: map[string]string{"count": strconv.Itoa(n)}})
	}
	slices.SortFunc(out, func(x, y Reason) int {
		return cmp.Or(count[y.Code[len("rest."):]]-count[x.Code[len("rest."):]], cmp.Compare(x.Code, y.Code))
	})
	return out
}
