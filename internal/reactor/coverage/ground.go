package coverage

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/demand"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// Sizes of the ground.
const (
	cellsMax    = 4096             // More squares are joined: a picture must be quick, and 500 m say enough of a metropolis.
	sameMeters  = 60               // Nearer than this a unit is at home.
	nearMeters  = 250              // Places to wait at that are nearer than this are one.
	priorHours  = 4 * 7 * 24       // So much watching a map of demand counts for at most; what is seen here counts beside it.
	evenHours   = 24               // So much counts the guess that all places are alike.
	evenPerHour = 10.0             // Calls an hour of a centre of which nothing is known.
	weighEvery  = 10 * time.Minute // World time until the weights are looked at again.
)

// ground is what does not change while units drive about: squares, classes and places to wait at.
type ground struct {
	org     *org.State
	cells   []cover.Cell
	boxes   []geo.Bounds
	prior   []float64     // Calls an hour as a mean over the week.
	of      map[int]int32 // By square of the map of demand: the cell; -1 for one outside of the centre's bounds.
	classes []cover.Class
	places  []cover.Place // Their rows come later.
}

// lay makes the ground of a centre.
func lay(o *org.State, m *demand.Map, homes []geo.Point) *ground {
	g := &ground{org: o, of: map[int]int32{}}
	if m != nil && len(m.Cells()) > 0 {
		g.join(o, m)
	} else {
		g.even(o, homes)
	}
	areaOf := areas(o)
	for i := range g.cells {
		g.cells[i].Area = areaOf(g.cells[i].Place)
	}
	for _, c := range o.Cover {
		class := cover.Class{ID: c.ID, StandardS: float64(c.StandardS), Own: c.Slot == "own"}
		for _, a := range c.Areas {
			if class.AreaS == nil {
				class.AreaS = map[cad.OrgID]float64{}
			}
			class.AreaS[a.Station] = float64(a.StandardS)
		}
		g.classes = append(g.classes, class)
	}
	g.posts(o, homes)
	return g
}

