package world

import "math"

// park is a green with a path round it, gates, and water where it is large. id is for its east gate.
func (l *land) park(n title, id string) xy {
	s, d := l.cell.city.sheet, l.cell.dice
	s.area(l.ring, "leisure", "park", "name", n.zh, "name:en", n.en)
	s.counts.Parks++
	m := middleOf(l.ring)
	area := areaOf(l.ring)
	if area > 7_000 && d.chance(0.75) || id != "" {
		tags := []string{"natural", "water", "water", "pond"}
		if n.zh != "" && area > 20_000 {
			p := l.cell.city.names.thing(d, "塘", "Pond")
			tags = append(tags, "name", p.zh, "name:en", p.en)
		}
		s.area(rounded(l.scaled(d.between(0.4, 0.55), d, 0.14)), tags...)
	}
	loop := l.scaled(0.76, d, 0.03)
	var refs []int64
	for _, p := range loop {
		refs = append(refs, s.node(p))
	}
	s.counts.StreetNodes += len(loop)
	s.way(append(refs, refs[0]), "highway", "footway")
	gates := 0
	place := m
	for i, sd := range l.sides {
		if sd.e.class == "" || sd.e.bridge.zh != "" || l.meters(i) < 40 || gates == 3 {
			continue
		}
		f := l.front(i, 0.5)
		street, number := l.stop(f)
		gate := s.node(f.at, "barrier", "gate", "entrance", "main", "addr:street", l.streetOf(i), "addr:housenumber", number)
		nearest := 0
		for k, p := range loop {
			if p.away(f.at) < loop[nearest].away(f.at) {
				nearest = k
			}
		}
		s.way([]int64{street, gate, refs[nearest]}, "highway", "footway")
		s.counts.StreetNodes++
		s.counts.Entrances++
		if gates == 0 || f.at.x > place.x { // The gate farthest east.
			place = f.at
		}
		gates++
	}
	return place
}

// lake is a park of two cells round a lake.
func (c *cell) lake() {
	p, s := &c.city.plan, c.city.sheet
	name := p.lakes[cellAt{c.col, c.row}]
	east := c.city.ground.patch(c.col+1, c.row)
	place := func(x, y float64) xy { // x from 0 to 2, y from 0 to 1.
		if x < 1 {
			return c.ground.place(xy{x * c.ground.w, y * c.ground.h})
		}
		return east.place(xy{(x - 1) * east.w, y * east.h})
	}
	margin := xy{30 / c.ground.w, 30 / c.ground.h}
	ringAt := func(mx, my float64) []xy {
		var out []xy
		for k := range 16 {
			out = append(out, place(mx+(2-2*mx)*float64(k)/16, my))
		}
		for k := range 8 {
			out = append(out, place(2-mx, my+(1-2*my)*float64(k)/8))
		}
		for k := range 16 {
			out = append(out, place(2-mx-(2-2*mx)*float64(k)/16, 1-my))
		}
		for k := range 8 {
			out = append(out, place(mx, 1-my-(1-2*my)*float64(k)/8))
		}
		return out
	}
	park := ringAt(margin.x, margin.y)
	s.area(park, "leisure", "park", "name", name.zh+"公园", "name:en", name.en+" Park")
	s.counts.Parks++
	var shore []xy
	a, b := c.dice.between(0, 6), c.dice.between(0, 6)
	wide, high := (1-2.7*margin.x)/1.12, (0.5-2.7*margin.y)/1.12 // The farthest bay ends before the path.
	for k := range 48 {                                          // A smooth shore between an ellipse and a rectangle, with bays.
		angle := float64(k) * 2 * math.Pi / 48
		r := 1 + 0.07*math.Sin(3*angle+a) + 0.05*math.Sin(5*angle+b)
		co, si := math.Cos(angle), math.Sin(angle)
		shore = append(shore, place(1+wide*r*math.Copysign(math.Pow(math.Abs(co), 0.8), co), 0.5+high*r*math.Copysign(math.Pow(math.Abs(si), 0.8), si)))
	}
	s.area(shore, "natural", "water", "water", "lake", "name", name.zh, "name:en", name.en)
	path := rounded(ringAt(margin.x*2, margin.y*2))
	var refs []int64
	for _, q := range path {
		refs = append(refs, s.node(q))
	}
	s.counts.StreetNodes += len(refs)
	s.way(append(refs, refs[0]), "highway", "footway", "name", name.zh+"环湖步道", "name:en", name.en+" Lakeside Path")
	for _, e := range []*edge{c.city.acrossAt(c.col, c.row), c.city.acrossAt(c.col+1, c.row+1)} {
		if e.class == "" {
			continue
		}
		from := e.at(0.5)
		nearest := 0
		for k, q := range path {
			if q.away(from) < path[nearest].away(from) {
				nearest = k
			}
		}
		s.way([]int64{e.stop(s, 0.5), refs[nearest]}, "highway", "footway")
	}
}

// bankSteps is how often the banks of the river are sampled in a cell.
const bankSteps = 10

