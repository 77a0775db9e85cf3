package trial

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/joint/dispatch"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// perKind is how many free units of each kind are put before the advice, the nearest ones as the crow flies. When it cannot
// fill a need from them, all free units are.
const perKind = 8

// send asks who should go to a call and sends them. With only >= 0 nobody but that unit may go.
func (r *run) send(i int32, now int64, only int32) {
	var free []int32
	whole := true
	if only >= 0 {
		free = []int32{only}
	} else {
		free, whole = r.nearest(i, now)
	}
	advice := r.ask(i, now, free)
	if len(advice.Shortfalls) > 0 && !whole && only < 0 {
		advice = r.ask(i, now, r.allFree(now))
	}
	c := &r.calls[i]
	relaxed := c.anybody && c.Sent == 0
	for _, item := range advice.Items {
		if !item.Pick {
			continue
		}
		if k := r.carOf(free, item.Unit); k >= 0 && r.cars[k].on < 0 {
			r.dispatch(i, k, now, item)
		}
	}
	c.Needed = c.Needed || len(advice.Need) > 0
	short := len(advice.Shortfalls) > 0
	switch {
	case short && only < 0:
		r.enqueue(i)
	case !short && c.waiting:
		c.waiting, c.Short = false, relaxed
		r.queue = slices.DeleteFunc(r.queue, func(k int32) bool { return k == i })
	}
	if !short && c.Sent > 0 && c.Whole == never && !relaxed {
		c.Whole = c.latest
	}
	if !short && c.Sent == 0 {
		c.over = true // Nobody needs to go.
	}
}

// carOf finds a unit; mostly it is among those that were asked about.
func (r *run) carOf(among []int32, id cad.UnitID) int32 {
	for _, k := range among {
		if r.cars[k].unit.State.ID == id {
			return k
		}
	}
	return int32(slices.IndexFunc(r.cars, func(c car) bool { return c.unit.State.ID == id }))
}

// nearest picks the free units that are put before the advice. whole says that it is all of them.
func (r *run) nearest(i int32, now int64) (out []int32, whole bool) {
	type near struct {
		k int32
		m float64
	}
	plane := geo.PlaneAt(r.trial.cases[i].call.Place)
	owner := r.trial.cases[i].incident.Responsible.Org
	whole = true
	var best []near
	for _, kind := range r.names {
		best = best[:0]
		for _, k := range r.kinds[kind] {
			v := &r.cars[k]
			if v.on >= 0 || !r.onDuty(v, now) {
				continue
			}
			if owner != "" && v.unit.State.Station == owner {
				out = append(out, k) // A crew of the responsible station may have to go however far it is.
				continue
			}
			x, y := plane.XY(v.about(now))
			n := near{k, x*x + y*y}
			if len(best) == perKind {
				whole = false
				if best[perKind-1].m <= n.m {
					continue
				}
				best = best[:perKind-1]
			}
			at := len(best)
			for at > 0 && best[at-1].m > n.m {
				at--
			}
			best = slices.Insert(best, at, n)
		}
		for _, n := range best {
			out = append(out, n.k)
		}
	}
	return out, whole
}

func (r *run) allFree(now int64) []int32 {
	var out []int32
	for k := range r.cars {
		if r.cars[k].on < 0 && r.onDuty(&r.cars[k], now) {
			out = append(out, int32(k))
		}
	}
	return out
}

// about is where a unit is, on a straight line between where it became free and its home.
func (v *car) about(now int64) geo.Point {
	if now >= v.back {
		return v.home
	}
	return geo.Between(v.last, v.home, v.share(now))
}

// share is how much of its way home a unit has behind it, 0 to 1.
func (v *car) share(now int64) float64 {
	if now >= v.back || v.back <= v.freed {
		return 1
	}
	return max(0, float64(now-v.freed)/float64(v.back-v.freed))
}

// place is where a unit is on the streets.
func (r *run) place(v *car, now int64) (geo.Point, street.Snap) {
	f := r.streets
	if now >= v.back {
		return v.home, v.snap
	}
	if f == nil || !v.lastSnap.OK() || !v.snap.OK() || r.kindOf(v).Straight {
		p := v.about(now)
		if f == nil {
			return p, street.Snap{}
		}
		s, _ := f.Snap(p, snapMaxMeters)
		return p, s
	}
	if v.way == nil {
		way, _ := f.Route(v.lastSnap, v.snap)
		v.way = &way
	}
	if len(v.way.Points) == 0 {
		return v.last, v.lastSnap
	}
	p, _ := v.way.At(time.Duration(v.share(now) * float64(v.way.Duration)))
	s, _ := f.Snap(p, snapMaxMeters)
	return p, s
}

