package study_test

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/fault"
	"shuniu/internal/study"
)

// sanFrancisco is the file of 205 census tracts and 16 sites.
type sanFrancisco struct {
	Demand    []float64   `json:"demand"`
	Sites     []string    `json:"site_names"`
	Cost      [][]float64 `json:"cost_matrix_m"`
	Tolerance float64     `json:"tolerance"`
	Verified  []struct {
		P             int      `json:"p"`
		Sum           float64  `json:"p_median_weighted_sum"`
		Mean          float64  `json:"p_median_mean_distance"`
		MedianSites   []string `json:"p_median_sites"`
		Radius        float64  `json:"mclp_radius"`
		Covered       float64  `json:"mclp_covered_pop"`
		CoverSites    []string `json:"mclp_sites"`
		Uncovered     int      `json:"mclp_uncovered_tracts"`
		PercentTracts float64  `json:"mclp_percent_tracts"`
		PercentPop    float64  `json:"mclp_percent_pop"`
		Centre        float64  `json:"p_center"`
		CentreSites   []string `json:"p_center_sites"`
		Busy          float64  `json:"mexclp_q"`
		Expected      float64  `json:"mexclp_expected_pop"`
		ExpectedSites []string `json:"mexclp_sites"`
	} `json:"verified_here"`
}

// San Francisco, p from 2 to 5, by enumeration and by branching: the same values; enumerated, the same sites.
func TestPostsOfSanFrancisco(t *testing.T) {
	var file sanFrancisco
	if err := json.Unmarshal([]byte(reference(t, "location-sf-205x16.json")), &file); err != nil {
		t.Fatal(err)
	}
	s := &study.Posts{Cost: file.Cost, Weight: file.Demand}
	for _, v := range file.Verified {
		for _, o := range []study.Search{{}, {Branch: true}} {
			median, err := study.PMedian(t.Context(), s, v.P, -1, o)
			check(t, "p-median", median, err, v.Sum, file.Tolerance*v.Sum/1e3)
			near(t, "mean distance", median.Mean, v.Mean, file.Tolerance)
			cover, err := study.MCLP(t.Context(), s, v.P, v.Radius, o)
			check(t, "MCLP", cover, err, v.Covered, file.Tolerance)
			near(t, "percent of people", 100*cover.Covered/cover.Weight, v.PercentPop, file.Tolerance)
			centre, err := study.PCentre(t.Context(), s, v.P, -1, o)
			check(t, "p-centre", centre, err, v.Centre, file.Tolerance)
			near(t, "greatest distance", centre.Worst, v.Centre, file.Tolerance)
			expected, err := study.MEXCLP(t.Context(), s, v.P, v.Radius, v.Busy, o)
			check(t, "MEXCLP", expected, err, v.Expected, file.Tolerance)
			if o.Branch {
				continue
			}
			near(t, "percent of tracts", 100*float64(cover.CoveredPoints)/205, v.PercentTracts, file.Tolerance)
			for _, same := range []struct {
				got  []int
				want []string
			}{{median.Sites, v.MedianSites}, {cover.Sites, v.CoverSites}, {centre.Sites, v.CentreSites}, {expected.Sites, v.ExpectedSites}} {
				names := make([]string, len(same.got))
				for i, j := range same.got {
					names[i] = file.Sites[j]
				}
				if !slices.Equal(names, same.want) {
					t.Errorf("p=%d: %v, not %v", v.P, names, same.want)
				}
			}
		}
	}
}

func check(t *testing.T, what string, a study.Placement, err error, want, tolerance float64) {
	t.Helper()
	if err != nil || !a.Proven || a.Gap != 0 || a.Bound != a.Value {
		t.Errorf("%s: %+v, %v", what, a, err)
	}
	near(t, what, a.Value, want, tolerance)
}

// brute looks at every choice of units at sites by itself.
func brute(n, p int, repeat bool, value func(sites []int) float64) float64 {
	best := math.Inf(-1)
	var visit func(sites []int, from int)
	visit = func(sites []int, from int) {
		if len(sites) == p {
			best = max(best, value(sites))
			return
		}
		for j := from; j < n; j++ {
			next := j + 1
			if repeat {
				next = j
			}
			visit(append(sites, j), next)
		}
	}
	visit(nil, 0)
	return best
}

