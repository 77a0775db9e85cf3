package callers

import (
	"context"
	"time"

	"shuniu/internal/trial"
)

// decide is how long somebody needs to send units once a call is written down: the middle of what the autopilot takes.
const decide = 20 * time.Second

// turnout is how long a simulated crew needs to set out; patrols are mostly in their cars.
const turnout = 25 * time.Second

// Played are the calls of simulated people in so many days from a moment, one for each event to which somebody has to go, as
// a trial plays them. Nobody but callers began them.
func Played(ctx context.Context, g *Generator, from time.Time, days int) ([]trial.Call, error) {
	var out []trial.Call
	var buf []Call
	for minute := range days * 24 * 60 {
		if minute%60 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		buf = g.Minute(buf[:0], from.Add(time.Duration(minute)*time.Minute), Surge{})
		for i := range buf {
			c := &buf[i]
			if !c.Opens || c.Scene <= 0 || i > 0 && buf[i-1].Event == c.Event && c.N > 0 {
				continue
			}
			out = append(out, trial.Call{
				ID: c.ID(), At: c.At, Ready: c.Ring + c.Talk + decide, Turnout: turnout, Place: c.True, Type: c.Type, Priority: c.Priority, Scene: c.Scene,
			})
		}
	}
	return out, nil
}
