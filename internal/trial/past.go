package trial

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// past is what the records say of every unit at every time: whether it was on duty and free, and where.
type past struct {
	units    map[cad.UnitID]*Unit
	index    map[cad.UnitID]int
	names    []cad.UnitID // Sorted.
	did      map[cad.UnitID][]spell
	from, to time.Time // Of all records.
}

// spell is the time of one unit on one call.
type spell struct {
	record   int
	from, to time.Time
	place    *geo.Point
	moved    bool // It took somebody to a place that no record names.
}

func newPast(records []Record, units []Unit) *past {
	p := &past{units: map[cad.UnitID]*Unit{}, index: map[cad.UnitID]int{}, did: map[cad.UnitID][]spell{}}
	for i := range units {
		id := units[i].State.ID
		p.units[id] = &units[i]
		p.names = append(p.names, id)
	}
	slices.Sort(p.names)
	for i, id := range p.names {
		p.index[id] = i
	}
	for i, r := range records {
		for _, s := range r.Sent {
			if s.Dispatch.IsZero() {
				continue
			}
			p.did[s.Unit] = append(p.did[s.Unit], spell{record: i, from: s.Dispatch, to: s.Available, place: r.Place, moved: !s.Transport.IsZero()})
		}
		if p.from.IsZero() || r.At.Before(p.from) {
			p.from = r.At
		}
		if r.At.After(p.to) {
			p.to = r.At
		}
	}
	for _, list := range p.did {
		slices.SortStableFunc(list, func(a, b spell) int { return cmp.Or(a.from.Compare(b.from), cmp.Compare(a.record, b.record)) })
		for i := range list {
			if !list[i].to.Before(list[i].from) && !list[i].to.IsZero() {
				continue
			}
			list[i].to = list[i].from.Add(lostAfter) // Nobody wrote down when it was free.
			if i+1 < len(list) && list[i+1].from.Before(list[i].to) {
				list[i].to = list[i+1].from
			}
		}
	}
	return p
}

// why says why a unit could not be sent to a call at a time by the records; empty if it could. What it did at that very call
// does not count against it.
func (p *past) why(id cad.UnitID, record int, at time.Time) string {
	if _, known := p.units[id]; !known {
		return "unknown"
	}
	before, after, here, others := p.from, p.to, false, 0
	for _, s := range p.did[id] {
		switch {
		case s.record == record:
			here = true
			continue
		case s.from.After(at):
			after = earliest(after, s.from)
		case s.to.After(at):
			return "busy"
		case s.to.After(before):
			before = s.to
		}
		others++
	}
	if !here && (others == 0 || after.Sub(before) > dutyGap) {
		return "off_duty"
	}
	if _, known := p.place(id, record, at); !known {
		return "no_position"
	}
	return ""
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// place is where a unit was at a time: at its last scene while that is fresh, else at its home. False where nobody knows.
func (p *past) place(id cad.UnitID, record int, at time.Time) (geo.Point, bool) {
	var last *spell
	for i := range p.did[id] {
		s := &p.did[id][i]
		if s.from.After(at) {
			break
		}
		if s.record != record && !s.to.After(at) && (last == nil || s.to.After(last.to)) {
			last = s
		}
	}
	if last != nil && last.place != nil && !last.moved && at.Sub(last.to) < lastSceneFresh {
		return *last.place, true
	}
	if home := p.units[id].State.Home; home != nil {
		return *home, true
	}
	return geo.Point{}, false
}

func nobodyBusy(cad.UnitID) []*assignment.State { return nil }