// ask puts a call and some free units before the same advice that a desk is given. Those who were sent before are there
// too, so that only what is missing is asked for.
func (r *run) ask(i int32, now int64, free []int32) dispatch.Advice {
	s, c := &r.trial.cases[i], &r.calls[i]
	at := r.trial.zero.Add(time.Duration(now) * time.Millisecond)
	in := dispatch.Input{
		Now: at, Incident: s.incident, Org: r.trial.world.Org, Snap: s.snap, Number: func(cad.IncidentID) int64 { return 0 },
		Units: make(map[cad.UnitID]*unit.State, len(free)+len(c.units)), Fixes: make(map[cad.UnitID]dispatch.Fix, len(free)),
	}
	if c.anybody {
		in.Org, in.Incident.Type = r.anybody, anybodyType
	}
	in.Streets = r.streets
	for _, k := range free {
		v := &r.cars[k]
		p, snap := r.place(v, now)
		in.Units[v.unit.State.ID] = &v.unit.State
		if !v.roams || v.jobs > 0 {
			in.Fixes[v.unit.State.ID] = dispatch.Fix{Point: p, At: at, Trust: dispatch.Trusted, Snap: snap}
		}
	}
	var stacks map[cad.UnitID][]*assignment.State
	if len(c.units) > 0 {
		stacks = make(map[cad.UnitID][]*assignment.State, len(c.units))
	}
	for n, k := range c.units {
		id := r.cars[k].unit.State.ID
		in.Units[id] = &r.cars[k].unit.State
		stacks[id] = append(stacks[id], &assignment.State{
			ID: cad.AssignmentID(rune('a'+n%26)) + cad.AssignmentID(id), Incident: s.incident.ID, Unit: id, Stage: assignment.EnRoute, Primary: true,
		})
	}
	in.Stack = func(id cad.UnitID) []*assignment.State { return stacks[id] }
	return dispatch.Recommend(r.ctx, in)
}

// anybodyType is what a call is for the advice once it waited too long.
const anybodyType = cad.TypeID("anybody")

// anybodyOf is a centre in which such a call asks for one patrol or station crew.
func anybodyOf(o *org.State) *org.State {
	out := *o
	need := org.Need{Slot: "any", Count: 1}
	for _, id := range slices.Sorted(maps.Keys(o.Kinds)) {
		if k := o.Kinds[id]; k.Patrol || k.OwnStation {
			need.Kind = append(need.Kind, id)
		}
	}
	out.Types = map[cad.TypeID]org.Type{anybodyType: {ID: anybodyType, Need: []org.Need{need}}}
	return &out
}

// dispatch sends one unit: it turns out, drives, works and is free again.
func (r *run) dispatch(i, k int32, now int64, item dispatch.Candidate) {
	s, c, v := &r.trial.cases[i], &r.calls[i], &r.cars[k]
	meters, drive := 0.0, time.Duration(0)
	if item.DistanceM != nil && item.EtaS != nil {
		meters, drive = *item.DistanceM, time.Duration(*item.EtaS)*time.Second
	} else {
		meters = geo.DistanceMeters(v.about(now), s.call.Place)
		drive = r.kindOf(v).Crow(meters, crowKmh)
	}
	if r.opt.Sigma > 0 {
		drive = time.Duration(float64(drive) * math.Exp(r.opt.Sigma*normal(r.opt.Seed, uint64(i), uint64(k))))
	}
	v.km += (v.meters*v.share(now) + meters) / 1000
	v.meters, v.way = 0, nil
	stay := s.call.Scene
	if n := len(c.units); n < len(s.call.Scenes) {
		stay = min(s.call.Scenes[n], stayMax)
	}
	arrive := now + (s.call.Turnout + drive).Milliseconds()
	until := arrive + stay.Milliseconds()
	v.on, v.back = i, math.MinInt64
	v.jobs++
	v.busy += until - now
	if c.Sent == 0 {
		c.Order = time.Duration(now-s.at) * time.Millisecond
	}
	c.Sent++
	c.open++
	c.units = append(c.units, k)
	if there := time.Duration(arrive-s.at) * time.Millisecond; c.First == never || there < c.First {
		c.First = there
	}
	c.latest = max(c.latest, time.Duration(arrive-s.at)*time.Millisecond)
	r.push(event{at: until, what: evFree, index: k})
	if r.opt.Each != nil {
		at := func(ms int64) time.Time { return r.trial.zero.Add(time.Duration(ms) * time.Millisecond) }
		r.opt.Each(Job{v.unit.State.ID, s.call.ID, at(now), at(arrive), at(until)})
	}
}

// normal draws the error of one unit's way to one call. It does not depend on who else was sent, so that two playings of
// the same calls meet the same luck.
func normal(seed, call, unit uint64) float64 {
	return rand.New(rand.NewPCG(seed, call<<20^unit)).NormFloat64()
}
