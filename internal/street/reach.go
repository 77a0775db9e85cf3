package street

import (
	"time"

	"shuniu/internal/geo"
)

// span is what is driven of a segment, as offsets from its first point.
type span struct{ from, to float64 }

// spread fills in what is reached within each limit. at gives the cost to the end of a state.
func (n *Network) spread(f Snap, at func(int32) cost, out []Reach) {
	longest := time.Duration(0)
	for _, r := range out {
		longest = max(longest, r.Within)
	}
	entries := n.entries(f, at, msOf(longest))
	for i := range out {
		limit := msOf(out[i].Within)
		var lines []span
		var where []int32
		for k := 0; k < len(entries); {
			segment := entries[k].course.segment()
			var spans []span
			for ; k < len(entries) && entries[k].course.segment() == segment; k++ {
				if s, ok := n.driven(entries[k], limit); ok {
					spans = append(spans, s)
				}
			}
			for _, s := range joined(spans) {
				lines, where = append(lines, s), append(where, segment)
			}
		}
		out[i].Streets = make([][]geo.Point, len(lines))
		for k, s := range lines {
			out[i].Streets[k] = n.stretch(where[k], s)
		}
		out[i].Area = outlined(f.Point, out[i].Streets)
	}
}

// drivenFrom is a course that is entered: when, and at which offset.
type drivenFrom struct {
	course course
	ms     uint32
	offset float64
}

// entries are the courses that are entered within a limit, in their order.
func (n *Network) entries(f Snap, at func(int32) cost, limit uint32) []drivenFrom {
	var out []drivenFrom
	own, junction := f.segment-1, n.segments[f.segment-1].junction(f.OffsetMeters)
	for c := range course(2 * len(n.segments)) {
		if !n.drives(c) {
			continue
		}
		if c.segment() == own && junction < 0 {
			out = append(out, drivenFrom{c, 0, f.OffsetMeters})
			if ms := n.again(c, at); ms <= limit {
				out = append(out, drivenFrom{c, ms, n.begin(c)})
			}
			continue
		}
		best := none
		for _, s := range n.states(c) {
			best = min(best, at(s))
		}
		if best == none {
			continue
		}
		if ms := uint32((best - n.whole(c)) >> 32); ms <= limit {
			out = append(out, drivenFrom{c, ms, n.begin(c)})
		}
	}
	return out
}

// again is when the course of the start is entered from its beginning, after going round.
func (n *Network) again(c course, at func(int32) cost) uint32 {
	best := none
	for _, s := range n.states(c) {
		for i := n.backFirst[s]; i < n.backFirst[s+1]; i++ {
			before, ms := at(n.backTail[i]), n.turn[n.turns[n.backArc[i]]]
			if before != none && ms != never {
				best = min(best, before+costOf(ms, 0))
			}
		}
	}
	if best == none {
		return never
	}
	return uint32(best >> 32)
}

// driven is how far one comes on a course within a limit.
func (n *Network) driven(e drivenFrom, limit uint32) (span, bool) {
	if e.ms > limit {
		return span{}, false
	}
	s := &n.segments[e.course.segment()]
	share := 1.0
	if whole := n.ms[e.course.segment()]; whole > 0 {
		share = float64(limit-e.ms) / float64(whole)
	}
	if e.course.backward() == 1 {
		return span{max(0, e.offset-share*float64(s.meters)), e.offset}, true
	}
	return span{e.offset, min(float64(s.meters), e.offset+share*float64(s.meters))}, true
}

// joined are spans of one segment without overlaps. There are four at most.
func joined(spans []span) []span {
	for i := 0; i < len(spans); i++ {
		for k := i + 1; k < len(spans); k++ {
			if spans[i].from <= spans[k].to && spans[k].from <= spans[i].to {
				spans[i] = span{min(spans[i].from, spans[k].from), max(spans[i].to, spans[k].to)}
				spans = append(spans[:k], spans[k+1:]...)
				i = -1 // What it has grown to may touch another.
				break
			}
		}
	}
	return spans
}

// stretch are the corners of a part of a segment.
func (n *ground) stretch(segment int32, part span) []geo.Point {
	s := &n.segments[segment]
	out := []geo.Point{n.place(s, part.from)}
	for k := s.first; k < s.last; k++ {
		if a := float64(n.along[k]); a > part.from && a < part.to {
			out = append(out, n.points[k])
		}
	}
	return append(out, n.place(s, part.to))
}
