package study_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"shuniu/internal/fault"
	"shuniu/internal/study"
)

// Erlang C of ten servers and eight erlangs, as in the tables.
func TestErlang(t *testing.T) {
	q, err := study.Erlang(10, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "Erlang C", q.Delay, 0.409180, 5e-7)
	near(t, "Erlang B", q.Loss, 0.121661, 5e-7)
	lost, err := study.Erlang(3, 6, 2)
	if err != nil || lost.Delay != 1 || !math.IsInf(lost.Wait, 1) || lost.Over(5) != 1 {
		t.Errorf("a line that grows for ever: %+v, %v", lost, err)
	}
	for _, tt := range []struct {
		servers    int
		lambda, mu float64
	}{{0, 1, 1}, {-1, 1, 1}, {1 << 40, 1, 1}, {1, -1, 1}, {1, math.NaN(), 1}, {1, 1, 0}, {1, 1, math.NaN()}, {1, math.Inf(1), 1}, {1, 1e300, 1e-300}} {
		if _, err := study.Erlang(tt.servers, tt.lambda, tt.mu); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%+v: %v", tt, err)
		}
	}
}

func TestErlangReference(t *testing.T) {
	var file struct {
		Cases []struct {
			Servers int     `json:"servers"`
			Lambda  float64 `json:"lambda_"`
			Mu      float64 `json:"mu"`
			Rho     float64 `json:"rho"`
			B       float64 `json:"erlang_B"`
			C       float64 `json:"erlang_C"`
			Wait    float64 `json:"mean_wait"`
			Line    float64 `json:"mean_queue"`
			Over    float64 `json:"P_wait_gt_1_over_mu"`
		} `json:"cases"`
	}
	if err := json.Unmarshal([]byte(reference(t, "mmc-erlang.json")), &file); err != nil {
		t.Fatal(err)
	}
	for _, c := range file.Cases {
		q, err := study.Erlang(c.Servers, c.Lambda, c.Mu)
		if err != nil {
			t.Fatal(err)
		}
		allNear(t, "M/M/c", []float64{q.Rho, q.Loss, q.Delay, q.Wait, q.Line, q.Over(1 / c.Mu)}, []float64{c.Rho, c.B, c.C, c.Wait, c.Line, c.Over}, 1e-12)
	}
}

// group is n alike units for one atom: the M/M/n queue.
func group(n int, load float64, line bool) *study.Units {
	u := &study.Units{Lambda: []float64{load}, Prefer: [][]int{nil}, Line: line}
	for i := range n {
		u.Mu = append(u.Mu, 1)
		u.Prefer[0] = append(u.Prefer[0], i)
	}
	return u
}

// The simulator meets Erlang's formulas within four standard errors, and within 1 % after two million calls.
func TestSimulateMeetsErlang(t *testing.T) {
	for _, tt := range []struct {
		n    int
		load float64
	}{{1, 0.5}, {3, 1.5}, {5, 4}, {10, 8}} {
		q, err := study.Erlang(tt.n, tt.load, 1)
		if err != nil {
			t.Fatal(err)
		}
		s, err := study.Simulate(t.Context(), group(tt.n, tt.load, true), 2_000_000, 1)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "Erlang C", s.Delay, q.Delay)
		within(t, "the mean wait", s.Wait, q.Wait)
		z, err := study.Simulate(t.Context(), group(tt.n, tt.load, false), 2_000_000, 2)
		if err != nil {
			t.Fatal(err)
		}
		within(t, "Erlang B", z.Loss, q.Loss)
	}
}

func within(t *testing.T, what string, got study.Estimate, want float64) {
	t.Helper()
	if !(math.Abs(got.Mean-want) <= 4*got.Error) || !(math.Abs(got.Mean-want) <= 0.01*want) || !(got.Error > 0) {
		t.Errorf("%s is %g, simulated as %g with an error of %g", what, want, got.Mean, got.Error)
	}
}

