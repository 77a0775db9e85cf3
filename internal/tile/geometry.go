package tile

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"

	"shuniu/internal/geo"
)

// spot is a place in web Mercator as the tiles of zoom 32 number it: x to the east, y to the south, about a centimetre
// at the equator. The parts of the world beyond 85.05 degrees are pressed onto its edge.
type spot struct{ x, y uint32 }

const world = 1 << 32 // Spots from one edge of the map to the other.

// project gives a point's spot. A point that is no number gives some spot.
func project(p geo.Point) spot {
	s := math.Sin(p.Lat * math.Pi / 180)
	y := 0.5 - math.Log((1+s)/(1-s))/(4*math.Pi)
	return spot{x: clamp((p.Lon + 180) / 360), y: clamp(y)}
}

func clamp(share float64) uint32 {
	if !(share > 0) { // Also what is no number.
		return 0
	}
	return uint32(min(share*world, world-1))
}

// box is a box of spots, its edges included.
type box struct{ minX, minY, maxX, maxY uint32 }

func boxOf(spots []spot) box {
	b := box{math.MaxUint32, math.MaxUint32, 0, 0}
	for _, s := range spots {
		b = b.extend(box{s.x, s.y, s.x, s.y})
	}
	return b
}

func (b box) extend(o box) box {
	return box{min(b.minX, o.minX), min(b.minY, o.minY), max(b.maxX, o.maxX), max(b.maxY, o.maxY)}
}

func (b box) overlaps(o box) bool {
	return b.minX <= o.maxX && o.minX <= b.maxX && b.minY <= o.maxY && o.minY <= b.maxY
}

func (b box) holds(o box) bool {
	return b.minX <= o.minX && o.maxX <= b.maxX && b.minY <= o.minY && o.maxY <= b.maxY
}

// The grid of a tile. What lies within the margin outside of it is drawn too, so that the casing of a road, and a
// label that begins next door, do not end at the edge of a tile.
const (
	extent = 4096
	margin = 96
)

// view is one tile as a window on the spots.
type view struct {
	x, y  float64 // North-west corner in spots.
	scale float64 // Units of the tile's grid in a spot.
	box   box     // With the margin.
	own   box     // Without: a point belongs to exactly one tile.
}

func viewOf(z, x, y int) view {
	size := uint64(world) >> z
	left, top := uint64(x)*size, uint64(y)*size
	edge := size * margin / extent
	below := func(a uint64) uint32 { return uint32(a - min(a, edge)) }
	above := func(a uint64) uint32 { return uint32(min(a+size-1+edge, world-1)) }
	return view{
		x: float64(left), y: float64(top), scale: extent / float64(size),
		box: box{below(left), below(top), above(left), above(top)},
		own: box{uint32(left), uint32(top), uint32(left + size - 1), uint32(top + size - 1)},
	}
}

// line puts spots onto the tile's grid, in buf.
func (v view) line(spots []spot, buf orb.LineString) orb.LineString {
	buf = buf[:0]
	for _, s := range spots {
		buf = append(buf, orb.Point{(float64(s.x) - v.x) * v.scale, (float64(s.y) - v.y) * v.scale})
	}
	return buf
}

// around is the part of the grid that is drawn.
func around() orb.Bound {
	return orb.Bound{Min: orb.Point{-margin, -margin}, Max: orb.Point{extent + margin, extent + margin}}
}

func clipLine(l orb.LineString) orb.MultiLineString { return clip.LineString(around(), l) }

// clipRing cuts an open ring; l is changed.
func clipRing(l orb.LineString) orb.LineString {
	l = append(l, l[0])
	r := clip.Ring(around(), orb.Ring(l))
	if len(r) > 1 && r[0] == r[len(r)-1] {
		r = r[:len(r)-1]
	}
	return orb.LineString(r)
}

// simplifyPiece bounds the work on one line: the method takes the square of its length where a line is all corners.
const simplifyPiece = 512

