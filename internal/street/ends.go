package street

import (
	"math"

	"shuniu/internal/hierarchy"
)

// A trip between two snaps is one of two things: straight on along one course (direct), or over states, from one of the
// seeds of its start (departures) to one of those of its target (arrivals). The arrivals are the states before the
// target's course, not that course: so a target behind the start on a one-way street is reached by going round.

// has reports whether the snap lies on a street of this network.
func (n *ground) has(s Snap) bool {
	return s.segment > 0 && int(s.segment) <= len(n.segments) && s.OffsetMeters >= 0 &&
		s.OffsetMeters <= float64(n.segments[s.segment-1].meters)
}

// junction is the vertex on which a snap stands, or -1 in the middle of a street.
func (s *segment) junction(offset float64) int32 {
	switch offset {
	case 0:
		return s.a
	case float64(s.meters):
		return s.b
	}
	return -1
}

// gone is the cost from the beginning of a course to an offset, which is measured from the segment's first point.
func (n *Network) gone(c course, offset float64) cost {
	s := &n.segments[c.segment()]
	if s.meters == 0 {
		return 0
	}
	share := min(1, max(0, offset/float64(s.meters)))
	if c.backward() == 1 {
		share = 1 - share
	}
	return costOf(uint32(math.Round(float64(n.ms[c.segment()])*share)), uint64(math.Round(float64(s.cm)*share)))
}

// whole is the cost of a course.
func (n *Network) whole(c course) cost {
	return costOf(n.ms[c.segment()], uint64(n.segments[c.segment()].cm))
}

// both are the courses of a segment that the vehicle may drive.
func (n *Network) both(segment int32) (list [2]course, count int) {
	for _, c := range [2]course{course(2 * segment), course(2*segment + 1)} {
		if n.drives(c) {
			list[count] = c
			count++
		}
	}
	return list, count
}

// departures are the states that a trip from f may be in first, with the cost to their ends. From a junction one may
// leave in every direction.
func (n *Network) departures(f Snap, out []hierarchy.Seed) []hierarchy.Seed {
	if !n.has(f) {
		return out
	}
	if v := n.segments[f.segment-1].junction(f.OffsetMeters); v >= 0 {
		for _, c := range n.legs(v) {
			if n.drives(c) {
				out = append(out, hierarchy.Seed{Vertex: int32(c), Cost: n.whole(c)})
			}
		}
		return out
	}
	list, count := n.both(f.segment - 1)
	for _, c := range list[:count] {
		out = append(out, hierarchy.Seed{Vertex: int32(c), Cost: n.whole(c) - n.gone(c, f.OffsetMeters)})
	}
	return out
}

// arrivals are the states from whose ends a trip arrives at t without another state between, with the cost of that.
func (n *Network) arrivals(t Snap, out []hierarchy.Seed) []hierarchy.Seed {
	if !n.has(t) {
		return out
	}
	if v := n.segments[t.segment-1].junction(t.OffsetMeters); v >= 0 {
		for _, c := range n.legs(v) {
			if !n.drives(c ^ 1) {
				continue
			}
			for _, s := range n.states(c ^ 1) {
				out = append(out, hierarchy.Seed{Vertex: s})
			}
		}
		return out
	}
	list, count := n.both(t.segment - 1)
	for _, c := range list[:count] {
		gone := n.gone(c, t.OffsetMeters)
		for _, s := range n.states(c) {
			for i := n.backFirst[s]; i < n.backFirst[s+1]; i++ {
				if ms := n.turn[n.turns[n.backArc[i]]]; ms != never {
					out = append(out, hierarchy.Seed{Vertex: n.backTail[i], Cost: gone + costOf(ms, 0)})
				}
			}
		}
	}
	return out
}

// direct is the cheapest way without a turn: ahead on one course, which is also given, or nothing at all, with -1.
func (n *Network) direct(f, t Snap) (cost, course) {
	if !n.has(f) || !n.has(t) {
		return none, -1
	}
	at, to := n.segments[f.segment-1].junction(f.OffsetMeters), n.segments[t.segment-1].junction(t.OffsetMeters)
	if at >= 0 && at == to {
		return 0, -1
	}
	best, by := none, course(-1)
	list, count := n.both(t.segment - 1)
	for _, c := range list[:count] {
		gone := cost(0)
		switch {
		case at >= 0 && at == n.tail(c):
		case f.segment == t.segment && at < 0 && n.ahead(c, f.OffsetMeters, t.OffsetMeters):
			gone = n.gone(c, f.OffsetMeters)
		default:
			continue
		}
		if x := n.gone(c, t.OffsetMeters) - gone; x < best {
			best, by = x, c
		}
	}
	return best, by
}

// ahead reports whether one passes offset to after offset from.
func (n *ground) ahead(c course, from, to float64) bool {
	if c.backward() == 1 {
		return to <= from
	}
	return from <= to
}