// join takes the squares of a map of demand, several together where there are too many. The one with the most calls
// stands for the others. Squares outside of the centre's bounds are no part of its cover: an airport far away would else be
// a call that the nearest station never reaches in time.
func (g *ground) join(o *org.State, m *demand.Map) {
	cells, rates := m.Cells(), m.PerHour()
	b := o.Bounds
	box := geo.Bounds{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	plane := geo.PlaneAt(cells[0].Place)
	type key struct{ x, y int }
	for side := m.SquareMeters(); ; side *= 2 {
		at := map[key][]int{}
		for i, c := range cells {
			if b != [4]float64{} && !box.Contains(c.Place) {
				g.of[i] = -1
				continue
			}
			x, y := plane.XY(c.Place)
			k := key{int(math.Floor(x/side + 0.5)), int(math.Floor(y/side + 0.5))}
			at[k] = append(at[k], i)
		}
		if len(at) > cellsMax {
			continue
		}
		keys := slices.SortedFunc(maps.Keys(at), func(a, b key) int { return cmp.Or(a.y-b.y, a.x-b.x) })
		for n, k := range keys {
			best, sum := at[k][0], 0.0
			for _, i := range at[k] {
				g.of[i] = int32(n)
				if sum += rates[i]; rates[i] > rates[best] {
					best = i
				}
			}
			g.add(cells[best].Place, square(cells[0].Place, float64(k.x)*side, float64(k.y)*side, side), sum)
		}
		return
	}
}

func (g *ground) add(p geo.Point, box geo.Bounds, rate float64) {
	g.cells, g.boxes, g.prior = append(g.cells, cover.Cell{Place: p}), append(g.boxes, box), append(g.prior, rate)
}

// square is the box of a side around a point east and north of the origin.
func square(origin geo.Point, x, y, side float64) geo.Bounds {
	return geo.Bounds{Min: origin.Offset(x-side/2, y-side/2), Max: origin.Offset(x+side/2, y+side/2)}
}

// even lays squares over the areas of the stations or, where there are none, around the places where units wait.
func (g *ground) even(o *org.State, homes []geo.Point) {
	box := geo.EmptyBounds()
	var held []geo.MultiPolygon
	for _, id := range slices.Sorted(maps.Keys(o.Orgs)) {
		if a := o.Orgs[id].Area; len(a) > 0 {
			b := a.Bounds()
			box, held = box.Extend(b.Min).Extend(b.Max), append(held, a)
		}
	}
	if len(held) == 0 {
		for _, p := range homes {
			box = box.Extend(p.Offset(-1000, -1000)).Extend(p.Offset(1000, 1000))
		}
	}
	if box.Empty() {
		return
	}
	origin := box.Min
	width, height := geo.PlaneAt(origin).XY(box.Max)
	side := demand.SquareMeters * 1.0
	for (width/side+1)*(height/side+1) > cellsMax {
		side *= 2
	}
	for y := side / 2; y < height+side/2; y += side {
		for x := side / 2; x < width+side/2; x += side {
			p := origin.Offset(x, y)
			if len(held) == 0 || slices.ContainsFunc(held, func(a geo.MultiPolygon) bool { return a.Contains(p) }) {
				g.add(p, square(origin, x, y, side), 0)
			}
		}
	}
	for i := range g.prior {
		g.prior[i] = evenPerHour / float64(len(g.prior))
	}
}

// areas says in which station's area a place lies; outside of all the nearest house is responsible.
func areas(o *org.State) func(geo.Point) cad.OrgID {
	type held struct {
		id  cad.OrgID
		box geo.Bounds
		org org.Org
	}
	var all []held
	for _, id := range slices.Sorted(maps.Keys(o.Orgs)) {
		if s := o.Orgs[id]; s.Kind == "station" {
			all = append(all, held{id, s.Area.Bounds(), s})
		}
	}
	return func(p geo.Point) (nearest cad.OrgID) {
		best := math.Inf(1)
		for _, h := range all {
			if h.box.Contains(p) && h.org.Area.Contains(p) {
				return h.id
			}
			if h.org.Place != nil {
				if m := geo.DistanceMeters(p, *h.org.Place); m < best {
					best, nearest = m, h.id
				}
			}
		}
		return nearest
	}
}

// posts lists the places at which units may wait: posts, stations' houses, and homes of units that are neither.
func (g *ground) posts(o *org.State, homes []geo.Point) {
	var taken []geo.Point // A place twice would only be a move more to weigh.
	add := func(p cover.Place) {
		near := func(q geo.Point) bool { return geo.DistanceMeters(p.At, q) < nearMeters }
		if !p.At.Valid() || slices.ContainsFunc(taken, near) {
			return
		}
		taken = append(taken, p.At)
		p.Cell = g.nearest(p.At)
		g.places = append(g.places, p)
	}
	for _, p := range o.Posts {
		add(cover.Place{ID: "post." + p.ID, Post: p.ID, At: p.Place})
	}
	for _, id := range slices.Sorted(maps.Keys(o.Orgs)) {
		if s := o.Orgs[id]; s.Place != nil && s.Kind == "station" {
			add(cover.Place{ID: "org." + string(id), Org: id, At: *s.Place})
		}
	}
	for _, p := range homes {
		add(cover.Place{ID: fmt.Sprintf("at.%.5f.%.5f", p.Lon, p.Lat), At: p})
	}
}

// nearest is the cell nearest to a place.
func (g *ground) nearest(p geo.Point) int {
	best, at := math.Inf(1), -1
	plane := geo.PlaneAt(p)
	for i := range g.cells {
		x, y := plane.XY(g.cells[i].Place)
		if d := x*x + y*y; d < best {
			best, at = d, i
		}
	}
	return at
}

// homesOf lists where units wait, each place once, in the order of ids.
func homesOf(units map[cad.UnitID]*unit.State) []geo.Point {
	var out []geo.Point
	for _, id := range slices.Sorted(maps.Keys(units)) {
		if u := units[id]; u.Home != nil && !u.Retired && !slices.Contains(out, *u.Home) {
			out = append(out, *u.Home)
		}
	}
	return out
}

// classesOf lists the classes that a unit counts for.
func (g *ground) classesOf(u *unit.State) []int {
	if u.Retired || !u.Dispatchable {
		return nil
	}
	var out []int
	for i, c := range g.org.Cover {
		if g.org.Covers(c, u.Kind, u.Station, "") {
			out = append(out, i)
		}
	}
	return out
}
