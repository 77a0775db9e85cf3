package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"shuniu/internal/study"
)

// The town of the study bench: as many areas and calls as a large district's, on a plane of 20 by 20 km.
const (
	studyAtoms  = 200
	studyLoad   = 0.5 // Share of the time that units are busy.
	studyRounds = 5
	studySide   = 20_000
)

// Study measures the solvers of shuniu study on invented towns: the hypercube model solved exactly for as many units as a dense solution
// takes (12), beside that dense solution in the same run; for 15 units; simulated; and posts placed by each model, with the gap that is left.
func Study(ctx context.Context, o Options) error {
	o = o.filled()
	f := figures{}
	n, most := o.Sizes.Dense, study.ExactMost
	if o.Quiet { // A quick look at all of it.
		most = n
	}
	u := invent(n)
	o.say("solving %d units %d times", n, studyRounds)
	exact, sparse, err := timed(studyRounds, func() (study.Answer, error) { return study.Hypercube(ctx, u) })
	if err != nil {
		return err
	}
	o.say("solving them once as a dense matrix")
	dense, whole, err := timed(1, func() (study.Answer, error) { return study.HypercubeDense(ctx, u) })
	if err != nil {
		return err
	}
	difference := 0.0
	for s, p := range whole.States {
		difference = max(difference, math.Abs(p-sparse.States[s]))
	}
	if difference > 1e-9 {
		return fmt.Errorf("bench: the two solutions differ by %g: a fast wrong answer is no figure", difference)
	}
	f["exact_ms"], f["dense_ms"], f["ratio_to_dense"], f["exact_rounds"] = exact, dense, dense/exact, sparse.Rounds
	f["difference"] = fmt.Sprintf("%.1e", difference)
	o.say("solving %d units", most)
	large, _, err := timed(3, func() (study.Answer, error) { return study.Hypercube(ctx, invent(most)) })
	if err != nil {
		return err
	}
	f["exact_most_ms"] = large
	calls := max(10_000, int(o.Seconds*100_000))
	o.say("simulating %d calls", calls)
	played, _, err := timed(1, func() (study.Simulated, error) { return study.Simulate(ctx, u, calls, 1) })
	if err != nil {
		return err
	}
	f["simulated_calls_per_s"] = float64(calls) / played * 1000
	if err := o.place(ctx, f); err != nil {
		return err
	}
	return o.print("study", figures{"dense_units": n, "exact_most_units": most, "atoms": studyAtoms, "simulated_calls": calls, "points": o.Sizes.Points, "sites": o.Sizes.Candidates, "posts": studyPosts}, f)
}

// timed does something several times, and gives the least time in milliseconds with the last answer.
func timed[T any](times int, do func() (T, error)) (ms float64, answer T, err error) {
	ms = math.Inf(1)
	for range times {
		from := time.Now()
		if answer, err = do(); err != nil {
			return 0, answer, err
		}
		ms = min(ms, float64(time.Since(from).Nanoseconds())/1e6)
	}
	return ms, answer, nil
}

// invent makes a town of units and areas, each area asking for the nearest unit first.
func invent(units int) *study.Units {
	chance := rand.New(rand.NewPCG(1, uint64(units)))
	place := func() [2]float64 { return [2]float64{chance.Float64() * studySide, chance.Float64() * studySide} }
	u := &study.Units{Line: true}
	posts := make([][2]float64, units)
	for i := range posts {
		posts[i] = place()
		u.Mu = append(u.Mu, 1)
	}
	for range studyAtoms {
		at := place()
		list := make([]int, units)
		for i := range list {
			list[i] = i
		}
		far := func(i int) float64 { return math.Hypot(posts[i][0]-at[0], posts[i][1]-at[1]) }
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(far(a), far(b)) })
		u.Lambda, u.Prefer = append(u.Lambda, studyLoad*float64(units)/studyAtoms), append(u.Prefer, list)
	}
	return u
}

// studyPosts is how many posts are placed.
const studyPosts = 10

// place measures the four models of where to stand.
func (o Options) place(ctx context.Context, f figures) error {
	chance := rand.New(rand.NewPCG(2, 2))
	sites := make([][2]float64, o.Sizes.Candidates)
	for j := range sites {
		sites[j] = [2]float64{chance.Float64() * studySide, chance.Float64() * studySide}
	}
	s := &study.Posts{}
	for range o.Sizes.Points {
		x, y := chance.Float64()*studySide, chance.Float64()*studySide
		row := make([]float64, len(sites))
		for j, at := range sites {
			row[j] = math.Hypot(at[0]-x, at[1]-y)
		}
		s.Cost, s.Weight = append(s.Cost, row), append(s.Weight, float64(1+chance.IntN(100)))
	}
	for _, model := range []struct {
		name string
		ask  func() (study.Placement, error)
	}{
		{"pmedian", func() (study.Placement, error) { return study.PMedian(ctx, s, studyPosts, -1, study.Search{}) }},
		{"mclp", func() (study.Placement, error) { return study.MCLP(ctx, s, studyPosts, 2_000, study.Search{}) }},
		{"mexclp", func() (study.Placement, error) {
			return study.MEXCLP(ctx, s, studyPosts, 2_000, 0.3, study.Search{})
		}},
		{"pcentre", func() (study.Placement, error) { return study.PCentre(ctx, s, studyPosts, -1, study.Search{}) }},
	} {
		o.say("placing %d posts on %d sites: %s", studyPosts, len(sites), model.name)
		ms, a, err := timed(1, model.ask)
		if err != nil {
			return err
		}
		if a.Stopped {
			return errors.Join(errors.New("bench: stopped"), ctx.Err())
		}
		f[model.name+"_ms"], f[model.name+"_gap_percent"] = ms, 100*a.Gap
	}
	return nil
}
