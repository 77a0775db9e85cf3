package trial

import (
	"context"
	"maps"
	"math"
	"slices"
	"time"

	"shuniu/internal/fault"
	"shuniu/internal/street"
)

// Factors multiply the speed of the streets of a class, by the hour of the local day. A class that is not there keeps its
// speed.
type Factors map[string][24]float64

// Bounds of a factor. Who seems to drive at less than a third of what the map says, or at nearly twice of it, was somewhere
// else than the records let us think.
const (
	FactorMin = 0.35
	FactorMax = 1.75
)

// FitOptions say on what speeds are fitted.
type FitOptions struct {
	// Under gives the streets with these factors at an hour of the day. nil factors are the map's own speeds.
	Under func(ctx context.Context, f Factors, hour int) (street.Finder, error)
	Lines []street.Line // Of the map, with their classes.
	Zone  *time.Location
	Share float64 // Of the days that are fitted; the others judge. 0 means half of them.
	Seed  uint64  // Of the interval.
	Log   func(round int, off float64)
}

// Fitted is what a fit found, and what it is worth on days that it has not seen.
type Fitted struct {
	Factors   Factors      `json:"factors"`
	Classes   []ClassFit   `json:"classes"`
	Hours     []HourFit    `json:"hours"`
	BesideS   float64      `json:"beside_s"` // What a drive takes beside driving; street times do not hold it.
	FitDays   int          `json:"fit_days"`
	TestDays  int          `json:"test_days"`
	FitDrives int          `json:"fit_drives"`
	Before    Accuracy     `json:"before"`       // On the other days, with the map's own speeds.
	After     Accuracy     `json:"after"`        // On the other days, with the fitted ones.
	Better    Interval     `json:"better_p50_s"` // After's median absolute error less before's, days drawn together; below 0 is better.
	fitDays   map[int]bool // By local days since zero.
	zero      time.Time    // Midnight before the first drive.
}

// ClassFit is one class of streets.
type ClassFit struct {
	Class  string  `json:"class"`
	Factor float64 `json:"factor"`
	Share  float64 `json:"share"` // Of the time driven.
}

// HourFit is one part of the day, against the whole of it.
type HourFit struct {
	From   int     `json:"from"`
	To     int     `json:"to"`
	Factor float64 `json:"factor"`
	Drives int     `json:"drives"`
}

// Parts of the day: night, the morning's rush, day, the evening's rush, late evening.
var parts = [][2]int{{0, 6}, {6, 10}, {10, 16}, {16, 20}, {20, 24}} //nolint:gochecknoglobals // A constant list.

const (
	rounds     = 5   // At most: routes are looked for anew under the speeds of the round before.
	classPrior = 0.3 // How far a class lies from the whole, as the spread of its logarithm, before anything is known.
	partPrior  = 40  // Drives that a part of the day needs to count as much as the whole.
	leastFit   = 30  // Drives below which nothing can be fitted.
)

// Fit finds factors by which street times foretell the recorded drives of part of the days, and judges them on the other
// ones. Times of routes are regressed on the time spent by class, with a loss that outliers do not rule (the absolute
// error of the logarithm); routes are found anew until they agree. A class with few drives stays near the whole, a part
// of the day too. Errors are fault.Invalid when there is too little to fit, or those of Under.
func Fit(ctx context.Context, drives []Drive, o FitOptions) (Fitted, error) {
	const op = "trial.Fit"
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	out, fit, test := o.divide(drives)
	if len(fit) < leastFit || len(test) == 0 {
		return Fitted{}, fault.New(op, fault.Invalid, "%d drives on %d days to fit and %d on others to judge by are too few", len(fit), out.FitDays, len(test)).
			Because("too_few_drives").Mend("give more recorded days, with the times of setting out and arriving")
	}
	classes := newClasses(o.Lines)
	var factor map[string]float64
	for round := range rounds {
		f, err := o.Under(ctx, flat(factor), 0)
		if err != nil {
			return Fitted{}, err
		}
		m := classes.spent(ctx, f, fit, factor)
		if len(m.took) < leastFit {
			return Fitted{}, fault.New(op, fault.Invalid, "the map knows a way for %d of %d drives", len(m.took), len(fit)).
				Because("too_few_ways").Mend("name the map of the city in which the calls were recorded")
		}
		was := factor
		factor, out.BesideS = m.solve()
		if o.Log != nil {
			o.Log(round+1, m.off(factor))
		}
		if out.Classes = m.shares(factor); near(was, factor) {
			break
		}
	}
	if err := o.finish(ctx, &out, factor, fit, test); err != nil {
		return Fitted{}, err
	}
	return out, ctx.Err()
}

// near reports whether two rounds found the same, within a hundredth.
func near(was, is map[string]float64) bool {
	for c, f := range is {
		if math.Abs(was[c]/f-1) > 0.01 {
			return false
		}
	}
	return true
}

// FitDay reports whether the local day of a moment was fitted.
func (f Fitted) FitDay(at time.Time, zone *time.Location) bool {
	return f.fitDays[daysBetween(f.zero, at, zone)]
}

