package world

import "math"

// ground is the shape of the land: where the lines of the lattice lie on a flat board, and how the board is bent so
// that no street is quite straight, the outer rings are round and the river winds.
type ground struct {
	p          plan
	us, vs     []float64 // Places of the column and row lines on the board, metres.
	vertices   []xy      // Crossings on the board, jittered.
	reach      xy        // Half the size of the board.
	phase      [8]float64
	turn, tilt float64 // Cosine and sine of the whole city's angle.
}

// Widths of the river, metres.
const (
	riverBand = 330.0 // From quay to quay.
	riverFrom = 0.11  // Share of the band at which the water begins.
	riverTo   = 0.89
)

func newGround(p plan, seed uint64) *ground {
	g := &ground{p: p}
	d := diceFor(seed, 11)
	for i := range g.phase {
		g.phase[i] = d.between(0, 2*math.Pi)
	}
	angle := d.between(4, 9) * math.Pi / 180
	g.turn, g.tilt = math.Cos(angle), math.Sin(angle)
	g.us = spaced(d, p.cols, func(i int) float64 { return p.spacing(i, p.c0+6, d) })
	g.vs = spaced(d, p.rows, func(j int) float64 {
		if j == p.river {
			return riverBand
		}
		return p.spacing(j, p.r0+5, d) * 0.93
	})
	g.reach = xy{-g.us[0], -g.vs[0]}
	g.vertices = make([]xy, (p.cols+1)*(p.rows+1))
	for j := range p.rows + 1 {
		for i := range p.cols + 1 {
			g.vertices[j*(p.cols+1)+i] = g.crossing(i, j, diceFor(seed, 12, i, j))
		}
	}
	return g
}

// spacing is the room between two lines: narrow in the middle, wide outside.
func (p plan) spacing(k, middle int, d *dice) float64 {
	away := math.Abs(float64(k - middle))
	return min(700+away*38, 930)*d.between(0.82, 1.2) + 20
}

func spaced(_ *dice, n int, room func(int) float64) []float64 {
	out := make([]float64, n+1)
	for i := range n {
		out[i+1] = out[i] + room(i)
	}
	half := out[n] / 2
	for i := range out {
		out[i] -= half
	}
	return out
}

// crossing is where two lines meet; canals, railways and the river are kept smooth.
func (g *ground) crossing(i, j int, d *dice) xy {
	du, dv := d.between(-105, 105), d.between(-95, 95)
	if j == g.p.river || j == g.p.river+1 || j == g.p.rail {
		dv *= 0.08
	}
	if _, ok := g.p.canals[i]; ok {
		du *= 0.35
	}
	return xy{g.us[i] + du, g.vs[j] + dv}
}

func (g *ground) vertex(i, j int) xy {
	return g.vertices[j*(g.p.cols+1)+i]
}

// bend turns a place on the flat board into a place of the city, both in metres.
func (g *ground) bend(b xy) xy {
	ru, rv := g.reach.x*1.32, g.reach.y*1.32
	x := b.x * math.Sqrt(1-0.45*(b.y/rv)*(b.y/rv))
	y := b.y * math.Sqrt(1-0.45*(b.x/ru)*(b.x/ru))
	f := &g.phase
	if g.p.cols > coreCols { // Great cities have great bends.
		x += 420 * math.Sin(b.y/5200+f[6])
		y += 420 * math.Sin(b.x/5600+f[7])
	}
	x += 95*math.Sin(b.y/1150+f[0]) + 30*math.Sin(b.x/620+b.y/430+f[1])
	y += 95*math.Sin(b.x/1250+f[2]) + 26*math.Sin(b.x/470-b.y/690+f[3])
	from := (b.y - (g.vs[g.p.river]+g.vs[g.p.river+1])/2) / 1900
	y += (430*math.Sin(b.x/1500+f[4]) + 90*math.Sin(b.x/560+f[5])) * math.Exp(-from*from)
	return xy{x*g.turn - y*g.tilt, x*g.tilt + y*g.turn}
}

// curve is a smooth line through two neighbouring crossings, with the directions that its line has there.
type curve struct{ a, b, ta, tb xy }

// across is the row line j from column i to i+1; along is the column line i from row j to j+1.
func (g *ground) across(i, j int) curve {
	at := func(k int) xy { return g.vertex(min(max(k, 0), g.p.cols), j) }
	return through(at(i-1), at(i), at(i+1), at(i+2))
}

func (g *ground) along(i, j int) curve {
	at := func(k int) xy { return g.vertex(i, min(max(k, 0), g.p.rows)) }
	return through(at(j-1), at(j), at(j+1), at(j+2))
}

// through leaves a crossing in the direction of its neighbours, scaled so that unequal pieces do not swing.
func through(before, a, b, after xy) curve {
	l := a.away(b)
	return curve{a: a, b: b, ta: b.minus(before).unit().times(l), tb: after.minus(a).unit().times(l)}
}

// at gives the board's place at a share of a curve (cubic Hermite).
func (c curve) at(t float64) xy {
	t2, t3 := t*t, t*t*t
	h0, h1, h2, h3 := 2*t3-3*t2+1, -2*t3+3*t2, t3-2*t2+t, t3-t2
	return xy{
		c.a.x*h0 + c.b.x*h1 + c.ta.x*h2 + c.tb.x*h3,
		c.a.y*h0 + c.b.y*h1 + c.ta.y*h2 + c.tb.y*h3,
	}
}

// patch is the ground of one cell: its four sides, and the place of everything between them.
type patch struct {
	g                      *ground
	south, north, west, ea curve
	w, h                   float64 // Its mean width and height in the city, metres.
}

func (g *ground) patch(col, row int) *patch {
	p := &patch{g: g, south: g.across(col, row), north: g.across(col, row+1), west: g.along(col, row), ea: g.along(col+1, row)}
	p.w, p.h = 1, 1
	sw, se, nw, ne := p.place(xy{0, 0}), p.place(xy{1, 0}), p.place(xy{0, 1}), p.place(xy{1, 1})
	p.w, p.h = (sw.away(se)+nw.away(ne))/2, (sw.away(nw)+se.away(ne))/2
	return p
}

// place turns a place in the cell, x from 0 to w and y from 0 to h, into a place of the city (a Coons patch: the
// sides are met exactly).
func (p *patch) place(at xy) xy {
	s, t := at.x/p.w, at.y/p.h
	so, no, we, ea := p.south.at(s), p.north.at(s), p.west.at(t), p.ea.at(t)
	a, b, c, d := p.south.a, p.south.b, p.north.a, p.north.b
	return p.g.bend(xy{
		(1-t)*so.x + t*no.x + (1-s)*we.x + s*ea.x - ((1-s)*(1-t)*a.x + s*(1-t)*b.x + (1-s)*t*c.x + s*t*d.x),
		(1-t)*so.y + t*no.y + (1-s)*we.y + s*ea.y - ((1-s)*(1-t)*a.y + s*(1-t)*b.y + (1-s)*t*c.y + s*t*d.y),
	})
}
