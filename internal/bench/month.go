package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/callers"
	"shuniu/internal/centre"
	"shuniu/internal/osm"
	"shuniu/internal/street"
	"shuniu/internal/trial"
)

// The month that is played again.
const (
	monthDays  = 30
	monthCalls = 40_000 // At least; to which somebody goes.
	monthUnits = 300
)

// Month measures how fast a month of a generated city is played again with the live advice: every call is put before it, units
// drive, work and return. Making the city, its calls and its streets' order is not counted; snapping the calls is.
func Month(ctx context.Context, o Options) (err error) {
	o = o.filled()
	o.Sizes.City = cmp.Or(o.Sizes.Month, "city")
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f := figures{}
	path, err := o.world(ctx, dir, f)
	if err != nil {
		return err
	}
	charter, problems := centre.Load(filepath.Join(dir, "world", "centre"), centre.Options{})
	if len(problems) > 0 {
		return fmt.Errorf("bench: the city's centre: %s", problems[0])
	}
	x, err := osm.ReadFile(ctx, path, osm.Options{})
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	began := time.Now()
	h, err := x.Streets.Prepare(ctx, "", nil)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	streets, err := x.Streets.Router(ctx, h, street.Conditions{Hour: 12})
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	f["streets_ready_s"] = time.Since(began).Seconds()
	org, units, err := trial.Found(charter)
	if err != nil {
		return err
	}
	units = manned(units, monthUnits)
	zone, err := time.LoadLocation(charter.Settings.Zone)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	calls, err := monthOf(ctx, x, zone, f)
	if err != nil {
		return err
	}
	o.say("playing %d calls of %d days again with %d units", len(calls), monthDays, len(units))
	began = time.Now()
	t, err := trial.New(ctx, trial.World{Org: org, Streets: streets, Zone: zone}, calls)
	if err != nil {
		return err
	}
	out, err := t.Run(ctx, units, trial.Options{Seed: 1})
	if err != nil {
		return err
	}
	took := time.Since(began).Seconds()
	sum := t.Sum(out, trial.Bootstrap{Draws: 100})
	f["calls"], f["units"], f["replay_s"], f["ms_a_call"] = t.Calls(), len(units), took, took*1000/float64(t.Calls())
	f["times_real"] = monthDays * 24 * 3600 / took
	f["p50_s"], f["p90_s"], f["reached"], f["waited"], f["km"] = sum.P50S, sum.P90S, sum.Reached, sum.Waited, sum.Km
	return o.print("month", figures{"size": o.Sizes.City, "seed": citySeed, "streets": x.Streets.Stats().Segments, "days": monthDays}, f)
}

// monthOf makes the calls of a month, as many as are promised at least.
func monthOf(ctx context.Context, x *osm.Extract, zone *time.Location, f figures) ([]trial.Call, error) {
	ground, err := callers.GroundOf(x, "zh")
	if err != nil {
		return nil, err
	}
	perDay := float64(monthCalls) / monthDays
	for range 4 {
		g, err := callers.New(callers.Options{Ground: ground, Seed: citySeed, PerDay: perDay, Zone: zone})
		if err != nil {
			return nil, err
		}
		began := time.Now()
		calls, err := callers.Played(ctx, g, time.Date(2030, time.June, 1, 0, 0, 0, 0, zone), monthDays)
		if err != nil || len(calls) >= monthCalls {
			f["calling_s"] = time.Since(began).Seconds()
			return calls, err
		}
		perDay *= 1.02 * monthCalls / float64(max(1, len(calls)))
	}
	return nil, errors.New("bench: nobody calls in this city")
}

// manned makes a fleet of n units of one: evenly thinned out, or with doubles.
func manned(units []trial.Unit, n int) []trial.Unit {
	out := make([]trial.Unit, 0, n)
	if len(units) >= n {
		for i := range n {
			out = append(out, units[i*len(units)/n])
		}
		return out
	}
	for i := range n {
		u := units[i%len(units)]
		if i >= len(units) {
			u.State.ID = cad.UnitID(fmt.Sprintf("%s-%d", u.State.ID, i/len(units)+1))
			u.State.CallSign = string(u.State.ID)
		}
		out = append(out, u)
	}
	return slices.Clip(out)
}
