package trial_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

// twoClasses is a town of 8 km with a wide street every third block, as a recipe that can be cooked with other speeds.
func twoClasses(t testing.TB) func(factor map[string]float64) *street.Network {
	t.Helper()
	var b street.Builder
	id := func(x, y int) int64 { return int64(x*100 + y) }
	way := int64(1)
	class := func(line int) string {
		if line%3 == 0 {
			return "primary"
		}
		return "residential"
	}
	for x := range 17 {
		for y := range 17 {
			b.AddNode(id(x, y), *jointtest.At(float64(x)*500-4000, float64(y)*500-4000))
			if x < 16 {
				b.AddWay(street.Way{ID: way, Nodes: []int64{id(x, y), id(x+1, y)}, Class: class(y)})
			}
			if y < 16 {
				b.AddWay(street.Way{ID: way + 1, Nodes: []int64{id(x, y), id(x, y+1)}, Class: class(x)})
			}
			way += 2
		}
	}
	return func(factor map[string]float64) *street.Network {
		p := street.Profile{ClassKmh: map[string]float64{}}
		for c, f := range factor {
			p.ClassKmh[c] = street.DefaultKmh(c) * f
		}
		n, _, err := b.Build(t.Context(), p)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
}

// made are drives as they would be recorded where streets are driven with these factors, a part of them wrong.
func made(t testing.TB, truth *street.Network, n int, seed uint64, spread float64, hour func(time.Time) float64) []trial.Drive {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 3))
	out := make([]trial.Drive, n)
	for i := range out {
		at := func() geo.Point { return *jointtest.At(rng.Float64()*7800-3900, rng.Float64()*7800-3900) }
		out[i] = trial.Drive{Record: i, From: at(), To: at(), At: noon.Add(time.Duration(rng.IntN(10*24*3600)) * time.Second)}
	}
	for i, took := range trial.Foretell(t.Context(), truth, out) {
		s := took.Seconds() * math.Exp(spread*rng.NormFloat64()) / hour(out[i].At)
		if rng.IntN(20) == 0 {
			s *= 8 // Somebody pressed the button late.
		}
		out[i].Took = time.Duration(max(1, s) * float64(time.Second))
	}
	return out
}

func options(cook func(map[string]float64) *street.Network, asked *[]trial.Factors) trial.FitOptions {
	return trial.FitOptions{
		Lines: cook(nil).Drawing(),
		Under: func(_ context.Context, f trial.Factors, hour int) (street.Finder, error) {
			if asked != nil {
				*asked = append(*asked, f)
			}
			flat := map[string]float64{}
			for c, day := range f {
				flat[c] = day[hour]
			}
			return cook(flat), nil
		},
	}
}

// Known factors are found again, though one drive in twenty is recorded eight times too long, and the error on days that
// were not fitted falls.
func TestFitFindsTheFactors(t *testing.T) {
	cook := twoClasses(t)
	want := map[string]float64{"primary": 0.55, "residential": 1.3}
	rush := func(at time.Time) float64 {
		if h := at.Hour(); h >= 16 && h < 20 {
			return 0.7
		}
		return 1
	}
	drives := made(t, cook(want), 3000, 1, 0.15, rush)
	got, err := trial.Fit(t.Context(), drives, options(cook, nil))
	if err != nil {
		t.Fatal(err)
	}
	for class, f := range want {
		if is := got.Factors[class][12]; math.Abs(is/f-1) > 0.05 {
			t.Errorf("%s is driven with %.3f of its speed, found %.3f", class, f, is)
		}
		if is := got.Factors[class][17]; math.Abs(is/(f*0.7)-1) > 0.08 {
			t.Errorf("%s is driven with %.3f of its speed in the rush, found %.3f", class, f*0.7, is)
		}
	}
	if got.FitDays+got.TestDays != 11 || got.After.ErrorP50 > 0.6*got.Before.ErrorP50 || got.Better.High >= 0 || got.After.Spearman < got.Before.Spearman {
		t.Errorf("before %+v, after %+v, better by %+v", got.Before, got.After, got.Better)
	}
	again, err := trial.Fit(t.Context(), drives, options(cook, nil))
	if err != nil || again.After != got.After {
		t.Errorf("the same drives gave another fit: %v", err)
	}
}

// Records that say nothing about streets change nothing for the better, and the fit says so; no factor leaves its bounds.
func TestFitOfNoise(t *testing.T) {
	cook := twoClasses(t)
	drives := made(t, cook(nil), 600, 2, 0, func(time.Time) float64 { return 1 })
	rng := rand.New(rand.NewPCG(4, 4))
	for i := range drives {
		drives[i].Took = time.Duration(1+rng.IntN(36000)) * time.Second
	}
	var asked []trial.Factors
	got, err := trial.Fit(t.Context(), drives, options(cook, &asked))
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(got.After.Spearman) > 0.15 {
		t.Errorf("noise is foretold with %v", got.After.Spearman)
	}
	for _, f := range append(asked, got.Factors) {
		for class, day := range f {
			for h, v := range day {
				if !(v >= trial.FactorMin && v <= trial.FactorMax) {
					t.Errorf("%s at %d is driven with %v of its speed", class, h, v)
				}
			}
		}
	}
}

func TestFitNeedsEnough(t *testing.T) {
	cook := twoClasses(t)
	for name, drives := range map[string][]trial.Drive{
		"none": nil,
		"few":  made(t, cook(nil), 20, 3, 0, func(time.Time) float64 { return 1 }),
		"elsewhere": func() []trial.Drive {
			all := made(t, cook(nil), 200, 3, 0, func(time.Time) float64 { return 1 })
			for i := range all {
				all[i].From, all[i].To = geo.Point{Lon: 1, Lat: 1}, geo.Point{Lon: 2, Lat: 1}
			}
			return all
		}(),
	} {
		var f *fault.Error
		if _, err := trial.Fit(t.Context(), drives, options(cook, nil)); !errors.As(err, &f) || f.Kind != fault.Invalid || f.Remedy == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A unit sets out from its last scene while that is fresh, and else from its home; after a hospital nobody knows.
func TestDrivesBeginWhereUnitsWere(t *testing.T) {
	home, a, b := *jointtest.At(0, 0), *jointtest.At(1000, 0), *jointtest.At(0, 1000)
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	sent := func(minute int) trial.Sent {
		return trial.Sent{Unit: "1", Dispatch: at(minute), EnRoute: at(minute), OnScene: at(minute + 5), Available: at(minute + 20)}
	}
	taken := sent(120)
	taken.Transport = at(130)
	strange := sent(500)
	strange.Unit = "2"
	wrong := sent(600)
	wrong.Doubtful = true
	records := []trial.Record{
		{Place: &a, Sent: []trial.Sent{sent(0)}},
		{Place: &b, Sent: []trial.Sent{sent(25)}},
		{Place: &a, Sent: []trial.Sent{taken}},
		{Place: &b, Sent: []trial.Sent{sent(145)}},
		{Place: &a, Sent: []trial.Sent{strange}},
		{Place: &a, Sent: []trial.Sent{wrong}},
		{Sent: []trial.Sent{sent(700)}},
	}
	got, unknown := trial.Drives(records, map[cad.UnitID]geo.Point{"1": home})
	want := []geo.Point{home, a, home, home}
	if len(got) != len(want) || unknown != 1 {
		t.Fatalf("%d drives, %d of unknown origin", len(got), unknown)
	}
	for i, d := range got {
		if d.From != want[i] || d.Took != 5*time.Minute || d.Record != i {
			t.Errorf("drive %d: %+v, want from %v", i, d, want[i])
		}
	}
}