// simplified leaves out the corners that move a line by less than tolerance, in spots (Douglas and Peucker). Its ends
// stay, so that streets go on meeting.
func simplified(spots []spot, tolerance float64) []spot {
	if tolerance <= 0 || len(spots) < 3 {
		return spots
	}
	out := make([]spot, 0, len(spots)/2+2)
	simple := simplify.DouglasPeucker(tolerance)
	var buf orb.LineString
	for from := 0; from < len(spots)-1; from += simplifyPiece {
		piece := spots[from:min(from+simplifyPiece+1, len(spots))]
		buf = buf[:0]
		for _, s := range piece {
			buf = append(buf, orb.Point{float64(s.x), float64(s.y)})
		}
		for i, p := range simple.LineString(buf) {
			if i > 0 || from == 0 {
				out = append(out, spot{uint32(p[0]), uint32(p[1])})
			}
		}
	}
	return out
}

// area is twice the area of an open ring in spots squared: above 0 when it runs clockwise on the screen, which is how
// an outline runs in a tile.
func area(ring []spot) float64 {
	if len(ring) < 3 {
		return 0
	}
	sum, o := 0.0, ring[0] // From its first corner: the products stay exact for anything of a city's size.
	dx, dy := func(s spot) float64 { return float64(s.x) - float64(o.x) }, func(s spot) float64 { return float64(s.y) - float64(o.y) }
	for i := 1; i+1 < len(ring); i++ {
		a, b := ring[i], ring[i+1]
		sum += dx(a)*dy(b) - dx(b)*dy(a)
	}
	return sum
}

// inside reports whether the middle of the first edge of r lies in the area of outer.
func inside(r, outer []spot) bool {
	px, py := (float64(r[0].x)+float64(r[1].x))/2, (float64(r[0].y)+float64(r[1].y))/2
	in := false
	for i, a := range outer {
		b := outer[(i+1)%len(outer)]
		ay, by := float64(a.y), float64(b.y)
		if (ay <= py) != (by <= py) && px < float64(a.x)+(py-ay)/(by-ay)*(float64(b.x)-float64(a.x)) {
			in = !in
		}
	}
	return in
}

// nested is one ring of an area with the rings directly inside it.
type nested struct {
	ring  []spot
	size  float64 // Twice its area.
	box   box
	depth int
	above int // The smallest ring around it; -1 for none.
}

// nestWork bounds the corners that are looked at to find which ring lies in which. An area with more is drawn as if
// none of the rest lay in another.
const nestWork = 20_000_000

// polygons turns rings that are filled by the even-odd rule, in any order and direction, into outlines, each followed
// by its holes: what a vector tile asks for. Outlines run clockwise on the screen, holes the other way. What encloses
// nothing is left out.
func polygons(rings [][]spot) [][][]spot {
	if len(rings) == 1 { // Nearly all.
		size := area(rings[0])
		if size == 0 {
			return nil
		}
		if size < 0 {
			slices.Reverse(rings[0])
		}
		return [][][]spot{rings}
	}
	all := make([]nested, 0, len(rings))
	for _, r := range rings {
		if size := math.Abs(area(r)); size > 0 {
			all = append(all, nested{ring: r, size: size, box: boxOf(r), above: -1})
		}
	}
	slices.SortStableFunc(all, func(a, b nested) int {
		switch {
		case a.size > b.size:
			return -1
		case a.size < b.size:
			return 1
		}
		return 0
	})
	work := 0
	var out [][][]spot
	place := make([]int, len(all)) // Of an outline in out.
	for i := range all {
		n := &all[i]
		for j := i - 1; j >= 0 && work < nestWork; j-- { // Smaller rings first: the first that holds it is the one around it.
			work++
			if !all[j].box.holds(n.box) {
				continue
			}
			work += len(all[j].ring)
			if inside(n.ring, all[j].ring) {
				n.above, n.depth = j, all[j].depth+1
				break
			}
		}
		outline := n.depth%2 == 0
		if (area(n.ring) > 0) != outline {
			slices.Reverse(n.ring)
		}
		if outline {
			place[i] = len(out)
			out = append(out, [][]spot{n.ring})
		} else {
			out[place[n.above]] = append(out[place[n.above]], n.ring)
		}
	}
	return out
}
