package world

import "math"

// plan says where the great things of a city lie on its lattice of avenues. Lines and cells are counted from the
// south-west; cell (i, j) lies between the lines i and i+1, j and j+1.
type plan struct {
	size       string
	cols, rows int // Cells.
	c0, r0     int // South-west cell of the district that every size has in its middle.
	river      int // Row of the river; its quays are the lines river and river+1.
	rail       int // Line of the railway.
	rings      []ringPlan
	bridges    map[int]title // Lines that cross the river.
	canals     map[int]canalPlan
	lakes      map[cellAt]title // The western one of two cells that are one lake park.
	centres    []cellAt         // Middles of towns, the district's own first.
	thrift     float64          // From 0 to 1: how much the great cities leave out inside their blocks.
}

type cellAt struct{ col, row int }

// ringPlan is a ring road on four lines.
type ringPlan struct {
	name                     title
	west, east, south, north int
	raised                   bool // An expressway runs above it.
}

// canalPlan is a canal on a column's line, from one row to another.
type canalPlan struct {
	name     title
	from, to int
}

// The district that all sizes share: columns and rows of cells.
const (
	coreCols, coreRows = 13, 11
	coreRiver          = 4
)

func planFor(size string, seed uint64) plan {
	p := plan{size: size, cols: coreCols, rows: coreRows, river: coreRiver, rail: 10}
	p.rings = []ringPlan{
		{title{"内环", "Inner Ring"}, 4, 8, 5, 7, false},
		{title{"中环", "Middle Ring"}, 2, 11, 1, 9, true},
	}
	switch size {
	case "city":
		p.cols, p.rows, p.thrift = 31, 27, 0.45
	case "metropolis":
		p.cols, p.rows, p.thrift = 71, 61, 0.8
	}
	p.c0, p.r0 = (p.cols-coreCols)/2, (p.rows-coreRows)/2
	p.river += p.r0
	p.rail += p.r0
	for i := range p.rings {
		r := &p.rings[i]
		r.west, r.east, r.south, r.north = r.west+p.c0, r.east+p.c0, r.south+p.r0, r.north+p.r0
	}
	p.outerRings()
	p.waters(seed)
	p.centres = []cellAt{{p.c0 + 6, p.r0 + 5}}
	d := diceFor(seed, 71)
	for r := 6; r < p.rows-4; r += 12 { // Old towns that the city has swallowed.
		for c := 6; c < p.cols-4; c += 12 {
			at := cellAt{c + d.under(5) - 2, r + d.under(5) - 2}
			if !p.inCore(at.col, at.row) && size != "district" && d.chance(0.7) {
				p.centres = append(p.centres, at)
			}
		}
	}
	return p
}

// outerRings gives greater cities more rings, every seven lines.
func (p *plan) outerRings() {
	names := []title{{"外环", "Outer Ring"}, {"四环", "Fourth Ring"}, {"五环", "Fifth Ring"}, {"六环", "Sixth Ring"}}
	for k, n := range names {
		out := 5 + 7*k
		r := ringPlan{n, p.c0 + 2 - out, p.c0 + 11 + out, p.r0 + 1 - out, p.r0 + 9 + out, true}
		if r.west < 1 || r.south < 1 || r.east >= p.cols || r.north >= p.rows {
			return
		}
		p.rings = append(p.rings, r)
	}
}

// waters places bridges, canals and lakes.
func (p *plan) waters(seed uint64) {
	d := diceFor(seed, 72)
	c, r := p.c0, p.r0
	p.bridges = map[int]title{
		c + 2: {"柳堰大桥", "Liuyan Bridge"}, c + 6: {"星浦桥", "Xingpu Bridge"}, c + 8: {"石埠桥", "Shibu Bridge"}, c + 11: {"鹤汀大桥", "Heting Bridge"},
	}
	p.canals = map[int]canalPlan{c + 9: {title{"菱港河", "Linggang Canal"}, p.river + 1, min(p.rows, r+coreRows)}}
	p.lakes = map[cellAt]title{{c + 3, r + 7}: {"澜湖", "Lan Lake"}}
	names := newRegister("澜湖", "菱港河")
	for _, ring := range p.rings[2:] {
		for _, line := range []int{ring.west, ring.east} {
			p.bridges[line] = names.thing(d, "大桥", "Bridge")
		}
	}
	for line := 3; line < p.cols-2; line += 3 + d.under(3) {
		if line < c-1 || line > c+coreCols+1 {
			if p.bridges[line].zh == "" && p.bridges[line-1].zh == "" && p.bridges[line+1].zh == "" {
				p.bridges[line] = names.thing(d, "桥", "Bridge")
			}
		}
	}
	for line := 4 + d.under(3); line < p.cols-3; line += 9 + d.under(4) {
		if line >= c-2 && line <= c+coreCols+2 || p.ringLine(line) || p.bridges[line].zh != "" {
			continue
		}
		canal := canalPlan{names.thing(d, "河", "Canal"), p.river + 1, min(p.rows, p.river+6+d.under(p.rows/3+1))}
		if d.chance(0.5) {
			canal.from, canal.to = max(0, p.river-5-d.under(p.rows/3+1)), p.river
		}
		p.canals[line] = canal
	}
	for row := 3; row < p.rows-3; row += 8 {
		for col := 3; col < p.cols-4; col += 9 {
			at := cellAt{col + d.under(5), row + d.under(4)}
			if p.size != "district" && !p.nearCore(at) && at.row != p.river && d.chance(0.45) && p.lakeFits(at) {
				p.lakes[at] = names.thing(d, "湖", "Lake")
			}
		}
	}
}

