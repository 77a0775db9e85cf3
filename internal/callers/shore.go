package callers

import (
	"math"
	"strings"

	"shuniu/internal/geo"
	"shuniu/internal/osm"
	"shuniu/internal/street"
)

// How people stand at a water.
const (
	shoreMax         = 12    // Spots that a water or river gives: it must not outweigh all others.
	shoreApartMeters = 40.0  // Between two of them at least.
	bankMeters       = 80.0  // A path or street is beside a water up to this far from its edge.
	brookMeters      = 15.0  // From the middle of a watercourse without an area to its bank.
	drySteps         = 16    // Directions in which dry ground is looked for.
	dryMeters        = 6.0   // From the edge of a water to where somebody stands.
	pathCost         = 0.5   // A path beside the water is named before a street that is up to twice as near.
	cellDegrees      = 0.001 // Of the grid in which named ways are looked up: more than bankMeters in every populated place.
	stepMeters       = 15.0  // Between two points of a way beside a water.
)

// waters are the areas of water of a map, with their boxes.
type waters struct {
	shapes []osm.Shape
	boxes  []geo.Bounds
}

func watersOf(x *osm.Extract) (w waters) {
	for _, a := range x.Areas {
		if a.Kind != atWater || len(a.Rings) == 0 {
			continue
		}
		box := geo.EmptyBounds()
		for _, r := range a.Rings {
			for _, p := range r {
				box = box.Extend(p)
			}
		}
		w.shapes, w.boxes = append(w.shapes, a), append(w.boxes, box)
	}
	return w
}

// at is which water covers a point; -1 for none.
func (w *waters) at(p geo.Point) int {
	for i, box := range w.boxes {
		if box.Contains(p) && geo.Polygon(w.shapes[i].Rings).Contains(p) {
			return i
		}
	}
	return -1
}

// dry is the nearest place on land to a point at the edge of a water; false where water is all around.
func (w *waters) dry(p geo.Point) (geo.Point, bool) {
	for away := dryMeters; away <= 4*dryMeters; away += dryMeters {
		for i := range drySteps {
			angle := 2 * math.Pi * float64(i) / drySteps
			if q := p.Offset(away*math.Sin(angle), away*math.Cos(angle)); w.at(q) < 0 {
				return q, true
			}
		}
	}
	return p, false
}

// ashore is a place itself, or the edge of the water that covers it: the middle of a park may be its pond.
func (w *waters) ashore(p geo.Point) geo.Point {
	in := w.at(p)
	if in < 0 {
		return p
	}
	edge, least := p, math.Inf(1)
	for _, ring := range w.shapes[in].Rings {
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			if m, share := geo.PlaneAt(p).Nearest(a, b); m < least {
				edge, least = geo.Between(a, b, share), m
			}
		}
	}
	q, _ := w.dry(edge)
	return q
}

// shore is a place at the edge of a water that has a name.
type shore struct {
	water string
	point geo.Point
}

// water takes the shores of waters and rivers that have a name: from the path or street beside them, where there is
// one. None of them lies in the water.
func (g *Ground) water(x *osm.Extract, w *waters) {
	g.Spots[atWater] = nil // A lake's own place lies in its middle.
	shores := g.shores(x, w)
	ways := g.banks(x.Streets.Drawing(), shores)
	for _, s := range shores {
		if b, ok := nearestBank(ways, s.point, w); ok {
			g.Spots[atWater] = append(g.Spots[atWater], Spot{Kind: atWater, Name: g.beside(b.name, s.water), Point: b.point, Whole: true})
		} else if p, ok := w.dry(s.point); ok {
			g.add(atWater, s.water, p)
		}
	}
}

