package trial

import (
	"context"
	"math"
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
	"shuniu/internal/street"
)

// Record is one recorded call with who was sent to it.
type Record struct {
	ID       string
	At       time.Time // Received.
	Type     cad.TypeID
	Priority cad.Priority
	Place    *geo.Point // nil when nobody wrote it down.
	Sent     []Sent     // By Dispatch.
}

// Sent is one unit on a recorded call. A zero time was not recorded.
type Sent struct {
	Unit      cad.UnitID
	Dispatch  time.Time
	EnRoute   time.Time
	OnScene   time.Time
	Transport time.Time
	Available time.Time
	Doubtful  bool // Its steps are out of order.
}

// Drive is one recorded drive whose begin and end are known.
type Drive struct {
	Record int // Index of the call.
	Unit   cad.UnitID
	From   geo.Point
	To     geo.Point
	At     time.Time // When it began.
	Took   time.Duration
}

// lastSceneFresh is how long after it was free a unit is taken to be still where it was.
const lastSceneFresh = 10 * time.Minute

// Drives lists the drives whose begin, end and origin can be told, by the time of their beginning, and how many have an origin
// that nobody knows. A unit begins at its last scene while that is fresh, else at its home. After a transport it is at
// a hospital that no record names, and counts as at home.
func Drives(records []Record, homes map[cad.UnitID]geo.Point) (out []Drive, noOrigin int) {
	type seen struct {
		at   geo.Point
		free time.Time
	}
	type drive struct {
		record int
		sent   Sent
	}
	var all []drive
	for i, r := range records {
		for _, s := range r.Sent {
			if r.Place != nil && !s.Doubtful && !s.EnRoute.IsZero() && s.OnScene.After(s.EnRoute) {
				all = append(all, drive{i, s})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b drive) int { return a.sent.EnRoute.Compare(b.sent.EnRoute) })
	last := map[cad.UnitID]seen{}
	for _, d := range all {
		to, s := *records[d.record].Place, d.sent
		from, ok := homes[s.Unit]
		if was, there := last[s.Unit]; there && !was.free.After(s.EnRoute) && s.EnRoute.Sub(was.free) < lastSceneFresh {
			from, ok = was.at, true
		}
		if ok {
			out = append(out, Drive{Record: d.record, Unit: s.Unit, From: from, To: to, At: s.EnRoute, Took: s.OnScene.Sub(s.EnRoute)})
		} else {
			noOrigin++
		}
		delete(last, s.Unit)
		if s.Transport.IsZero() && !s.Available.IsZero() {
			last[s.Unit] = seen{to, s.Available}
		}
	}
	return out, noOrigin
}

// Accuracy is how well street times foretell recorded driving. Times are in seconds.
type Accuracy struct {
	N        int     `json:"n"`
	Recorded float64 `json:"recorded_p50_s"`
	Modelled float64 `json:"modelled_p50_s"`
	ErrorP50 float64 `json:"error_p50_s"` // Of the absolute difference.
	ErrorP90 float64 `json:"error_p90_s"`
	Bias     float64 `json:"bias_p50_s"` // Modelled less recorded; above 0 we think that they are slower.
	Spearman float64 `json:"spearman"`   // Of the ranks; 1 is the same order.
	Sigma    float64 `json:"sigma"`      // Spread of the logarithm of recorded by modelled, from its median absolute deviation.
	NoWay    int     `json:"no_way"`     // Drives that the map does not allow.
}

// Foretell gives the street times of drives on one state of the streets, in their order; 0 where there is no way.
func Foretell(ctx context.Context, f street.Finder, drives []Drive) []time.Duration {
	out := make([]time.Duration, len(drives))
	byTarget := map[geo.Point][]int{}
	var targets []geo.Point
	for i, d := range drives {
		if byTarget[d.To] == nil {
			targets = append(targets, d.To)
		}
		byTarget[d.To] = append(byTarget[d.To], i)
	}
	for _, to := range targets {
		snap, ok := f.Snap(to, snapMaxMeters)
		if !ok || ctx.Err() != nil {
			continue
		}
		list := byTarget[to]
		from := make([]street.Snap, len(list))
		for k, i := range list {
			from[k], _ = f.Snap(drives[i].From, snapMaxMeters)
		}
		for k, trip := range f.ManyToOne(ctx, from, snap) {
			if trip.OK {
				out[list[k]] = max(trip.Duration, time.Millisecond)
			}
		}
	}
	return out
}

// Judge compares what was foretold with what was recorded.
func Judge(drives []Drive, foretold []time.Duration) Accuracy {
	var a Accuracy
	var recorded, modelled, off, bias, ratio []float64
	for i, d := range drives {
		if foretold[i] <= 0 {
			a.NoWay++
			continue
		}
		x, y := d.Took.Seconds(), foretold[i].Seconds()
		recorded, modelled = append(recorded, x), append(modelled, y)
		off, bias, ratio = append(off, math.Abs(y-x)), append(bias, y-x), append(ratio, math.Log(x/y))
	}
	a.N, a.Spearman = len(recorded), Spearman(recorded, modelled)
	a.ErrorP50, a.ErrorP90, a.Bias = quantileOf(off, 0.5), quantileOf(off, 0.9), quantileOf(bias, 0.5)
	a.Recorded, a.Modelled = quantileOf(recorded, 0.5), quantileOf(modelled, 0.5)
	a.Sigma = spread(ratio)
	return a
}

// spread is the standard deviation of a normal variable with the median absolute deviation of these values.
func spread(v []float64) float64 {
	if len(v) == 0 {
		return 0
	}
	mid := quantileOf(v, 0.5)
	off := make([]float64, len(v))
	for i, x := range v {
		off[i] = math.Abs(x - mid)
	}
	return 1.4826 * quantileOf(off, 0.5)
}
