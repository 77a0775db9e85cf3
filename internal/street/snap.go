package street

import (
	"math"
	"strings"

	"shuniu/internal/geo"
)

const (
	// cellMeters is the size of a grid cell: about the length of a city block, so that the cell of a place and its
	// eight neighbours nearly always hold the nearest street.
	cellMeters = 150
	// ringMax is how many rings of cells are searched before the search looks at all streets instead.
	ringMax = 64
	// junctionMeters is how near to the end of a segment a place counts as the junction itself, from where one may
	// leave in every direction. It is less than the error of any position.
	junctionMeters = 0.5
)

// grid finds the lines near a place. Only cells with streets are stored, so one node with a wrong place costs nothing.
type grid struct {
	lonCell, latCell float64            // Size of a cell in degrees.
	cells            map[int64][2]int32 // Cell to its range in lines.
	lines            []int32            // Index of the first point of a straight line, grouped by cell.
	segmentOf        []int32            // By point: its segment.
}

func newGrid(n *ground) *grid {
	box := geo.EmptyBounds()
	for _, p := range n.points {
		box = box.Extend(p)
	}
	g := &grid{cells: make(map[int64][2]int32), segmentOf: make([]int32, len(n.points))}
	g.latCell = cellMeters / (math.Pi / 180 * geo.EarthRadiusMeters)
	g.lonCell = g.latCell
	if !box.Empty() {
		g.lonCell /= max(0.05, math.Cos(box.Center().Lat*math.Pi/180))
	}
	visit := func(take func(cell int64, line int32)) {
		for i := range n.segments {
			for k := n.segments[i].first; k+1 < n.segments[i].last; k++ {
				g.cover(n.points[k], n.points[k+1], func(cell int64) { take(cell, k) })
			}
		}
	}
	counts := make(map[int64]int32)
	total := int32(0)
	visit(func(cell int64, _ int32) { counts[cell]++; total++ })
	g.lines = make([]int32, total)
	at := int32(0)
	visit(func(cell int64, line int32) {
		span, known := g.cells[cell]
		if !known {
			span = [2]int32{at, at}
			at += counts[cell]
		}
		g.lines[span[1]] = line
		span[1]++
		g.cells[cell] = span
	})
	for i := range n.segments {
		for k := n.segments[i].first; k < n.segments[i].last; k++ {
			g.segmentOf[k] = int32(i)
		}
	}
	return g
}

func (g *grid) bytes() int64 {
	return int64(len(g.lines)+len(g.segmentOf))*4 + int64(len(g.cells))*24
}

func (g *grid) cell(p geo.Point) (x, y int64) {
	return int64(math.Floor(p.Lon / g.lonCell)), int64(math.Floor(p.Lat / g.latCell))
}

func cellKey(x, y int64) int64 { return x<<32 ^ y&0xffff_ffff }

// cover names every cell that the line a-b touches, row by row, and at most one more on each side.
func (g *grid) cover(a, b geo.Point, take func(cell int64)) {
	if a.Lat > b.Lat {
		a, b = b, a
	}
	_, row := g.cell(a)
	_, last := g.cell(b)
	for ; row <= last; row++ {
		from, to := a, b
		if b.Lat > a.Lat {
			from = geo.Between(a, b, max(0, (float64(row)*g.latCell-a.Lat)/(b.Lat-a.Lat)))
			to = geo.Between(a, b, min(1, (float64(row+1)*g.latCell-a.Lat)/(b.Lat-a.Lat)))
		}
		west := int64(math.Floor(min(from.Lon, to.Lon)/g.lonCell - 1e-6))
		east := int64(math.Floor(max(from.Lon, to.Lon)/g.lonCell + 1e-6))
		for ; west <= east; west++ {
			take(cellKey(west, row))
		}
	}
}

// near is the best line found so far.
type near struct {
	line     int32
	share    float64
	distance float64
}

// nearer takes a line if it is nearer than the best, or as near and earlier in the source.
func (b *near) nearer(line int32, share, distance float64) {
	if distance < b.distance || distance == b.distance && line < b.line {
		*b = near{line, share, distance}
	}
}

