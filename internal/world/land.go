package world

import (
	"math"
	"strconv"
)

// land is the inside of a block, with what stands on it.
type land struct {
	cell  *cell
	block *block
	sides []side
	ring  []xy // In the city, counterclockwise.
	boxes []box
}

// land takes a margin from a block; false when nothing worth building on is left.
func (c *cell) land(b *block, more float64) (*land, bool) {
	sides := b.inset(more)
	if sides == nil || areaOf(corners(sides)) < 220 {
		return nil, false
	}
	return &land{cell: c, block: b, sides: sides, ring: c.outline(sides)}, true
}

func corners(sides []side) []xy {
	out := make([]xy, len(sides))
	for i, s := range sides {
		out[i] = s.p
	}
	return out
}

// front is a place on the edge of the land: in the cell, in the city, and the direction along it there. The land lies
// left of the direction.
type front struct {
	side int
	in   xy
	at   xy
	dir  xy
}

func (l *land) front(i int, share float64) front {
	s, next := l.sides[i], l.sides[(i+1)%len(l.sides)].p
	in := s.p.to(next, share)
	a, b := l.cell.ground.place(s.p.to(next, share-0.02)), l.cell.ground.place(s.p.to(next, share+0.02))
	return front{i, in, l.cell.ground.place(in), b.minus(a).unit()}
}

// meters is the length of a side of the land, in the city.
func (l *land) meters(i int) float64 {
	return l.cell.ground.place(l.sides[i].p).away(l.cell.ground.place(l.sides[(i+1)%len(l.sides)].p))
}

// best is the side that a gate or an important house faces: the longest, weighed by like. False when no street is
// beside the land.
func (l *land) best(like func(i int, e *edge) float64) (int, bool) {
	best, at := 0.0, -1
	for i, s := range l.sides {
		if s.e.class == "" || s.e.bridge.zh != "" {
			continue
		}
		if w := l.meters(i) * like(i, s.e); w > best {
			best, at = w, i
		}
	}
	return at, at >= 0
}

func any1(int, *edge) float64 { return 1 }

// stop gives the node of the street in front of a place on the edge, and its house number.
func (l *land) stop(f front) (id int64, number string) {
	s := l.sides[f.side]
	t := min(0.999, max(0.001, s.share(f.in, l.cell)))
	return s.e.stop(l.cell.city.sheet, t), l.number(f)
}

func (l *land) number(f front) string {
	s := l.sides[f.side]
	next := l.sides[(f.side+1)%len(l.sides)].p
	return strconv.Itoa(s.e.number(s.share(f.in, l.cell), s.facing(next))) + "号"
}

// streetOf is the name of the street that a side of the land faces.
func (l *land) streetOf(i int) string { return l.sides[i].e.name.zh }

// free reports whether a house may stand there, with so much room around it.
func (l *land) free(b box, gap float64) bool {
	if !b.within(l.ring) {
		return false
	}
	for _, o := range l.boxes {
		if b.meets(o, gap) {
			return false
		}
	}
	return true
}

// door is an entrance in the front of a house.
type door struct {
	share float64 // Of the front, from its left end as one looks at the street.
	tags  []string
}

// house writes a building, if it has room.
func (l *land) house(b box, gap float64, doors []door, tags ...string) bool {
	if !l.free(b, gap) {
		return false
	}
	l.boxes = append(l.boxes, b)
	s := l.cell.city.sheet
	s.counts.Buildings++
	ring := b.ring()
	refs := []int64{s.node(ring[0])}
	for _, d := range doors {
		refs = append(refs, s.node(ring[0].to(ring[1], d.share), d.tags...))
		s.counts.Entrances++
	}
	for _, p := range ring[1:] {
		refs = append(refs, s.node(p))
	}
	s.way(append(refs, refs[0]), tags...)
	return true
}

// scaled is the ring drawn together around its middle and rounded, for what lies inside it.
func (l *land) scaled(k float64, d *dice, rough float64) []xy {
	m := middleOf(l.ring)
	var out []xy
	a, b := d.between(0, 6), d.between(0, 6)
	const turns = 20
	for i := range turns {
		angle := float64(i) * 2 * math.Pi / turns
		dir := xy{math.Cos(angle), math.Sin(angle)}
		out = append(out, m.toward(dir, l.reach(m, dir)*k*(1+rough*math.Sin(2*angle+a)+rough*0.6*math.Sin(3*angle+b))))
	}
	return out
}

// reach is how far the edge of the land is from a place in it.
func (l *land) reach(m, dir xy) float64 {
	best := math.Inf(1)
	for i, p := range l.ring {
		side := l.ring[(i+1)%len(l.ring)].minus(p)
		under := dir.cross(side)
		if math.Abs(under) < 1e-9 {
			continue
		}
		far, along := p.minus(m).cross(side)/under, p.minus(m).cross(dir)/under
		if far > 0 && along >= 0 && along <= 1 {
			best = min(best, far)
		}
	}
	if math.IsInf(best, 1) {
		return 0
	}
	return best
}

// rounded cuts the corners of a ring (Chaikin).
func rounded(ring []xy) []xy {
	var out []xy
	for i, p := range ring {
		next := ring[(i+1)%len(ring)]
		out = append(out, p.to(next, 0.25), p.to(next, 0.75))
	}
	return out
}
