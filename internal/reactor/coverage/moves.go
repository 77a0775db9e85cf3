package coverage

import (
	"context"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/unit"
)

// What a move must bring to be proposed: less is not worth a crew's way, and would be worth the way back a minute later.
const (
	gainS     = 3.0     // Seconds of the expected response.
	gainCalls = 1.0     // Calls a day in time.
	wayS      = 15 * 60 // Seconds: longer, and the city is another one on arrival.
	movesMax  = 3
)

// seek looks for moves. Units count where they are bound: at the place where they were sent to wait, else at their post.
func (w *work) seek(ctx context.Context, r *Reactor, in input, now time.Time) {
	for i := range w.ground.places {
		p := &w.ground.places[i]
		p.Row = w.kept(ctx, start{at: p.At})
		if ctx.Err() != nil {
			return
		}
	}
	w.moves = w.bound.Moves(cover.Wanted{
		Places: w.ground.places, GainS: gainS, CallsADay: gainCalls, EtaS: wayS, Max: movesMax, Before: w.moves,
		May: func(id cad.UnitID, to cover.Place) bool { return w.may(in, id, to, now) },
	})
	w.sought = time.Now()
}

// may reports whether a unit may be asked to wait at a place: not when it was moved just now, and not where a person has
// just said no. Places are measured as cars drive from them, so who gets on otherwise, on foot say, is not asked.
func (w *work) may(in input, id cad.UnitID, to cover.Place, now time.Time) bool {
	k := w.known[id]
	if k == nil || !k.free || !k.placed || now.Before(k.calm) || w.kindOf(k.state).Slow() {
		return false
	}
	_, declined := in.declined[string(id)+"~"+to.ID]
	return !declined
}

// current is what was found, without what no longer holds: a proposal must be gone as soon as its unit is.
func (w *work) current(in input, now time.Time) []cover.Move {
	out := make([]cover.Move, 0, len(w.moves))
	for _, m := range w.moves {
		if w.may(in, m.Unit, m.To, now) {
			out = append(out, m)
		}
	}
	w.moves = out
	return out
}

// boundFor is where an idle unit will be when it has driven: the place where it was sent to wait, else its post.
func boundFor(u *unit.State) (geo.Point, bool) {
	if u.Standby != nil {
		return u.Standby.Place, true
	}
	if u.Home != nil {
		return *u.Home, true
	}
	return geo.Point{}, false
}

// moved reports whether a unit was sent to wait elsewhere, or back, between two of its states.
func moved(before, after *unit.State) bool {
	a, b := before.Standby, after.Standby
	return (a == nil) != (b == nil) || a != nil && a.Place != b.Place
}
