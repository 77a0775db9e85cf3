package geo

import "math"

// Bounds is a box of degrees, its edges included. The zero value is the single point 0, 0; start from EmptyBounds.
type Bounds struct {
	Min Point `json:"min"` // South-west corner.
	Max Point `json:"max"` // North-east corner.
}

// EmptyBounds is a box that holds nothing and can be extended.
func EmptyBounds() Bounds {
	return Bounds{Min: Point{Lon: math.Inf(1), Lat: math.Inf(1)}, Max: Point{Lon: math.Inf(-1), Lat: math.Inf(-1)}}
}

// Empty reports whether nothing lies in the box.
func (b Bounds) Empty() bool { return !(b.Min.Lon <= b.Max.Lon && b.Min.Lat <= b.Max.Lat) }

// Extend is the smallest box around b and p.
func (b Bounds) Extend(p Point) Bounds {
	return Bounds{
		Min: Point{Lon: min(b.Min.Lon, p.Lon), Lat: min(b.Min.Lat, p.Lat)},
		Max: Point{Lon: max(b.Max.Lon, p.Lon), Lat: max(b.Max.Lat, p.Lat)},
	}
}

// Contains reports whether p lies in the box or on its edge.
func (b Bounds) Contains(p Point) bool {
	return p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon && p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat
}

// Overlaps reports whether the two boxes share at least one point.
func (b Bounds) Overlaps(o Bounds) bool {
	return !b.Empty() && !o.Empty() && b.Min.Lon <= o.Max.Lon && o.Min.Lon <= b.Max.Lon &&
		b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat
}

// Center is the middle of the box. It is not a number when the box is empty.
func (b Bounds) Center() Point { return Between(b.Min, b.Max, 0.5) }

// Ring is a closed line. The last point may repeat the first, as in GeoJSON, or not; both mean the same. Fewer than
// three different points enclose nothing.
type Ring []Point

// Polygon is an area: the first ring is its outline, the others are holes. The direction of the rings has no meaning.
// The zero value encloses nothing.
type Polygon []Ring

// MultiPolygon is an area of several parts, which should not overlap. The zero value encloses nothing.
type MultiPolygon []Polygon

// Contains reports whether p lies in the area, by the even-odd rule over all rings.
//
// A point on an edge belongs to the area north or, on a meridian, east of that edge. So where areas tile a town with
// the same corner points, every point belongs to exactly one of them, also on their common border: a call on a
// boundary road has one responsible station, not none or two.
func (g Polygon) Contains(p Point) bool {
	inside := false
	for _, ring := range g {
		for i := range ring {
			if crosses(ring[i], ring[(i+1)%len(ring)], p) {
				inside = !inside
			}
		}
	}
	return inside
}

// crosses reports whether the ray from p to the east meets the line a-b. The two ends are put into a fixed order
// first, so that two areas that walk a common border in opposite directions round alike.
func crosses(a, b, p Point) bool {
	if a.Lat > b.Lat {
		a, b = b, a
	}
	if !(a.Lat <= p.Lat && p.Lat < b.Lat) {
		return false
	}
	return p.Lon < a.Lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon)
}

// DistanceToEdgeMeters is the distance from p to the nearest edge of the area, holes included, whether p lies inside
// or outside. It is +Inf when the area has no edge. A small value marks a border area (接合部), where the neighbour
// must be told too.
func (g Polygon) DistanceToEdgeMeters(p Point) float64 {
	best := math.Inf(1)
	plane := PlaneAt(p)
	for _, ring := range g {
		for i := range ring {
			d, _ := plane.Nearest(ring[i], ring[(i+1)%len(ring)])
			best = min(best, d)
		}
	}
	return best
}

// Bounds is the box around the area; empty when the area is.
func (g Polygon) Bounds() Bounds {
	b := EmptyBounds()
	for _, ring := range g {
		for _, p := range ring {
			b = b.Extend(p)
		}
	}
	return b
}

// Valid reports whether the area has an outline of at least three points and every point of it is valid.
func (g Polygon) Valid() bool {
	if len(g) == 0 {
		return false
	}
	for _, ring := range g {
		n := len(ring)
		if n > 1 && ring[0] == ring[n-1] {
			n--
		}
		if n < 3 {
			return false
		}
		for _, p := range ring {
			if !p.Valid() {
				return false
			}
		}
	}
	return true
}

// Contains reports whether one of the parts contains p.
func (m MultiPolygon) Contains(p Point) bool {
	for _, g := range m {
		if g.Contains(p) {
			return true
		}
	}
	return false
}

// DistanceToEdgeMeters is the distance from p to the nearest edge of any part; +Inf when there is none.
func (m MultiPolygon) DistanceToEdgeMeters(p Point) float64 {
	best := math.Inf(1)
	for _, g := range m {
		best = min(best, g.DistanceToEdgeMeters(p))
	}
	return best
}

// Bounds is the box around all parts; empty when there is none.
func (m MultiPolygon) Bounds() Bounds {
	b := EmptyBounds()
	for _, g := range m {
		if gb := g.Bounds(); !gb.Empty() {
			b = b.Extend(gb.Min).Extend(gb.Max)
		}
	}
	return b
}

// Valid reports whether there is at least one part and every part is valid.
func (m MultiPolygon) Valid() bool {
	for _, g := range m {
		if !g.Valid() {
			return false
		}
	}
	return len(m) > 0
}
