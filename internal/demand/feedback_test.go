package demand_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"shuniu/internal/demand"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/publicdata"
)

// reference reads a file of published figures into v, or skips the test where there is none.
func reference(t *testing.T, name string, v any) {
	t.Helper()
	text, err := os.ReadFile(publicdata.File(t, filepath.Join("reference", name)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
}

// The urn of Ensign et al. (2018): two areas of equal truth, an urn that begins at 1:1, 20,000 rounds. A patrol goes to an
// area with the probability of its share of the urn and meets an incident there in half of all cases. Naive: each one met
// adds a ball. Corrected: only with the probability of the other area's share. It gives the patrols' log.
func urn(chance *rand.Rand, rounds int, corrected bool, met func(round, area int)) (shareA float64) {
	balls := [2]float64{1, 1}
	for round := range rounds {
		area := 0
		if chance.Float64()*(balls[0]+balls[1]) >= balls[0] {
			area = 1
		}
		if chance.Float64() >= 0.5 {
			continue
		}
		met(round, area)
		if !corrected || chance.Float64()*(balls[0]+balls[1]) < balls[1-area] {
			balls[area]++
		}
	}
	return balls[0] / (balls[0] + balls[1])
}

// quarters are two areas, 5 km apart.
var quarters = [2]geo.Point{{Lon: 121.40, Lat: 31.2}, {Lon: 121.45, Lat: 31.2}}

func shareOfA(m *demand.Map) float64 {
	west, all := 0.0, 0.0
	for i, c := range m.Cells() {
		all += m.PerHour()[i]
		if c.Place.Lon < (quarters[0].Lon+quarters[1].Lon)/2 {
			west += m.PerHour()[i]
		}
	}
	return west / all
}

// A forecast that learns from patrols runs away: 200 towns of equal truth end anywhere. Corrected it does not, and ours, which is
// fed what callers say, gives the same share to the last bit, whatever the patrols' log says.
func TestRunawayFeedback(t *testing.T) {
	const seeds, rounds = 200, 20_000
	var naive, corrected []float64
	calls := rand.New(rand.NewPCG(7, 7))
	var events []demand.Event
	for i := range 2_000 { // The callers of both areas, as many in each but for chance.
		at := quarters[calls.IntN(2)].Offset(calls.Float64()*400, calls.Float64()*400)
		events = append(events, demand.Event{At: monday.Add(time.Duration(i) * time.Minute), Place: at, By: demand.Caller})
	}
	want := shareOfA(demand.Fit(events, demand.Options{}))
	if math.Abs(want-0.5) > 0.05 {
		t.Fatalf("the callers' share of A is %g", want)
	}
	var log []demand.Event
	for seed := range uint64(seeds) {
		log = log[:0]
		naive = append(naive, urn(rand.New(rand.NewPCG(seed, 1)), rounds, false, func(round, area int) {
			log = append(log, demand.Event{At: monday.Add(time.Duration(round) * time.Minute), Place: quarters[area], By: demand.Officer})
		}))
		corrected = append(corrected, urn(rand.New(rand.NewPCG(seed, 2)), rounds, true, func(int, int) {}))
		m := demand.Fit(slices.Concat(log, events), demand.Options{})
		if got := shareOfA(m); got != want || m.Source().OfficerLeftOut != len(log) {
			t.Fatalf("seed %d: the patrols' log moved the share from %g to %g; %d of %d left out", seed, want, got, m.Source().OfficerLeftOut, len(log))
		}
	}
	percentiles := func(v []float64) (p5, median, p95 float64) {
		slices.Sort(v)
		return v[seeds*5/100], v[seeds/2], v[seeds*95/100]
	}
	p5, median, p95 := percentiles(naive)
	if p95-p5 <= 0.8 {
		t.Errorf("naive: %g .. %g does not run away", p5, p95)
	}
	t.Logf("naive %.3f %.3f %.3f", p5, median, p95)
	p5, median, p95 = percentiles(corrected)
	if p95-p5 >= 0.05 || math.Abs(median-0.5) > 0.01 {
		t.Errorf("corrected: %g %g %g", p5, median, p95)
	}
	t.Logf("corrected %.3f %.3f %.3f", p5, median, p95)
}

// The formulas of the NIJ challenge give what its notes work out.
func TestForetold(t *testing.T) {
	counts := []int{10, 7, 5, 3, 2, 1, 1, 1, 0, 0}
	for _, tt := range []struct {
		chosen   []int
		pai, pei float64
	}{{[]int{0, 2}, 2.5, 15.0 / 17}, {[]int{0, 1}, 17.0 / 6, 1}} {
		a, err := demand.Foretold(counts, tt.chosen)
		if err != nil || math.Abs(a.PAI-tt.pai) > 1e-12 || math.Abs(a.PEI-tt.pei) > 1e-12 {
			t.Errorf("%v: %+v, %v", tt.chosen, a, err)
		}
	}
	for _, chosen := range [][]int{nil, {10}, {-1}, {1, 1}} {
		if _, err := demand.Foretold(counts, chosen); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%v was taken", chosen)
		}
	}
	if _, err := demand.Foretold([]int{0, -1}, []int{0}); fault.KindOf(err) != fault.Invalid {
		t.Error("a negative count was taken")
	}
}

func TestForetoldReference(t *testing.T) {
	var file struct {
		Cases []struct {
			Counts []int   `json:"cell_counts"`
			Chosen []int   `json:"chosen_cells_0based"`
			Hits   int     `json:"n"`
			All    int     `json:"N"`
			Most   int     `json:"n_max"`
			PAI    float64 `json:"PAI"`
			PEI    float64 `json:"PEI"`
		} `json:"cases"`
		Tolerance float64 `json:"tolerance"`
	}
	reference(t, "forecast-pai-pei.json", &file)
	for _, c := range file.Cases {
		a, err := demand.Foretold(c.Counts, c.Chosen)
		if err != nil || a.Hits != c.Hits || a.All != c.All || a.Most != c.Most || math.Abs(a.PAI-c.PAI) > file.Tolerance || math.Abs(a.PEI-c.PEI) > file.Tolerance {
			t.Errorf("%+v: %+v, %v", c, a, err)
		}
	}
}
