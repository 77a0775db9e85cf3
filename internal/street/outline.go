package street

import (
	"math"

	"shuniu/internal/geo"
)

// How an outline is drawn. Whoever stands beside a street is reached with it: a plot in a city is 30 to 40 m deep.
const (
	outlineBufferMeters = 35
	outlineCellMeters   = 15      // The squares of the raster; bigger for an area that would have too many.
	outlineCellsMax     = 600_000 // Of the raster: at most 10 km square at the finest.
)

// raster is an area of squares: the plane around its streets, with a free margin.
type raster struct {
	origin        geo.Point
	plane         geo.Plane
	cell          float64 // Metres.
	x0, y0        float64 // South-west corner, metres in the plane.
	width, height int
	inside        []bool
}

// outlined is a closed outline around pieces of street, 35 m from them: without holes, and with few corners.
func outlined(center geo.Point, lines [][]geo.Point) geo.MultiPolygon {
	if len(lines) == 0 {
		return nil
	}
	r := newRaster(center, lines)
	for _, line := range lines {
		for k := 1; k < len(line); k++ {
			r.stroke(line[k-1], line[k])
		}
	}
	r.fill()
	r.widen()
	var out geo.MultiPolygon
	for _, corners := range r.walks() {
		out = append(out, geo.Polygon{r.ring(corners)})
	}
	return out
}

func newRaster(center geo.Point, lines [][]geo.Point) *raster {
	r := &raster{origin: center, plane: geo.PlaneAt(center), cell: outlineCellMeters}
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, line := range lines {
		for _, p := range line {
			x, y := r.plane.XY(p)
			x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x), max(y1, y)
		}
	}
	if area := (x1 - x0 + 200) * (y1 - y0 + 200); area/(r.cell*r.cell) > outlineCellsMax {
		r.cell = math.Sqrt(area / outlineCellsMax)
	}
	margin := outlineBufferMeters + 3*r.cell
	r.x0, r.y0 = x0-margin, y0-margin
	r.width, r.height = int((x1-x0+2*margin)/r.cell)+1, int((y1-y0+2*margin)/r.cell)+1
	r.inside = make([]bool, r.width*r.height)
	return r
}

// stroke marks the squares whose middle lies near a line.
func (r *raster) stroke(a, b geo.Point) {
	ax, ay := r.plane.XY(a)
	bx, by := r.plane.XY(b)
	reach := max(outlineBufferMeters, r.cell*0.75)
	column := func(x float64) int { return min(max(int((x-r.x0)/r.cell), 1), r.width-2) }
	row := func(y float64) int { return min(max(int((y-r.y0)/r.cell), 1), r.height-2) }
	dx, dy := bx-ax, by-ay
	long := dx*dx + dy*dy
	for j := row(min(ay, by) - reach); j <= row(max(ay, by)+reach); j++ {
		for i := column(min(ax, bx) - reach); i <= column(max(ax, bx)+reach); i++ {
			x, y := r.x0+(float64(i)+0.5)*r.cell-ax, r.y0+(float64(j)+0.5)*r.cell-ay
			share := 0.0
			if long > 0 {
				share = min(1, max(0, (x*dx+y*dy)/long))
			}
			if x, y = x-share*dx, y-share*dy; x*x+y*y <= reach*reach {
				r.inside[j*r.width+i] = true
			}
		}
	}
}

// fill takes everything that is not joined to the margin into the area.
func (r *raster) fill() {
	outside := make([]bool, len(r.inside))
	todo := []int{0}
	outside[0] = true
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i, j := at%r.width, at/r.width
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			x, y := i+d[0], j+d[1]
			if x < 0 || y < 0 || x >= r.width || y >= r.height {
				continue
			}
			if to := y*r.width + x; !outside[to] && !r.inside[to] {
				outside[to] = true
				todo = append(todo, to)
			}
		}
	}
	for i := range r.inside {
		r.inside[i] = !outside[i]
	}
}

// widen fills squares until no two of the area touch at a corner only: an outline must not meet itself. It only adds, so
// it ends; what it shuts in is filled again.
func (r *raster) widen() {
	for changed := true; changed; {
		changed = false
		for j := 1; j < r.height-1; j++ {
			for i := 1; i < r.width-1; i++ {
				a, b := j*r.width+i, (j+1)*r.width+i
				switch {
				case r.inside[a] && r.inside[b+1] && !r.inside[a+1] && !r.inside[b]:
					r.inside[a+1], changed = true, true
				case !r.inside[a] && !r.inside[b+1] && r.inside[a+1] && r.inside[b]:
					r.inside[a], changed = true, true
				}
			}
		}
		if changed {
			r.fill()
		}
	}
}

