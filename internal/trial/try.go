package trial

import (
	"cmp"
	"context"
	"slices"
)

// Try plays the calls with the fleet as it is and with the changes, and compares. The time that it took is for the caller to
// add: a trial has no clock.
func (t *Trial) Try(ctx context.Context, units []Unit, changes []Change, opt Options) (Whatif, error) {
	changed, err := Apply(units, changes, t.world.Org)
	if err != nil {
		return Whatif{}, err
	}
	progress := opt.Progress
	half := func(first bool) func(done, all int) {
		if progress == nil {
			return nil
		}
		return func(done, all int) {
			if !first {
				done += all
			}
			progress(done, 2*all)
		}
	}
	opt.Progress = half(true)
	before, err := t.Run(ctx, units, opt)
	if err != nil {
		return Whatif{}, err
	}
	opt.Progress = half(false)
	after, err := t.Run(ctx, changed, opt)
	if err != nil {
		return Whatif{}, err
	}
	b := Bootstrap{Seed: opt.Seed}
	out := Whatif{Before: t.Sum(before, b), After: t.Sum(after, b), Difference: t.Compare(before, after, b), Work: after.Work}
	slices.SortStableFunc(out.Work, func(a, b Workload) int { return cmp.Compare(b.BusyS, a.BusyS) })
	return out, ctx.Err()
}
