package world

import (
	"math"
	"slices"
)

// whole is the undivided cell.
func (c *cell) whole() block {
	w, h := c.ground.w, c.ground.h
	return block{sides: []side{
		{xy{0, 0}, c.city.acrossAt(c.col, c.row), onSouth},
		{xy{w, 0}, c.city.alongAt(c.col+1, c.row), onEast},
		{xy{w, h}, c.city.acrossAt(c.col, c.row+1), onNorth},
		{xy{0, h}, c.city.alongAt(c.col, c.row), onWest},
	}}
}

// divide cuts the cell into blocks: first along water and rails, then by the streets that run through many cells,
// then again and again until every block is as small as its quarter wants it.
func (c *cell) divide() {
	rest := c.frontages(c.whole())
	open := c.through(rest)
	target, narrow := c.grain()
	large := c.large(target)
	for len(open) > 0 {
		b := open[len(open)-1]
		open = open[:len(open)-1]
		if k := slices.IndexFunc(large, func(w want) bool { return c.suits(&b, w) }); k >= 0 {
			large = slices.Delete(large, k, k+1)
		} else if b.area() > target*c.dice.between(0.75, 1.5) {
			if two, ok := c.halve(b, narrow); ok {
				open = append(open, two[0], two[1])
				continue
			}
		}
		c.blocks = append(c.blocks, b)
	}
}

// large gives what the cell must have that needs more than a common block.
func (c *cell) large(target float64) []want {
	var out []want
	for _, w := range c.city.wanted[cellAt{c.col, c.row}] {
		if w.area > target {
			out = append(out, w)
		}
	}
	return out
}

// suits reports whether a block is about as large as a want asks for, and beside the railway if it must be.
func (c *cell) suits(b *block, w want) bool {
	return b.area() < w.area*1.45 && b.area() > w.area*0.7 && (w.use != "rail" || c.besideRail(b))
}

// grain is the area of a block at most, in square metres, and the least length of its sides.
func (c *cell) grain() (target, narrow float64) {
	t := c.thrift()
	switch c.zone {
	case zoneOld:
		return 9_500 + 6_000*t, 26
	case zoneCore:
		return 21_000 + 7_000*t, 45
	case zoneIndustry:
		return 95_000, 90
	case zoneEdge:
		return 150_000, 100
	case zoneLiving, zoneRiver, zoneLake:
	}
	return 46_000 + 26_000*t, 65
}

// frontages lay a street beside canals and rails and leave a green strip between.
func (c *cell) frontages(b block) block {
	for i, s := range b.sides {
		e := s.e
		if e.barrier == 0 {
			continue
		}
		d := b.end(i).minus(s.p).unit()
		two, ok := b.crossings(s.p.plus(d.left().times(e.half+16)), d, c)
		if !ok {
			continue
		}
		name := c.city.frontageName(c, e)
		halves := c.cut(b, two, cutting{class: "tertiary", name: name})
		for k, h := range halves {
			if h.touches(e) {
				halves[k].strip = true
				c.blocks = append(c.blocks, halves[k])
			} else {
				b = halves[k]
			}
		}
		return c.frontages(b)
	}
	return b
}

func (b *block) touches(e *edge) bool {
	for _, s := range b.sides {
		if s.e == e {
			return true
		}
	}
	return false
}

// through lays the streets that cross the cell as part of a longer run.
func (c *cell) through(b block) []block {
	out := []block{b}
	for _, r := range c.city.runs.of(c.city, c) {
		var next []block
		for _, piece := range out {
			two, ok := piece.crossings(r.from, r.to.minus(r.from), c)
			if !ok || !piece.settle(&two[0], c, 14, 30) || !piece.settle(&two[1], c, 14, 30) {
				next = append(next, piece)
				continue
			}
			if two[1].p.minus(two[0].p).dot(r.to.minus(r.from)) < 0 {
				two[0], two[1] = two[1], two[0]
			}
			k := r.cutting
			k.base += two[0].p.away(r.from)
			halves := c.cut(piece, two, k)
			next = append(next, halves[0], halves[1])
		}
		out = next
	}
	return out
}

// halve cuts a block across its longer side, a little askew, where no corner is near.
func (c *cell) halve(b block, narrow float64) ([2]block, bool) {
	low, high := b.span()
	w, h := high.x-low.x, high.y-low.y
	skew := 0.07
	if c.zone == zoneOld || c.zone == zoneEdge {
		skew = 0.15
	}
	for try := range 6 {
		upright := w > h*c.dice.between(0.85, 1.15)
		if try > 3 {
			upright = !upright
		}
		k, a := c.dice.between(0.36, 0.64), c.dice.between(-skew, skew)
		q, d := xy{low.x + w*k, (low.y + high.y) / 2}, xy{math.Sin(a), math.Cos(a)}
		if !upright {
			q, d = xy{(low.x + high.x) / 2, low.y + h*k}, xy{math.Cos(a), math.Sin(a)}
		}
		two, ok := b.crossings(q, d, c)
		reach := 24.0
		if c.zone == zoneOld {
			reach = 12
		} else if c.dice.chance(0.5) {
			reach = 60 // It goes on beyond the avenue.
		}
		if !ok || two[0].p.away(two[1].p) < narrow || !b.settle(&two[0], c, reach, narrow) || !b.settle(&two[1], c, reach, narrow) {
			continue
		}
		class := c.class(b.depth, two[0].p.away(two[1].p))
		laid := cutting{class: class, name: c.city.names.road(c.dice, class)}
		// Both ends lie on older streets, so a street of one direction still leads everywhere.
		if c.zone == zoneCore && class == "residential" && c.dice.chance(0.22) && b.sides[two[0].side].e.barrier+b.sides[two[1].side].e.barrier == 0 {
			laid.oneWay = 1 - 2*c.dice.under(2)
		}
		return c.cut(b, two, laid), true
	}
	return [2]block{}, false
}

// class gives a new street its rank: long ones between great blocks are wider.
func (c *cell) class(depth int, meters float64) string {
	switch c.zone {
	case zoneOld:
		if depth <= 2 && meters > 220 {
			return "residential"
		}
		return "living_street"
	case zoneIndustry, zoneEdge:
		return "unclassified"
	case zoneCore:
		if depth <= 1 && meters > 350 {
			return "tertiary"
		}
		return "residential"
	case zoneLiving, zoneRiver, zoneLake:
	}
	if depth <= 1 && meters > 450 {
		return "tertiary"
	}
	return "residential"
}
