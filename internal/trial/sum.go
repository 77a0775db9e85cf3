package trial

import (
	"math"
	"time"
)

// Bootstrap says how intervals are drawn. The zero value draws a thousand times with seed 0.
type Bootstrap struct {
	Seed  uint64
	Draws int // 0 means 1000.
}

// Summary is what a playing of the calls gave. Times are seconds from the first word to the first unit on scene, over the
// calls that somebody reached.
type Summary struct {
	Calls   int `json:"calls"`     // That needed somebody.
	Reached int `json:"reached"`   // By at least one unit.
	Waited  int `json:"waited"`    // Nobody could be sent at once.
	GaveUp  int `json:"gave_up"`   // Nobody ever came.
	Short   int `json:"short"`     // Somebody of the plan never came.
	NoNeed  int `json:"no_need"`   // Nobody has to go.
	MostAt  int `json:"queue_max"` // Most calls that waited at once.

	MeanS  float64    `json:"mean_s"`
	P50S   float64    `json:"p50_s"`
	P90S   float64    `json:"p90_s"`
	P50CI  [2]float64 `json:"p50_ci"`
	P90CI  [2]float64 `json:"p90_ci"`
	Whole  Deciles    `json:"whole"`                  // Until everybody of the plan is there.
	Within *float64   `json:"within_share,omitempty"` // Of the calls with a limit for arriving.
	Km     float64    `json:"km"`

	ByPriority map[string]Deciles `json:"by_priority"`
	ByArea     map[string]Deciles `json:"by_area"` // By the responsible station.
}

// Deciles is a median and a ninth decile, in seconds.
type Deciles struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_s"`
	P90 float64 `json:"p90_s"`
}

// Difference is what a change does: after less before, on the same calls, with the blocks of both drawn together.
type Difference struct {
	P50   Interval `json:"p50_s"`
	P90   Interval `json:"p90_s"`
	Mean  Interval `json:"mean_s"`
	Km    float64  `json:"km"`
	Block string   `json:"block"` // What is drawn as one: "day", or "hours" where there are too few days.
	N     int      `json:"blocks"`
}

// With fewer days than daysLeast a day is too much to draw at once: three hours are drawn then.
const (
	daysLeast  = 8
	hoursBlock = 3 * 3600 * 1000
)

// block gives the block of each call, and how many there are.
func (t *Trial) block() (of []int, n int, name string) {
	of = make([]int, len(t.cases))
	last := t.cases[len(t.cases)-1]
	if last.day+1 >= daysLeast {
		for i := range t.cases {
			of[i] = t.cases[i].day
		}
		return of, last.day + 1, "day"
	}
	first := t.cases[0].at / hoursBlock
	for i := range t.cases {
		of[i] = int(t.cases[i].at/hoursBlock - first)
	}
	return of, int(last.at/hoursBlock-first) + 1, "hours"
}

// Sum gives the figures of a playing.
func (t *Trial) Sum(o Outcome, b Bootstrap) Summary {
	of, n, _ := t.block()
	s := Summary{Km: o.Km, MostAt: o.QueueMost, ByPriority: map[string]Deciles{}, ByArea: map[string]Deciles{}}
	var first []sample
	var whole []float64
	priority, area := map[string][]float64{}, map[string][]float64{}
	within, limited := 0, 0
	for i, v := range o.Served {
		c := &t.cases[i]
		if !v.Needed {
			s.NoNeed++
			continue
		}
		s.Calls++
		s.Waited, s.GaveUp, s.Short = s.Waited+one(v.Waited), s.GaveUp+one(v.GaveUp), s.Short+one(v.Short)
		if c.within > 0 {
			limited++
			within += one(v.First != never && v.First-order(v, c) <= c.within)
		}
		if v.Whole != never {
			whole = append(whole, v.Whole.Seconds())
		}
		if v.First == never {
			continue
		}
		s.Reached++
		x := v.First.Seconds()
		first = append(first, sample{of[i], x})
		p, a := string(c.incident.Priority), string(c.incident.Responsible.Org)
		priority[p], area[a] = append(priority[p], x), append(area[a], x)
	}
	for name, list := range priority {
		s.ByPriority[name] = pairOf(list)
	}
	for name, list := range area {
		s.ByArea[name] = pairOf(list)
	}
	s.Whole = pairOf(whole)
	if limited > 0 {
		share := float64(within) / float64(limited)
		s.Within = &share
	}
	if len(first) == 0 {
		return s
	}
	all := blocksOf(first, n)
	p50 := resample(b.Seed, n, b.draws(), func(times []int) float64 { return all.quantile(0.5, times) })
	p90 := resample(b.Seed, n, b.draws(), func(times []int) float64 { return all.quantile(0.9, times) })
	s.MeanS = mean(all.all)
	s.P50S, s.P90S = p50.Mid, p90.Mid
	s.P50CI, s.P90CI = [2]float64{p50.Low, p50.High}, [2]float64{p90.Low, p90.High}
	return s
}

// order is when the limit for arriving begins to run.
func order(v Served, c *scene) time.Duration {
	if c.ordered {
		return v.Order
	}
	return 0
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func pairOf(list []float64) Deciles {
	return Deciles{N: len(list), P50: quantileOf(list, 0.5), P90: quantileOf(list, 0.9)}
}

func (b Bootstrap) draws() int {
	if b.Draws > 0 {
		return b.Draws
	}
	return draws
}

// Compare gives what changed between two playings of the same calls. Only calls that were reached in both count for the
// times; who was reached in one only stands in the summaries.
func (t *Trial) Compare(before, after Outcome, b Bootstrap) Difference {
	of, n, name := t.block()
	var x, y, d []sample
	for i := range before.Served {
		if p, q := before.Served[i].First, after.Served[i].First; p != never && q != never {
			x, y = append(x, sample{of[i], p.Seconds()}), append(y, sample{of[i], q.Seconds()})
			d = append(d, sample{of[i], (q - p).Seconds()})
		}
	}
	out := Difference{Km: after.Km - before.Km, Block: name, N: n}
	if len(x) == 0 {
		return out
	}
	was, is, off := blocksOf(x, n), blocksOf(y, n), blocksOf(d, n)
	between := func(share float64) Interval {
		return resample(b.Seed, n, b.draws(), func(times []int) float64 { return is.quantile(share, times) - was.quantile(share, times) })
	}
	sums := make([]float64, n) // The mean needs only the sum of each block.
	for i, v := range off.by {
		for _, s := range v {
			sums[i] += s
		}
	}
	out.P50, out.P90 = between(0.5), between(0.9)
	out.Mean = resample(b.Seed, n, b.draws(), func(times []int) float64 {
		sum, count := 0.0, 0
		for i, k := range times {
			sum, count = sum+float64(k)*sums[i], count+k*len(off.by[i])
		}
		if count == 0 {
			return math.NaN()
		}
		return sum / float64(count)
	})
	return out
}
