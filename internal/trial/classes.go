package trial

import (
	"cmp"
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// spent is the time of every drive by class, at the map's own speeds.
type spent struct {
	names []string
	by    [][]float64 // By drive, by class: seconds.
	took  []float64   // Logarithm of the recorded seconds.
}

// solve finds the factors. Weighed like a likelihood: the logarithm's error as Laplace's, with its own scale, and each
// class around the whole as Gauss's. Beside driving every drive takes some seconds to stop, to find the door and to press the
// button; without them short ways would make small streets look slow and big ones fast. They are found with the factors.
// Street times do not hold them, so in the end all factors are moved together until half of the drives are foretold too long.
func (m *spent) solve() (factor map[string]float64, beside float64) {
	x := make([]float64, len(m.names)) // Logarithms of the factors.
	whole := bound(-m.middle(x))
	for c := range x {
		x[c] = whole
	}
	for range sweeps {
		scale := max(0.05, m.meanOff(x, beside))
		moved := 0.0
		for c := range x {
			was := x[c]
			x[c] = m.line(x, c, beside, whole, scale)
			moved = max(moved, math.Abs(x[c]-was))
		}
		beside = m.besides(x)
		mean := 0.0
		for c, share := range m.weights() {
			mean += share * x[c]
		}
		if whole = bound(mean); moved < 1e-3 {
			break
		}
	}
	level := m.middle(x)
	factor = map[string]float64{}
	for c, name := range m.names {
		factor[name] = bounded(math.Exp(x[c] - level))
	}
	return factor, beside
}

// sweeps is how often all classes are looked at; they settle after a few.
const sweeps = 25

// besideMax bounds the seconds that a drive takes beside driving.
const besideMax = 180

// middle is the median logarithm of recorded by foretold.
func (m *spent) middle(x []float64) float64 {
	off := make([]float64, len(m.by))
	for i, row := range m.by {
		off[i] = m.took[i] - math.Log(total(row, x))
	}
	return quantileOf(off, 0.5)
}

// weights is how much of the time is driven on each class.
func (m *spent) weights() []float64 {
	out := make([]float64, len(m.names))
	sum := 0.0
	for _, row := range m.by {
		for c, s := range row {
			out[c], sum = out[c]+s, sum+s
		}
	}
	for c := range out {
		out[c] /= sum
	}
	return out
}

// besides looks for the seconds that drives take beside driving.
func (m *spent) besides(x []float64) float64 {
	drive := make([]float64, len(m.by))
	for i, row := range m.by {
		drive[i] = total(row, x)
	}
	return golden(0, besideMax, 0.5, func(v float64) float64 {
		sum := 0.0
		for i, s := range drive {
			sum += rounded(m.took[i] - math.Log(s+v))
		}
		return sum
	})
}

// rounded is the absolute error, rounded at the bottom, so that a search does not stick in a corner.
func rounded(e float64) float64 { return math.Sqrt(e*e + 0.0025) }

// golden finds where a cost that falls and then rises is lowest, by golden sections.
func golden(lo, hi, until float64, cost func(float64) float64) float64 {
	ratio := (math.Sqrt(5) - 1) / 2
	a, b := hi-ratio*(hi-lo), lo+ratio*(hi-lo)
	fa, fb := cost(a), cost(b)
	for hi-lo > until {
		if fa < fb {
			hi, b, fb = b, a, fa
			a = hi - ratio*(hi-lo)
			fa = cost(a)
		} else {
			lo, a, fa = a, b, fb
			b = lo + ratio*(hi-lo)
			fb = cost(b)
		}
	}
	return (lo + hi) / 2
}

func bound(x float64) float64 { return min(math.Log(FactorMax), max(math.Log(FactorMin), x)) }

func total(row, x []float64) float64 {
	sum := 0.0
	for c, s := range row {
		sum += s * math.Exp(-x[c])
	}
	return sum
}

// meanOff is the mean absolute error of the logarithm.
func (m *spent) meanOff(x []float64, beside float64) float64 {
	sum := 0.0
	for i, row := range m.by {
		sum += math.Abs(m.took[i] - math.Log(total(row, x)+beside))
	}
	return sum / float64(len(m.by))
}

// off is the same for factors.
func (m *spent) off(factor map[string]float64) float64 {
	x := make([]float64, len(m.names))
	for c, name := range m.names {
		x[c] = math.Log(factor[name])
	}
	return m.meanOff(x, 0)
}

// line looks for the best factor of one class, the others as they are.
func (m *spent) line(x []float64, c int, beside, whole, scale float64) float64 {
	rest := make([]float64, len(m.by))
	own := math.Exp(-x[c])
	for i, row := range m.by {
		rest[i] = beside + total(row, x) - row[c]*own
	}
	return golden(math.Log(FactorMin), math.Log(FactorMax), 1e-4, func(v float64) float64 {
		share := math.Exp(-v)
		sum := (v - whole) * (v - whole) / (2 * classPrior * classPrior)
		for i, row := range m.by {
			sum += rounded(m.took[i]-math.Log(max(1e-9, rest[i]+row[c]*share))) / scale
		}
		return sum
	})
}

// shares lists the classes with how much of the time is driven on them, most first.
func (m *spent) shares(factor map[string]float64) []ClassFit {
	out := make([]ClassFit, len(m.names))
	for c, share := range m.weights() {
		out[c] = ClassFit{Class: m.names[c], Factor: factor[m.names[c]], Share: share}
	}
	slices.SortFunc(out, func(a, b ClassFit) int { return cmp.Or(cmp.Compare(b.Share, a.Share), cmp.Compare(a.Class, b.Class)) })
	return out
}

// classes knows the class of every straight piece of street.
type classes struct {
	at map[corner][]piece
}

// corner is a place to about a metre.
type corner [2]int32

func cornerOf(p geo.Point) corner {
	return corner{int32(math.Round(p.Lon * 1e5)), int32(math.Round(p.Lat * 1e5))}
}

type piece struct {
	to    geo.Point
	class string
}

func newClasses(lines []street.Line) *classes {
	c := &classes{at: map[corner][]piece{}}
	for _, l := range lines {
		for i := 1; i < len(l.Points); i++ {
			a, b := l.Points[i-1], l.Points[i]
			c.at[cornerOf(a)] = append(c.at[cornerOf(a)], piece{b, l.Class})
			c.at[cornerOf(b)] = append(c.at[cornerOf(b)], piece{a, l.Class})
		}
	}
	return c
}

// of is the class of the piece from a to b. The first and the last piece of a route begin in the middle of a street: there
// the street counts that runs along it. Empty where no end is a corner.
func (c *classes) of(a, b geo.Point) string {
	best, class := math.Inf(1), ""
	for _, end := range [2][2]geo.Point{{a, b}, {b, a}} {
		plane := geo.PlaneAt(end[1])
		for _, p := range c.at[cornerOf(end[0])] {
			if cornerOf(p.to) == cornerOf(end[1]) {
				return p.class
			}
			if d, _ := plane.Nearest(end[0], p.to); d < best {
				best, class = d, p.class
			}
		}
	}
	return class
}

// spent follows the routes of drives and adds up the time by class; factor is what the streets are driven with now.
func (c *classes) spent(ctx context.Context, f street.Finder, drives []Drive, factor map[string]float64) *spent {
	m := &spent{}
	at := map[string]int{}
	type row map[string]float64
	var rows []row
	for _, d := range drives {
		if ctx.Err() != nil {
			break
		}
		from, _ := f.Snap(d.From, snapMaxMeters)
		to, _ := f.Snap(d.To, snapMaxMeters)
		way, ok := f.Route(from, to)
		if !ok {
			continue
		}
		by := row{}
		for i := 1; i < len(way.Points); i++ {
			class := c.of(way.Points[i-1], way.Points[i])
			now := 1.0
			if v, known := factor[class]; known {
				now = v
			}
			by[class] += (way.Times[i] - way.Times[i-1]).Seconds() * now
		}
		delete(by, "")
		if len(by) == 0 || way.Duration < time.Second {
			continue
		}
		for class := range by {
			at[class] = 0
		}
		rows, m.took = append(rows, by), append(m.took, math.Log(d.Took.Seconds()))
	}
	m.names = slices.Sorted(maps.Keys(at))
	for i, name := range m.names {
		at[name] = i
	}
	for _, by := range rows {
		list := make([]float64, len(m.names))
		for class, s := range by {
			list[at[class]] = s
		}
		m.by = append(m.by, list)
	}
	return m
}
