package osm

import (
	"cmp"
	"math"
	"slices"

	"shuniu/internal/geo"
)

// answer is one that may be missing.
type answer uint8

const (
	no answer = iota
	yes
	unknown // It would take too long to find out.
)

// crossPairs is how many pairs of edges are compared at most for each edge of an area.
const crossPairs = 200

// edge is one straight piece of an outline, in ten millionths of a degree, so that what follows is exact.
type edge struct{ ax, ay, bx, by int64 }

// crossing reports whether two edges of an area cross. Edges that touch, or share a corner, do not. The edges are swept
// along the longer side of the box, so that only neighbours are compared; an outline that is too tangled even for that is
// left unanswered.
func crossing(rings []geo.Ring, box geo.Bounds) answer {
	turned := box.Max.Lat-box.Min.Lat > box.Max.Lon-box.Min.Lon
	var edges []edge
	for _, r := range rings {
		for i := range r {
			p, q := r[i], r[(i+1)%len(r)]
			if turned {
				p, q = geo.Point{Lon: p.Lat, Lat: p.Lon}, geo.Point{Lon: q.Lat, Lat: q.Lon}
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
				return yes
			}
		}
		if left -= len(active); left < 0 {
			return unknown
		}
		active = append(kept, e)
	}
	return no
}

func fixed(deg float64) int64 { return int64(math.Round(deg * 1e7)) }

// side is where a point lies of the line through an edge: left (+1), right (-1) or on it (0). Areas are at most
// degreesMax wide, so the products are far below what an int64 holds.
func (e edge) side(x, y int64) int {
	return cmp.Compare((e.bx-e.ax)*(y-e.ay), (e.by-e.ay)*(x-e.ax))
}

// crosses reports whether the inner parts of two edges cross in one point.
func (e edge) crosses(o edge) bool {
	return e.side(o.ax, o.ay)*e.side(o.bx, o.by) < 0 && o.side(e.ax, e.ay)*o.side(e.bx, e.by) < 0
}
