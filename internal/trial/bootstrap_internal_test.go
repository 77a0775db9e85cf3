package trial

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// Of many made months, the interval holds the true median about as often as it says: 95 in 100, somewhat fewer because
// thirty blocks are few.
func TestIntervalsHoldTheTruth(t *testing.T) {
	const months, days, calls = 300, 30, 20
	held := map[string]int{}
	for m := range months {
		rng := rand.New(rand.NewPCG(uint64(m), 5))
		var list []sample
		for d := range days {
			mood := 40 * rng.NormFloat64() // What a day's calls share.
			for range calls {
				list = append(list, sample{d, 400 + mood + 100*rng.NormFloat64()})
			}
		}
		b := blocksOf(list, days)
		for name, q := range map[string]struct{ share, truth float64 }{"p50": {0.5, 400}, "p90": {0.9, 400 + 1.2816*math.Hypot(40, 100)}} {
			i := resample(uint64(m), days, 300, func(times []int) float64 { return b.quantile(q.share, times) })
			if i.Low <= q.truth && q.truth <= i.High {
				held[name]++
			}
			if i.Low > i.Mid || i.Mid > i.High {
				t.Fatalf("%s: %+v", name, i)
			}
		}
	}
	for name, n := range held {
		if share := float64(n) / months; share < 0.88 || share > 0.985 {
			t.Errorf("%s lies in its interval in %.3f of all months, want about 0.93", name, share)
		}
	}
}

// The quantile of counted blocks is that of the list with every block written out as often.
func TestQuantilesOfBlocks(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 300 {
		n := 1 + rng.IntN(6)
		var list []sample
		for range rng.IntN(30) {
			list = append(list, sample{rng.IntN(n), float64(rng.IntN(10))})
		}
		times := make([]int, n)
		for i := range times {
			times[i] = rng.IntN(3)
		}
		var all []float64
		for _, s := range list {
			for range times[s.block] {
				all = append(all, s.value)
			}
		}
		share := rng.Float64()
		got := blocksOf(list, n).quantile(share, times)
		if len(all) == 0 {
			if !math.IsNaN(got) {
				t.Fatalf("of nothing: %v", got)
			}
			continue
		}
		slices.Sort(all)
		if want := all[max(0, int(math.Ceil(share*float64(len(all))-1e-9))-1)]; got != want {
			t.Fatalf("%v of %v: %v, want %v", share, all, got, want)
		}
	}
}

func TestSpearman(t *testing.T) {
	if got := Spearman([]float64{1, 2, 3, 4}, []float64{10, 20, 30, 400}); got != 1 {
		t.Errorf("the same order: %v", got)
	}
	if got := Spearman([]float64{1, 2, 3}, []float64{3, 2, 1}); got != -1 {
		t.Errorf("the other order: %v", got)
	}
	if got := Spearman([]float64{1, 1, 2, 2}, []float64{1, 2, 1, 2}); got != 0 {
		t.Errorf("ties: %v", got)
	}
	if got := Spearman([]float64{1, 1}, []float64{1, 2}); got != 0 {
		t.Errorf("no order: %v", got)
	}
}