func drawPosts(t *rapid.T) *study.Posts {
	m, n := rapid.IntRange(1, 12).Draw(t, "points"), rapid.IntRange(1, 7).Draw(t, "sites")
	whole := rapid.Bool().Draw(t, "whole numbers")
	draw := func(name string) float64 {
		if whole {
			return float64(rapid.IntRange(0, 9).Draw(t, name))
		}
		return rapid.Float64Range(0, 10).Draw(t, name)
	}
	s := &study.Posts{}
	for range m {
		row := make([]float64, n)
		for j := range row {
			row[j] = draw("cost")
		}
		s.Cost, s.Weight = append(s.Cost, row), append(s.Weight, draw("weight"))
	}
	return s
}

// Every model finds the best that there is, by enumeration and by branching, and proves it.
func TestPostsAgainstBruteForce(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawPosts(rt)
		n := len(s.Cost[0])
		p := rapid.IntRange(1, n).Draw(rt, "p")
		radius, busy := rapid.Float64Range(0, 8).Draw(rt, "radius"), rapid.Float64Range(0, 0.9).Draw(rt, "busy")
		least := func(row []float64, sites []int) float64 {
			c := math.Inf(1)
			for _, j := range sites {
				c = min(c, row[j])
			}
			return c
		}
		over := func(sites []int, each func(i int, row []float64) float64) (sum float64) {
			for i, row := range s.Cost {
				sum += each(i, row)
			}
			return sum
		}
		for _, model := range []struct {
			name   string
			repeat bool
			sign   float64
			value  func(sites []int) float64
			solve  func(o study.Search) (study.Placement, error)
		}{
			{"p-median", false, -1, func(sites []int) float64 {
				return -over(sites, func(i int, row []float64) float64 { return s.Weight[i] * least(row, sites) })
			}, func(o study.Search) (study.Placement, error) { return study.PMedian(t.Context(), s, p, radius, o) }},
			{"MCLP", false, 1, func(sites []int) float64 {
				return over(sites, func(i int, row []float64) float64 {
					if least(row, sites) <= radius {
						return s.Weight[i]
					}
					return 0
				})
			}, func(o study.Search) (study.Placement, error) { return study.MCLP(t.Context(), s, p, radius, o) }},
			{"MEXCLP", true, 1, func(sites []int) float64 {
				return over(sites, func(i int, row []float64) float64 {
					none := 1.0
					for _, j := range sites {
						if row[j] <= radius {
							none *= busy
						}
					}
					return s.Weight[i] * (1 - none)
				})
			}, func(o study.Search) (study.Placement, error) { return study.MEXCLP(t.Context(), s, p, radius, busy, o) }},
			{"p-centre", false, -1, func(sites []int) float64 {
				most := 0.0
				for _, row := range s.Cost {
					most = max(most, least(row, sites))
				}
				return -most
			}, func(o study.Search) (study.Placement, error) { return study.PCentre(t.Context(), s, p, radius, o) }},
		} {
			want := brute(n, p, model.repeat, model.value)
			for _, o := range []study.Search{{}, {Branch: true}} {
				a, err := model.solve(o)
				if err != nil {
					rt.Fatal(err)
				}
				again, _ := model.solve(o)
				if got := model.value(a.Sites); len(a.Sites) != p || !a.Proven || math.Abs(got-want) > 1e-8*(1+math.Abs(want)) || math.Abs(a.Value*model.sign-want) > 1e-8*(1+math.Abs(want)) {
					rt.Errorf("%s %+v: %v is worth %g, said %g with a bound of %g; the best is %g", model.name, o.Branch, a.Sites, got, a.Value*model.sign, a.Bound, want)
				}
				if !reflect.DeepEqual(clean(a), clean(again)) {
					rt.Errorf("%s: another answer the second time", model.name)
				}
			}
		}
	})
}

