package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/geo"
)

// here is the middle of worlds that need no map.
func here() geo.Point { return geo.Point{Lon: 114.30, Lat: 30.60} }

// Commands measures how many calls a second become durable through the desk, with one caller and with many, and
// compares with the transactions that pgbench makes on the same disk, measured alternately. It prints a line for
// each number of callers.
func Commands(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	if err := o.commandsOf(ctx, dir, 1); err != nil {
		return err
	}
	if o.Quiet {
		return o.commandsOf(ctx, dir, o.Sizes.Callers)
	}
	return o.against(ctx, dir)
}

// commandsOf measures and prints one number of callers.
func (o Options) commandsOf(ctx context.Context, dir string, callers int) error {
	f, err := o.measure(ctx, dir, callers)
	if err != nil {
		return err
	}
	if callers == 1 {
		fsync, _ := f["fsync_p50_ms"].([]float64)
		p50, _ := f["p50_ms"].(float64)
		if len(fsync) == 2 && fsync[0]+fsync[1] > 0 {
			f["p50_in_fsyncs"] = p50 / ((fsync[0] + fsync[1]) / 2)
		}
	}
	return o.print("commands", figures{"callers": callers, "seconds": o.Seconds}, f)
}

// against measures the desk and pgbench alternately, A-B-A-B, so that a disk that changes its mind meets both.
func (o Options) against(ctx context.Context, dir string) error {
	pg, why, err := startPostgres(ctx, dir, o)
	if err != nil {
		return err
	}
	if pg == nil {
		o.say("no comparison with PostgreSQL: %s", why)
		f, err := o.measure(ctx, dir, o.Sizes.Callers)
		if err != nil {
			return err
		}
		f["pgbench_skipped"] = why
		return o.print("commands", figures{"callers": o.Sizes.Callers, "seconds": o.Seconds}, f)
	}
	f, err := o.alternate(ctx, dir, pg)
	if err = errors.Join(err, pg.stop()); err != nil {
		return err
	}
	return o.print("commands", figures{"callers": o.Sizes.Callers, "seconds": o.Seconds, "pgbench_scale": o.Sizes.Scale, "rounds": "A-B-A-B"}, f)
}

func (o Options) alternate(ctx context.Context, dir string, pg *postgres) (figures, error) {
	var ours, theirs []float64
	var f figures
	for range 2 {
		got, err := o.measure(ctx, dir, o.Sizes.Callers)
		if err != nil {
			return nil, err
		}
		f = got
		perS, _ := f["commands_per_s"].(float64)
		ours = append(ours, perS)
		tps, err := pg.bench(ctx, o.span())
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, tps)
		o.say("desk %.0f commands/s, pgbench %.0f transactions/s", perS, tps)
	}
	f["commands_per_s"], f["commands_per_s_all"] = median(ours), ours
	f["pgbench_tps"], f["pgbench_tps_all"], f["pgbench_version"] = median(theirs), theirs, pg.version
	f["ratio_to_pgbench"] = median(ours) / median(theirs)
	return f, nil
}

// measure runs callers against a new desk for the span of the bench.
func (o Options) measure(ctx context.Context, dir string, callers int) (_ figures, err error) {
	sub := Options{Dir: dir}
	folder, remove, err := sub.temp()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	before, err := probeDisk(folder, min(probeFor, o.span()))
	if err != nil {
		return nil, err
	}
	h, err := openHouse(ctx, folder, here(), fewUnits)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	o.say("%d callers for %g s", callers, o.Seconds)
	took, span, err := h.rush(ctx, callers, o.span())
	if err != nil {
		return nil, err
	}
	after, err := probeDisk(folder, min(probeFor, o.span()))
	if err != nil {
		return nil, err
	}
	appends, records := float64(h.desk.Stats().Appends.Load()), float64(h.desk.Stats().Records.Load())
	f := figures{
		"callers": callers, "commands": len(took), "commands_per_s": float64(len(took)) / span.Seconds(), "appends_per_s": appends / span.Seconds(),
		"commands_per_append": float64(len(took)) / appends, "records_per_s": records / span.Seconds(), "p50_ms": took.ms(0.50), "p99_ms": took.ms(0.99),
		"max_ms": took.ms(1),
	}
	both(f, before, after)
	return f, nil
}

// rush lets callers take calls as fast as they are answered. Every one must be taken.
func (h *house) rush(ctx context.Context, callers int, span time.Duration) (spread, time.Duration, error) {
	var wg sync.WaitGroup
	var failed atomic.Pointer[error]
	took := make([]spread, callers)
	from := time.Now()
	for c := range callers {
		wg.Go(func() {
			for n := 0; time.Since(from) < span && ctx.Err() == nil; n++ {
				start := time.Now()
				if _, err := h.take(ctx, fmt.Sprintf("%d-%d", c, n), c+n*callers); err != nil {
					failed.Store(&err)
					return
				}
				took[c] = append(took[c], time.Since(start))
			}
		})
	}
	wg.Wait()
	passed := time.Since(from)
	if err := failed.Load(); err != nil {
		return nil, passed, fmt.Errorf("bench: a call was not taken: %w", *err)
	}
	var all spread
	for _, s := range took {
		all = append(all, s...)
	}
	return all, passed, ctx.Err()
}