// The simulator meets the hypercube within four standard errors, also where units differ and calls are lost.
func TestSimulateMeetsHypercube(t *testing.T) {
	slow := larson()
	slow.Mu, slow.Line = []float64{1, 0.5, 2}, false
	for i, u := range []*study.Units{larson(), slow} {
		a, err := study.Hypercube(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		s, err := study.Simulate(t.Context(), u, 2_000_000, 3)
		if err != nil {
			t.Fatal(err)
		}
		for n, w := range s.Workload {
			within(t, "a workload", w, a.Workload[n])
		}
		within(t, "calls away", s.Away, a.Away*(1-a.Loss))
		if i == 0 {
			within(t, "P(delay)", s.Delay, a.Delay)
		} else {
			within(t, "loss", s.Loss, a.Loss)
		}
		again, err := study.Simulate(t.Context(), u, 2_000_000, 3)
		if err != nil || !reflect.DeepEqual(again, s) {
			t.Error("the same seed gave another answer")
		}
	}
}

func drawUnits(t *rapid.T) *study.Units {
	n := rapid.IntRange(1, 6).Draw(t, "units")
	u := &study.Units{Line: rapid.Bool().Draw(t, "line")}
	capacity := 0.0
	for range n {
		u.Mu = append(u.Mu, math.Exp(rapid.Float64Range(-3, 3).Draw(t, "mu")))
		capacity += u.Mu[len(u.Mu)-1]
	}
	chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
	for range rapid.IntRange(1, 8).Draw(t, "atoms") {
		u.Lambda = append(u.Lambda, chance.Float64())
		u.Prefer = append(u.Prefer, chance.Perm(n))
	}
	load := rapid.Float64Range(0.01, 0.95).Draw(t, "load") * capacity
	for j, sum := 0, u.Lambda; j < len(sum); j++ {
		u.Lambda[j] *= load / float64(len(sum))
	}
	u.Travel = make([][]float64, n)
	for i := range u.Travel {
		for range u.Lambda {
			u.Travel[i] = append(u.Travel[i], chance.Float64())
		}
	}
	return u
}

// The sparse solution is that of the whole matrix, whatever the units, and its shares account for every call and every unit.
func TestHypercubeEqualsDense(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		u := drawUnits(rt)
		a, err := study.Hypercube(t.Context(), u)
		if err != nil {
			rt.Fatal(err)
		}
		b, err := study.HypercubeDense(t.Context(), u)
		if err != nil {
			rt.Fatal(err)
		}
		same := func(what string, got, want float64) {
			if !(math.Abs(got-want) <= 1e-10) {
				rt.Errorf("%s: %.15g sparse, %.15g dense", what, got, want)
			}
		}
		for s := range a.States {
			same("a state", a.States[s], b.States[s])
		}
		same("travel", a.Travel, b.Travel)
		served, all := 0.0, 0.0
		for j := range u.Lambda {
			all += u.Lambda[j]
		}
		for i := range u.Mu {
			shares := 0.0
			for j := range u.Lambda {
				served += a.Share[i][j]
				shares += a.Share[i][j]
			}
			if !u.Line { // What a unit is sent is what it finishes.
				same("flow", shares*all*(1-a.Loss), u.Mu[i]*a.Workload[i])
			}
		}
		same("all shares", served, 1)
		c, err := study.Approximate(t.Context(), u, 0)
		if err != nil {
			rt.Fatal(err)
		}
		shares := 0.0
		for i := range u.Mu {
			if w := c.Workload[i]; !(w >= 0 && w <= 1) {
				rt.Errorf("an approximate workload of %g", w)
			}
			for j := range u.Lambda {
				shares += c.Share[i][j]
			}
		}
		same("all approximate shares", shares, 1)
	})
}

// Of alike units the whole system is Erlang's queue; fifteen of them are solved.
func TestHypercubeOfFifteen(t *testing.T) {
	u := group(15, 10, true)
	chance := rand.New(rand.NewPCG(1, 1))
	for range 40 {
		u.Prefer = append(u.Prefer, chance.Perm(15))
		u.Lambda = append(u.Lambda, 0.05)
	}
	a, err := study.Hypercube(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	q, err := study.Erlang(15, 12, 1)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "P(delay)", a.Delay, q.Delay, 1e-11)
	t.Logf("%d rounds", a.Rounds)
	b, err := study.Approximate(t.Context(), u, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Workload {
		near(t, "an approximate workload", b.Workload[i], a.Workload[i], 0.05)
	}
}

func TestUnitsRefused(t *testing.T) {
	nan := math.NaN()
	for name, change := range map[string]func(u *study.Units){
		"no units":           func(u *study.Units) { *u = study.Units{} },
		"no service":         func(u *study.Units) { u.Mu[1] = 0 },
		"NaN service":        func(u *study.Units) { u.Mu[1] = nan },
		"negative calls":     func(u *study.Units) { u.Lambda[3] = -1 },
		"NaN calls":          func(u *study.Units) { u.Lambda[3] = nan },
		"no calls":           func(u *study.Units) { clear(u.Lambda) },
		"endless calls":      func(u *study.Units) { u.Lambda[0] = math.MaxFloat64; u.Lambda[1] = math.MaxFloat64 },
		"too many calls":     func(u *study.Units) { u.Lambda[0] = 3 },
		"a short list":       func(u *study.Units) { u.Prefer[2] = []int{0, 1} },
		"a list twice":       func(u *study.Units) { u.Prefer[2] = []int{0, 1, 1} },
		"a unit that is not": func(u *study.Units) { u.Prefer[2] = []int{0, 1, 3} },
		"a list missing":     func(u *study.Units) { u.Prefer = u.Prefer[1:] },
		"a home that is not": func(u *study.Units) { u.Home = make([]int, 10); u.Home[0] = -1 },
		"a travel row short": func(u *study.Units) { u.Travel = [][]float64{{1}, {1}, {1}} },
		"travel rows few":    func(u *study.Units) { u.Travel = [][]float64{} },
	} {
		u := larson()
		change(u)
		if _, err := study.Hypercube(t.Context(), u); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := study.Approximate(t.Context(), u, 0); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s, approximated: %v", name, err)
		}
		if _, err := study.Simulate(t.Context(), u, 10_000, 1); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s, simulated: %v", name, err)
		}
	}
	if _, err := study.Hypercube(t.Context(), group(16, 8, true)); fault.KindOf(err) != fault.Invalid {
		t.Errorf("16 units: %v", err)
	}
	if _, err := study.Approximate(t.Context(), group(400, 300, true), 0); fault.KindOf(err) != fault.Invalid {
		t.Errorf("400 units that all are asked in one order were approximated: %v", err)
	}
	if _, err := study.Approximate(t.Context(), larson(), math.NaN()); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a tolerance of NaN: %v", err)
	}
	for _, calls := range []int{-1, 0, 1 << 40} {
		if _, err := study.Simulate(t.Context(), larson(), calls, 1); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%d calls: %v", calls, err)
		}
	}
}

