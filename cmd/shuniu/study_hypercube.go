package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"text/tabwriter"

	"shuniu/internal/fault"
	"shuniu/internal/study"
)

type studyHypercube struct {
	Input     string  `help:"JSON file of units, areas and preferences." required:"" placeholder:"FILE.json"`
	Approx    bool    `help:"The approximation (Larson 1975) instead of the exact solution. More than 15 units are always answered by it."`
	Tolerance float64 `help:"With --approx: end when no workload changes by more in an iteration." default:"1e-12"`
	Simulate  int     `help:"Also play so many calls, one after another, to check; for example 2000000." default:"0" placeholder:"CALLS"`
	Seed      uint64  `help:"Of --simulate: the same seed, the same figures." default:"1"`
	JSON      bool    `help:"Print one JSON object. Units and atoms are counted from 0."`
}

// statesShown is up to how many units the probability of each set is printed.
const statesShown = 10

// Run solves the model and prints what it says.
func (c *studyHypercube) Run(s session) error {
	u, err := readInput(c.Input, study.ReadUnits)
	if err != nil {
		return given(err)
	}
	a, beside, err := c.solve(s, u)
	if err != nil {
		return given(err)
	}
	method := "exact"
	if beside == nil {
		method = "approximate"
	}
	var played *study.Simulated
	if c.Simulate != 0 {
		p, err := study.Simulate(s.ctx, u, c.Simulate, c.Seed)
		if err != nil {
			return given(err)
		}
		played = &p
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(hypercubeJSON(u, &a, beside, played))
	}
	return showHypercube(s.out, method, u, &a, played)
}

// solve works out the answer: exactly, with the approximation beside it, or by the approximation alone (beside is nil then). An
// approximation that finds no end takes nothing from an exact answer: it is empty then, and that is said.
func (c *studyHypercube) solve(s session, u *study.Units) (a study.Answer, beside *study.Answer, err error) {
	near, failed := study.Approximate(s.ctx, u, c.Tolerance)
	if c.Approx || len(u.Mu) > study.ExactMost {
		if !c.Approx {
			s.say("%d units are more than the %d that are solved exactly; this is the approximation", len(u.Mu), study.ExactMost)
		}
		return near, nil, failed
	}
	a, err = study.Hypercube(s.ctx, u)
	if failed != nil && err == nil {
		s.say("there is no approximation beside: %v", failed)
	}
	return a, &near, err
}

// hypercubeJSON is the answer as JSON. beside is the approximation beside an exact answer; nil says that the answer is one itself.
func hypercubeJSON(u *study.Units, a, beside *study.Answer, played *study.Simulated) map[string]any {
	method, near := "exact", beside
	if beside == nil {
		method, near = "approximate", a
	}
	line := "zero"
	if u.Line {
		line = "infinite"
	}
	out := map[string]any{
		"method": method, "servers": len(u.Mu), "atoms": len(u.Lambda), "line": line, "workloads": a.Workload,
		"P_queue_nonempty": a.Waiting, "P_delay": a.Delay, "P_all_busy": a.AllBusy, "P_idle_all": a.Idle, "P_loss": a.Loss,
		"f_nj": a.Share, "f_nj_immediate": a.Immediate, "fraction_interresponse_area": a.Away,
		"mean_station_to_atom_travel": finite(a.Travel), "iterations": a.Rounds,
	}
	out["Q_factors"] = near.Q
	out["approx_workloads_by_iteration"], out["approx_change_by_iteration"] = near.Trail, near.Changes
	out["approx"] = map[string]any{
		"workloads": near.Workload, "iterations": near.Rounds, "Q_factors": near.Q,
		"workloads_by_iteration": near.Trail, "change_by_iteration": near.Changes,
	}
	if beside != nil {
		out["residual"] = a.Residual
		if len(u.Mu) <= statesShown {
			out["state_probs_index_bit0_is_server1"] = a.States
		}
	} else {
		out["note"] = "P_idle_all, P_all_busy, P_delay and P_loss are those of as many alike units"
	}
	if played != nil {
		est := func(e study.Estimate) map[string]any {
			return map[string]any{"mean": e.Mean, "standard_error": e.Error}
		}
		loads := make([]any, len(played.Workload))
		for i, w := range played.Workload {
			loads[i] = est(w)
		}
		out["simulated"] = map[string]any{
			"calls": played.Calls, "workloads": loads, "P_delay": est(played.Delay), "P_loss": est(played.Loss),
			"mean_wait": est(played.Wait), "interresponse": est(played.Away),
		}
	}
	return out
}

// showHypercube prints the model's answer for a person.
func showHypercube(w io.Writer, method string, u *study.Units, a *study.Answer, played *study.Simulated) error {
	show := newSheet(w)
	line := "calls that find all busy are lost"
	if u.Line {
		line = "calls that find all busy wait"
	}
	show.row("model", "%s, %d units, %d atoms; %s; %d iterations", method, len(u.Mu), len(u.Lambda), line, a.Rounds)
	if u.Line {
		show.row("calls that wait", "%.5f %%  %s", 100*a.Delay, meter(a.Delay))
	} else {
		show.row("calls lost", "%.5f %%  %s", 100*a.Loss, meter(a.Loss))
	}
	show.row("all units free", "%.5f %% of the time", 100*a.Idle)
	show.row("calls outside the unit's own area", "%.5f %%", 100*a.Away)
	if !math.IsNaN(a.Travel) {
		show.row("mean travel time from the post", "%.6g", a.Travel)
	}
	if played != nil {
		show.row("simulated", "%d calls: %.5f %% wait, %.5f %% lost, %.5f %% outside; standard errors %.5f, %.5f, %.5f", played.Calls,
			100*played.Delay.Mean, 100*played.Loss.Mean, 100*played.Away.Mean, 100*played.Delay.Error, 100*played.Loss.Error, 100*played.Away.Error)
	}
	if err := show.flush(); err != nil {
		return fault.Wrap("shuniu study", fault.Unavailable, err, "the answer cannot be written: %v", err)
	}
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(tab, "\nunit (from 0)\tbusy\t\tits calls\tin its area")
	for n, load := range a.Workload {
		all, own := 0.0, 0.0
		for j, f := range a.Share[n] {
			all += f
			if home := u.Prefer[j][0]; (u.Home == nil && home == n) || (u.Home != nil && u.Home[j] == n) {
				own += f
			}
		}
		_, _ = fmt.Fprintf(tab, "%d\t%.5f\t%s\t%.3f %%\t%.3f %%\n", n, load, meter(load), 100*all, 100*own)
	}
	return tab.Flush()
}
