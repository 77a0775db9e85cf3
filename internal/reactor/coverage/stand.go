package coverage

import (
	"time"

	"shuniu/internal/cover"
)

// standing is how an area stands, and since when, world time.
type standing struct {
	state cover.State
	since time.Time // Since it is not in order; zero while it is.
	void  time.Time // Since it is void; zero while it is not.
	whole time.Time // Since it is not void; zero while it is.
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
		s, known := w.states[key]
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
		case !bare && !known:
			s.whole = now
		}
		w.states[key] = s
	}
}
