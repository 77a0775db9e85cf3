package world

import (
	"fmt"
	"math"
)

// turns forbids some left turns where two great streets cross.
func (c *city) turns() {
	p := &c.plan
	for j := 1; j < p.rows; j++ {
		for i := 1; i < p.cols; i++ {
			w, e := c.acrossAt(i-1, j), c.acrossAt(i, j)
			s, n := c.alongAt(i, j-1), c.alongAt(i, j)
			d := diceFor(c.seed, 51, i, j)
			if w.class == "" || e.class == "" || s.class == "" || n.class == "" {
				continue
			}
			great := w.class == "primary" && e.class == "primary" && s.class == "primary" && n.class == "primary"
			if !d.chance(0.15) && !(great && d.chance(0.55)) {
				continue
			}
			via := c.nodes[j*(p.cols+1)+i]
			// From the west one turns left to the north, and so on round.
			from, to := [4]*edge{w, e, s, n}, [4]*edge{n, s, w, e}
			k := d.under(4)
			c.sheet.rule(wayAt(from[k], k == 0 || k == 2), via, wayAt(to[k], k == 1 || k == 2), "no_left_turn")
			if d.chance(0.3) { // And none from the other side.
				k ^= 1
				c.sheet.rule(wayAt(from[k], k == 0 || k == 2), via, wayAt(to[k], k == 1 || k == 2), "no_left_turn")
			}
		}
	}
}

// wayAt is the way at the far end of an edge, or at its beginning.
func wayAt(e *edge, end bool) int64 {
	if end {
		return e.ways[len(e.ways)-1]
	}
	return e.ways[0]
}

// furniture sets lamp posts, cameras and bus stops along the lattice. Numbered posts stand in the middle district
// only; elsewhere they would fill the file.
func (c *city) furniture() {
	p := &c.plan
	poles := 0
	visit := func(e *edge, col, row int) {
		if e.class == "" || e.bridge.zh != "" {
			return
		}
		if p.inCore(col, row) {
			poles = c.poles(e, poles)
			c.promised(e)
		}
		d := diceFor(c.seed, 52, col, row, int(e.meters))
		if p.inCore(col, row) || d.chance(0.25) {
			n := c.names.thing(d, "站", "Stop")
			for k, t := range []float64{0.34, 0.4} {
				side := float64(2*k-1) * (kinds[e.class].half - 4)
				c.sheet.node(beside(e, t, side), "highway", "bus_stop", "public_transport", "platform", "name", n.zh, "name:en", n.en)
			}
			c.sheet.counts.BusStops += 2
		}
	}
	for j := range p.rows + 1 {
		for i := range p.cols {
			visit(c.acrossAt(i, j), i, j)
		}
	}
	for j := range p.rows {
		for i := range p.cols + 1 {
			visit(c.alongAt(i, j), i, j)
		}
	}
	c.eyes()
	c.marks()
}

// beside is a place beside an edge, to its left by so many metres.
func beside(e *edge, t, left float64) xy {
	d := e.at(t + 0.01).minus(e.at(t - 0.01)).unit()
	return e.at(t).toward(d.left(), left)
}

// promised gives numbers 8 and 12 of the streets whose names sound alike a sign of their own, whatever houses stand
// there: stories and drills speak of them.
func (c *city) promised(e *edge) {
	if e.base >= 850 {
		return
	}
	for _, name := range []string{"星浦路", "杏铺路", "汀兰路", "汀澜路", "采菱东路", "采菱东街"} {
		for _, number := range []int{8, 12} {
			t := (float64(number/2-1)*9 + 4.5 - e.base) / e.meters
			if e.name.zh == name && t > 0 && t < 1 {
				c.sheet.node(beside(e, t, -e.half-1), "addr:street", name, "addr:housenumber", fmt.Sprintf("%d号", number))
			}
		}
	}
}

func (c *city) poles(e *edge, n int) int {
	step := 46.0
	count := int(e.meters / step)
	for k := range count {
		n++
		side := kinds[e.class].half - 3
		if k%2 == 0 {
			side = -side
		}
		c.sheet.node(beside(e, (float64(k)+0.5)/float64(count), side), "highway", "street_lamp", "ref", fmt.Sprintf("TL-%04d", n))
		c.sheet.counts.Poles++
	}
	return n
}

// eyes sets cameras at the crossings of the lattice, each looking down one of its streets.
func (c *city) eyes() {
	p := &c.plan
	for j := range p.rows + 1 {
		for i := range p.cols + 1 {
			var arms []*edge
			var away []float64 // A share of the edge near the crossing.
			for _, a := range []struct {
				ok   bool
				e    func() *edge
				near float64
			}{
				{i < p.cols, func() *edge { return c.acrossAt(i, j) }, 0.04},
				{i > 0, func() *edge { return c.acrossAt(i-1, j) }, 0.96},
				{j < p.rows, func() *edge { return c.alongAt(i, j) }, 0.04},
				{j > 0, func() *edge { return c.alongAt(i, j-1) }, 0.96},
			} {
				if a.ok && a.e().class != "" {
					arms, away = append(arms, a.e()), append(away, a.near)
				}
			}
			if len(arms) < 3 {
				continue
			}
			d := diceFor(c.seed, 53, i, j)
			name := arms[0].name.zh + arms[len(arms)-1].name.zh + "路口"
			count := 1
			if p.inCore(i, j) {
				count = 2
			}
			first := d.under(len(arms))
			for k := range count {
				n := (first + k*2) % len(arms)
				e, t := arms[n], away[n]
				end := math.Round(t)
				v := e.at(end + (0.5-end)*0.4).minus(e.at(end)) // Away from the crossing.
				bearing := math.Mod(math.Atan2(v.x, v.y)*180/math.Pi+360, 360)
				c.sheet.counts.Cameras++
				c.sheet.node(beside(e, t, kinds[e.class].half-3), "man_made", "surveillance", "surveillance:type", "camera", "name", fmt.Sprintf("%s%d号", name, k+1),
					"ref", fmt.Sprintf("SXT-%05d", c.sheet.counts.Cameras), "camera:direction", fmt.Sprintf("%.0f", bearing))
			}
		}
	}
}
