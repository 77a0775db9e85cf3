package bench

import (
	"context"
	"time"
)

// Played is what a replay did.
type Played struct {
	Calls, Incidents, Assignments int
}

// Replay times the replay of recorded calls: load reads calls and map, and gives what plays them through a desk.
func Replay(ctx context.Context, o Options, name string, load func(context.Context) (play func(context.Context) (Played, error), err error)) error {
	o = o.filled()
	from := time.Now()
	play, err := load(ctx)
	if err != nil {
		return err
	}
	loaded := time.Now()
	o.say("playing")
	p, err := play(ctx)
	if err != nil {
		return err
	}
	return o.print("replay", figures{"calls_file": name, "calls": p.Calls}, figures{
		"load_s": loaded.Sub(from).Seconds(), "replay_s": time.Since(loaded).Seconds(), "calls_per_s": float64(p.Calls) / time.Since(loaded).Seconds(),
		"incidents": p.Incidents, "assignments": p.Assignments,
	})
}
