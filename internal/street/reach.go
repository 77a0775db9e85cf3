package street

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/geo"
)

// span is what is driven of a segment, as offsets from its first point.
type span struct{ from, to float64 }

// spread fills in what a search has reached within each limit.
func (n *Network) spread(f Snap, s *search, out []Reach) {
	longest := time.Duration(0)
	for _, r := range out {
		longest = max(longest, r.Within)
	}
	entries := n.entries(f, s, msOf(longest))
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
func (n *Network) entries(f Snap, s *search, limit uint32) []drivenFrom {
	var out []drivenFrom
	junction := n.segments[f.segment-1].junction(f.OffsetMeters)
	if list, count := n.both(f.segment - 1); junction < 0 {
		for _, c := range list[:count] {
			out = append(out, drivenFrom{c, 0, f.OffsetMeters}, drivenFrom{c, n.again(c, s), n.begin(c)})
		}
	}
	for _, state := range s.touched {
		if c := n.courses[state]; c.segment() != f.segment-1 || junction >= 0 {
			out = append(out, drivenFrom{c, uint32((s.at(state) - n.whole(c)) >> 32), n.begin(c)})
		}
	}
	out = slices.DeleteFunc(out, func(e drivenFrom) bool { return e.ms > limit })
	slices.SortFunc(out, func(a, b drivenFrom) int {
		return cmp.Or(cmp.Compare(a.course, b.course), cmp.Compare(a.ms, b.ms))
	})
	return out
}

// again is when the course of the start is entered from its beginning, after going round; never if it is not.
func (n *Network) again(c course, s *search) uint32 {
	best := none
	for _, state := range n.states(c) {
		for i := n.backFirst[state]; i < n.backFirst[state+1]; i++ {
			before, ms := s.at(n.backTail[i]), n.turn[n.turns[n.backArc[i]]]
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

// joined are spans of one segment without overlaps.
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
