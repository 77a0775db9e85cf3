package tile

import (
	"cmp"
	"slices"
)

// strand is a line before it is joined with those that go on from it and look the same.
type strand struct {
	spots    []spot
	tags     uint32
	layer    layer
	minZoom  int
	directed bool // It may not be turned round.
	order    int64
}

// joinedCorners bounds a joined line, so that a tile at its middle need not walk along the whole of an avenue.
const joinedCorners = 256

// end is one end of a strand.
type end struct {
	at    spot
	of    int
	start bool
}

// join joins strands with the same properties where exactly two of them meet: an avenue that its source cuts at every
// bridge becomes one line, which takes less room and can carry its name. Then each is simplified and kept.
func (b *builder) join() {
	ends := make([]end, 0, 2*len(b.strands))
	for i, s := range b.strands {
		ends = append(ends, end{s.spots[0], i, true}, end{s.spots[len(s.spots)-1], i, false})
	}
	slices.SortFunc(ends, func(x, y end) int {
		return cmp.Or(cmp.Compare(b.strands[x.of].tags, b.strands[y.of].tags), cmp.Compare(b.strands[x.of].layer, b.strands[y.of].layer),
			cmp.Compare(x.at.x, y.at.x), cmp.Compare(x.at.y, y.at.y), cmp.Compare(x.of, y.of))
	})
	next := make([][2]end, len(b.strands)) // By start: what meets the first end, and what meets the last.
	for i := range next {
		next[i] = [2]end{{of: -1}, {of: -1}}
	}
	for from := 0; from < len(ends); {
		to := from + 1
		for to < len(ends) && ends[to].at == ends[from].at && b.alike(ends[to].of, ends[from].of) {
			to++
		}
		if to-from == 2 {
			b.meet(next, ends[from], ends[from+1])
		}
		from = to
	}
	done := make([]bool, len(b.strands))
	for _, heads := range []bool{true, false} { // What begins somewhere, then the rings that are left.
		for i := range b.strands {
			if !done[i] && (!heads || next[i][0].of < 0 || next[i][1].of < 0) {
				b.keep(b.chain(i, next, done), b.strands[i])
			}
		}
	}
	b.strands = nil
}

func (b *builder) alike(i, j int) bool {
	return b.strands[i].tags == b.strands[j].tags && b.strands[i].layer == b.strands[j].layer
}

// meet notes that two ends go on into each other, unless that would turn one against its direction.
func (b *builder) meet(next [][2]end, x, y end) {
	if x.of == y.of || x.start == y.start && (b.strands[x.of].directed || b.strands[y.of].directed) {
		return
	}
	next[x.of][side(x)] = y
	next[y.of][side(y)] = x
}

func side(e end) int {
	if e.start {
		return 0
	}
	return 1
}

// chain follows strands from one that has a free end, or from any of a ring, and joins their spots.
func (b *builder) chain(i int, next [][2]end, done []bool) []spot {
	s := b.strands[i]
	backward := next[i][0].of >= 0 && next[i][1].of < 0
	out := slices.Clone(s.spots)
	out2 := 1 // The side on which we leave.
	if backward {
		out2 = 0
		slices.Reverse(out)
	}
	done[i] = true
	for at := i; ; {
		e := next[at][out2]
		if e.of < 0 || done[e.of] || len(out) >= joinedCorners {
			break
		}
		more := b.strands[e.of].spots
		if e.start {
			out = append(out, more[1:]...)
		} else {
			for k := len(more) - 2; k >= 0; k-- {
				out = append(out, more[k])
			}
		}
		done[e.of] = true
		at, out2 = e.of, 1-side(e)
	}
	if backward && s.directed { // It was followed against its direction.
		slices.Reverse(out)
	}
	return out
}

// keep simplifies a line and makes an item of it.
func (b *builder) keep(spots []spot, s strand) {
	it := b.begin(s.layer, line, s.minZoom)
	b.add(&it, simplified(spots, b.tolerance), false)
	b.finish(it, s.tags, s.order)
}
