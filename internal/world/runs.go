package world

// run is a street of the second rank that crosses several cells of one column (upright) or row.
type run struct {
	cutting

	upright  bool
	line     int // The column or row of cells.
	from, to int // First and last cell.
}

// runs are all of them, and where they cross the lines of the lattice.
type runs struct {
	byCell   map[cellAt][]*run
	sections map[string]title // Names of the lattice's lines, by section.
}

// piece is a run inside a cell.
type piece struct {
	cutting

	from, to xy
}

// of gives the runs through a cell, upright ones first.
func (r *runs) of(city *city, c *cell) []piece {
	var out []piece
	w, h := c.ground.w, c.ground.h
	for _, run := range r.byCell[cellAt{c.col, c.row}] {
		k := run.cutting
		if run.upright {
			k.base = float64(c.row-run.from) * 850
			out = append(out, piece{k, xy{w * r.share(city, 1, c.col, c.row), 0}, xy{w * r.share(city, 1, c.col, c.row+1), h}})
			continue
		}
		k.base = float64(c.col-run.from) * 850
		out = append(out, piece{k, xy{0, h * r.share(city, 0, c.col, c.row)}, xy{w, h * r.share(city, 0, c.col+1, c.row)}})
	}
	return out
}

// share is where a run crosses an edge of the lattice; the cells on both sides ask for the same one.
func (r *runs) share(city *city, upright, col, row int) float64 {
	return diceFor(city.seed, 31, upright, col, row).between(0.4, 0.6)
}

func (r *runs) add(x *run) {
	for k := x.from; k <= x.to; k++ {
		at := cellAt{k, x.line}
		if x.upright {
			at = cellAt{x.line, k}
		}
		if x.upright {
			r.byCell[at] = append([]*run{x}, r.byCell[at]...)
		} else {
			r.byCell[at] = append(r.byCell[at], x)
		}
	}
}

// plans lays the named runs of the district, then others by chance.
func (r *runs) plans(c *city) {
	r.byCell = make(map[cellAt][]*run)
	p := &c.plan
	taken := make(map[[3]int]bool)
	for _, n := range coreRuns(p) {
		r.add(&n)
		for k := n.from; k <= n.to; k++ {
			taken[[3]int{b2i(n.upright), n.line, k}] = true
		}
	}
	for _, upright := range []bool{true, false} {
		lines, cells := p.cols, p.rows
		if !upright {
			lines, cells = p.rows, p.cols
		}
		for line := range lines {
			d := diceFor(c.seed, 32, b2i(upright), line)
			for k := 0; k < cells; {
				n := 2 + d.under(5)
				last := k
				for last < cells && last < k+n && c.runs0(upright, line, last) && !taken[[3]int{b2i(upright), line, last}] {
					last++
				}
				if last > k && d.chance(0.72) {
					class := "tertiary"
					if d.chance(0.25) {
						class = "secondary"
					}
					r.add(&run{cutting{class: class, name: c.names.road(d, class)}, upright, line, k, last - 1})
				}
				k = max(last, k+1)
			}
		}
	}
}

// runs0 reports whether a run may pass that cell.
func (c *city) runs0(upright bool, line, k int) bool {
	col, row := k, line
	if upright {
		col, row = line, k
	}
	switch c.zoneAt(col, row) {
	case zoneRiver, zoneLake, zoneEdge, zoneOld:
		return false
	case zoneCore, zoneLiving, zoneIndustry:
	}
	return true
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
