package callers

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"time"
)

// cumulative is a list of weights summed up, to pick one by chance.
type cumulative []float64

func newCumulative(weights []float64) cumulative {
	out := make(cumulative, len(weights))
	sum := 0.0
	for i, w := range weights {
		sum += max(0, w)
		out[i] = sum
	}
	return out
}

func (c cumulative) total() float64 {
	if len(c) == 0 {
		return 0
	}
	return c[len(c)-1]
}

// pick gives an index for x from 0 up to 1.
func (c cumulative) pick(x float64) int {
	i := sort.SearchFloat64s(c, x*c.total())
	for i < len(c)-1 && c[i] <= x*c.total() { // Weights of 0 are never picked.
		i++
	}
	return min(i, len(c)-1)
}

// weighed makes names in a fixed order and their weights of a map.
func weighed(m map[string]float64) ([]string, cumulative) {
	names := slices.Sorted(maps.Keys(m))
	weights := make([]float64, len(names))
	for i, n := range names {
		weights[i] = m[n]
	}
	return names, newCumulative(weights)
}

// mix spreads what is in a number over all its bits: neighbours become strangers. (The finaliser of SplitMix64,
// Steele, Lea, Flood 2014.)
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// poisson draws how many events come when mean are expected, by multiplying chances (Knuth); in parts, so that a big
// mean does not run out of figures.
func poisson(rng *rand.Rand, mean float64) int {
	const part = 30.0
	n := 0
	for mean > 0 {
		least, p := math.Exp(-min(mean, part)), 1.0
		for {
			if p *= rng.Float64(); p <= least {
				break
			}
			n++
		}
		mean -= part
	}
	return n
}

// wait draws a time of which the mean is given, exponential, in whole milliseconds.
func wait(rng *rand.Rand, mean time.Duration) time.Duration {
	return time.Duration(rng.ExpFloat64() * float64(mean)).Truncate(time.Millisecond)
}

// around draws a time around a median, log-normal, in whole seconds.
func around(rng *rand.Rand, median time.Duration, sigma float64) time.Duration {
	return time.Duration(float64(median) * math.Exp(rng.NormFloat64()*sigma)).Truncate(time.Second)
}
