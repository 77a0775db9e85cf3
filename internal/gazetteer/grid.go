package gazetteer

import (
	"math"
	"slices"
	"sort"

	"shuniu/internal/geo"
)

// spot is a place in ten millionths of a degree, as maps store it: exact and half the size.
type spot struct{ lon, lat int32 }

func spotOf(p geo.Point) spot {
	return spot{int32(math.Round(p.Lon * 1e7)), int32(math.Round(p.Lat * 1e7))}
}

func (s spot) point() geo.Point {
	return geo.Point{Lon: float64(s.lon) / 1e7, Lat: float64(s.lat) / 1e7}
}

// cellDegrees is the size of a cell: about a block.
const cellDegrees = 0.001

// The bits of a cell and of what lies in it: 360,000 columns, 180,000 rows, 134 million things.
const (
	columnBits = 19
	thingBits  = 27
)

// grid finds things near a place: numbers sorted by row, column and thing, eight bytes a thing. A row of neighbouring
// cells is one run in it. It does not look across the 180th meridian.
type grid []uint64

// newGrid makes a grid of n things at their places.
func newGrid(n int, at func(int) spot) grid {
	g := make(grid, 0, n)
	for i := range min(n, 1<<thingBits) {
		p := at(i).point()
		g = append(g, cellOf(p)<<thingBits|uint64(i))
	}
	slices.Sort(g)
	return g
}

func cellOf(p geo.Point) uint64 {
	return row(p.Lat)<<columnBits | column(p.Lon)
}

func row(lat float64) uint64 { return uint64(min(180, max(0, lat+90)) / cellDegrees) }

func column(lon float64) uint64 { return uint64(min(360, max(0, lon+180)) / cellDegrees) }

// near shows every thing within so many metres of p, and some that are a little further.
func (g grid) near(p geo.Point, meters float64, look func(i int)) {
	corner := geo.PlaneAt(p)
	perLon, perLat := corner.XY(geo.Point{Lon: p.Lon + 1, Lat: p.Lat + 1})
	north := meters / perLat
	east := min(360, meters/max(1, perLon))
	for y := row(p.Lat - north); y <= row(p.Lat+north); y++ {
		first := (y<<columnBits | column(p.Lon-east)) << thingBits
		last := (y<<columnBits | column(p.Lon+east) + 1) << thingBits
		i := sort.Search(len(g), func(i int) bool { return g[i] >= first })
		for ; i < len(g) && g[i] < last; i++ {
			look(int(g[i] & (1<<thingBits - 1)))
		}
	}
}

// nearest gives the thing that is nearest to p within so many metres, by the measure of the caller, which may leave
// one out with an infinite distance; -1 when there is none. Of equals the first is taken.
func (g grid) nearest(p geo.Point, maxMeters float64, distance func(i int) float64) (best int, meters float64) {
	for radius := min(120, maxMeters); ; radius = min(3*radius, maxMeters) {
		best, meters = -1, math.Inf(1)
		g.near(p, radius, func(i int) {
			if d := distance(i); d < meters || d == meters && i < best {
				best, meters = i, d
			}
		})
		if meters <= radius || radius >= maxMeters {
			break
		}
	}
	if meters > maxMeters {
		return -1, math.Inf(1)
	}
	return best, meters
}
