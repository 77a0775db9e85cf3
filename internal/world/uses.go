package world

import (
	"math"
	"slices"
	"strconv"
)

// want is something that a cell must have, on the block that suits it best.
type want struct {
	use  string
	name title
	id   string  // Under which its place is found later; may be empty.
	area float64 // Of the block, square metres, about.
}

// settle gives every block its use and builds it.
func (c *cell) settle() {
	taken := make([]bool, len(c.blocks))
	for _, w := range c.city.wanted[cellAt{c.col, c.row}] {
		best, at := math.Inf(1), -1
		for i := range c.blocks {
			b := &c.blocks[i]
			if taken[i] || b.strip {
				continue
			}
			off := math.Abs(math.Log(b.area() / w.area))
			if w.use == "rail" && !c.besideRail(b) {
				off += 10
			}
			if off < best {
				best, at = off, i
			}
		}
		if at >= 0 {
			taken[at] = true
			c.special(&c.blocks[at], w)
		}
	}
	for i := range c.blocks {
		if !taken[i] {
			c.ordinary(&c.blocks[i])
		}
	}
}

// besideRail reports whether the street along the railway bounds the block.
func (c *cell) besideRail(b *block) bool {
	return slices.ContainsFunc(b.sides, func(s side) bool { return s.e.name.zh == "站前路" })
}

// ordinary builds a block as its quarter would.
func (c *cell) ordinary(b *block) {
	if b.strip {
		if l, ok := c.land(b, 1); ok {
			c.city.sheet.area(l.ring, "landuse", "grass")
		}
		return
	}
	l, ok := c.land(b, 1.5)
	if !ok {
		return
	}
	d := c.dice
	roll, area := d.roll(), b.area()
	switch c.zone {
	case zoneOld:
		switch {
		case roll < 0.02 && area < 9000:
			l.square(c.city.names.thing(d, "广场", "Square"))
		case roll < 0.04:
			l.market(c.city.names.thing(d, "菜市场", "Market"))
		default:
			l.lots(c.lotting())
		}
	case zoneCore:
		c.central(l, roll, area)
	case zoneIndustry:
		switch {
		case roll < 0.8 && area > 9000:
			l.works(c.city.names.kind(d, "机械厂/Machine-Works 纺织厂/Textile-Mill 电子厂/Electronics-Works 物流园/Logistics-Park 建材厂/Building-Materials-Works 食品厂/Food-Works 仪表厂/Instrument-Works"), nil)
		case roll < 0.88:
			l.park(title{}, "")
		default:
			c.city.sheet.area(l.ring, "landuse", "industrial")
			l.lots(c.lotting())
		}
	case zoneEdge:
		c.rural(l, roll)
	case zoneLiving, zoneRiver, zoneLake:
		c.living(l, roll, area)
	}
}

func (c *cell) central(l *land, roll, area float64) {
	d := c.dice
	switch {
	case roll < 0.3 && area > 12_000:
		if !l.estate(c.city.names.quarter(d)) {
			l.lots(c.lotting())
		}
	case roll < 0.35 && area > 6_000:
		l.park(c.city.names.thing(d, "公园", "Park"), "")
	case roll < 0.39 && area < 14_000:
		l.square(c.city.names.thing(d, "广场", "Square"))
	case roll < 0.44 && area > 9_000:
		l.school(c.city.names.kind(d, "小学/Primary-School 中学/Middle-School"))
	case roll < 0.455 && area > 9_000:
		l.hospital(c.city.names.thing(d, "医院", "Hospital"))
	default:
		c.city.sheet.area(l.ring, "landuse", "commercial")
		l.lots(c.lotting())
	}
}

func (c *cell) living(l *land, roll, area float64) {
	d := c.dice
	switch {
	case roll < 0.045 && area > 9_000:
		l.school(c.city.names.kind(d, "小学/Primary-School 中学/Middle-School 实验学校/Experimental-School"))
	case roll < 0.055 && area > 14_000:
		l.hospital(c.city.names.thing(d, "医院", "Hospital"))
	case roll < 0.115 && area > 8_000:
		l.park(c.city.names.thing(d, "公园", "Park"), "")
	case roll < 0.135:
		l.market(c.city.names.thing(d, "农贸市场", "Market"))
	case roll < 0.2:
		c.city.sheet.area(l.ring, "landuse", "commercial")
		l.lots(c.lotting())
	default:
		if !l.estate(c.city.names.quarter(d)) {
			l.lots(c.lotting())
		}
	}
}

