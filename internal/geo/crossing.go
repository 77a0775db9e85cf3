package geo

import (
	"cmp"
	"math"
	"slices"
)

// crossPairs is how many pairs of edges Crossing compares at most for each edge.
const crossPairs = 200

// edge is one straight piece of a ring, in ten millionths of a degree, so that what follows is exact: the products below
// stay within 6.5e18, which an int64 holds.
type edge struct{ ax, ay, bx, by int64 }

// Crossing finds a place where two edges of the rings cross. Edges that touch, or share a corner, do not cross. The edges
// are swept along the longer side of their box, so that only neighbours are compared. Rings too tangled even for that give
// up: then sure is false. Corners must be valid; they are taken to ten millionths of a degree, about a centimetre.
func Crossing(rings []Ring) (at Point, crosses, sure bool) {
	box := EmptyBounds()
	for _, r := range rings {
		for _, p := range r {
			box = box.Extend(p)
		}
	}
	turned := box.Max.Lat-box.Min.Lat > box.Max.Lon-box.Min.Lon
	edges := edgesOf(rings, turned)
	left := crossPairs * len(edges)
	var active []edge
	for _, e := range edges {
		kept := active[:0]
		for _, a := range active {
			if a.bx < e.ax {
				continue
			}
			kept = append(kept, a)
			if max(a.ay, a.by) > min(e.ay, e.by) && min(a.ay, a.by) < max(e.ay, e.by) && a.crosses(e) {
				return a.meets(e, turned), true, true
			}
		}
		if left -= len(active); left < 0 {
			return Point{}, false, false
		}
		active = append(kept, e)
	}
	return Point{}, false, true
}

// edgesOf are the edges from west to east, or from south to north when turned, in the order of their beginning.
func edgesOf(rings []Ring, turned bool) []edge {
	var edges []edge
	for _, r := range rings {
		for i := range r {
			p, q := r[i], r[(i+1)%len(r)]
			if turned {
				p, q = Point{Lon: p.Lat, Lat: p.Lon}, Point{Lon: q.Lat, Lat: q.Lon}
			}
			if p.Lon > q.Lon {
				p, q = q, p
			}
			if e := (edge{fixed(p.Lon), fixed(p.Lat), fixed(q.Lon), fixed(q.Lat)}); e.ax != e.bx || e.ay != e.by {
				edges = append(edges, e)
			}
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.ax, b.ax) })
	return edges
}

func fixed(deg float64) int64 { return int64(math.Round(deg * 1e7)) }

// side is where a point lies of the line through an edge: left (+1), right (-1) or on it (0).
func (e edge) side(x, y int64) int {
	return cmp.Compare((e.bx-e.ax)*(y-e.ay), (e.by-e.ay)*(x-e.ax))
}

// crosses reports whether the inner parts of two edges cross in one point.
func (e edge) crosses(o edge) bool {
	return e.side(o.ax, o.ay)*e.side(o.bx, o.by) < 0 && o.side(e.ax, e.ay)*o.side(e.bx, e.by) < 0
}

// meets is where two edges cross.
func (e edge) meets(o edge, turned bool) Point {
	ex, ey := float64(e.bx-e.ax), float64(e.by-e.ay)
	ox, oy := float64(o.bx-o.ax), float64(o.by-o.ay)
	share := (float64(o.ax-e.ax)*oy - float64(o.ay-e.ay)*ox) / (ex*oy - ey*ox)
	p := Point{Lon: (float64(e.ax) + share*ex) / 1e7, Lat: (float64(e.ay) + share*ey) / 1e7}
	if turned {
		p.Lon, p.Lat = p.Lat, p.Lon
	}
	return p
}