// shores picks places at the edges of waters, evenly.
func (g *Ground) shores(x *osm.Extract, w *waters) (out []shore) {
	names := make([]string, len(w.shapes))
	for i, a := range w.shapes {
		names[i] = g.local(a.Name, a.NameEn)
	}
	for _, l := range x.Lines {
		name := g.local(l.Name, l.NameEn)
		if l.Kind != "river" || name == "" {
			continue
		}
		for i, p := range evenly(l.Points) {
			if in := w.at(p); in >= 0 { // Its area has the banks; the line has the name.
				if names[in] == "" {
					names[in] = name
				}
				continue
			}
			side := brookMeters * float64(1-2*(i%2))
			out = append(out, shore{name, p.Offset(side, side)})
		}
	}
	for i, a := range w.shapes {
		if names[i] == "" {
			continue
		}
		for _, p := range evenly(a.Rings[0]) {
			out = append(out, shore{names[i], p})
		}
	}
	return out
}

// evenly gives at most shoreMax places along a line.
func evenly(line []geo.Point) (out []geo.Point) {
	long := 0.0
	for i := 1; i < len(line); i++ {
		long += geo.DistanceMeters(line[i-1], line[i])
	}
	every := max(shoreApartMeters, long/shoreMax)
	next, from := min(every, long)/2, 0.0
	for i := 1; i < len(line); i++ {
		m := geo.DistanceMeters(line[i-1], line[i])
		for ; next < from+m; next += every {
			out = append(out, geo.Between(line[i-1], line[i], (next-from)/m))
		}
		from += m
	}
	return out
}

// bank is a place on a named way.
type bank struct {
	name  string
	point geo.Point
	cost  float64 // Of a metre.
}

// cell is a square of a grid over the map.
type cell [2]int32

func cellOf(p geo.Point) cell {
	return cell{int32(math.Floor(p.Lon / cellDegrees)), int32(math.Floor(p.Lat / cellDegrees))}
}

// around are a cell and its neighbours.
func (c cell) around() (out [9]cell) {
	for i := range out {
		out[i] = cell{c[0] + int32(i%3) - 1, c[1] + int32(i/3) - 1}
	}
	return out
}

// banks gives points of the named ways near shores, by cell. It looks at every way once.
func (g *Ground) banks(lines []street.Line, shores []shore) map[cell][]bank {
	out := map[cell][]bank{}
	for _, s := range shores {
		for _, c := range cellOf(s.point).around() {
			out[c] = nil
		}
	}
	for _, l := range lines {
		name := g.local(l.Name, l.NameEn)
		if name == "" || l.Bridge || l.Tunnel || !walked(l.Class) {
			continue
		}
		cost := 1.0
		if drivenThrough(l.Class) || l.Class == "footway" || l.Class == "pedestrian" {
			cost = pathCost
		}
		for i := 1; i < len(l.Points); i++ {
			a, b := l.Points[i-1], l.Points[i]
			n := int(geo.DistanceMeters(a, b)/stepMeters) + 1
			for k := range n {
				p := geo.Between(a, b, float64(k)/float64(n))
				if c := cellOf(p); nearShore(out, c) {
					out[c] = append(out[c], bank{name, p, cost})
				}
			}
		}
	}
	return out
}

func nearShore(m map[cell][]bank, c cell) bool {
	_, ok := m[c]
	return ok
}

// walked reports whether somebody may stand on a way of this class.
func walked(class string) bool {
	return class != "motorway" && class != "trunk" && !strings.HasSuffix(class, "_link")
}

// nearestBank is the best place on a named way beside a shore; false if there is none.
func nearestBank(ways map[cell][]bank, at geo.Point, w *waters) (best bank, found bool) {
	least := 0.0
	for _, c := range cellOf(at).around() {
		for _, b := range ways[c] {
			m := geo.DistanceMeters(b.point, at)
			if m > bankMeters || found && m*b.cost >= least || w.at(b.point) >= 0 {
				continue
			}
			best, least, found = b, m*b.cost, true
		}
	}
	return best, found
}

// beside names a way by the water beside it.
func (g *Ground) beside(way, water string) string {
	if g.zh() {
		return way + "(" + water + "边)"
	}
	return way + " (by " + water + ")"
}
