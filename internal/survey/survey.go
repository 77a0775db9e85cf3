// Package survey looks at the areas of a centre as a surveyor would: do they overlap, do they leave holes, is each outline
// one. It measures on a grid of a few metres and says how fine it looked, and it draws a map of what it found. It is
// pure and must never mend an area: whose ground it is, people decide.
package survey

import (
	"cmp"
	"math"
	"slices"

	"shuniu/internal/geo"
)

// Area is one area with a name.
type Area struct {
	ID    string
	Name  string // For people; may be empty.
	Shape geo.MultiPolygon
}

// Report is what was found.
type Report struct {
	Areas    []Area
	Broken   []Broken  // Outlines that are none, in the order of the areas.
	Overlaps []Overlap // Ground of two areas, the largest first.
	Holes    []Hole    // Ground of nobody with areas all around it, the largest first.
	CellM    float64   // Length of a cell's side in metres: what is smaller may have been missed.
	Cut      bool      // Overlaps were so many that not all of them were kept.
	Middles  []Middle  // By area: a place well within it, and its size.

	grid *grid
}

// Broken is an outline that is none.
type Broken struct {
	Area string    // Id.
	Text string    // What is wrong, lower case, no full stop.
	At   geo.Point // Where.
}

// Overlap is ground that two areas both hold.
type Overlap struct {
	A, B string // Ids, in the order of the areas.
	M2   float64
	At   geo.Point // In the ground, near its middle.

	cells []int32
}

// Hole is ground that no area holds, with areas all around it.
type Hole struct {
	M2 float64
	At geo.Point // In the hole, near its middle.

	cells []int32
}

// Middle is a place well within an area.
type Middle struct {
	At geo.Point
	M2 float64 // Size of the area; 0 when it is smaller than a cell, and then At means nothing.
}

// Find looks for outlines that are none; nothing means that all are whole. A ring must be closed, have three corners
// at least, lie on the earth, and not cross itself or the other rings of its area.
func Find(a Area) []Broken {
	var out []Broken
	bad := func(text string, at geo.Point) { out = append(out, Broken{Area: a.ID, Text: text, At: at}) }
	valid := true
	var rings []geo.Ring
	for _, polygon := range a.Shape {
		for _, r := range polygon {
			rings = append(rings, r)
			switch i := slices.IndexFunc(r, func(p geo.Point) bool { return !p.Valid() }); {
			case len(r) == 0:
				bad("an outline has no corner", geo.Point{})
				continue
			case i >= 0:
				bad("a corner lies nowhere on earth; degrees are meant, longitude first", r[max(0, i-1)])
				valid = false
				continue
			}
			if r[0] != r[len(r)-1] {
				bad("an outline is not closed: its last corner must repeat its first", r[len(r)-1])
			}
			if corners(r) < 3 {
				bad("an outline has fewer than three corners", r[0])
			}
		}
	}
	if !valid {
		return out
	}
	switch at, crosses, sure := geo.Crossing(rings); {
	case crosses:
		bad("an outline crosses itself or another one of the same area", at)
	case !sure:
		bad("an outline is too tangled to be one", rings[0][0])
	}
	return out
}

// corners counts the different corners of a ring, up to three.
func corners(r geo.Ring) int {
	var seen []geo.Point
	for _, p := range r {
		if !slices.Contains(seen, p) {
			if seen = append(seen, p); len(seen) == 3 {
				break
			}
		}
	}
	return len(seen)
}

