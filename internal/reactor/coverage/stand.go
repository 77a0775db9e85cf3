package coverage

import (
	"context"
	"fmt"
	"time"

	"shuniu/internal/cover"
)

// standing is how an area stands, and since when, world time.
type standing struct {
	state cover.State
	since time.Time // Since it is not in order; zero while it is.
	void  time.Time // Since it is void; zero while it is not.
	whole time.Time // Since it is not void any more; zero while it is, or never was.
}

// alarm is one that stands in the journal, or is to.
type alarm struct {
	id     string
	raised bool
}

// planned notes which areas would be void even if every unit of the centre stood free at its post. That is for a study,
// not for an alarm that would never end.
func (w *work) planned(now time.Time) {
	w.plan = map[cover.Void]bool{}
	for _, a := range w.atHome.Picture(now).Areas {
		w.plan[cover.Void{Area: a.Area, Class: a.Class}] = a.State == cover.Bare
	}
}

// stand notes since when each area stands as it does.
func (w *work) stand(v *View, now time.Time) {
	v.Since = map[cover.Void]time.Time{}
	for i := range v.Areas {
		a := &v.Areas[i]
		key := cover.Void{Area: a.Area, Class: a.Class}
		a.ByPlan = w.plan[key]
		s := w.states[key]
		if a.State != s.state {
			s.since = now
		}
		s.state = a.State
		if a.State == cover.OK {
			s.since = time.Time{}
		} else {
			v.Since[key] = s.since
		}
		switch bare := a.State == cover.Bare && !a.ByPlan; {
		case bare && s.void.IsZero():
			s.void, s.whole = now, time.Time{}
		case !bare && !s.void.IsZero():
			s.void, s.whole = time.Time{}, now
		}
		w.states[key] = s
	}
}

// raise writes down what has been void for hold, and that it is over when it has been for hold. Nothing is written while
// the picture is not whole: a start must not look like a city without units. What cannot be stored is tried again at the
// next turn, under the same key.
func (w *work) raise(ctx context.Context, r *Reactor, v *View, now time.Time) {
	if !v.Ready {
		return
	}
	if w.alarms == nil {
		w.alarms = map[cover.Void]*alarm{}
	}
	there := map[cover.Void]bool{}
	for _, a := range v.Areas {
		key := cover.Void{Area: a.Area, Class: a.Class}
		there[key] = true
		s, old := w.states[key], w.alarms[key]
		switch {
		case old == nil && !s.void.IsZero() && now.Sub(s.void) >= hold:
			id := fmt.Sprintf("void-%s-%s-%d", a.Area, a.Class, s.void.Unix())
			if r.ring(ctx, id, a, s.void) {
				w.alarms[key] = &alarm{id: id, raised: true}
			}
		case old != nil && s.void.IsZero() && (s.whole.IsZero() || now.Sub(s.whole) >= hold):
			if r.silence(ctx, old.id) {
				delete(w.alarms, key)
			}
		}
	}
	for key, old := range w.alarms { // The centre does not watch it any more.
		if !there[key] && r.silence(ctx, old.id) {
			delete(w.alarms, key)
		}
	}
}