func (p *plan) nearCore(at cellAt) bool {
	return at.col >= p.c0-2 && at.col <= p.c0+coreCols && at.row >= p.r0-1 && at.row <= p.r0+coreRows
}

// lakeFits asks that no ring, canal, railway or edge of the map is in the way of a lake.
func (p *plan) lakeFits(at cellAt) bool {
	for line := at.col; line <= at.col+2; line++ {
		if _, ok := p.canals[line]; ok {
			return false
		}
	}
	return !p.ringLine(at.col+1) && at.col+2 < p.cols && at.row < p.rows-1 && at.row != p.rail && at.row+1 != p.rail && at.row != p.river
}

func (p *plan) ringLine(line int) bool {
	for _, r := range p.rings {
		if line == r.west || line == r.east {
			return true
		}
	}
	return false
}

// inCore reports whether a cell belongs to the district in the middle.
func (p *plan) inCore(col, row int) bool {
	return col >= p.c0 && col < p.c0+coreCols && row >= p.r0 && row < p.r0+coreRows
}

// inRing reports whether a cell lies inside the second ring of the district, or before its great railway station.
func (p *plan) inRing(col, row int) bool {
	r := p.rings[1]
	return col >= r.west && col < r.east && row >= r.south && row <= r.north
}

// isCanal reports whether the column line is a canal beside that row.
func (p *plan) isCanal(line, row int) bool {
	c, ok := p.canals[line]
	return ok && row >= c.from && row < c.to
}

// zone says what kind of quarter a cell is.
type zone uint8

const (
	zoneRiver zone = iota
	zoneLake
	zoneOld      // Fine lanes and small houses.
	zoneCore     // Shops, offices, tall houses.
	zoneLiving   // Estates.
	zoneIndustry // Works and stores.
	zoneEdge     // Villages, fields, woods.
)

// zones tells the quarter of every cell, by its distance from the nearest old town and by chance in patches.
func (p *plan) zones(seed uint64) []zone {
	out := make([]zone, p.cols*p.rows)
	for row := range p.rows {
		for col := range p.cols {
			d := diceFor(seed, 73, col, row)
			away, home := math.Inf(1), 0
			for k, c := range p.centres {
				dx, dy := float64(col-c.col), float64(row-c.row)
				if m := math.Hypot(dx, dy*1.15); m < away {
					away, home = m, k
				}
			}
			edge := min(col, row, p.cols-1-col, p.rows-1-row)
			patch := math.Sin(float64(col)*0.9+float64(seed%97))*math.Sin(float64(row)*1.1+float64(seed%89)) + d.between(-0.35, 0.35)
			grown := 1.0
			if home > 0 {
				grown = 0.75
			}
			z := zoneLiving
			switch {
			case row == p.river:
				z = zoneRiver
			case away < 1.5*grown && (home > 0 || row > p.river):
				z = zoneOld
			case away < 2.6*grown+d.between(0, 0.7):
				z = zoneCore
			case edge == 0 && d.chance(0.75) || edge == 1 && d.chance(0.3) && !p.inRing(col, row) || away > 9 && patch > 0.3:
				z = zoneEdge
			case away > 3.6 && patch > 0.45 && !(row > p.river && p.inRing(col, row)):
				z = zoneIndustry
			}
			out[row*p.cols+col] = z
		}
	}
	for at := range p.lakes {
		out[at.row*p.cols+at.col], out[at.row*p.cols+at.col+1] = zoneLake, zoneLake
	}
	return out
}
