package coverage

import (
	"context"

	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// How rows are made.
const (
	snapMaxMeters = 2_000 // How far from a street a place may lie.
	crowKmh       = 30.0  // Straight-line speed where there are no streets.
	movedMeters   = 150   // A unit that drove less keeps its row: about twenty seconds.
)

// restreet notes that travel times come from elsewhere now: rows become old and are made again, a few at a time. It
// answers false when ctx ended.
func (w *work) restreet(ctx context.Context, f street.Finder) bool {
	if w.snaps != nil && f == w.finder {
		return true
	}
	if w.snaps == nil || w.finder == nil || f == nil {
		w.snaps = make([]street.Snap, len(w.ground.cells))
		for i := range w.snaps {
			if f != nil {
				w.snaps[i], _ = f.Snap(w.ground.cells[i].Place, snapMaxMeters)
			}
			if i%256 == 0 && ctx.Err() != nil {
				w.snaps = nil
				return false
			}
		}
	}
	w.finder, w.rows, w.plan = f, map[start][]float32{}, nil
	for _, k := range w.known {
		k.old = true
	}
	return true
}

// start is where a row begins, for units that get on alike.
type start struct {
	at       geo.Point
	kmh      float64 // Their own speed; 0 for cars.
	straight bool
}

// startOf is where a unit of a kind begins. Those who drive as cars do are all alike.
func startOf(p geo.Point, k org.Kind) start { return start{p, k.Kmh, k.Straight} }

// row gives the seconds from a place to each cell.
func (w *work) row(ctx context.Context, s start) []float32 {
	out := make([]float32, len(w.snaps))
	kind := org.Kind{Kmh: s.kmh, Straight: s.straight}
	var trips []street.Trip
	if w.finder != nil && !s.straight {
		if from, ok := w.finder.Snap(s.at, snapMaxMeters); ok {
			trips = w.finder.OneToMany(ctx, from, w.snaps)
		}
	}
	for i, snap := range w.snaps {
		switch {
		case trips == nil || !snap.OK(): // Off the streets.
			out[i] = float32(kind.Crow(geo.DistanceMeters(s.at, w.ground.cells[i].Place), crowKmh).Seconds())
		case trips[i].OK:
			out[i] = float32(kind.Takes(trips[i].Duration, trips[i].Meters).Seconds())
		default:
			out[i] = -1
		}
	}
	return out
}

// kept gives the row of a place where units wait, which is made once.
func (w *work) kept(ctx context.Context, s start) []float32 {
	row, ok := w.rows[s]
	if !ok {
		if row = w.row(ctx, s); ctx.Err() == nil {
			w.rows[s] = row
		}
	}
	return row
}

// kindOf is a unit's kind, for how it gets on.
func (w *work) kindOf(u *unit.State) org.Kind { return w.ground.org.Kinds[u.Kind] }