// Forty units are too many to be solved; what is approximated is near to what is simulated.
func TestApproximateOfForty(t *testing.T) {
	chance := rand.New(rand.NewPCG(5, 5))
	u := &study.Units{Line: true}
	for range 40 {
		u.Mu = append(u.Mu, 1)
	}
	for range 200 {
		u.Lambda, u.Prefer = append(u.Lambda, 0.14), append(u.Prefer, chance.Perm(40))
	}
	a, err := study.Approximate(t.Context(), u, 0)
	if err != nil {
		t.Fatal(err)
	}
	s, err := study.Simulate(t.Context(), u, 1_000_000, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range u.Mu {
		near(t, "a workload", a.Workload[i], s.Workload[i].Mean, 0.01)
	}
	near(t, "calls away", a.Away, s.Away.Mean, 0.02)
}

func TestReadUnitsRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                  "line 1",
		"{\n\"mu\": [1,\n":  "line 3",
		"{\n\"mu\": \"1\"}": "line 2",
		`{"mu":[1],"lambda_by_atom":[0.5],"preference_by_atom_0based":[[0]]}`:                          "line is",
		`{"mu":[1],"line":"inf","servers":2,"lambda_by_atom":[0.5],"preference_by_atom_0based":[[0]]}`: "2 servers",
		`{"mu":[1],"line":"inf","lambda_by_atom":[0.5]}`:                                               "preference",
		`{"mu":[1],"line":"inf","lambda_by_atom":[0.5],"preference_by_atom_1based":[[0]]}`:             "unit -1",
		`{"mu":[1],"line":"inf","lambda_by_atom":[0.5],"atom_xy":[[1]],"station_xy":[[0,0]]}`:          "place 0",
		`{"mu":[1],"line":"inf","lambda_by_atom":[0.5,0.1],"travel_time_n_j":[[3]]}`:                   "travel_time_n_j[0]",
		`{"input":{"mu":[1e999],"line":"inf"}}`:                                                        "line 1",
	} {
		_, err := study.ReadUnits(strings.NewReader(text))
		if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// Whatever is read is refused or solved.
func FuzzReadUnits(f *testing.F) {
	f.Add(`{"mu":[1,2],"line":"zero","lambda_by_atom":[0.5],"travel_time_n_j":[[3],[2]]}`)
	f.Add(`{"input":{"mu":[1],"line":"inf","lambda_by_atom":[0.5],"preference_by_atom_1based":[[1]]}}`)
	f.Fuzz(func(t *testing.T, text string) {
		u, err := study.ReadUnits(strings.NewReader(text))
		if err != nil || len(u.Mu) > 6 {
			return
		}
		a, err := study.HypercubeDense(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Workload) != len(u.Mu) {
			t.Fatal("a unit is missing")
		}
	})
}

// A matrix of many blocks and strips is eliminated as a small one is.
func TestDenseInBlocks(t *testing.T) {
	u := group(9, 4, true)
	chance := rand.New(rand.NewPCG(2, 3))
	for range 30 {
		u.Prefer = append(u.Prefer, chance.Perm(9))
		u.Lambda = append(u.Lambda, 0.1*chance.Float64())
	}
	a, err := study.HypercubeDense(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	b, err := study.Hypercube(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	allNear(t, "the states", a.States, b.States, 1e-12)
}