// divide takes the days in turn, so that both halves hold weekdays and holidays alike.
func (o FitOptions) divide(drives []Drive) (out Fitted, fit, test []Drive) {
	out.fitDays = map[int]bool{}
	if len(drives) == 0 {
		return out, nil, nil
	}
	share := o.Share
	if !(share > 0 && share < 1) {
		share = 0.5
	}
	first := slices.MinFunc(drives, func(a, b Drive) int { return a.At.Compare(b.At) })
	out.zero = midnight(first.At, o.Zone)
	days := map[int]bool{}
	for _, d := range drives {
		days[daysBetween(out.zero, d.At, o.Zone)] = true
	}
	for i, day := range slices.Sorted(maps.Keys(days)) {
		if math.Floor(float64(i+1)*share+1e-9) > math.Floor(float64(i)*share+1e-9) {
			out.fitDays[day] = true
		}
	}
	out.FitDays, out.TestDays = len(out.fitDays), len(days)-len(out.fitDays)
	for _, d := range drives {
		if out.fitDays[daysBetween(out.zero, d.At, o.Zone)] {
			fit = append(fit, d)
		} else {
			test = append(test, d)
		}
	}
	out.FitDrives = len(fit)
	return out, fit, test
}

// finish adds the hours and judges the whole on the other days.
func (o FitOptions) finish(ctx context.Context, out *Fitted, factor map[string]float64, fit, test []Drive) error {
	whole, err := o.Under(ctx, flat(factor), 0)
	if err != nil {
		return err
	}
	out.Hours = o.hours(fit, Foretell(ctx, whole, fit))
	out.Factors = Factors{}
	for c, f := range factor {
		var day [24]float64
		for _, h := range out.Hours {
			for hour := h.From; hour < h.To; hour++ {
				day[hour] = bounded(f * h.Factor)
			}
		}
		out.Factors[c] = day
	}
	base, err := o.Under(ctx, nil, 0)
	if err != nil {
		return err
	}
	was := Foretell(ctx, base, test)
	is, err := o.Foretell(ctx, out.Factors, test)
	if err != nil {
		return err
	}
	out.Before, out.After = Judge(test, was), Judge(test, is)
	out.Better = o.better(out.zero, test, was, is)
	return nil
}

// Foretell gives the street times of drives, each with the speeds of its own hour.
func (o FitOptions) Foretell(ctx context.Context, f Factors, drives []Drive) ([]time.Duration, error) {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	out := make([]time.Duration, len(drives))
	for _, p := range parts {
		var at []int
		var list []Drive
		for i, d := range drives {
			if h := d.At.In(o.Zone).Hour(); p[0] <= h && h < p[1] {
				at, list = append(at, i), append(list, d)
			}
		}
		if len(list) == 0 {
			continue
		}
		finder, err := o.Under(ctx, f, p[0])
		if err != nil {
			return nil, err
		}
		for k, t := range Foretell(ctx, finder, list) {
			out[at[k]] = t
		}
	}
	return out, nil
}

// hours says by how much each part of the day differs from the whole of it; one with few drives hardly does.
func (o FitOptions) hours(fit []Drive, foretold []time.Duration) []HourFit {
	out := make([]HourFit, len(parts))
	var all []float64
	by := make([][]float64, len(parts))
	for i, d := range fit {
		if foretold[i] <= 0 {
			continue
		}
		off := math.Log(d.Took.Seconds() / foretold[i].Seconds())
		h := d.At.In(o.Zone).Hour()
		k := slices.IndexFunc(parts, func(p [2]int) bool { return p[0] <= h && h < p[1] })
		by[k], all = append(by[k], off), append(all, off)
	}
	whole := quantileOf(all, 0.5)
	for k, p := range parts {
		n := float64(len(by[k]))
		shift := 0.0
		if n > 0 {
			shift = whole + (quantileOf(by[k], 0.5)-whole)*n/(n+partPrior)
		}
		out[k] = HourFit{From: p[0], To: p[1], Factor: bounded(math.Exp(-shift)), Drives: len(by[k])}
	}
	return out
}

// better is the interval of what the fit did to the median absolute error.
func (o FitOptions) better(zero time.Time, test []Drive, was, is []time.Duration) Interval {
	const block = 3 * time.Hour
	var x, y []sample
	n := 0
	for i, d := range test {
		if was[i] <= 0 || is[i] <= 0 {
			continue
		}
		b := int(d.At.Sub(zero) / block)
		n = max(n, b+1)
		x = append(x, sample{b, math.Abs((was[i] - d.Took).Seconds())})
		y = append(y, sample{b, math.Abs((is[i] - d.Took).Seconds())})
	}
	if len(x) == 0 {
		return Interval{}
	}
	before, after := blocksOf(x, n), blocksOf(y, n)
	return resample(o.Seed, n, draws, func(times []int) float64 { return after.quantile(0.5, times) - before.quantile(0.5, times) })
}

func bounded(f float64) float64 { return min(FactorMax, max(FactorMin, f)) }

// flat gives each class the same factor all day. nil stays nil.
func flat(factor map[string]float64) Factors {
	if factor == nil {
		return nil
	}
	out := Factors{}
	for c, f := range factor {
		var day [24]float64
		for h := range day {
			day[h] = f
		}
		out[c] = day
	}
	return out
}
