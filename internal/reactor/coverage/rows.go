package coverage

import (
	"context"

	"shuniu/internal/geo"
	"shuniu/internal/street"
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
	w.finder, w.rows, w.plan = f, map[geo.Point][]float32{}, nil
	for _, k := range w.known {
		k.old = true
	}
	return true
}

// row gives the seconds from a place to each cell.
func (w *work) row(ctx context.Context, p geo.Point) []float32 {
	out := make([]float32, len(w.snaps))
	var trips []street.Trip
	if w.finder != nil {
		if from, ok := w.finder.Snap(p, snapMaxMeters); ok {
			trips = w.finder.OneToMany(ctx, from, w.snaps)
		}
	}
	for i, s := range w.snaps {
		switch {
		case trips == nil || !s.OK(): // Off the streets.
			out[i] = float32(geo.DistanceMeters(p, w.ground.cells[i].Place) / (crowKmh / 3.6))
		case trips[i].OK:
			out[i] = float32(trips[i].Duration.Seconds())
		default:
			out[i] = -1
		}
	}
	return out
}

// kept gives the row of a place where units wait, which is made once.
func (w *work) kept(ctx context.Context, p geo.Point) []float32 {
	row, ok := w.rows[p]
	if !ok {
		if row = w.row(ctx, p); ctx.Err() == nil {
			w.rows[p] = row
		}
	}
	return row
}
