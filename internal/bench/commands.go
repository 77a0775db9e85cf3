package bench

import (
	"context"
	"errors"
	"syscall"
	"time"

	"shuniu/internal/geo"
)

// here is the middle of worlds that need no map.
func here() geo.Point { return geo.Point{Lon: 114.30, Lat: 30.60} }

// Commands measures how many commands a second become durable through the desk: calls alone, and whole lives of
// incidents in which a call is one command of ten. First with one caller, beside the time of an fsync; then with many,
// alternately with a bare loop over the same driver and with pgbench, all on the same disk. It prints a line for each
// kind of work and number of callers.
func Commands(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	for _, w := range []work{calls, lives} {
		f, err := o.measure(ctx, dir, w, 1)
		if err != nil {
			return err
		}
		fsync, _ := f["fsync_p50_ms"].([]float64)
		p50, _ := f["p50_ms"].(float64)
		if len(fsync) == 2 && fsync[0]+fsync[1] > 0 {
			f["p50_in_fsyncs"] = p50 / ((fsync[0] + fsync[1]) / 2)
		}
		if err := o.print("commands", figures{"callers": 1, "seconds": o.Seconds}, f); err != nil {
			return err
		}
	}
	return o.against(ctx, dir)
}

// against measures many callers, a bare loop and pgbench alternately, so that a disk that changes its mind meets all.
func (o Options) against(ctx context.Context, dir string) error {
	var pg *postgres
	why := "not asked for"
	if !o.Quiet {
		var err error
		if pg, why, err = startPostgres(ctx, dir, o); err != nil {
			return err
		}
	}
	if pg == nil {
		o.say("no comparison with PostgreSQL: %s", why)
	}
	found, err := o.alternate(ctx, dir, pg)
	if pg != nil {
		err = errors.Join(err, pg.stop())
	}
	if err != nil {
		return err
	}
	sizes := figures{"callers": o.Sizes.Callers, "seconds": o.Seconds, "rounds": rounds}
	if pg != nil {
		sizes["pgbench_scale"] = o.Sizes.Scale
	}
	for _, f := range found {
		if pg == nil {
			f["pgbench_skipped"] = why
		}
		if err := o.print("commands", sizes, f); err != nil {
			return err
		}
	}
	return nil
}

// rounds is how often each is measured in turn: A-B-A-B.
const rounds = 2

func (o Options) alternate(ctx context.Context, dir string, pg *postgres) ([]figures, error) {
	kinds := []work{calls, lives}
	found, ours := make([]figures, len(kinds)), make([][]float64, len(kinds))
	var bares, theirs []float64
	for range rounds {
		for i, w := range kinds {
			f, err := o.measure(ctx, dir, w, o.Sizes.Callers)
			if err != nil {
				return nil, err
			}
			perS, _ := f["commands_per_s"].(float64)
			found[i], ours[i] = f, append(ours[i], perS)
			o.say("%s: %.0f commands/s", w, perS)
		}
		perS, perCommit, err := bareLoop(ctx, dir, o.Sizes.Callers, o.span())
		if err != nil {
			return nil, err
		}
		bares = append(bares, perS)
		o.say("a bare loop: %.0f rows/s, %.0f a commit", perS, perCommit)
		if pg == nil {
			continue
		}
		tps, err := pg.bench(ctx, o.span())
		if err != nil {
			return nil, err
		}
		theirs = append(theirs, tps)
		o.say("pgbench: %.0f transactions/s", tps)
	}
	for i, f := range found {
		f["commands_per_s"], f["commands_per_s_all"] = median(ours[i]), ours[i]
		f["bare_rows_per_s"], f["bare_rows_per_s_all"] = median(bares), bares
		f["records_to_bare_rows"] = f["records_per_command"].(float64) * median(ours[i]) / median(bares) //nolint:forcetypeassert // Made by measure.
		if pg != nil {
			f["pgbench_tps"], f["pgbench_tps_all"], f["pgbench_version"] = median(theirs), theirs, pg.version
			f["ratio_to_pgbench"] = median(ours[i]) / median(theirs)
		}
	}
	return found, nil
}

// measure runs callers against a new desk for the span of the bench.
func (o Options) measure(ctx context.Context, dir string, w work, callers int) (_ figures, err error) {
	folder, remove, err := Options{Dir: dir}.temp()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, remove()) }()
	before, err := probeDisk(folder, min(probeFor, o.span()))
	if err != nil {
		return nil, err
	}
	h, err := openHouse(ctx, folder, here(), w.units(callers))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, h.close()) }()
	o.say("%s, %d callers for %g s", w, callers, o.Seconds)
	stats := h.desk.Stats()
	appendsBefore, recordsBefore, cpuBefore := stats.Appends.Load(), stats.Records.Load(), cpuTime()
	workers := make([]worker, callers)
	for i := range workers {
		workers[i] = worker{h: h, does: w, n: i, of: callers}
	}
	took, span, err := rush(ctx, callers, o.span(), func(ctx context.Context, caller, n int) error { return workers[caller].do(ctx, n) })
	if err != nil {
		return nil, err
	}
	appends, records, cpu := float64(stats.Appends.Load()-appendsBefore), float64(stats.Records.Load()-recordsBefore), cpuTime()-cpuBefore
	after, err := probeDisk(folder, min(probeFor, o.span()))
	if err != nil {
		return nil, err
	}
	n := float64(len(took))
	f := figures{
		"work": string(w), "callers": callers, "commands": len(took), "commands_per_s": n / span.Seconds(), "appends_per_s": appends / span.Seconds(),
		"commands_per_append": n / appends, "records_per_s": records / span.Seconds(), "records_per_command": records / n,
		"cpu_us_per_command": float64(cpu.Microseconds()) / n, "p50_ms": took.ms(0.50), "p99_ms": took.ms(0.99), "max_ms": took.ms(1),
	}
	both(f, before, after)
	return f, nil
}

// cpuTime is what this process has used of all processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0 // Linux does not refuse it; the figure would be missing and nothing else.
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
