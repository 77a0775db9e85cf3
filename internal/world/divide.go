package world

import "math"

// where says on which side of its cell a side of a block lies.
type where uint8

const (
	onCut where = iota
	onSouth
	onEast
	onNorth
	onWest
)

// side is one side of a block: from its corner to the corner of the next side, along an edge.
type side struct {
	p  xy // In the cell.
	e  *edge
	on where
}

// block is a piece of land between edges, convex in its cell.
type block struct {
	sides []side
	depth int
	strip bool // A narrow green along water or rails.
}

// share gives the place of p on a side's edge.
func (s side) share(p xy, c *cell) float64 {
	switch s.on {
	case onSouth, onNorth:
		return p.x / c.ground.w
	case onWest, onEast:
		return p.y / c.ground.h
	case onCut:
	}
	d := s.e.b.minus(s.e.a)
	return p.minus(s.e.a).dot(d) / d.dot(d)
}

// spot is share turned round: the place in the cell.
func (s side) spot(t float64, c *cell) xy {
	switch s.on {
	case onSouth:
		return xy{t * c.ground.w, 0}
	case onNorth:
		return xy{t * c.ground.w, c.ground.h}
	case onWest:
		return xy{0, t * c.ground.h}
	case onEast:
		return xy{c.ground.w, t * c.ground.h}
	case onCut:
	}
	return s.e.a.to(s.e.b, t)
}

// facing reports whether the inside of a block lies left of a side's edge, looking along the edge. Blocks run
// counterclockwise.
func (s side) facing(next xy) bool {
	switch s.on {
	case onSouth, onEast:
		return true
	case onNorth, onWest:
		return false
	case onCut:
	}
	return s.e.b.minus(s.e.a).dot(next.minus(s.p)) > 0
}

func (b *block) corners() []xy {
	out := make([]xy, len(b.sides))
	for i, s := range b.sides {
		out[i] = s.p
	}
	return out
}

func (b *block) end(i int) xy { return b.sides[(i+1)%len(b.sides)].p }

func (b *block) area() float64 { return areaOf(b.corners()) }

// span is the box around a block in its cell.
func (b *block) span() (low, high xy) {
	low, high = b.sides[0].p, b.sides[0].p
	for _, s := range b.sides {
		low = xy{min(low.x, s.p.x), min(low.y, s.p.y)}
		high = xy{max(high.x, s.p.x), max(high.y, s.p.y)}
	}
	return low, high
}

// meeting is where a line crosses a side of a block.
type meeting struct {
	side int
	p    xy
	t    float64
}

// crossings gives the two sides that the line through q in direction d meets.
func (b *block) crossings(q, d xy, c *cell) (two [2]meeting, ok bool) {
	n := 0
	for i, s := range b.sides {
		a, z := s.p.minus(q).cross(d), b.end(i).minus(q).cross(d)
		if (a > 0) == (z > 0) {
			continue
		}
		if n == 2 {
			return two, false
		}
		p := s.p.to(b.end(i), a/(a-z))
		two[n] = meeting{i, p, s.share(p, c)}
		n++
	}
	return two, n == 2
}

// settle moves a meeting to a node that is near, and asks that it keeps away from the corners. A cut begins at a
// corner of its own, never in one.
func (b *block) settle(m *meeting, c *cell, reach, corner float64) bool {
	s := b.sides[m.side]
	if t, ok := s.e.near(m.t, reach); ok && s.e.barrier == 0 {
		m.t, m.p = t, s.spot(t, c)
	}
	return m.p.away(s.p) >= corner && m.p.away(b.end(m.side)) >= corner &&
		m.p.minus(s.p).dot(b.end(m.side).minus(s.p)) > 0 && b.end(m.side).minus(m.p).dot(b.end(m.side).minus(s.p)) > 0
}

// cutting says what a cut becomes.
type cutting struct {
	class  string
	name   title
	base   float64
	oneWay int
}

// cut lays a street through a block, from one meeting to the other, and gives both halves: first what lies on the
// right of the street.
func (c *cell) cut(b block, two [2]meeting, k cutting) [2]block {
	e := &edge{a: two[0].p, b: two[1].p, class: k.class, name: k.name, base: k.base, oneWay: k.oneWay, half: kinds[k.class].half}
	ground := c.ground
	e.at = func(t float64) xy { return ground.place(e.a.to(e.b, t)) }
	e.measure()
	for i, m := range two {
		s := b.sides[m.side].e
		t := float64(i)
		if s.barrier > 0 { // It ends before the water, and its land does not.
			back := s.barrier / e.meters
			e.stops = append(e.stops, stop{math.Abs(t - back), c.city.sheet.node(e.at(math.Abs(t - back)))})
			c.city.sheet.counts.StreetNodes++
			continue
		}
		e.stops = append(e.stops, stop{t, s.stop(c.city.sheet, m.t)})
	}
	c.cuts = append(c.cuts, e)
	n := len(b.sides)
	i, j := two[0].side, two[1].side
	last := func(from, to int) int { // The sides go round.
		if to < from {
			return to + n
		}
		return to
	}
	var right, left block
	right.sides = append(right.sides, side{two[0].p, b.sides[i].e, b.sides[i].on})
	for k := i + 1; k <= last(i, j); k++ {
		right.sides = append(right.sides, b.sides[k%n])
	}
	right.sides = append(right.sides, side{two[1].p, e, onCut})
	left.sides = append(left.sides, side{two[1].p, b.sides[j].e, b.sides[j].on})
	for k := j + 1; k <= last(j, i); k++ {
		left.sides = append(left.sides, b.sides[k%n])
	}
	left.sides = append(left.sides, side{two[0].p, e, onCut})
	right.depth, left.depth = b.depth+1, b.depth+1
	return [2]block{right, left}
}

// inset gives the block without a margin along each side: half of the street and more. Sides may vanish; nothing is
// left of a block that is too small.
func (b *block) inset(more float64) []side {
	out := append([]side(nil), b.sides...)
	for i, s := range b.sides {
		d := b.end(i).minus(s.p).unit()
		q := s.p.plus(d.left().times(s.e.half + more))
		var kept []side
		for k := range out {
			p, next := out[k], out[(k+1)%len(out)]
			here, there := d.cross(p.p.minus(q)), d.cross(next.p.minus(q))
			if here >= 0 {
				kept = append(kept, p)
			}
			if (here >= 0) == (there >= 0) {
				continue
			}
			at := p.p.to(next.p, here/(here-there))
			if here >= 0 { // Leaving: from here on the new side runs.
				kept = append(kept, side{at, s.e, s.on})
			} else { // Coming back on the old side.
				kept = append(kept, side{at, p.e, p.on})
			}
		}
		if out = kept; len(out) < 3 {
			return nil
		}
	}
	return out
}

// outline gives the ring of sides in the city, with corners enough to follow the streets' bends.
func (c *cell) outline(sides []side) []xy {
	var ring []xy
	for i, s := range sides {
		next := sides[(i+1)%len(sides)].p
		pieces := math.Ceil(s.p.away(next) / 55)
		for k := 0.0; k < max(1, pieces); k++ {
			ring = append(ring, c.ground.place(s.p.to(next, k/max(1, pieces))))
		}
	}
	return ring
}