// Measure looks at all areas together. An area with a corner that lies nowhere is named and not measured.
func Measure(areas []Area) Report {
	r := Report{Areas: areas, Middles: make([]Middle, len(areas))}
	box, tall := geo.EmptyBounds(), 0.0
	sound := make([]bool, len(areas))
	for i, a := range areas {
		r.Broken = append(r.Broken, Find(a)...)
		if sound[i] = a.Shape.Valid(); sound[i] {
			b := a.Shape.Bounds()
			box = box.Extend(b.Min).Extend(b.Max)
			tall += climbs(a.Shape)
		}
	}
	if box.Empty() {
		return r
	}
	g := newGrid(box, tall)
	r.grid, r.CellM = g, g.cellM
	f := filling{grid: g, both: make(map[[2]int][]int32), left: bothMax * len(g.owner)}
	for i, a := range areas {
		if sound[i] {
			f.fill(i, a.Shape)
		}
	}
	r.Cut = f.left < 0
	for pair, cells := range f.both {
		slices.Sort(cells)
		r.Overlaps = append(r.Overlaps, Overlap{A: areas[pair[0]].ID, B: areas[pair[1]].ID, M2: g.m2(len(cells)), At: g.inner(cells), cells: cells})
	}
	slices.SortFunc(r.Overlaps, func(a, b Overlap) int {
		return cmp.Or(cmp.Compare(b.M2, a.M2), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	for _, cells := range g.holes() {
		r.Holes = append(r.Holes, Hole{M2: g.m2(len(cells)), At: g.inner(cells), cells: cells})
	}
	slices.SortFunc(r.Holes, func(a, b Hole) int { return cmp.Or(cmp.Compare(b.M2, a.M2), cmp.Compare(a.cells[0], b.cells[0])) })
	g.middles(r.Middles)
	return r
}

// climbs is how many degrees of latitude an area's edges climb together: so many rows of cells they will meet.
func climbs(shape geo.MultiPolygon) float64 {
	sum := 0.0
	for _, polygon := range shape {
		for _, r := range polygon {
			for i := range r {
				sum += math.Abs(r[i].Lat - r[(i+1)%len(r)].Lat)
			}
		}
	}
	return sum
}

// The grid: at most cellsMax cells along the longer side, none smaller than cellMinM metres.
const (
	cellsMax = 3000
	cellMinM = 1
	meetsMax = 4_000_000 // Rows that all edges may meet together; beyond it the cells are made larger.
	bothMax  = 3         // Cells of overlaps that are kept, for each cell of the grid.
)

// nobody holds a cell; outside is a cell that is open to the rest of the world.
const (
	nobody  = -1
	outside = -2
)

// grid is the ground in square cells, with a rim of one cell around it.
type grid struct {
	origin        geo.Point // South-west corner.
	lon, lat      float64   // Degrees of one cell.
	cellM         float64
	width, height int
	owner         []int32 // By cell: the area that holds its middle; the first one where several do.
}

func newGrid(box geo.Bounds, tall float64) *grid {
	const meters = math.Pi / 180 * geo.EarthRadiusMeters // Of one degree of latitude.
	plane := geo.PlaneAt(box.Center())
	x0, y0 := plane.XY(box.Min)
	x1, y1 := plane.XY(box.Max)
	g := &grid{cellM: math.Ceil(max(cellMinM, max(x1-x0, y1-y0)/cellsMax, tall*meters/meetsMax)*10) / 10}
	g.lat = g.cellM / meters
	g.lon = g.lat / max(0.01, math.Cos(box.Center().Lat*math.Pi/180))
	g.origin = geo.Point{Lon: box.Min.Lon - g.lon, Lat: box.Min.Lat - g.lat}
	g.width = min(cellsMax, int((box.Max.Lon-box.Min.Lon)/g.lon)) + 3
	g.height = min(cellsMax, int((box.Max.Lat-box.Min.Lat)/g.lat)) + 3
	g.owner = make([]int32, g.width*g.height)
	for i := range g.owner {
		g.owner[i] = nobody
	}
	return g
}

func (g *grid) m2(cells int) float64 { return float64(cells) * g.cellM * g.cellM }

// center is the middle of a cell.
func (g *grid) center(cell int32) geo.Point {
	x, y := int(cell)%g.width, int(cell)/g.width
	return geo.Point{Lon: g.origin.Lon + (float64(x)+0.5)*g.lon, Lat: g.origin.Lat + (float64(y)+0.5)*g.lat}
}

// filling gives areas their cells, one after the other.
type filling struct {
	*grid

	both map[[2]int][]int32 // By the two areas: the cells that both hold.
	left int                // So many more cells may be kept in both.
}

// fill gives an area the cells whose middle it holds, by the rule of geo.Polygon. Where a cell has an owner already it
// is noted in both.
func (g *filling) fill(area int, shape geo.MultiPolygon) {
	for _, polygon := range shape {
		for y, xs := range g.meets(polygon) {
			slices.Sort(xs)
			for k := 0; k+1 < len(xs); k += 2 {
				from, to := g.column(xs[k]), g.column(xs[k+1])
				for x := max(0, from); x < min(to, g.width); x++ {
					cell := int32(y*g.width + x)
					switch was := g.owner[cell]; {
					case was < 0:
						g.owner[cell] = int32(area)
					case was != int32(area):
						if g.left--; g.left >= 0 {
							pair := [2]int{int(was), area}
							g.both[pair] = append(g.both[pair], cell)
						}
					}
				}
			}
		}
	}
}

// column is the first cell whose middle lies at lon or east of it.
func (g *grid) column(lon float64) int { return int(math.Ceil((lon-g.origin.Lon)/g.lon - 0.5)) }

// meets gives, row by row, where a polygon's edges meet the line through the middle of the row's cells. The ends of an edge
// are put into a fixed order first, so that two areas round their common border alike.
func (g *grid) meets(polygon geo.Polygon) map[int][]float64 {
	rows := make(map[int][]float64)
	for _, r := range polygon {
		for i := range r {
			a, b := r[i], r[(i+1)%len(r)]
			if a.Lat > b.Lat {
				a, b = b, a
			}
			for y := max(0, int((a.Lat-g.origin.Lat)/g.lat)-1); y < g.height; y++ {
				lat := g.origin.Lat + (float64(y)+0.5)*g.lat
				if lat >= b.Lat {
					break
				}
				if lat >= a.Lat {
					rows[y] = append(rows[y], a.Lon+(lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon))
				}
			}
		}
	}
	return rows
}

// inner is the middle of the cell that is nearest to the middle of all.
func (g *grid) inner(cells []int32) geo.Point {
	var sx, sy float64
	for _, c := range cells {
		sx, sy = sx+float64(int(c)%g.width), sy+float64(int(c)/g.width)
	}
	sx, sy = sx/float64(len(cells)), sy/float64(len(cells))
	best, bestD := cells[0], math.Inf(1)
	for _, c := range cells {
		if d := math.Hypot(float64(int(c)%g.width)-sx, float64(int(c)/g.width)-sy); d < bestD {
			best, bestD = c, d
		}
	}
	return g.center(best)
}

// holes gives the cells of nobody that no way over cells of nobody leads out of, hole by hole.
func (g *grid) holes() [][]int32 {
	flood := func(from, was, now int32) []int32 {
		g.owner[from] = now
		found := []int32{from}
		for k := 0; k < len(found); k++ {
			c := found[k]
			x := int(c) % g.width
			for _, next := range [4]int32{c - 1, c + 1, c - int32(g.width), c + int32(g.width)} {
				beside := next != c-1 || x > 0
				beside = beside && (next != c+1 || x < g.width-1)
				if beside && next >= 0 && int(next) < len(g.owner) && g.owner[next] == was {
					g.owner[next] = now
					found = append(found, next)
				}
			}
		}
		return found
	}
	flood(0, nobody, outside)
	var out [][]int32
	for c := range g.owner {
		if g.owner[c] == nobody {
			hole := flood(int32(c), nobody, outside)
			slices.Sort(hole)
			out = append(out, hole)
		}
	}
	return out
}

// middles finds a place well within each area: the cell of its own that is nearest to the middle of all its cells.
func (g *grid) middles(out []Middle) {
	type sum struct{ n, x, y, best float64 }
	sums := make([]sum, len(out))
	for c, o := range g.owner {
		if o >= 0 {
			s := &sums[o]
			s.n, s.x, s.y, s.best = s.n+1, s.x+float64(c%g.width), s.y+float64(c/g.width), math.Inf(1)
		}
	}
	for c, o := range g.owner {
		if o < 0 {
			continue
		}
		s := &sums[o]
		if d := math.Hypot(float64(c%g.width)-s.x/s.n, float64(c/g.width)-s.y/s.n); d < s.best {
			s.best, out[o] = d, Middle{At: g.center(int32(c)), M2: g.m2(int(s.n))}
		}
	}
}
