package trial

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
)

// Interval is a figure with the bounds within which it lies in 95 of 100 resamplings.
type Interval struct {
	Low  float64 `json:"low"`
	Mid  float64 `json:"mid"` // The figure itself.
	High float64 `json:"high"`
}

// sample is one measured value with the block of time that it belongs to. Calls of one day share its weather and its
// queues, so whole blocks are drawn and never single calls.
type sample struct {
	block int
	value float64
}

// blocks are values by block, each sorted, with all values in one list.
type blocks struct {
	by  [][]float64
	all []float64
}

// blocksOf groups values. n is how many blocks there are; some may hold nothing.
func blocksOf(list []sample, n int) blocks {
	b := blocks{by: make([][]float64, n), all: make([]float64, 0, len(list))}
	for _, s := range list {
		b.by[s.block] = append(b.by[s.block], s.value)
		b.all = append(b.all, s.value)
	}
	for _, v := range b.by {
		slices.Sort(v)
	}
	slices.Sort(b.all)
	return b
}

// quantile is the value at a share of the blocks taken so many times each, by the nearest rank. NaN of nothing.
func (b blocks) quantile(share float64, times []int) float64 {
	total := 0
	for i, v := range b.by {
		total += times[i] * len(v)
	}
	if total == 0 {
		return math.NaN()
	}
	rank := max(1, int(math.Ceil(share*float64(total)-1e-9)))
	at := sort.Search(len(b.all), func(k int) bool {
		below := 0
		for i, v := range b.by {
			if times[i] > 0 {
				below += times[i] * sort.Search(len(v), func(j int) bool { return v[j] > b.all[k] })
			}
		}
		return below >= rank
	})
	return b.all[min(at, len(b.all)-1)]
}

// mean is the mean of the blocks taken so many times each; NaN of nothing.
func (b blocks) mean(times []int) float64 {
	sum, n := 0.0, 0
	for i, v := range b.by {
		if times[i] == 0 {
			continue
		}
		for _, x := range v {
			sum += float64(times[i]) * x
		}
		n += times[i] * len(v)
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}

// draws is how often blocks are drawn again for an interval, unless said otherwise.
const draws = 1000

// resample draws blocks with replacement (the percentile bootstrap of Efron, 1979, over whole blocks as Künsch, 1989) and
// gives the interval of what a figure is then. figure must read nothing but the counts that it is given.
func resample(seed uint64, n, draws int, figure func(times []int) float64) Interval {
	var p pool
	p.add(resampled(seed, n, draws, figure))
	return p.interval()
}

// resampled gives a figure as it is, and as it is after each drawing.
func resampled(seed uint64, n, draws int, figure func(times []int) float64) (mid float64, got []float64) {
	times := make([]int, n)
	for i := range times {
		times[i] = 1
	}
	mid = figure(times)
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	got = make([]float64, 0, draws)
	for range draws {
		clear(times)
		for range n {
			times[rng.IntN(n)]++
		}
		if v := figure(times); !math.IsNaN(v) {
			got = append(got, v)
		}
	}
	return mid, got
}

// pool collects what several resamplings gave.
type pool struct{ mids, got []float64 }

func (p *pool) add(mid float64, got []float64) {
	p.mids, p.got = append(p.mids, mid), append(p.got, got...)
}

// interval is the middle of the figures, with the bounds of 95 of 100 drawings.
func (p *pool) interval() Interval {
	mid := quantileOf(p.mids, 0.5)
	if len(p.got) == 0 {
		return Interval{mid, mid, mid}
	}
	return Interval{quantileOf(p.got, 0.025), mid, quantileOf(p.got, 0.975)}
}

// Spearman is the correlation of the ranks of two lists; equal values share the middle of their ranks. 0 where either
// list says nothing.
func Spearman(a, b []float64) float64 {
	ra, rb := ranks(a), ranks(b)
	mean := float64(len(a)+1) / 2
	var cov, va, vb float64
	for i := range ra {
		x, y := ra[i]-mean, rb[i]-mean
		cov, va, vb = cov+x*y, va+x*x, vb+y*y
	}
	if va == 0 || vb == 0 {
		return 0
	}
	return cov / math.Sqrt(va*vb)
}

func ranks(v []float64) []float64 {
	order := make([]int, len(v))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(v[i], v[j]) })
	out := make([]float64, len(v))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && v[order[j]] == v[order[i]] {
			j++
		}
		for k := i; k < j; k++ {
			out[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return out
}

// quantileOf is a quantile of a list by the nearest rank; 0 of nothing. It sorts the list.
func quantileOf(v []float64, share float64) float64 {
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	return v[max(0, int(math.Ceil(share*float64(len(v))-1e-9))-1)]
}
