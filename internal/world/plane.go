package world

import "math"

// xy is a place on a flat board, in metres: x to the east, y to the north.
type xy struct{ x, y float64 }

func (a xy) plus(b xy) xy              { return xy{a.x + b.x, a.y + b.y} }
func (a xy) minus(b xy) xy             { return xy{a.x - b.x, a.y - b.y} }
func (a xy) times(k float64) xy        { return xy{a.x * k, a.y * k} }
func (a xy) dot(b xy) float64          { return a.x*b.x + a.y*b.y }
func (a xy) cross(b xy) float64        { return a.x*b.y - a.y*b.x }
func (a xy) long() float64             { return math.Sqrt(a.x*a.x + a.y*a.y) }
func (a xy) left() xy                  { return xy{-a.y, a.x} }
func (a xy) to(b xy, share float64) xy { return xy{a.x + (b.x-a.x)*share, a.y + (b.y-a.y)*share} }
func (a xy) away(b xy) float64         { return a.minus(b).long() }
func (a xy) toward(d xy, m float64) xy { return a.plus(d.times(m)) }

// unit gives the direction; of nothing, east.
func (a xy) unit() xy {
	l := a.long()
	if l < 1e-9 {
		return xy{1, 0}
	}
	return xy{a.x / l, a.y / l}
}

// inside reports whether p lies in the ring, by the even-odd rule.
func inside(ring []xy, p xy) bool {
	in := false
	for i, j := 0, len(ring)-1; i < len(ring); j, i = i, i+1 {
		a, b := ring[i], ring[j]
		if (a.y > p.y) != (b.y > p.y) && p.x < (b.x-a.x)*(p.y-a.y)/(b.y-a.y)+a.x {
			in = !in
		}
	}
	return in
}

// areaOf is what a ring encloses, in square metres, positive when it runs counterclockwise.
func areaOf(ring []xy) float64 {
	sum := 0.0
	for i := range ring {
		sum += ring[i].cross(ring[(i+1)%len(ring)])
	}
	return sum / 2
}

func middleOf(ring []xy) xy {
	var m xy
	for _, p := range ring {
		m = m.plus(p)
	}
	return m.times(1 / float64(len(ring)))
}

// box is a rectangle that stands askew: its middle, the direction of its length, and half its sides.
type box struct {
	at, dir   xy
	half, low float64 // Half its length, half its depth.
}

func (b box) ring() []xy {
	u, v := b.dir.times(b.half), b.dir.left().times(b.low)
	return []xy{b.at.minus(u).minus(v), b.at.plus(u).minus(v), b.at.plus(u).plus(v), b.at.minus(u).plus(v)}
}

// meets reports whether two boxes come nearer than the gap, by looking for a direction that separates them.
func (b box) meets(o box, gap float64) bool {
	d := o.at.minus(b.at)
	for _, axis := range [4]xy{b.dir, b.dir.left(), o.dir, o.dir.left()} {
		reach := b.half*math.Abs(b.dir.dot(axis)) + b.low*math.Abs(b.dir.left().dot(axis)) +
			o.half*math.Abs(o.dir.dot(axis)) + o.low*math.Abs(o.dir.left().dot(axis))
		if math.Abs(d.dot(axis)) > reach+gap {
			return false
		}
	}
	return true
}

// within reports whether a box lies in the ring, corners and middles of its sides.
func (b box) within(ring []xy) bool {
	c := b.ring()
	for i := range c {
		if !inside(ring, c[i]) || !inside(ring, c[i].to(c[(i+1)%4], 0.5)) {
			return false
		}
	}
	return true
}
