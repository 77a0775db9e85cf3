package dispatch

import (
	"cmp"
	"context"
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// How the choice is made, and how much of it is shown.
const (
	orMS       = int64(300_000) // An alternative counts as if it came so much later, for each step down the list.
	soonByS    = 120            // A busy unit is proposed if it beats the free one by so much: predictions err.
	leftOutMax = 12
	itemsMax   = 24
	solvedMax  = 64 // Slots that are solved at once; what a plan asks beyond comes after them.
)

// plan is a recommendation in the making.
type plan struct {
	in    *Input
	lines []org.Need
	want  []int // By line: how many units it takes, by the way that was chosen for it.
	here  []*unit.State
	open  []slot // Slots that nobody is on his way for.
	all   []prospect
	given []int    // By open slot: the prospect that fills it, or -1.
	costs []cost   // By open slot: what that costs.
	bench []option // Room for options until the best are kept.
}

// Recommend chooses the units for an incident as one set. First as many slots of the plan are filled as can be, the
// important ones (earlier lines) before the others; of the sets that do so the one with the least sum of arrival and of
// cover taken away; then the one that serves the first lines first, then the one whose units have worked least today,
// then by call sign. Cover is taken unit by unit: that two neighbours lose more together than each alone is not seen.
func Recommend(ctx context.Context, in Input) Advice {
	r := in.response()
	p, degraded := in.plan(ctx, r)
	a := Advice{Degraded: degraded, Wave: in.wave(), Waves: max(1, len(r.Waves))}
	p.tell(&a, r)
	return a
}

// Nearest are the free units that would be there first, of those that are meant, as Recommend would show them.
func Nearest(ctx context.Context, in Input, means func(cad.UnitID) bool, most int) []Candidate {
	p, _ := in.plan(ctx, in.response())
	p.sort()
	w := p.words()
	out := []Candidate{}
	for i := range p.all {
		if c := &p.all[i]; c.state == StateFree && len(out) < most && means(c.u.ID) {
			out = append(out, w.candidate(c))
		}
	}
	return out
}

// plan chooses the units of a response.
func (in *Input) plan(ctx context.Context, r org.Response) (p plan, degraded []string) {
	p = plan{in: in, lines: in.lines(r)}
	p.here = in.present()
	p.all, degraded = in.prospects(ctx)
	p.bench = make([]option, 0, len(p.all))
	in.lose(p.all)
	p.choose()
	p.propose()
	return p, degraded
}

// sort puts whoever would be there first before the others.
func (p *plan) sort() {
	slices.SortFunc(p.all, func(x, y prospect) int {
		return cmp.Or(cmp.Compare(x.rank, y.rank), cmp.Compare(x.order, y.order))
	})
}

// fill gives free units to the slots that are open where each line takes the number of units that it takes now.
func (p *plan) fill() {
	for i := range p.all {
		c := &p.all[i]
		c.line, c.as, c.pick = -1, 0, false
	}
	p.open = p.in.open(slots(p.lines, p.want), p.here)
	p.given, p.costs = make([]int, len(p.open)), make([]cost, len(p.open))
	for from := 0; from < len(p.open); from += solvedMax {
		p.solve(from, min(len(p.open), from+solvedMax))
	}
}

// solve gives free units to some of the open slots.
func (p *plan) solve(from, to int) {
	rows := make([][]option, to-from)
	for i := range rows {
		rows[i] = p.options(from+i, to-from, StateFree)
	}
	for i, chosen := range assign(rows) {
		p.given[from+i] = -1
		if chosen >= 0 {
			o := rows[i][chosen]
			p.given[from+i], p.costs[from+i] = int(o.unit), o.cost
			c := &p.all[o.unit]
			c.pick, c.line, c.as = true, p.open[from+i].line, int(o.as)
		}
	}
}

// options are the units of one of some states that can fill a slot, as many of the cheapest as matter where n are filled.
func (p *plan) options(slot, n int, states ...string) []option {
	p.bench = p.bench[:0]
	for i := range p.all {
		c := &p.all[i]
		if c.line >= 0 || !slices.Contains(states, c.state) {
			continue
		}
		if way := p.in.fits(&p.open[slot], c.u); way >= 0 {
			p.bench = append(p.bench, option{unit: int32(i), as: int8(min(way, 100)), cost: p.cost(c, slot, way)})
		}
	}
	return slices.Clone(keepBest(p.bench, n))
}

// cost is what it costs to send a unit to a slot. Who stays back is not waited for so dearly: without that it would be
// all the same which of two cars goes to the front.
func (p *plan) cost(c *prospect, slot, way int) cost {
	out := cost{ms: unreachableMS, busyS: c.load.BusyS, order: c.order}
	if c.reach {
		out.ms = c.ms + 1000*c.soonS
	}
	if c.trust == Suspect {
		out.doubtful = 2
	} else if c.reach {
		out.ms += c.doubtMS
	}
	if c.astray {
		out.doubtful++
	}
	out.ms += orMS * int64(way)
	if p.open[slot].hold {
		out.ms /= 2
	}
	if c.covered {
		out.ms += coverMS(p.in.Incident.Priority, c.loss.Seconds)
	}
	out.early = out.ms * int64(solvedMax-slot%solvedMax)
	return out
}

// propose names busy units that would fill what no free one can, and those that would be there well before the free one
// that was picked. They are never taken: each is busy until a person says otherwise.
func (p *plan) propose() {
	var empty []int
	for i, given := range p.given {
		if given < 0 && len(empty) < solvedMax {
			empty = append(empty, i)
		}
	}
	rows := make([][]option, len(empty))
	for k, i := range empty {
		rows[k] = p.options(i, len(empty), StateRedeployable, StateSoon)
	}
	for k, chosen := range assign(rows) {
		if chosen >= 0 {
			o := rows[k][chosen]
			p.all[o.unit].line, p.all[o.unit].as = p.open[empty[k]].line, int(o.as)
		}
	}
	for i, given := range p.given {
		if given < 0 {
			continue
		}
		if best := p.options(i, 1, StateRedeployable, StateSoon); len(best) > 0 && best[0].as == 0 {
			c := &p.all[best[0].unit]
			if c.reach && c.trust != Suspect && c.rank+soonByS*1000 < p.all[given].rank {
				c.line, c.as = p.open[i].line, 0
			}
		}
	}
}

// tell writes the advice down.
func (p *plan) tell(a *Advice, r org.Response) {
	p.needs(a)
	p.sort()
	a.all = p.all
	a.Items, a.LeftOut, a.Choices = []Candidate{}, []Candidate{}, []incident.Choice{}
	last := int64(-1)
	for i := range p.all {
		if p.all[i].pick {
			last = max(last, p.all[i].rank)
		}
	}
	w := p.words()
	for _, group := range [...]func(*prospect) bool{
		func(c *prospect) bool { return c.pick },
		func(c *prospect) bool { return c.line >= 0 && !c.pick },
		func(c *prospect) bool { return c.line < 0 && c.state == StateFree },
	} {
		for i := range p.all {
			if c := &p.all[i]; group(c) && (c.pick || len(a.Items) < itemsMax) {
				a.Items = append(a.Items, w.candidate(c))
			}
		}
	}
	for i := range p.all {
		c := &p.all[i]
		sooner := last < 0 || c.rank <= last || len(a.LeftOut) < 3
		if c.line < 0 && c.state != StateFree && sooner && len(a.LeftOut) < leftOutMax {
			a.LeftOut = append(a.LeftOut, w.leftOut(c))
		}
	}
	a.Rest = w.rest(a)
	for _, c := range a.Items {
		if c.Pick {
			a.Choices = append(a.Choices, incident.Choice{Unit: c.Unit, Slot: c.Slot, EtaS: c.EtaS})
		}
	}
	p.shortfalls(a, r)
	p.tellOthers(a, r)
	a.Border = p.jurisdiction()
	a.name(p.in.Incident.ID)
}

// needs counts what is open and what is filled, line by line.
func (p *plan) needs(a *Advice) {
	a.Need = []Slot{}
	for at := 0; at < len(p.open); {
		line := p.open[at].line
		n := p.lines[line]
		s := Slot{What: p.what(line), Hold: n.Hold, Card: n.Card, Or: len(n.Or) > 0}
		if asked := What(n); asked != s.What {
			s.For = asked
		}
		for ; at < len(p.open) && p.open[at].line == line; at++ {
			s.Count++
			if p.given[at] >= 0 {
				s.Filled++
			}
		}
		a.Need = append(a.Need, s)
	}
}