// clean makes answers comparable: NaN is not equal to itself.
func clean(a study.Placement) study.Placement {
	if math.IsNaN(a.Mean) {
		a.Mean = -1
	}
	if math.IsNaN(a.Covered) {
		a.Covered = -1
	}
	return a
}

// scattered draws points and sites on a plane.
func scattered(m, n int, seed uint64) *study.Posts {
	chance := rand.New(rand.NewPCG(seed, 0))
	sites := make([][2]float64, n)
	for j := range sites {
		sites[j] = [2]float64{chance.Float64() * 30_000, chance.Float64() * 30_000}
	}
	s := &study.Posts{}
	for range m {
		x, y := chance.Float64()*30_000, chance.Float64()*30_000
		row := make([]float64, n)
		for j, at := range sites {
			row[j] = math.Hypot(x-at[0], y-at[1])
		}
		s.Cost, s.Weight = append(s.Cost, row), append(s.Weight, float64(1+chance.IntN(1000)))
	}
	return s
}

// Where the effort does not suffice the answer holds its own bound, and says so.
func TestPostsWithoutEffort(t *testing.T) {
	s := scattered(300, 60, 1)
	for _, solve := range []func(o study.Search) (study.Placement, error){
		func(o study.Search) (study.Placement, error) { return study.PMedian(t.Context(), s, 8, -1, o) },
		func(o study.Search) (study.Placement, error) { return study.MCLP(t.Context(), s, 8, 3500, o) },
		func(o study.Search) (study.Placement, error) { return study.MEXCLP(t.Context(), s, 8, 3500, 0.4, o) },
		func(o study.Search) (study.Placement, error) { return study.PCentre(t.Context(), s, 8, -1, o) },
	} {
		told := 0
		full, err := solve(study.Search{Progress: func(_, _, gap float64) {
			if !(gap >= 0) {
				t.Errorf("a gap of %g", gap)
			}
			told++
		}})
		if err != nil || !full.Proven || told == 0 {
			t.Errorf("%+v, told %d times, %v", full, told, err)
		}
		short, err := solve(study.Search{Effort: 1})
		if err != nil || short.Gap < 0 || (full.Value-short.Bound)*(short.Value-short.Bound) < 0 {
			t.Errorf("%g of %g, the best is %g, %v", short.Value, short.Bound, full.Value, err)
		}
		t.Logf("%s %d nodes, without effort a gap of %.4f", full.Method, full.Nodes, short.Gap)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if a, err := study.PMedian(done, s, 8, -1, study.Search{}); err != nil || !a.Stopped || a.Proven || len(a.Sites) != 8 {
		t.Errorf("stopped: %+v, %v", a, err)
	}
}

// Nearly all of the sites are few choices, and must not be looked for among all sets of sites.
func TestNearlyAllSites(t *testing.T) {
	const n, p = 60, 58
	s := &study.Posts{}
	for i := range n {
		row := make([]float64, n)
		for j := range row {
			row[j] = math.Abs(float64(i - j))
		}
		s.Cost, s.Weight = append(s.Cost, row), append(s.Weight, float64(1+i%7))
	}
	a, err := study.PMedian(t.Context(), s, p, 1, study.Search{})
	if err != nil || !a.Proven || a.Value != 2 || a.Nodes != n*(n-1)/2 { // Two points of weight 1 walk one step.
		t.Errorf("%+v %v", a, err)
	}
}

func TestPostsRefused(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	good := func() *study.Posts {
		return &study.Posts{Cost: [][]float64{{1, 2}, {3, 4}}, Weight: []float64{1, 0}}
	}
	for name, change := range map[string]func(s *study.Posts) int{
		"nothing":           func(s *study.Posts) int { *s = study.Posts{}; return 1 },
		"no sites":          func(s *study.Posts) int { s.Cost = [][]float64{{}, {}}; return 1 },
		"a ragged row":      func(s *study.Posts) int { s.Cost[1] = s.Cost[1][:1]; return 1 },
		"a NaN cost":        func(s *study.Posts) int { s.Cost[1][1] = nan; return 1 },
		"a negative cost":   func(s *study.Posts) int { s.Cost[1][1] = -1; return 1 },
		"a huge cost":       func(s *study.Posts) int { s.Cost[1][1] = 1e300; return 1 },
		"a NaN weight":      func(s *study.Posts) int { s.Weight[0] = nan; return 1 },
		"a negative weight": func(s *study.Posts) int { s.Weight[0] = -1; return 1 },
		"an endless weight": func(s *study.Posts) int { s.Weight[0] = inf; return 1 },
		"a missing weight":  func(s *study.Posts) int { s.Weight = s.Weight[:1]; return 1 },
		"no posts":          func(*study.Posts) int { return 0 },
		"a huge p":          func(*study.Posts) int { return math.MaxInt },
	} {
		s := good()
		p := change(s)
		for model, err := range solveAll(t, s, p, 2, 0.3) {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("%s, %s: %v", name, model, err)
			}
		}
	}
	for model, err := range solveAll(t, good(), 3, 2, 0.3) {
		if model != "mexclp" && fault.KindOf(err) != fault.Invalid {
			t.Errorf("three posts on two sites, %s: %v", model, err)
		}
	}
	for model, err := range solveAll(t, good(), 1, nan, nan) {
		if model[0] == 'm' && fault.KindOf(err) != fault.Invalid {
			t.Errorf("a radius of NaN, %s: %v", model, err)
		}
	}
	far := good()
	far.Cost[1] = []float64{inf, inf}
	if a, err := study.MCLP(t.Context(), far, 1, 1, study.Search{}); err != nil || a.Value != 1 || a.Serves[1] != -1 {
		t.Errorf("a point that nobody reaches: %+v, %v", a, err)
	}
	zero := &study.Posts{Cost: [][]float64{{1, 2}, {3, 4}}, Weight: []float64{0, 0}}
	for _, o := range []study.Search{{}, {Branch: true}} {
		if a, err := study.PMedian(t.Context(), zero, 1, 1, o); err != nil || !a.Proven || a.Value != 0 {
			t.Errorf("no weight: %+v, %v", a, err)
		}
		if a, err := study.MEXCLP(t.Context(), zero, 9, 1, 0.5, o); err != nil || !a.Proven || a.Value != 0 {
			t.Errorf("no weight: %+v, %v", a, err)
		}
	}
}

