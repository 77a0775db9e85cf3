package world

import (
	"math"
	"strconv"
)

// grid sets halls or houses in rows over the land, along its main street, in the first part of it or all.
func (l *land) grid(half, low [2]float64, room, part float64, levels [2]int, tags ...string) {
	f, ok := l.gate()
	if !ok {
		return
	}
	d := l.cell.dice
	deep := 0.0
	for deep < 600 && inside(l.ring, f.at.toward(f.dir.left(), deep+8)) {
		deep += 6
	}
	for v := 12.0; v < deep*part; {
		h := d.between(low[0], low[1])
		for _, side := range []float64{-1, 1} {
			for u := 7.0; u < 300; {
				w := d.between(half[0], half[1])
				b := box{at: f.at.toward(f.dir, side*(u+w)).toward(f.dir.left(), v+h), dir: f.dir, half: w, low: h}
				if !inside(l.ring, b.at) {
					break
				}
				l.house(b, room*0.4, nil, append(tags, "building:levels", strconv.Itoa(levels[0]+d.under(levels[1]-levels[0]+1)))...)
				u += 2*w + room*d.between(0.7, 1.3)
			}
		}
		v += 2*h + room*d.between(0.8, 1.3)
	}
}

// works is a factory or a store with its halls.
func (l *land) works(n title, more []string) xy {
	at := l.grounds(append([]string{"landuse", "industrial", "name", n.zh, "name:en", n.en}, more...)...)
	t := 1 + l.cell.thrift()*0.9
	l.grid([2]float64{18 * t, 42 * t}, [2]float64{10 * t, 20 * t}, 18, 0.95, [2]int{1, 3}, "building", "industrial")
	return at
}

// depot is a store of oil: round tanks in a fence.
func (l *land) depot(n title) xy {
	at := l.grounds("landuse", "industrial", "industrial", "oil_depot", "name", n.zh, "name:en", n.en)
	s, d := l.cell.city.sheet, l.cell.dice
	m := middleOf(l.ring)
	f, ok := l.gate()
	if !ok {
		return at
	}
	for u := -200.0; u <= 200; u += 46 {
		for v := -200.0; v <= 200; v += 46 {
			r := d.between(12, 17)
			b := box{at: m.toward(f.dir, u).toward(f.dir.left(), v), dir: f.dir, half: r, low: r}
			if !l.free(b, 8) {
				continue
			}
			l.boxes = append(l.boxes, b)
			var ring []xy
			for k := range 12 {
				a := float64(k) * math.Pi / 6
				ring = append(ring, b.at.plus(xy{r * math.Cos(a), r * math.Sin(a)}))
			}
			s.area(ring, "building", "storage_tank", "man_made", "storage_tank")
			s.counts.Buildings++
		}
	}
	return at
}

// school has its houses near the gate and a sports ground behind.
func (l *land) school(n title) xy {
	at := l.grounds("amenity", "school", "name", n.zh, "name:en", n.en)
	l.grid([2]float64{16, 28}, [2]float64{5, 7}, 14, 0.36, [2]int{3, 6}, "building", "school")
	l.pitch(0.7)
	return at
}

// pitch lays a sports ground where it has room, from a share of the depth on.
func (l *land) pitch(share float64) bool {
	f, ok := l.gate()
	if !ok {
		return false
	}
	deep := 0.0
	for deep < 600 && inside(l.ring, f.at.toward(f.dir.left(), deep+8)) {
		deep += 6
	}
	for _, k := range []float64{1, 0.85, 0.7, 0.55, 0.4, 0.3} {
		for _, u := range []float64{0, 25, -25, 50, -50, 80, -80} {
			b := box{at: f.at.toward(f.dir.left(), deep*share).toward(f.dir, u), dir: f.dir, half: 58 * k, low: 34 * k}
			if l.free(b, 6) {
				l.boxes = append(l.boxes, b)
				l.cell.city.sheet.area(stadium(b), "leisure", "pitch")
				return true
			}
		}
	}
	return false
}

// stadium is a rectangle with round ends.
func stadium(b box) []xy {
	var out []xy
	for _, end := range []float64{1, -1} {
		c := b.at.toward(b.dir, end*(b.half-b.low))
		for k := range 7 {
			a := -math.Pi/2 + float64(k)*math.Pi/6
			if end < 0 {
				a += math.Pi
			}
			out = append(out, c.toward(b.dir, b.low*math.Cos(a)).toward(b.dir.left(), b.low*math.Sin(a)))
		}
	}
	return out
}

func (l *land) hospital(n title) xy {
	at := l.grounds("amenity", "hospital", "name", n.zh, "name:en", n.en, "emergency", "yes")
	l.grid([2]float64{22, 38}, [2]float64{9, 14}, 24, 0.95, [2]int{5, 18}, "building", "hospital")
	return at
}

// sports is a sports centre: a stadium, pitches, a hall.
func (l *land) sports(n title) xy {
	at := l.grounds("leisure", "sports_centre", "landuse", "recreation_ground", "name", n.zh, "name:en", n.en)
	l.pitch(0.55)
	l.pitch(0.8)
	l.pitch(0.25)
	l.grid([2]float64{24, 36}, [2]float64{14, 20}, 26, 0.9, [2]int{2, 3}, "building", "stadium")
	return at
}

func (l *land) market(n title) xy {
	at := l.grounds("landuse", "retail", "amenity", "marketplace", "name", n.zh, "name:en", n.en)
	l.grid([2]float64{14, 30}, [2]float64{7, 10}, 9, 0.95, [2]int{1, 2}, "building", "retail")
	return at
}

// square is an open place; two houses may stand at its edge.
func (l *land) square(n title) xy {
	s := l.cell.city.sheet
	s.area(l.scaled(0.92, l.cell.dice, 0), "place", "square", "name", n.zh, "name:en", n.en)
	if f, ok := l.gate(); ok {
		return f.at
	}
	return middleOf(l.ring)
}

// station is the great railway station with its square towards the city.
func (l *land) station(n title) xy {
	s := l.cell.city.sheet
	side, ok := l.best(func(_ int, e *edge) float64 {
		if e.name.zh == "站前路" {
			return 100
		}
		return 1
	})
	if !ok {
		return middleOf(l.ring)
	}
	s.area(l.ring, "landuse", "railway")
	f := l.front(side, 0.5)
	in := f.dir.left()
	b := box{at: f.at.toward(in, 30), dir: f.dir, half: min(95, l.meters(side)*0.38), low: 24}
	for b.half > 20 && !l.free(b, 0) {
		b.half, b.low = b.half-5, b.low-1
		b.at = f.at.toward(in, 6+b.low)
	}
	l.house(b, 0, nil, "building", "train_station", "railway", "station", "name", n.zh, "name:en", n.en, "building:levels", "3")
	q := box{at: b.at.toward(in, b.low+8), dir: f.dir}
	deep := 0.0
	for deep < 110 && inside(l.ring, q.at.toward(in, deep+10)) {
		deep += 5
	}
	q.at, q.low = q.at.toward(in, deep/2), deep/2
	for q.half = b.half; q.half > 20 && !q.within(l.ring); q.half -= 4 {
	}
	if deep > 20 {
		s.area(q.ring(), "place", "square", "name", "站前广场", "name:en", "Station Square")
		l.boxes = append(l.boxes, q)
	}
	l.cell.city.found.Places["post_zhanqian"] = degrees(f.at)
	l.lots(l.cell.lotting())
	return b.at
}
