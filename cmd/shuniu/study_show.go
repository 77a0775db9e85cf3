package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"text/tabwriter"

	"shuniu/internal/study"
)

// lines is a small table of a name and what there is to say.
type lines struct{ w *tabwriter.Writer }

func newSheet(w io.Writer) lines { return lines{tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)} }

func (l lines) row(name, format string, args ...any) {
	_, _ = fmt.Fprintf(l.w, name+"\t"+format+"\n", args...) // flush gives the error.
}

func (l lines) flush() error { return l.w.Flush() }

// meterWidth is how long a whole bar is.
const meterWidth = 30

// meter is a bar for a share.
func meter(share float64) string {
	if !(share >= 0) {
		return ""
	}
	n := int(math.Round(min(share, 1) * meterWidth))
	return strings.Repeat("#", n) + strings.Repeat(".", meterWidth-n)
}

// placement is an answer as JSON.
func placement(model string, p int, t *siting, a *study.Placement, extra map[string]any) map[string]any {
	points := len(t.Cost)
	serves, weight := map[int]int{}, map[int]float64{}
	for i, j := range a.Serves {
		serves[j]++
		weight[j] += t.Weight[i]
	}
	var names []string
	var each []map[string]any
	for k, j := range a.Sites {
		names = append(names, label(t.sites, j))
		if k == 0 || a.Sites[k-1] != j {
			units := 0
			for _, same := range a.Sites {
				if same == j {
					units++
				}
			}
			each = append(each, map[string]any{"site": j, "name": label(t.sites, j), "units": units, "serves_points": serves[j], "serves_weight": weight[j]})
		}
	}
	out := map[string]any{
		"model": model, "p": p, "points": points, "candidates": len(t.Cost[0]), "weight": a.Weight,
		"value": a.Value, "mean": finite(a.Mean), "worst": finite(a.Worst),
		"sites": a.Sites, "site_names": names, "each": each,
		"bound": finite(a.Bound), "gap": finite(a.Gap), "proven": a.Proven, "method": a.Method, "nodes": a.Nodes, "stopped": a.Stopped,
		"measure": t.measure, "weights": t.weights,
	}
	for k, v := range extra {
		out[k] = v
	}
	if _, ok := extra["radius"]; ok {
		out["covered"] = finite(a.Covered)
		out["covered_percent"] = finite(100 * a.Covered / a.Weight)
		out["covered_points"] = a.CoveredPoints
		out["covered_points_percent"] = 100 * float64(a.CoveredPoints) / float64(points)
		out["uncovered_points"] = points - a.CoveredPoints
	}
	if model == "mexclp" {
		out["expected_percent"] = finite(100 * a.Value / a.Weight)
	}
	return out
}

// showPlacement prints an answer for a person.
func showPlacement(w io.Writer, model string, t *siting, a *study.Placement, answer map[string]any) {
	show := newSheet(w)
	show.row("model", "%s: %d on %d sites for %d points (%s; %s)", model, len(a.Sites), len(t.Cost[0]), len(t.Cost), t.measure, t.weights)
	switch model {
	case "pmedian":
		show.row("mean", "%.12g  (weighted sum %.12g)", a.Mean, a.Value)
	case "pcentre":
		show.row("greatest", "%.12g", a.Value)
	case "mclp":
		show.row("covered", "%.10g of %.10g within %v", a.Value, a.Weight, answer["radius"])
	case "mexclp":
		show.row("expected", "%.10g of %.10g within %v of a unit that is free, each busy for %v of the time", a.Value, a.Weight, answer["radius"], answer["busy"])
	}
	if model != "pmedian" {
		show.row("mean", "%.10g", a.Mean)
	}
	if model != "pcentre" {
		show.row("greatest", "%.10g", a.Worst)
	}
	if _, ok := answer["radius"]; ok {
		share := a.Covered / a.Weight
		show.row("of the weight", "%.6f %%  %s", 100*share, meter(share))
		points := float64(a.CoveredPoints) / float64(len(t.Cost))
		show.row("of the points", "%.6f %%  %s  (%d of %d)", 100*points, meter(points), a.CoveredPoints, len(t.Cost))
	}
	switch {
	case a.Proven:
		show.row("proof", "nothing is better (%s, %d looked at)", a.Method, a.Nodes)
	case a.Stopped:
		show.row("proof", "stopped early: nothing beats %.10g, a gap of %.4f %%", a.Bound, 100*a.Gap)
	default:
		show.row("proof", "the search ended: nothing beats %.10g, a gap of %.4f %%", a.Bound, 100*a.Gap)
	}
	_ = show.flush()
	showSites(w, t, a)
}

// showSites prints the chosen sites with whom they serve.
func showSites(w io.Writer, t *siting, a *study.Placement) {
	weight := map[int]float64{}
	points := map[int]int{}
	for i, j := range a.Serves {
		weight[j] += t.Weight[i]
		points[j]++
	}
	tab := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	_, _ = fmt.Fprintln(tab, "\nsite (from 0)\tname\tunits\tpoints\tweight\tshare")
	sites := slices.Compact(slices.Clone(a.Sites))
	for _, j := range sites {
		units := 0
		for _, k := range a.Sites {
			if k == j {
				units++
			}
		}
		_, _ = fmt.Fprintf(tab, "%d\t%s\t%d\t%d\t%.8g\t%s\n", j, label(t.sites, j), units, points[j], weight[j], meter(weight[j]/a.Weight))
	}
	if points[-1] > 0 {
		_, _ = fmt.Fprintf(tab, "-\tnobody\t\t%d\t%.8g\t%s\n", points[-1], weight[-1], meter(weight[-1]/a.Weight))
	}
	_ = tab.Flush()
}
