package world

import (
	"fmt"
	"math"
	"strconv"
)

// leanMax is the cosine of the angle at most, about 30 degrees, by which a drive leans away from its rows' upright.
const leanMax = 0.87

// estate builds a 小区: a gate, a drive from it, and rows of slabs on both sides that face south as far as the gate's
// street allows (行列式).
func (l *land) estate(name title) bool {
	d, s := l.cell.dice, l.cell.city.sheet
	gateSide, ok := l.best(func(i int, e *edge) float64 {
		w := math.Abs(l.front(i, 0.5).dir.x)
		if e.class == "primary" || e.class == "trunk" {
			w *= 0.6
		}
		return w
	})
	if !ok || l.meters(gateSide) < 45 {
		return false
	}
	f := l.front(gateSide, d.between(0.42, 0.58))
	inward := middleOf(l.ring).minus(f.at).unit() // Along the axis of a block that leans, if it does not lean too much.
	if inward.dot(f.dir.left()) < leanMax {
		inward = f.dir.left()
	}
	deep := 0.0
	for deep < 400 && inside(l.ring, f.at.toward(inward, deep+14)) {
		deep += 6
	}
	if deep < 34 {
		return false
	}
	tower := (d.chance(0.5) || l.cell.thrift() > 0.5) && deep > 110
	e := &rows{land: l, name: name, at: f.at, u: f.dir, v: inward, deep: deep, tower: tower, word: pick(d, []string{"栋", "栋", "栋", "号楼", "幢"})}
	if !e.build() {
		return false
	}
	s.area(l.ring, "landuse", "residential", "name", name.zh, "name:en", name.en)
	street, number := l.stop(f)
	gate := s.node(f.at, "barrier", "gate", "entrance", "main", "addr:street", l.streetOf(gateSide), "addr:housenumber", number, "addr:place", name.zh)
	s.counts.Estates++
	s.counts.Entrances++
	e.drives(street, gate)
	return true
}

// rows are the slabs of an estate while they are set.
type rows struct {
	land  *land
	name  title
	at    xy // The gate.
	u, v  xy // Along the gate's street, and into the estate.
	deep  float64
	tower bool
	word  string // What follows a building's number here.
	lanes []lane
	count int
}

// lane is a drive between two rows: how far it goes to the left and to the right of the main one, in metres; 0 for
// not at all.
type lane struct {
	v     float64
	reach [2]float64
}

func (e *rows) place(u, v float64) xy { return e.at.toward(e.u, u).toward(e.v, v) }

// build plans the drives and sets the slabs; false when no slab has room, and then nothing is changed.
func (e *rows) build() bool {
	d := e.land.cell.dice
	room, low, levels := d.between(25, 31), 6.2, 4+d.under(3)
	if e.tower {
		room, low, levels = d.between(40, 50), 7.2, 11+d.under(22)
	}
	thrift := e.land.cell.thrift()
	room *= 1 + thrift*0.85
	v := d.between(11, 16)
	for k := 0; v < e.deep+10; k, v = k+1, v+room {
		for _, side := range []float64{-1, 1} {
			e.row(v, side, low, levels)
		}
		if at := v + room/2; at < e.deep && (e.tower || k%2 == 0) && d.chance(0.85-thrift*0.55) {
			e.lane(at)
		}
	}
	return e.count > 0
}

// lane plans the drives between two rows, left and right of the main one.
func (e *rows) lane(v float64) {
	out := lane{v: v}
	for k, side := range []float64{-1, 1} {
		u := 0.0
		for u < 260 && inside(e.land.ring, e.place(side*(u+12), v)) {
			u += 8
		}
		if u >= 30 {
			out.reach[k] = u
		}
	}
	e.lanes = append(e.lanes, out)
}

// drives writes the roads of the estate, from the node of the street through the gate.
func (e *rows) drives(street, gate int64) {
	s := e.land.cell.city.sheet
	refs := []int64{street, gate}
	for _, l := range e.lanes {
		cross := s.node(e.place(0, l.v))
		refs = append(refs, cross)
		for k, side := range []float64{-1, 1} {
			if l.reach[k] > 0 {
				s.way([]int64{cross, s.node(e.place(side*l.reach[k], l.v))}, "highway", "service")
				s.counts.StreetNodes++
				s.counts.StreetMeters += l.reach[k]
			}
		}
	}
	if n := len(e.lanes); n == 0 || e.deep > e.lanes[n-1].v+20 {
		refs = append(refs, s.node(e.place(0, e.deep)))
	}
	s.counts.StreetNodes += len(refs) - 1
	s.counts.StreetMeters += e.deep
	s.way(refs, "highway", "service")
}

// row sets one row of slabs on one side of the drive.
func (e *rows) row(v, side, low float64, levels int) {
	l := e.land
	d := l.cell.dice
	u := 6.5
	for range 10 {
		half := d.between(17, 31)
		if e.tower {
			half = d.between(13, 22) * (1 + 0.8*l.cell.thrift())
		}
		b := box{at: e.place(side*(u+half), v), dir: e.u, half: half, low: low}
		if !inside(l.ring, e.place(side*(u+8), v)) {
			return
		}
		if !l.free(b, 3) && half > 15 { // A shorter one may fit.
			b.half = 13
			b.at = e.place(side*(u+b.half), v)
		}
		if d.chance(0.94) {
			e.slab(b, levels)
		}
		u += 2*b.half + d.between(8, 15)*(1+l.cell.thrift())
	}
}

// slab writes one building with its staircases.
func (e *rows) slab(b box, levels int) {
	l := e.land
	if !l.free(b, 3) {
		return
	}
	e.count++
	number := fmt.Sprintf("%d%s", e.count, e.word)
	var doors []door
	units := max(1, int(b.half/9))
	if l.cell.thrift() > 0.5 {
		units = 0 // The greatest cities name buildings only, so that their file stays small.
	}
	for k := range units {
		doors = append(doors, door{(float64(k) + 0.5) / float64(units), []string{
			"entrance", "staircase", "addr:place", e.name.zh, "addr:housename", number, "addr:unit", fmt.Sprintf("%d单元", k+1),
		}})
	}
	l.house(b, 3, doors, "building", "apartments", "building:levels", strconv.Itoa(levels), "addr:place", e.name.zh, "addr:housename", number)
}
