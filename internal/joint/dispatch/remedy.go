package dispatch

import (
	"cmp"
	"slices"
	"strconv"

	"shuniu/internal/cad"
	"shuniu/internal/org"
)

// reassignS is how much later a unit counts that is torn from a job where others need it: a free hand half as near is
// still the better remedy.
const reassignS = 300

// shortfalls says what cannot be met, line by line, with the best that can be done about it.
func (p *plan) shortfalls(a *Advice, r org.Response) {
	a.Shortfalls = []Shortfall{}
	at := 0
	for _, n := range a.Need {
		s := &p.open[at]
		at += n.Count
		if short := n.Count - n.Filled; short > 0 {
			a.Shortfalls = append(a.Shortfalls, Shortfall{What: n.What, Count: short, Remedy: p.remedy(s, r, a.Wave)})
		}
	}
}

// remedy is the best that can be done about a need that nobody free can fill: the busy unit that would be there first, or
// is free first; else a free unit that lacks only the capability; else what a later wave brings; else people at home;
// else the neighbours.
func (p *plan) remedy(s *slot, r org.Response, wave int) Reason {
	n := of(p.lines[s.line], s.count)
	var best *prospect
	var bestMS int64
	for i := range p.all {
		c := &p.all[i]
		if c.pick || !c.reach || c.trust == Suspect || p.in.fits(s, c.u) < 0 {
			continue
		}
		ms := c.rank
		switch {
		case c.state == StateSoon || c.state == StateRedeployable:
		case c.why.Code == "busy" && !p.guarded(c) && (p.matters(c) || p.left(c) > 0):
			ms += reassignS * 1000
		default:
			continue
		}
		if best == nil || ms < bestMS {
			best, bestMS = c, ms
		}
	}
	if best != nil {
		return p.take(best)
	}
	if n.Capability != "" {
		plain := n
		plain.Capability = ""
		for i := range p.all {
			if c := &p.all[i]; c.state == StateFree && !c.pick && c.reach && p.in.fits(single(plain), c.u) >= 0 {
				return Reason{Code: "without_capability", Params: map[string]string{
					"unit": string(c.u.ID), "capability": n.Capability, "eta_s": number(seconds(c.ms)),
				}}
			}
		}
	}
	if next := r.Next(wave); next > 0 && p.brings(r.Waves[next-1], n) {
		return Reason{Code: "next_wave", Params: map[string]string{"wave": strconv.Itoa(next)}}
	}
	for i := range p.all {
		if c := &p.all[i]; c.why.Code == "off_duty" && p.in.fits(s, c.u) >= 0 {
			return Reason{Code: "call_in_off_duty", Params: map[string]string{"unit": string(c.u.ID)}}
		}
	}
	if p.anyFits(s) {
		return Reason{Code: "call_in_off_duty"}
	}
	return Reason{Code: "ask_neighbour"}
}

// anyFits reports whether the centre has such a unit at all, whatever it does now.
func (p *plan) anyFits(s *slot) bool {
	return slices.ContainsFunc(p.all, func(c prospect) bool { return !c.pick && p.in.fits(s, c.u) >= 0 })
}

// guarded reports whether a busy unit is at a life in danger: it is no remedy for anything.
func (p *plan) guarded(c *prospect) bool {
	return p.in.job(p.in.Stack(c.u.ID)[0].Incident).Priority == cad.P1
}

// matters reports whether this incident is more urgent than what a busy unit is at: nobody is left alone for one of the
// same rank. What nobody has graded yet may be a life in danger.
func (p *plan) matters(c *prospect) bool {
	there := p.in.job(p.in.Stack(c.u.ID)[0].Incident).Priority
	return cmp.Or(p.in.Incident.Priority, cad.P1) < cmp.Or(there, cad.P1)
}

// left counts who stays at the incident of a busy unit if it is taken away.
func (p *plan) left(c *prospect) int {
	here := p.in.Stack(c.u.ID)[0].Incident
	left := 0
	for id := range p.in.Units {
		for _, a := range p.in.Stack(id) {
			if a.Incident == here && a.Primary && id != c.u.ID {
				left++
			}
		}
	}
	return left
}

// take is the remedy of a busy unit, with what is left behind.
func (p *plan) take(c *prospect) Reason {
	here := p.in.Stack(c.u.ID)[0].Incident
	params := map[string]string{
		"unit": string(c.u.ID), "number": number(p.in.Number(here)), "eta_s": number(seconds(c.ms)), "left": strconv.Itoa(p.left(c)),
		"priority": string(p.in.job(here).Priority),
	}
	code := "reassign_nearest"
	switch c.state {
	case StateRedeployable:
		code = "reassign_redeployable"
	case StateSoon:
		code, params["minutes"], params["eta_s"] = "soon_free", number((c.soonS+59)/60), number(c.soonS+seconds(c.ms))
	}
	return Reason{Code: code, Params: params}
}

// brings reports whether a wave has something of the same capability, or slot where none is asked for, that somebody free
// could bring.
func (p *plan) brings(w org.Wave, n org.Need) bool {
	for _, m := range w.Needs {
		if m.Capability != n.Capability {
			continue
		}
		for i := range p.all {
			if c := &p.all[i]; c.state == StateFree && !c.pick && c.reach && p.in.fits(single(m), c.u) >= 0 {
				return true
			}
		}
	}
	return false
}
