package bench

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/journal"
	"shuniu/internal/policy"
)

// The world of the start bench: every incident is open, so all of it is in memory.
const (
	notesEach    = 16  // Notes on an incident: with the four facts of its call, 20 facts.
	factsEach    = 20  // What reliability figures count on per incident.
	startCallers = 256 // Who build the world.
)

// Start measures how long a centre with a million live facts takes to be at work again: after an ordinary stop, whose
// snapshot holds the state, and from the first record on, when no snapshot is left.
func Start(ctx context.Context, o Options) (err error) {
	o = o.filled()
	dir, remove, err := o.temp()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, remove()) }()
	f := figures{}
	o.say("making %d facts", o.Sizes.Facts)
	if err := o.populate(ctx, dir, f); err != nil {
		return err
	}
	o.say("starting again, from the snapshot and then without")
	from := time.Now()
	h, err := openHouse(ctx, dir, here(), fewUnits)
	if err != nil {
		return err
	}
	f["start_s"] = time.Since(from).Seconds()
	f["facts"] = int64(h.desk.Head())
	from = time.Now()
	if err = h.serve(ctx, nil); err != nil {
		return errors.Join(err, h.close())
	}
	f["board_s"] = time.Since(from).Seconds()
	if _, err = h.take(ctx, "after", 1); err != nil { // It really is at work.
		return errors.Join(err, h.close())
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	f["heap_mb"] = float64(m.HeapAlloc) / (1 << 20)
	if err := o.replay(ctx, h, f); err != nil {
		return errors.Join(err, h.close())
	}
	if err := h.close(); err != nil {
		return err
	}
	return o.print("start", figures{"facts": o.Sizes.Facts, "open_incidents": o.Sizes.Facts / factsEach}, f)
}

// replay opens a second desk over the same files that finds no snapshot. The first one may not write from then on.
func (o Options) replay(ctx context.Context, h *house, f figures) error {
	live, seq, err := h.desk.Hash(ctx)
	if err != nil {
		return err
	}
	from := time.Now()
	d, err := desk.Open(ctx, desk.Config{Centre: centreID, World: cad.Live, Store: unaided{h.store}, Keys: h.keys, Policy: policy.Roles{}})
	if err != nil {
		return err
	}
	f["start_without_snapshot_s"] = time.Since(from).Seconds()
	again, at, err := d.Hash(ctx)
	if err = errors.Join(err, d.Close(ctx)); err != nil {
		return err
	}
	if again != live || at != seq {
		return fmt.Errorf("bench: the journal replays to another state at %d than the live one at %d", at, seq)
	}
	return nil
}

// unaided is a store without snapshots.
type unaided struct{ journal.Store }

// LatestSnapshot finds none.
func (unaided) LatestSnapshot(context.Context) (journal.Snapshot, bool, error) {
	return journal.Snapshot{}, false, nil
}

// SaveSnapshot keeps none.
func (unaided) SaveSnapshot(context.Context, journal.Snapshot) error { return nil }

// populate makes the world through the desk, as it would have come about.
func (o Options) populate(ctx context.Context, dir string, f figures) error {
	h, err := openHouse(ctx, dir, here(), fewUnits)
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, startCallers)
	from := time.Now()
	for c := range startCallers {
		wg.Go(func() {
			for ctx.Err() == nil && errs[c] == nil {
				n := int(next.Add(1)) - 1
				if n >= o.Sizes.Facts/factsEach {
					return
				}
				errs[c] = h.whole(ctx, n)
			}
		})
	}
	wg.Wait()
	f["made_facts_per_s"] = float64(h.desk.Head()) / time.Since(from).Seconds()
	err = errors.Join(append(errs, ctx.Err())...)
	from = time.Now()
	err = errors.Join(err, h.close())
	f["stop_s"] = time.Since(from).Seconds()
	return err
}

// whole is one incident with all its facts.
func (h *house) whole(ctx context.Context, n int) error {
	name := fmt.Sprint("s", n)
	if _, err := h.take(ctx, name, n); err != nil {
		return err
	}
	for i := range notesEach {
		if _, err := h.note(ctx, cad.IncidentID("i"+name), fmt.Sprint("note ", i, ": the caller is waiting at the corner")); err != nil {
			return err
		}
	}
	return nil
}
