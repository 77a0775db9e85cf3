package survey

import (
	"math"
	"slices"

	"shuniu/internal/geo"
)

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

// gapM is how wide a strip between two areas may be to be taken for a slip of the pen: a wider one is more likely
// water or a park that was left out on purpose.
const gapM = 100

// nobody holds a cell; outside is a cell that is open to the rest of the world; gap is one in a narrow strip.
const (
	nobody  = -1
	outside = -2
	gap     = -3
	maybe   = -4 // Between two areas, but perhaps only the notch where they meet at the rim.
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

// strips marks the cells of nobody that lie between two different areas, in a row or a column, with at most gapM from
// the one to the other. Cells beside the same area on both sides are its own bay.
func (g *grid) strips() {
	most := int(gapM / g.cellM)
	walk := func(from, step, n int) {
		last, at := int32(nobody), 0 // The area that was met last, and where it ended.
		for k := range n {
			o := g.owner[from+k*step]
			if o < 0 {
				continue
			}
			if last >= 0 && o != last && k-at-1 <= most {
				for i := at + 1; i < k; i++ {
					if g.owner[from+i*step] == nobody {
						g.owner[from+i*step] = maybe
					}
				}
			}
			last, at = o, k
		}
	}
	for y := range g.height {
		walk(y*g.width, 1, g.width)
	}
	g.prune(func(n, _, height int) bool { return height*height >= stripRatio*n })
	for x := range g.width {
		walk(x, g.width, g.height)
	}
	g.prune(func(n, width, _ int) bool { return width*width >= stripRatio*n })
}

// stripRatio is how many times as long as wide a strip is at least.
const stripRatio = 3

// prune keeps what is a strip by its cells and the size of their box, and gives the rest back to nobody.
func (g *grid) prune(strip func(n, width, height int) bool) {
	for c := range g.owner {
		if g.owner[c] != maybe {
			continue
		}
		cells := g.flood(int32(c), maybe, gap)
		x0, x1, y0, y1 := g.width, 0, g.height, 0
		for _, at := range cells {
			x, y := int(at)%g.width, int(at)/g.width
			x0, x1, y0, y1 = min(x0, x), max(x1, x), min(y0, y), max(y1, y)
		}
		if !strip(len(cells), x1-x0+1, y1-y0+1) {
			for _, at := range cells {
				g.owner[at] = nobody
			}
		}
	}
}

// holes gives the cells of nobody that no way over cells of nobody leads out of, without passing a narrow strip, hole by hole.
func (g *grid) holes() [][]int32 {
	g.strips()
	g.flood(0, nobody, outside)
	for c, o := range g.owner {
		if o == gap {
			g.owner[c] = nobody
		}
	}
	var out [][]int32
	for c := range g.owner {
		if g.owner[c] == nobody {
			hole := g.flood(int32(c), nobody, outside)
			slices.Sort(hole)
			out = append(out, hole)
		}
	}
	return out
}

// flood turns the cells that hang together with one into others, and gives them.
func (g *grid) flood(from, was, now int32) []int32 {
	g.owner[from] = now
	found := []int32{from}
	for k := 0; k < len(found); k++ {
		c := found[k]
		x := int(c) % g.width
		for _, next := range [4]int32{c - 1, c + 1, c - int32(g.width), c + int32(g.width)} {
			beside := (next != c-1 || x > 0) && (next != c+1 || x < g.width-1)
			if beside && next >= 0 && int(next) < len(g.owner) && g.owner[next] == was {
				g.owner[next] = now
				found = append(found, next)
			}
		}
	}
	return found
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
