// Package desk is the writer: one goroutine per centre that decides commands against memory, one after another,
// stores what came of them with one append for the whole group, and only then answers. It holds the only clock,
// lock and retry of the core. It must never answer "taken" of what is not durable, and never show it to anyone.
package desk

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
)

// Clock tells the world's time. In a live world it is the machine's; in others it may run faster or stand still.
type Clock interface{ Now() time.Time }

// WallClock is the machine's clock.
type WallClock struct{}

// Now is the present, UTC.
func (WallClock) Now() time.Time { return time.Now().UTC() }

// Policy answers one question: may this actor do this to that? nil means yes.
type Policy interface {
	May(actor cad.Actor, action string, thing cad.Thing) error
}

// Limits of the desk. They are here so that a reader finds them; none of them applies to calls and duress.
const (
	queueLength    = 8192                // Commands that may wait.
	queueBusy      = queueLength * 3 / 4 // From here on only calls and duress are let in.
	groupMax       = 1024                // Commands decided before one append.
	patience       = 2 * time.Second     // After this a caller is told not_stored.
	answersKept    = 24 * time.Hour      // How long answers stay in memory.
	answersStored  = 30 * 24 * time.Hour // How long the store keeps them: so long a repeat has no second effect (P2).
	forgetEvery    = time.Hour           // How often older ones are removed from the store, in recorded time.
	reserveRetry   = 10 * time.Second    // How often to try to get the disk reserve back.
	reloadPauseMax = time.Second         // Longest pause between two tries to reload.
)

// Config is what a desk is made of.
type Config struct {
	Centre        cad.CentreID
	World         cad.World
	Store         journal.Store
	Keys          journal.Keys
	Clock         Clock  // nil is the machine's.
	Policy        Policy // nil lets everybody do everything: for tests only.
	Log           *slog.Logger
	SnapshotEvery int64 // Records between two snapshots; 0 takes one only at Close.
}

// Commit is one durable append, as watchers see it.
type Commit struct {
	Change  joint.Change
	Records []journal.Record
	Facts   []cad.Fact // Facts[i] is what Records[i] holds.
	Reset   bool       // The desk reloaded: Change is the whole state, start again from nothing.
}

// Desk is the writer of one centre's one world.
type Desk struct {
	cfg   Config
	codec *journal.Codec
	queue chan *wish
	log   *slog.Logger

	house   *joint.House     // The writer's own; ahead of the store only while it decides a group.
	torn    bool             // house holds facts that were not stored: it must be shown to nobody.
	pending []journal.Record // Of the group that is being decided: a life that comes back needs them, too.
	epoch   journal.Epoch
	answers *memory

	mu       sync.Mutex
	watchers []func(Commit)

	head     atomic.Int64 // The last durable sequence.
	degraded atomic.Pointer[fault.Error]
	fullDisk atomic.Bool
	stats    Stats
	stop     context.CancelFunc
	done     chan struct{}
	snapping atomic.Bool
	forgot   time.Time // When answers were last removed from the store, in recorded time.
	removing atomic.Bool
	lastSnap cad.Seq
	reserve  time.Time // When to try next to get the reserve back.
}

// Stats counts what the desk did since it was opened.
type Stats struct {
	Commands, Refused, Repeats, Appends, Records, Failures atomic.Int64
}

// Open loads the journal and starts the writer. Errors: a journal of another world or centre, a damaged store, or
// one that somebody else has open.
func Open(ctx context.Context, cfg Config) (*Desk, error) {
	const op = "desk.Open"
	if cfg.Clock == nil {
		cfg.Clock = WallClock{}
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	codec, err := joint.NewCodec()
	if err != nil {
		return nil, err
	}
	d := &Desk{cfg: cfg, codec: codec, queue: make(chan *wish, queueLength), log: cfg.Log, done: make(chan struct{})}
	if err := d.load(ctx); err != nil {
		return nil, err
	}
	if o := d.house.Org; o.World != "" && (o.World != cfg.World || o.Centre != cfg.Centre) {
		return nil, fault.New(op, fault.Conflict, "this journal is the %s world of centre %s, not the %s world of %s", o.World, o.Centre, cfg.World, cfg.Centre).
			Mend("give another data directory, or start it as the world that it is")
	}
	run, stop := context.WithCancel(context.WithoutCancel(ctx))
	d.stop = stop
	go d.write(run)
	if d.house.Seq == 0 {
		_, err := d.Do(ctx, Wish{Actor: System(), Command: joint.OpenWorld{World: cfg.World, Centre: cfg.Centre}})
		if err != nil {
			return nil, joinClose(d, err)
		}
	}
	return d, nil
}

func joinClose(d *Desk, err error) error {
	d.stop()
	<-d.done
	return err
}

// System is the desk itself as an actor.
func System() cad.Actor { return cad.Actor{ID: "system", Role: "system"} }

// Watch calls f after each durable append, in order, and first with the whole state. f runs on the writer's
// goroutine: it must be quick and must not call the desk.
func (d *Desk) Watch(ctx context.Context, f func(Commit)) error {
	return d.look(ctx, "desk.Watch", func() {
		f(Commit{Change: d.house.Whole(), Reset: true})
		d.mu.Lock()
		d.watchers = append(d.watchers, f)
		d.mu.Unlock()
	})
}

// look runs f on the writer's goroutine, where it sees durable facts only.
func (d *Desk) look(ctx context.Context, op string, f func()) error {
	w := &wish{ctx: ctx, look: f, done: make(chan struct{})}
	select {
	case d.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-d.done:
		return closed(op)
	}
	select {
	case <-w.done:
		return w.err
	case <-d.done:
		return closed(op)
	}
}

func closed(op string) error {
	return fault.New(op, fault.Unavailable, "the service is stopping").Because("stopping").Mend("try again under the same key")
}

// Head is the last durable sequence.
func (d *Desk) Head() cad.Seq { return cad.Seq(d.head.Load()) }

// Now is the world's time.
func (d *Desk) Now() time.Time { return d.cfg.Clock.Now() }

// Centre is whose desk it is, and World which of its worlds.
func (d *Desk) Centre() cad.CentreID { return d.cfg.Centre }

// World is the world of this desk's journal.
func (d *Desk) World() cad.World { return d.cfg.World }

// Stats are the counters since Open.
func (d *Desk) Stats() *Stats { return &d.stats }

// Health is nil while everything can be stored, otherwise what is wrong.
func (d *Desk) Health() error {
	if e := d.degraded.Load(); e != nil {
		return e
	}
	return nil
}

// Hash is the hash of the whole state and the position it belongs to.
func (d *Desk) Hash(ctx context.Context) (sum [32]byte, seq cad.Seq, err error) {
	var failed error
	err = d.look(ctx, "desk.Hash", func() {
		sum, failed = d.house.Hash()
		seq = d.house.Seq
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return [32]byte{}, 0, err
	}
	return sum, seq, nil
}

// Close stops the writer and keeps a snapshot for the next start. What is still queued is told that the service is
// stopping. The store stays open.
func (d *Desk) Close(ctx context.Context) error {
	d.stop()
	<-d.done
	if d.torn {
		return nil // What memory holds was never stored; the next start reads the journal instead.
	}
	return d.snapshot(ctx, d.house)
}
