package coverage

import (
	"context"
	"fmt"
	"math"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
)

// raise writes down what has been void for hold, and that it is over when it has been for hold: a unit that drives past
// neither ends an alarm nor begins one. Nothing is written while the picture is not whole: a start must not look like a
// city without units.
func (w *work) raise(ctx context.Context, r *Reactor, in input, v *View, now time.Time) {
	if !v.Ready {
		return
	}
	there := map[cover.Void]bool{}
	for _, a := range v.Areas {
		key := cover.Void{Area: a.Area, Class: a.Class}
		there[key] = true
		s, open := w.states[key], in.alarms[key]
		switch {
		case open == "" && !s.void.IsZero() && now.Sub(s.void) >= hold:
			// The same void has the same name, also after a restart of the desk: it is raised once.
			id := cad.AlarmID(fmt.Sprintf("void-%s-%s-%d", a.Area, a.Class, s.void.UnixMilli()))
			if w.told[key] != id && r.say(ctx, "raise-"+string(id), joint.RaiseAlarm{ID: id, Kind: alarm.Void, Area: a.Area, Class: a.Class, Detail: w.detail(v, a)}) {
				w.told[key] = id
			}
		case open != "" && s.void.IsZero() && now.Sub(s.whole) >= hold:
			r.over(ctx, open)
		}
	}
	for key, open := range in.alarms {
		if !there[key] { // The centre does not watch it any more.
			r.over(ctx, open)
		}
	}
}

// detail is what is known of a void.
func (w *work) detail(v *View, a cover.AreaCover) alarm.Detail {
	var out alarm.Detail
	for i, k := range v.Classes {
		if k.Class != a.Class {
			continue
		}
		c := w.ground.classes[i]
		standard, own := c.AreaS[a.Area]
		if !own {
			standard = c.StandardS
		}
		out.StandardS, out.Units = int64(standard), w.live.FreeIn(i, a.Area)
		if !a.Nobody {
			out.NearestS = int64(math.Round(a.NearestS))
		}
	}
	return out
}

func (r *Reactor) over(ctx context.Context, id cad.AlarmID) {
	r.say(ctx, "clear-"+string(id), joint.AboutAlarm{ID: id, Name: "clear", Cmd: alarm.Clear{ID: id}})
}

// say brings a command to the desk. It answers false when it should be tried again, under the same key.
func (r *Reactor) say(ctx context.Context, key string, c joint.Command) bool {
	_, err := r.opt.Desk.Do(ctx, desk.Wish{Actor: r.opt.Actor, Key: key, Body: []byte(key), Command: c})
	if err == nil {
		return true
	}
	again := fault.KindOf(err) == fault.Unavailable
	if !again || ctx.Err() == nil {
		r.log.Warn("an alarm about the cover could not be written down", "verb", c.Verb(), "again", again, "error", err)
	}
	return !again
}
