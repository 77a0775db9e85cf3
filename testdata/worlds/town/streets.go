package main

import (
	"fmt"
	"math"
	"sort"
)

// dry reports whether a street may lie at this place: far enough from the river for the quay road to pass.
func dry(u, v float64) bool { return math.Abs(v-river(u)) > quayAway+70 }

// inPark reports whether a place on the board lies inside a park, its edges not included.
func inPark(u, v float64) bool {
	for _, p := range parkPlan {
		if u > columnAt(p.west)+1 && u < columnAt(p.east)-1 && v > rowAt(p.south)+1 && v < rowAt(p.north)-1 {
			return true
		}
	}
	return false
}

// missing decides which pieces of small streets were never built, so that the town is no chessboard.
func missing(column, row int, along string) bool {
	d := dice{state: uint64(column*977+row*31) + uint64(len(along))}
	d.roll()
	return d.roll() < 0.22
}

func (t *town) crossings() {
	for i := range columns {
		u := columnAt(i)
		for side, away := range []float64{-quayAway, quayAway} {
			t.quays[side] = append(t.quays[side], t.node(bend(u, river(u)+away)))
		}
		for j := range rows {
			if v := rowAt(j); dry(u, v) && !inPark(u, v) {
				t.lattice[[2]int{i, j}] = t.node(bend(u+t.dice.between(-9, 9), v+t.dice.between(-9, 9)))
			}
		}
	}
}

// piece is a street between two neighbouring crossings.
type piece struct {
	refs []int
	tags []string
	cut  bool // A new way begins here, although the tags are the same.
}

// lay joins pieces that follow each other into ways.
func (t *town) lay(pieces []piece) {
	var refs []int
	var tags []string
	flush := func() {
		if len(refs) > 1 {
			t.way(refs, tags...)
		}
		refs = nil
	}
	for _, p := range pieces {
		if refs != nil && (p.cut || refs[len(refs)-1] != p.refs[0] || fmt.Sprint(tags) != fmt.Sprint(p.tags)) {
			flush()
		}
		if refs == nil {
			refs, tags = append(refs, p.refs[0]), p.tags
		}
		refs = append(refs, p.refs[1:]...)
	}
	flush()
}

func (l line) tags() []string {
	tags := []string{"highway", l.class, "name", l.name}
	if kmh := speeds[l.class]; kmh != "" {
		tags = append(tags, "maxspeed", kmh)
	}
	switch {
	case l.oneWay:
		tags = append(tags, "oneway", "yes")
	case l.against:
		tags = append(tags, "oneway", "-1")
	}
	return tags
}

// inner makes the corners of a street between two places of the board; the first of them is remembered for a lane.
func (t *town) inner(u0, v0, u1, v1 float64, from, to int, shares ...float64) []int {
	refs := []int{from}
	for k, s := range shares {
		id := t.node(bend(u0+(u1-u0)*s+t.dice.between(-5, 5), v0+(v1-v0)*s+t.dice.between(-5, 5)))
		if k == 0 {
			t.middles[[2]int{from, to}] = id
		}
		refs = append(refs, id)
	}
	return append(refs, to)
}

func shares(class string) []float64 {
	if class == "residential" {
		return []float64{0.48}
	}
	return []float64{0.35, 0.7}
}

// row lays one street from west to east.
func (t *town) row(j int) {
	l := rowPlan[j]
	v := rowAt(j)
	var pieces []piece
	for i := range columns - 1 {
		a, b := t.lattice[[2]int{i, j}], t.lattice[[2]int{i + 1, j}]
		u0, u1 := columnAt(i), columnAt(i+1)
		if a == 0 || b == 0 || (v > river(u0)) != (v > river(u1)) || inPark((u0+u1)/2, v) {
			continue
		}
		if l.class == "residential" && missing(i, j, l.name) {
			continue
		}
		tags := l.tags()
		if j == mallRow && i >= mallFrom && i < mallTo {
			tags = []string{"highway", "pedestrian", "name", mallName, "emergency", "yes"}
		}
		pieces = append(pieces, piece{t.inner(u0, v, u1, v, a, b, shares(l.class)...), tags, ruleAt(i, j)})
	}
	t.lay(pieces)
}