// waterways writes the river, the canals and the railway.
func (c *city) waterways() {
	p, s := &c.plan, c.sheet
	var south, north, middle []xy
	for col := range p.cols {
		g := c.ground.patch(col, p.river)
		for k := range bankSteps + 1 {
			if k == bankSteps && col < p.cols-1 {
				continue
			}
			x := g.w * float64(k) / bankSteps
			from, to := p.banks(float64(col) + x/g.w)
			south = append(south, g.place(xy{x, from * g.h}))
			middle = append(middle, g.place(xy{x, (from + to) / 2 * g.h}))
			north = append(north, g.place(xy{x, to * g.h}))
		}
	}
	c.embankment(south, 0)
	c.embankment(north, 1)
	ring := append([]xy(nil), south...)
	for i := len(north) - 1; i >= 0; i-- {
		ring = append(ring, north[i])
	}
	s.area(ring, "natural", "water", "water", "river", "name", "云澜江", "name:en", "Yunlan River")
	s.line(middle, "waterway", "river", "name", "云澜江", "name:en", "Yunlan River")
	for line := range p.cols + 1 {
		if k, ok := p.canals[line]; ok {
			c.canal(line, k)
		}
	}
	if p.rail < 0 || p.rail > p.rows {
		return
	}
	for _, off := range []float64{-5, 0, 5, 10} {
		var track []xy
		for col := range p.cols {
			e := c.acrossAt(col, p.rail)
			for k := range 8 {
				t := float64(k) / 8
				track = append(track, e.at(t).toward(e.at(t+0.02).minus(e.at(t)).unit().left(), off))
			}
		}
		tags := []string{"railway", "rail", "electrified", "contact_line"}
		if off == 0 { // One of the four has the name, or it would be found four times.
			tags = append(tags, "name", "澜湖高铁线", "name:en", "Lanhu High-Speed Line")
		}
		s.line(track, tags...)
	}
}

// embankment is the green between a quay road and the water, with a path.
func (c *city) embankment(water []xy, side float64) {
	p, s := &c.plan, c.sheet
	name := title{"滨江绿道", "Riverside Greenway"}
	var road, path, shore []xy
	flush := func() {
		if len(road) > 1 {
			ring := append([]xy(nil), road...)
			for i := len(shore) - 1; i >= 0; i-- {
				ring = append(ring, shore[i])
			}
			s.area(ring, "leisure", "park", "name", name.zh, "name:en", name.en)
			s.line(path, "highway", "footway", "name", name.zh, "name:en", name.en)
			s.counts.StreetNodes += len(path)
		}
		road, path, shore = nil, nil, nil
	}
	for col := range p.cols {
		g := c.ground.patch(col, p.river)
		for step := range bankSteps {
			if step == 0 && c.mouth(col, side) || step == bankSteps-1 && c.mouth(col+1, side) {
				flush()
				continue
			}
			away := (kinds["primary"].half + 1.5) / g.h
			if side == 1 {
				away = 1 - away
			}
			q, w := g.place(xy{g.w * float64(step) / bankSteps, away * g.h}), water[col*bankSteps+step]
			green := q.to(w, 0.78)
			road, path, shore = append(road, q), append(path, green), append(shore, w)
			if step == 0 && col%12 == 0 { // A long river has its green in pieces, end to end.
				flush()
				road, path, shore = []xy{q}, []xy{green}, []xy{w}
			}
		}
	}
	flush()
}

// mouth reports whether a canal meets the river on that side, 0 south or 1 north.
func (c *city) mouth(line int, side float64) bool {
	if side == 1 {
		return c.plan.isCanal(line, c.plan.river+1)
	}
	return c.plan.isCanal(line, c.plan.river-1)
}

// banks says where the water of the river begins and ends, as shares of its band: it is wider here and narrower there.
func (p *plan) banks(col float64) (from, to float64) {
	return riverFrom + 0.07*(1+math.Sin(col*1.7)*math.Cos(col*0.6)), riverTo - 0.05*(1+math.Sin(col*1.3+1))
}

// canal writes one canal, a little narrower than its strip.
func (c *city) canal(line int, k canalPlan) {
	const half = 9.0
	var middle []xy
	var along []xy // Directions.
	add := func(e *edge, from, to float64) {
		for i := range 13 {
			t := from + (to-from)*float64(i)/12
			if i == 12 && to == 1 {
				continue
			}
			middle = append(middle, e.at(t))
			along = append(along, e.at(t+0.01).minus(e.at(t-0.01)).unit())
		}
	}
	if k.from == c.plan.river+1 {
		add(c.alongAt(line, c.plan.river), riverTo-0.2, 1)
	}
	for row := k.from; row < k.to; row++ {
		e := c.alongAt(line, row)
		from, to := 0.0, 1.0
		if row == k.from && k.from != c.plan.river+1 {
			from = 45 / e.meters
		}
		if row == k.to-1 && k.to != c.plan.river {
			to = 1 - 45/e.meters
		}
		add(e, from, to)
	}
	if k.to == c.plan.river {
		add(c.alongAt(line, c.plan.river), 0, riverFrom+0.2)
	}
	var ring []xy
	for i, m := range middle {
		ring = append(ring, m.toward(along[i].left(), -half))
	}
	for i := len(middle) - 1; i >= 0; i-- {
		ring = append(ring, middle[i].toward(along[i].left(), half))
	}
	c.sheet.area(ring, "natural", "water", "water", "canal", "name", k.name.zh, "name:en", k.name.en)
	c.sheet.line(middle, "waterway", "canal", "name", k.name.zh, "name:en", k.name.en)
}

// line writes an open line.
func (s *sheet) line(points []xy, tags ...string) {
	var refs []int64
	for _, p := range points {
		refs = append(refs, s.node(p))
	}
	s.way(refs, tags...)
}