// walks goes around each part of the area, with the area on the left, and notes the corners.
func (r *raster) walks() [][][2]int {
	in := func(i, j int) bool { return i >= 0 && j >= 0 && i < r.width && j < r.height && r.inside[j*r.width+i] }
	seen := make([]bool, len(r.inside)) // Squares whose southern edge was walked.
	var out [][][2]int
	for j := range r.height {
		for i := range r.width {
			if !in(i, j) || in(i, j-1) || seen[j*r.width+i] {
				continue
			}
			// At each corner (x, y), heading (dx, dy): turn right if the area lies ahead on the right, left if it ends.
			x, y, dx, dy := i, j, 1, 0
			var corners [][2]int
			for {
				if dx == 1 {
					seen[y*r.width+x] = true
				}
				x, y = x+dx, y+dy
				left, right := ahead(in, x, y, dx, dy)
				switch {
				case right:
					corners = append(corners, [2]int{x, y})
					dx, dy = dy, -dx
				case !left:
					corners = append(corners, [2]int{x, y})
					dx, dy = -dy, dx
				}
				if x == i && y == j && dx == 1 {
					break
				}
			}
			out = append(out, corners)
		}
	}
	return out
}

// ahead tells whether the squares beyond a corner belong to the area, on the left and on the right of a heading.
func ahead(in func(i, j int) bool, x, y, dx, dy int) (left, right bool) {
	switch {
	case dx == 1:
		return in(x, y), in(x, y-1)
	case dx == -1:
		return in(x-1, y-1), in(x-1, y)
	case dy == 1:
		return in(x-1, y), in(x, y)
	}
	return in(x, y-1), in(x-1, y-1)
}

// ring takes the stairs out of an outline and puts it on the map. Where that makes it cross itself, the stairs stay.
func (r *raster) ring(corners [][2]int) geo.Ring {
	place := func(c [2]int) geo.Point {
		return r.origin.Offset(r.x0+float64(c[0])*r.cell, r.y0+float64(c[1])*r.cell)
	}
	for _, tolerance := range []float64{1.1, 0.75} {
		var out geo.Ring
		for _, c := range smoothed(corners, tolerance) {
			out = append(out, place(c))
		}
		if len(out) < 4 {
			continue
		}
		if _, crosses, _ := geo.Crossing([]geo.Ring{out}); !crosses {
			return append(out, out[0])
		}
	}
	out := make(geo.Ring, 0, len(corners)+1)
	for _, c := range corners {
		out = append(out, place(c))
	}
	return append(out, out[0])
}

// smoothed is Douglas and Peucker's simplification of a closed line, from two corners that lie far apart.
func smoothed(line [][2]int, tolerance float64) [][2]int {
	far := 0
	for i := range line {
		if apart(line[0], line[i]) > apart(line[0], line[far]) {
			far = i
		}
	}
	out := simpler(line[:far+1], tolerance)
	back := simpler(append(append([][2]int(nil), line[far:]...), line[0]), tolerance)
	return append(out[:len(out)-1], back[:len(back)-1]...)
}

func apart(a, b [2]int) int { return (a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) }

func simpler(line [][2]int, tolerance float64) [][2]int {
	if len(line) < 3 {
		return append([][2]int(nil), line...)
	}
	a, b := line[0], line[len(line)-1]
	dx, dy := float64(b[0]-a[0]), float64(b[1]-a[1])
	long := math.Hypot(dx, dy)
	worst, at := -1.0, 0
	for i := 1; i < len(line)-1; i++ {
		x, y := float64(line[i][0]-a[0]), float64(line[i][1]-a[1])
		off := math.Hypot(x, y)
		if long > 0 {
			off = math.Abs(x*dy-y*dx) / long
		}
		if off > worst {
			worst, at = off, i
		}
	}
	if worst <= tolerance {
		return [][2]int{a, b}
	}
	left := simpler(line[:at+1], tolerance)
	return append(left[:len(left)-1], simpler(line[at:], tolerance)...)
}