func (c *cell) rural(l *land, roll float64) {
	d := c.dice
	switch {
	case roll < 0.22:
		n := c.city.names.thing(d, "村", "Village")
		c.city.sheet.area(l.ring, "landuse", "residential", "name", n.zh, "name:en", n.en)
		l.lots(c.lotting())
	case roll < 0.45:
		c.city.sheet.area(l.ring, "landuse", "forest")
	case roll < 0.55:
		l.works(c.city.names.kind(d, "砖厂/Brickworks 种子站/Seed-Station 农机站/Farm-Machinery-Station 苗圃/Nursery"), nil)
	default:
		c.city.sheet.area(l.ring, "landuse", "farmland")
	}
}

// special builds what the plan wants here, and remembers where it is.
func (c *cell) special(b *block, w want) {
	l, ok := c.land(b, 1.5)
	if !ok {
		return
	}
	at := middleOf(l.ring)
	switch w.use {
	case "police":
		at = l.police(w)
	case "hospital":
		at = l.hospital(w.name)
	case "school":
		at = l.school(w.name)
	case "park":
		at = l.park(w.name, w.id)
	case "sports":
		at = l.sports(w.name)
	case "works":
		at = l.works(w.name, []string{"man_made", "water_works"})
	case "depot":
		at = l.depot(w.name)
	case "rail":
		at = l.station(w.name)
	case "court":
		at = l.office(w.name, "amenity", "courthouse")
	case "coach":
		at = l.office(w.name, "amenity", "bus_station")
	case "tower":
		at = l.office(w.name, "office", "company")
	case "market":
		at = l.market(w.name)
	}
	if w.id != "" {
		c.city.found.Places[w.id] = degrees(at)
	}
}

// gate is where one enters the land from its greatest street; people and cars wait there.
func (l *land) gate() (front, bool) {
	i, ok := l.best(func(_ int, e *edge) float64 {
		switch e.class {
		case "primary", "secondary":
			return 1.2
		case "tertiary":
			return 1.5
		case "pedestrian":
			return 0.2
		}
		return 1
	})
	if !ok {
		return front{}, false
	}
	return l.front(i, 0.5), true
}

// grounds writes the area of something with a gate and gives the gate's place.
func (l *land) grounds(tags ...string) xy {
	s := l.cell.city.sheet
	s.area(l.ring, tags...)
	f, ok := l.gate()
	if !ok {
		return middleOf(l.ring)
	}
	_, number := l.stop(f)
	s.node(f.at, "barrier", "gate", "entrance", "main", "addr:street", l.streetOf(f.side), "addr:housenumber", number)
	s.counts.Entrances++
	return f.at
}

// police is a station's house at the street; the rest of the block is built as usual.
func (l *land) police(w want) xy {
	f, ok := l.gate()
	if !ok {
		return middleOf(l.ring)
	}
	b := box{at: f.at.toward(f.dir.left(), 14), dir: f.dir, half: 17, low: 8}
	for b.half > 5 && !l.free(b, 0) {
		b.half, b.low = b.half-2, b.low-0.7
		b.at = f.at.toward(f.dir.left(), 5+b.low)
	}
	_, number := l.stop(f)
	tags := []string{"building", "yes", "amenity", "police", "name", w.name.zh, "name:en", w.name.en, "building:levels", "4", "addr:street", l.streetOf(f.side), "addr:housenumber", number}
	if !l.house(b, 0, nil, tags...) {
		l.cell.city.sheet.node(f.at, tags[2:]...)
	}
	l.lots(l.cell.lotting())
	return f.at
}

func (l *land) office(n title, key, value string) xy {
	f, ok := l.gate()
	if !ok {
		return middleOf(l.ring)
	}
	b := box{at: f.at.toward(f.dir.left(), 22), dir: f.dir, half: 24, low: 13}
	for b.half > 6 && !l.free(b, 0) {
		b.half, b.low = b.half-2, b.low-1
		b.at = f.at.toward(f.dir.left(), 6+b.low)
	}
	l.house(b, 0, nil, "building", "yes", key, value, "name", n.zh, "name:en", n.en, "building:levels", strconv.Itoa(6+l.cell.dice.under(20)),
		"addr:street", l.streetOf(f.side), "addr:housenumber", l.number(f))
	l.lots(l.cell.lotting())
	return f.at
}
