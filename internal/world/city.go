package world

import (
	"context"
	"fmt"

	"shuniu/internal/geo"
)

// city is a world while it is made. It is used by one goroutine.
type city struct {
	plan   plan
	ground *ground
	seed   uint64
	sheet  *sheet
	names  *register
	zones  []zone
	across []*edge // Row lines, by line and column.
	along  []*edge // Column lines, by line and row.
	nodes  []int64 // Of the crossings; 0 while nothing needs them.
	runs   runs
	wanted map[cellAt][]want
	found  Found
}

// cell is one piece of the lattice while it is divided.
type cell struct {
	city     *city
	col, row int
	zone     zone
	ground   *patch
	dice     *dice
	cuts     []*edge
	blocks   []block
}

// thrift says how much is left out inside the blocks here; the district in the middle of a great city is finer.
func (c *cell) thrift() float64 {
	if c.city.plan.inCore(c.col, c.row) {
		return c.city.plan.thrift * 0.3
	}
	return c.city.plan.thrift
}

// bounds is the box around the lattice, with some room.
func (c *city) bounds() geo.Bounds {
	b := geo.EmptyBounds()
	const room = 150.0 // Metres.
	add := func(e *edge) {
		for k := range 9 {
			p := e.at(float64(k) / 8)
			b = b.Extend(degrees(xy{p.x - room, p.y - room})).Extend(degrees(xy{p.x + room, p.y + room}))
		}
	}
	for i := range c.plan.cols {
		add(c.acrossAt(i, 0))
		add(c.acrossAt(i, c.plan.rows))
	}
	for j := range c.plan.rows {
		add(c.alongAt(0, j))
		add(c.alongAt(c.plan.cols, j))
	}
	return b
}

func (c *city) acrossAt(col, line int) *edge { return c.across[line*c.plan.cols+col] }

func (c *city) alongAt(line, row int) *edge { return c.along[row*(c.plan.cols+1)+line] }

func (c *city) zoneAt(col, row int) zone {
	if col < 0 || row < 0 || col >= c.plan.cols || row >= c.plan.rows {
		return zoneEdge
	}
	return c.zones[row*c.plan.cols+col]
}

// lattice makes the edges of all lines. Which of them are streets is known before any cell is divided.
func (c *city) lattice() {
	p := &c.plan
	c.across = make([]*edge, p.cols*(p.rows+1))
	c.along = make([]*edge, (p.cols+1)*p.rows)
	for j := range p.rows + 1 {
		for i := range p.cols {
			line := c.ground.across(i, j)
			e := &edge{at: func(t float64) xy { return c.ground.bend(line.at(t)) }}
			c.dressRow(e, i, j)
			e.measure()
			c.across[j*p.cols+i] = e
		}
	}
	for j := range p.rows {
		for i := range p.cols + 1 {
			line := c.ground.along(i, j)
			e := &edge{at: func(t float64) xy { return c.ground.bend(line.at(t)) }}
			c.dressColumn(e, i, j)
			e.measure()
			c.along[j*(p.cols+1)+i] = e
		}
	}
}

// join gives the streets of the lattice their crossings, and the bridges over rails and canals.
func (c *city) join() {
	p := &c.plan
	c.nodes = make([]int64, (p.cols+1)*(p.rows+1))
	node := func(i, j int) int64 {
		at := j*(p.cols+1) + i
		if c.nodes[at] == 0 {
			c.nodes[at] = c.sheet.node(c.ground.bend(c.ground.vertex(i, j)))
			c.sheet.counts.StreetNodes++
		}
		return c.nodes[at]
	}
	const overCanal, overRail = 24.0, 34.0 // Metres from the middle of what lies below.
	for j := range p.rows + 1 {
		for i := range p.cols {
			e := c.acrossAt(i, j)
			if e.class == "" {
				continue
			}
			e.stops = []stop{{0, node(i, j)}, {1, node(i+1, j)}}
			for side, line := range []int{i, i + 1} {
				if c.wet(line, j) {
					e.bridgeAt(c.sheet, side, overCanal)
				}
			}
		}
	}
	for j := range p.rows {
		for i := range p.cols + 1 {
			e := c.alongAt(i, j)
			if e.class == "" {
				continue
			}
			e.stops = []stop{{0, node(i, j)}, {1, node(i, j+1)}}
			for side, line := range []int{j, j + 1} {
				if line == p.rail {
					e.bridgeAt(c.sheet, side, overRail)
				}
			}
		}
	}
}

// wet reports whether a canal passes under the crossing.
func (c *city) wet(line, row int) bool {
	return c.plan.isCanal(line, row) || c.plan.isCanal(line, row-1)
}

// bridgeAt makes the beginning (0) or the end (1) of a street a bridge.
func (e *edge) bridgeAt(s *sheet, side int, meters float64) {
	e.bridges[side] = meters
	t := meters / e.meters
	if side == 1 {
		t = 1 - t
	}
	e.stop(s, t)
}

// build makes everything, cell by cell.
func (c *city) build(ctx context.Context, tell func(done, total int)) error {
	c.join()
	c.waterways()
	c.expressways()
	total := c.plan.cols * c.plan.rows
	for row := range c.plan.rows {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("world.Write: %w", err)
		}
		for col := range c.plan.cols {
			c.cell(col, row)
		}
		if tell != nil {
			tell((row+1)*c.plan.cols, total)
		}
	}
	for _, e := range c.across {
		if e.class != "" {
			e.draw(c.sheet)
		}
	}
	for _, e := range c.along {
		if e.class != "" {
			e.draw(c.sheet)
		}
	}
	c.turns()
	c.furniture()
	return c.sheet.close()
}

// cell makes one cell, and forgets it.
func (c *city) cell(col, row int) {
	k := &cell{city: c, col: col, row: row, zone: c.zoneAt(col, row), ground: c.ground.patch(col, row), dice: diceFor(c.seed, 21, col, row)}
	switch k.zone {
	case zoneRiver:
		return
	case zoneLake:
		if _, west := c.plan.lakes[cellAt{col, row}]; west {
			k.lake()
		}
		return
	case zoneOld, zoneCore, zoneLiving, zoneIndustry, zoneEdge:
	}
	k.divide()
	k.settle()
	for _, e := range k.cuts {
		e.draw(c.sheet)
		if c.plan.inCore(col, row) {
			c.promised(e)
		}
	}
}