func ruleAt(column, row int) bool {
	for _, r := range turnPlan {
		if r.column == column && r.row == row {
			return true
		}
	}
	return false
}

// column lays one street from south to north. At the river it ends on the quays, but for three bridges.
func (t *town) column(i int) {
	l := columnPlan[i]
	u := columnAt(i)
	type stop struct {
		v   float64
		id  int
		row int // -1 on a quay.
	}
	stops := []stop{{river(u) - quayAway, t.quays[0][i], -1}, {river(u) + quayAway, t.quays[1][i], -1}}
	for j := range rows {
		if id := t.lattice[[2]int{i, j}]; id != 0 {
			stops = append(stops, stop{rowAt(j), id, j})
		}
	}
	sort.Slice(stops, func(a, b int) bool { return stops[a].v < stops[b].v })
	var pieces []piece
	for k := range len(stops) - 1 {
		a, b := stops[k], stops[k+1]
		tags := l.tags()
		bridge := a.row < 0 && b.row < 0
		switch {
		case bridge && bridges[i] == "", inPark(u, (a.v+b.v)/2):
			continue
		case bridge:
			tags = append([]string{"highway", l.class, "name", bridges[i], "maxspeed", "50", "bridge", "yes", "layer", "1"}, tags[len(tags):]...)
		case l.class == "residential" && a.row >= 0 && b.row >= 0 && missing(i, a.row, l.name):
			continue
		}
		pieces = append(pieces, piece{t.inner(u, a.v, u, b.v, a.id, b.id, shares(l.class)...), tags, ruleAt(i, a.row)})
	}
	t.lay(pieces)
}

// quayRoads follow the river on both banks.
func (t *town) quayRoads() {
	for side, name := range []string{"滨江南路", "滨江北路"} {
		away := []float64{-quayAway, quayAway}[side]
		var refs []int
		for i := range columns {
			refs = append(refs, t.quays[side][i])
			if i == columns-1 {
				break
			}
			for _, s := range []float64{0.33, 0.67} {
				u := columnAt(i) + spacing*s
				refs = append(refs, t.node(bend(u, river(u)+away)))
			}
		}
		t.way(refs, "highway", "tertiary", "name", name, "maxspeed", "40")
	}
}

// lanes are dead ends and short cuts inside the blocks, from a row to the north.
func (t *town) lanes() {
	for j := range rows - 1 {
		for i := range columns - 1 {
			start := t.middles[[2]int{t.lattice[[2]int{i, j}], t.lattice[[2]int{i + 1, j}]}]
			u, v := columnAt(i)+spacing*0.4, rowAt(j)
			if start == 0 || t.dice.roll() > 0.42 || !dry(u, v+150) || inPark(u, v+100) {
				continue
			}
			refs := []int{start}
			for k := range 2 {
				refs = append(refs, t.node(bend(u+t.dice.between(-14, 14), v+float64(k+1)*t.dice.between(52, 68))))
			}
			across := t.middles[[2]int{t.lattice[[2]int{i, j + 1}], t.lattice[[2]int{i + 1, j + 1}]}]
			if across != 0 && t.dice.roll() < 0.4 {
				refs = append(refs, across)
			}
			name := fmt.Sprintf("%s%d弄", rowPlan[j].name, 10+i*8)
			t.way(refs, "highway", "living_street", "name", name)
		}
	}
}

// restrictions finds the ways on the sides of a crossing that a rule names.
func (t *town) restrictions() {
	for _, r := range turnPlan {
		via := t.lattice[[2]int{r.column, r.row}]
		from, to := t.side(via, rowPlan[r.row].name, r.from), t.side(via, columnPlan[r.column].name, r.to)
		if !r.fromRow {
			from, to = t.side(via, columnPlan[r.column].name, r.from), t.side(via, rowPlan[r.row].name, r.to)
		}
		t.relations = append(t.relations, relation{from, via, to, r.kind})
	}
}

// side is the way of that name that begins (+1) or ends (-1) at a node.
func (t *town) side(node int, name string, side int) int {
	for i, w := range t.ways {
		end := w.refs[0]
		if side < 0 {
			end = w.refs[len(w.refs)-1]
		}
		if end == node && w.tags[3] == name {
			return i + 1
		}
	}
	panic(fmt.Sprintf("no way %s on side %d of its crossing", name, side))
}
