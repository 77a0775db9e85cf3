package bench

import (
	"context"
	"errors"
	"runtime"
	"time"

	"shuniu/internal/callers"
)

// callersRounds is how often making and copying take turns, so that a machine that is busy for a while slows both.
const callersRounds = 5

// Callers measures how fast calls are made, without a desk: times, places, words and all. Beside it, in the same run,
// calls that are ready are only copied one by one: no generator that gives each call to somebody can be faster.
func Callers(ctx context.Context, o Options) error {
	o = o.filled()
	x, name, err := o.city(ctx)
	if err != nil {
		return err
	}
	ground, err := callers.GroundOf(x, "zh")
	if err != nil {
		return err
	}
	gen, err := callers.New(callers.Options{Ground: ground, Seed: 1})
	if err != nil {
		return err
	}
	o.say("making calls, and copying ready ones")
	var made, copied, storm []float64
	minute := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	turn := o.span() / (3 * callersRounds)
	var ready []callers.Call
	for range callersRounds {
		var n int
		var took time.Duration
		if n, took, err = makeCalls(ctx, gen, &minute, turn, callers.Surge{}, &ready); err != nil {
			return err
		}
		made = append(made, float64(n)/took.Seconds())
		if n, took, err = makeCalls(ctx, gen, &minute, turn, callers.Surge{Kind: "storm", Factor: 10}, nil); err != nil {
			return err
		}
		storm = append(storm, float64(n)/took.Seconds())
		n, took = copyCalls(ctx, ready, turn)
		copied = append(copied, float64(n)/took.Seconds())
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if median(copied) == 0 {
		return errors.New("bench: no call was made to be copied; measure for longer")
	}
	return o.print("callers", figures{"map": name, "ground": ground.Summary(), "rounds": callersRounds}, figures{
		"calls_per_s": median(made), "calls_per_s_storm": median(storm), "copy_per_s": median(copied), "ratio_to_copy": median(made) / median(copied),
	})
}

// keptMax is how many ready calls are kept for copying.
const keptMax = 4_096

// makeCalls makes the calls of one minute after another for a while.
func makeCalls(ctx context.Context, gen *callers.Generator, minute *time.Time, span time.Duration, s callers.Surge, keep *[]callers.Call) (n int, took time.Duration, err error) {
	var buf []callers.Call
	from := time.Now()
	for took = 0; took < span; took = time.Since(from) {
		if err := ctx.Err(); err != nil {
			return n, took, err
		}
		for range 256 {
			buf = gen.Minute(buf[:0], *minute, s)
			n += len(buf)
			*minute = minute.Add(time.Minute)
			if keep != nil && len(*keep) < keptMax {
				*keep = append(*keep, buf...)
			}
		}
	}
	return n, took, nil
}

// copyCalls gives ready calls away one by one for a while.
func copyCalls(ctx context.Context, ready []callers.Call, span time.Duration) (n int, took time.Duration) {
	var one callers.Call
	from := time.Now()
	for took = 0; took < span && ctx.Err() == nil && len(ready) > 0; took = time.Since(from) {
		for i := range ready {
			one = ready[i]
			runtime.KeepAlive(&one)
		}
		n += len(ready)
	}
	return n, max(took, time.Nanosecond)
}