// Snap finds the street that our vehicles can drive and that is nearest to p, and the place on it. It looks no
// further than maxMeters; with nothing there, or a p that is no place, it answers false. Where the nearest street is one
// from which trips are not possible (a fragment that leads nowhere, a one-way trap), the nearest proper street within
// maxMeters is taken instead. Of two equally near streets the first in the source is taken. Of the two carriageways of
// a divided road it takes the one on whose side the place lies, since that one is nearer.
func (n *Network) Snap(p geo.Point, maxMeters float64) (Snap, bool) {
	return n.SnapNamed(p, maxMeters, "")
}

// namedMeters is how much further away than the nearest street the street of an address may be, and still be believed:
// about the depth of a block. A name that fits only a street beyond it is a mistake in the address.
const namedMeters = 150

// SnapNamed is Snap for a place whose address names its street: that street is taken if it is within reach, also when
// another one is a little nearer. Case and blanks around the name do not matter. Without such a street it is Snap.
func (n *Network) SnapNamed(p geo.Point, maxMeters float64, name string) (Snap, bool) {
	if !p.Valid() || !(maxMeters >= 0) || len(n.segments) == 0 {
		return Snap{}, false
	}
	plane := geo.PlaneAt(p)
	none := near{line: -1, distance: math.Inf(1)}
	street, stray, named := none, none, none
	wanted := n.called(name)
	strays := n.stray[n.conditions.Vehicle]
	look := func(line int32) {
		i := n.grid.segmentOf[line]
		if n.ms[i] == never {
			return
		}
		d, share := plane.Nearest(n.points[line], n.points[line+1])
		if strays[i] {
			stray.nearer(line, share, d)
			return
		}
		street.nearer(line, share, d)
		if wanted[n.segments[i].name] {
			named.nearer(line, share, d)
		}
	}
	n.grid.rings(p, maxMeters, look, func() float64 {
		if len(wanted) > 0 {
			return min(named.distance, street.distance+namedMeters)
		}
		return street.distance
	})
	if named.distance <= min(maxMeters, street.distance+namedMeters) {
		street = named
	}
	if street.distance > maxMeters {
		street = stray
	}
	if street.distance > maxMeters {
		return Snap{}, false
	}
	return n.snapAt(street), true
}

// called are the numbers of the street names that mean the same as a name; none for an empty one.
func (n *ground) called(name string) map[int32]bool {
	name = strings.TrimSpace(name)
	if name == "" {
		return nil
	}
	out := make(map[int32]bool)
	for _, i := range n.nameAt[strings.ToLower(name)] {
		out[i] = true
	}
	return out
}

// rings shows the lines around p, nearest cells first, until nothing nearer than best can follow.
func (g *grid) rings(p geo.Point, maxMeters float64, look func(int32), best func() float64) {
	x, y := g.cell(p)
	east, north := geo.PlaneAt(p).XY(geo.Point{Lon: p.Lon + g.lonCell, Lat: p.Lat + g.latCell})
	// From the edge of the middle cell outward; one percent less for the narrowing of meridians.
	step := min(east, north) * 0.99
	for ring := int64(0); ring <= ringMax; ring++ {
		if float64(ring-1)*step > min(maxMeters, best()) {
			return
		}
		for dy := -ring; dy <= ring; dy++ {
			stride := int64(1)
			if dy > -ring && dy < ring {
				stride = 2 * ring
			}
			for dx := -ring; dx <= ring; dx += stride {
				span := g.cells[cellKey(x+dx, y+dy)]
				for _, line := range g.lines[span[0]:span[1]] {
					look(line)
				}
			}
		}
	}
	if float64(ringMax)*step > min(maxMeters, best()) {
		return
	}
	for _, line := range g.lines {
		look(line)
	}
}

func (n *ground) snapAt(b near) Snap {
	index := n.grid.segmentOf[b.line]
	s := &n.segments[index]
	from, to := float64(n.along[b.line]), float64(n.along[b.line+1])
	offset := from + (to-from)*b.share
	snap := Snap{
		Point: geo.Between(n.points[b.line], n.points[b.line+1], b.share), DistanceMeters: b.distance,
		Name: n.names[s.name], OffsetMeters: offset, segment: index + 1,
	}
	switch {
	case offset <= junctionMeters:
		snap.OffsetMeters, snap.Point = 0, n.points[s.first]
	case offset >= float64(s.meters)-junctionMeters:
		snap.OffsetMeters, snap.Point = float64(s.meters), n.points[s.last-1]
	}
	return snap
}
