package trial_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/joint/jointtest"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

// history is a week of a town in which somebody chooses among the patrols that are free.
func history(seed uint64, choose func(rng *rand.Rand, free []trial.Unit, place geo.Point) trial.Unit) ([]trial.Record, []trial.Unit) {
	rng := rand.New(rand.NewPCG(seed, 8))
	var units []trial.Unit
	for i := range 8 {
		u := trial.Unit{}
		u.State.ID, u.State.CallSign, u.State.Kind = cad.UnitID(fmt.Sprint(i)), fmt.Sprint(i), "patrol"
		u.State.Dispatchable, u.State.Duty, u.State.Home = true, "available", jointtest.At(float64(i%4)*1500-2250, float64(i/4)*2000-1000)
		units = append(units, u)
	}
	busy := map[cad.UnitID]time.Time{}
	var out []trial.Record
	at := noon
	for n := range 400 {
		at = at.Add(time.Duration(rng.ExpFloat64() * float64(25*time.Minute)))
		place := *jointtest.At(rng.Float64()*5000-2500, rng.Float64()*5000-2500)
		var free []trial.Unit
		for _, u := range units {
			if busy[u.State.ID].Before(at) {
				free = append(free, u)
			}
		}
		if len(free) == 0 {
			continue
		}
		u := choose(rng, free, place).State.ID
		order := at.Add(time.Minute)
		end := order.Add(30 * time.Minute)
		busy[u] = end
		out = append(out, trial.Record{ID: fmt.Sprint(n), At: at, Place: &place, Sent: []trial.Sent{{
			Unit: u, Dispatch: order, EnRoute: order.Add(30 * time.Second), OnScene: order.Add(5 * time.Minute), Available: end,
		}}})
	}
	return out, units
}

func nearestHome(_ *rand.Rand, free []trial.Unit, place geo.Point) trial.Unit {
	best := free[0]
	for _, u := range free {
		if geo.DistanceMeters(*u.State.Home, place) < geo.DistanceMeters(*best.State.Home, place) {
			best = u
		}
	}
	return best
}

func anybody(rng *rand.Rand, free []trial.Unit, _ geo.Point) trial.Unit {
	return free[rng.IntN(len(free))]
}

// Against somebody who sends anybody we are sooner, and the kilometres are fewer; against somebody who sends the nearest
// there is no difference to speak of, and none is claimed once the error of the streets is drawn.
func TestFairFindsADifferenceOnlyWhereThereIsOne(t *testing.T) {
	o, _ := centre(t)
	streets := grid(t)
	compare := func(choose func(*rand.Rand, []trial.Unit, geo.Point) trial.Unit) trial.Fair {
		records, units := history(1, choose)
		f, err := trial.FairOptions{
			Org: o, Units: units, Records: records, Streets: func(time.Time) street.Finder { return streets }, Sigma: 0.4, Draws: 300,
		}.Compare(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	bad := compare(anybody)
	if bad.P50 != "sooner" || bad.P90 != "sooner" || bad.Change.Km >= 0 || bad.Calls < 350 || bad.Units != bad.Calls {
		t.Errorf("against anybody: %+v", bad)
	}
	good := compare(nearestHome)
	if good.P50 != "no_difference" || good.SameSet < good.Calls*8/10 || good.Change.Mean.Mid > 0 {
		t.Errorf("against the nearest: %+v", good)
	}
	if again := compare(anybody); !reflect.DeepEqual(again, bad) {
		t.Error("the same records gave another comparison")
	}
	if bad.Recommended.Km-bad.Recorded.Km-bad.Change.Km > 1e-6 || bad.InLife.P50 != 360 {
		t.Errorf("the sums do not agree: %+v", bad)
	}
}

// What our state calls unavailable is counted apart: on another call, off duty, never heard of.
func TestFairCountsTheUnavailableApart(t *testing.T) {
	o, units := centre(t)
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	sent := func(id cad.UnitID, minute int) trial.Sent {
		return trial.Sent{Unit: id, Dispatch: at(minute), EnRoute: at(minute), OnScene: at(minute + 5), Available: at(minute + 60)}
	}
	p := jointtest.Middle()
	records := []trial.Record{
		{ID: "a", At: at(0), Place: &p, Sent: []trial.Sent{sent("101", 0)}},
		{ID: "b", At: at(10), Place: &p, Sent: []trial.Sent{sent("101", 10), sent("102", 10), sent("ghost", 10), sent("211", 15)}},
		{ID: "c", At: at(20), Sent: []trial.Sent{sent("301", 20)}},
		{ID: "d", At: at(30), Place: &p, Sent: []trial.Sent{sent("ghost", 30)}},
	}
	streets := grid(t)
	f, err := trial.FairOptions{Org: o, Units: units, Records: records, Streets: func(time.Time) street.Finder { return streets }, Draws: 10}.Compare(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want := trial.FairApart{NoPlace: 1, NobodyOK: 1, Choices: 5, Left: map[string]int{"busy": 1, "unknown": 2}, LaterSent: 1}
	if !reflect.DeepEqual(f.Apart, want) || f.Calls != 2 || f.Units != 2 {
		t.Errorf("apart %+v, %d calls, %d units; want %+v", f.Apart, f.Calls, f.Units, want)
	}
	var bad *fault.Error
	if _, err := (trial.FairOptions{Org: o, Units: units, Records: records[2:], Streets: func(time.Time) street.Finder { return streets }}).Compare(t.Context()); !errors.As(err, &bad) || bad.Kind != fault.Invalid {
		t.Errorf("nothing to compare: %v", err)
	}
}