func solveAll(t *testing.T, s *study.Posts, p int, radius, busy float64) map[string]error {
	t.Helper()
	out := map[string]error{}
	_, out["pmedian"] = study.PMedian(t.Context(), s, p, radius, study.Search{})
	_, out["mclp"] = study.MCLP(t.Context(), s, p, radius, study.Search{})
	_, out["mexclp"] = study.MEXCLP(t.Context(), s, p, radius, busy, study.Search{})
	_, out["pcentre"] = study.PCentre(t.Context(), s, p, radius, study.Search{})
	return out
}

// A node may ask for more units than there are; then there is nothing in it.
func TestBranchingAsksForTooMany(t *testing.T) {
	for seed := range uint64(60) {
		chance := rand.New(rand.NewPCG(seed, 9))
		n := 2 + chance.IntN(6)
		s := &study.Posts{}
		for range 12 {
			row := make([]float64, n)
			for j := range row {
				row[j] = chance.Float64()
			}
			s.Cost, s.Weight = append(s.Cost, row), append(s.Weight, chance.Float64())
		}
		for _, busy := range []float64{0, 1e-10, 0.3} {
			a, err := study.MEXCLP(t.Context(), s, n, 0.2, busy, study.Search{Branch: true})
			if err != nil {
				t.Fatal(err)
			}
			b, err := study.MEXCLP(t.Context(), s, n, 0.2, busy, study.Search{})
			if err != nil || !a.Proven || math.Abs(a.Value-b.Value) > 1e-8 {
				t.Fatalf("seed %d: %g by branching, %g by enumeration, %v", seed, a.Value, b.Value, err)
			}
		}
	}
}
