package world

// expressways raises a road of two carriageways over each great ring, with ramps down to the ring below.
func (c *city) expressways() {
	for _, r := range c.plan.rings {
		if r.raised {
			c.expressway(r)
		}
	}
}

// stretch is one edge of a ring in the direction of travel.
type stretch struct {
	e    *edge
	back bool // Against the edge's own direction.
}

func (s stretch) at(t float64) xy {
	if s.back {
		t = 1 - t
	}
	return s.e.at(t)
}

// circle lists the edges of a ring counterclockwise, with the lengths of its sides.
func (c *city) circle(r ringPlan) (out []stretch, corners map[int]bool) {
	corners = make(map[int]bool)
	for i := r.west; i < r.east; i++ {
		out = append(out, stretch{c.acrossAt(i, r.south), false})
	}
	corners[len(out)] = true
	for j := r.south; j < r.north; j++ {
		out = append(out, stretch{c.alongAt(r.east, j), false})
	}
	corners[len(out)] = true
	for i := r.east - 1; i >= r.west; i-- {
		out = append(out, stretch{c.acrossAt(i, r.north), true})
	}
	corners[len(out)] = true
	for j := r.north - 1; j >= r.south; j-- {
		out = append(out, stretch{c.alongAt(r.west, j), true})
	}
	corners[0] = true
	return out, corners
}

const (
	carriageAway = 11.5 // From the middle of the ring to a carriageway, metres.
	cornerBegins = 64.0 // Metres before a corner at which the curve begins.
	pieceNodes   = 9    // Nodes of a carriageway on one edge.
)

func (c *city) expressway(r ringPlan) {
	s := c.sheet
	ring, corners := c.circle(r)
	name := title{r.name.zh + "高架", r.name.en + " Expressway"}
	var outer, inner []int64 // Counterclockwise outside, clockwise inside; both listed counterclockwise.
	for k, st := range ring {
		for i := range pieceNodes {
			t := float64(i) / pieceNodes
			if i == 0 && corners[k] {
				before := ring[(k+len(ring)-1)%len(ring)]
				a, z, m := before.at(1-cornerBegins/before.e.meters), st.at(cornerBegins/st.e.meters), st.at(0)
				for _, u := range []float64{0.1, 0.37, 0.63, 0.9} {
					p := a.to(m, u).to(m.to(z, u), u)
					d := m.minus(a).to(z.minus(m), u).unit()
					outer = append(outer, s.node(p.toward(d.left(), -carriageAway)))
					inner = append(inner, s.node(p.toward(d.left(), carriageAway)))
				}
				continue
			}
			away := t * st.e.meters
			if corners[k] && away < cornerBegins || corners[(k+1)%len(ring)] && st.e.meters-away < cornerBegins {
				continue
			}
			p := st.at(t)
			d := st.at(min(1, t+0.02)).minus(st.at(max(0, t-0.02))).unit()
			outer = append(outer, s.node(p.toward(d.left(), -carriageAway)))
			inner = append(inner, s.node(p.toward(d.left(), carriageAway)))
			if k%2 == 1 && !corners[k] && !corners[(k+1)%len(ring)] {
				c.ramp(st, i, t, outer[len(outer)-1], inner[len(inner)-1], name)
			}
		}
	}
	s.counts.StreetNodes += len(outer) + len(inner)
	tags := []string{"highway", "trunk", "name", name.zh, "name:en", name.en, "oneway", "yes", "maxspeed", "80", "lanes", "3", "bridge", "yes", "layer", "2"}
	outer, inner = append(outer, outer[0]), append(inner, inner[0])
	for i, j := 0, len(inner)-1; i < j; i, j = i+1, j-1 {
		inner[i], inner[j] = inner[j], inner[i]
	}
	for _, line := range [][]int64{outer, inner} {
		for len(line) > 1 {
			n := min(len(line), 40)
			s.way(line[:n], tags...)
			line = line[n-1:]
		}
	}
}

// ramp joins the ring below where a stretch has its ramps: down before its middle and up after it, on both sides.
func (c *city) ramp(st stretch, i int, t float64, outer, inner int64, name title) {
	const up, down = 7, 2 // Of the nodes of a stretch.
	if i != up && i != down || st.e.class == "" || st.e.bridge.zh != "" {
		return
	}
	s := c.sheet
	meet := 0.42 // Where the ramp that begins at node 2 touches the ground.
	if i == up {
		meet = 0.58
	}
	at := meet
	if st.back {
		at = 1 - meet
	}
	ground := st.e.stop(s, at)
	d := st.at(meet + 0.02).minus(st.at(meet - 0.02)).unit()
	mid := st.at(t + (meet-t)*0.55)
	tags := []string{"highway", "trunk_link", "name", name.zh + "匝道", "name:en", name.en + " Ramp", "oneway", "yes", "maxspeed", "40", "bridge", "yes", "layer", "1"}
	a, b := s.node(mid.toward(d.left(), -17)), s.node(mid.toward(d.left(), 17))
	s.counts.StreetNodes += 2
	if i == down {
		s.way([]int64{outer, a, ground}, tags...)
		s.way([]int64{ground, b, inner}, tags...)
	} else {
		s.way([]int64{ground, a, outer}, tags...)
		s.way([]int64{inner, b, ground}, tags...)
	}
}
