package sim

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/intake"
	"shuniu/internal/joint"
	"shuniu/internal/journal"
	"shuniu/internal/keyfile"
	"shuniu/internal/memstore"
	"shuniu/internal/org"
	"shuniu/internal/osm"
	"shuniu/internal/policy"
	"shuniu/internal/reactor/crew"
	"shuniu/internal/reactor/deadlines"
	"shuniu/internal/track"
)

// The ways to answer recorded calls.
const (
	Recorded    = "recorded"    // With the units that were sent in life, at the times of life.
	Recommended = "recommended" // With the units that we recommend; crews are simulated.
)

// ReplayConfig says what to play.
type ReplayConfig struct {
	Calls     intake.File
	Charter   org.Charter
	Map       *osm.Extract  // nil: no street names, no model error, straight lines.
	Autopilot string        // Recorded or Recommended.
	Seed      uint64        // Of the crews.
	Store     journal.Store // nil: memory.
	Log       *slog.Logger
}

// Replay plays recorded calls through a real desk on a clock that jumps, and measures what came of them. The world
// is a study: nothing outside hears of it. Errors are those of the desk; what a recorded call cannot do by our
// tables is counted, not an error.
func Replay(ctx context.Context, cfg ReplayConfig) (_ Report, err error) {
	began := time.Now()
	if len(cfg.Calls.Calls) == 0 {
		return Report{}, errors.New("sim: there is no call that can be played")
	}
	r, err := openReplay(ctx, cfg)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, r.desk.Close(context.WithoutCancel(ctx)), r.keys.Close()) }()
	model := make(chan Model, 1)
	go func() { model <- measureModel(ctx, cfg) }() // It needs the calls only, so it runs beside.
	if err := Jump(ctx, r.clock, r.end(cfg), r.steppers...); err != nil {
		return Report{}, err
	}
	out := r.report(cfg)
	sum, seq, err := r.desk.Hash(ctx)
	if err != nil {
		return out, err
	}
	out.StateHash, out.Records = hex.EncodeToString(sum[:]), int64(seq)
	if out.ReplayEqual, err = r.again(ctx, sum); err != nil {
		return out, err
	}
	out.Model = <-model
	out.Seconds = time.Since(began).Seconds()
	return out, ctx.Err()
}

// replay is a world that is being played.
type replay struct {
	clock    *Clock
	store    journal.Store
	keys     *keyfile.Store
	desk     *desk.Desk
	script   *Script
	due      *deadlines.Reactor
	steppers []Stepper

	sent    map[cad.AssignmentID]assignment.State // As they were last.
	taken   map[cad.IncidentID]opened
	recalls int
}

func openReplay(ctx context.Context, cfg ReplayConfig) (_ *replay, err error) {
	if cfg.Store == nil {
		cfg.Store = memstore.New(cfg.Charter.Centre)
	}
	r := &replay{
		clock: NewClock(cfg.Calls.Calls[0].Received.Add(-time.Minute), nil), store: cfg.Store, keys: keyfile.Memory(),
		sent: map[cad.AssignmentID]assignment.State{}, taken: map[cad.IncidentID]opened{},
	}
	roles := policy.Roles{}
	if r.desk, err = desk.Open(ctx, desk.Config{
		Centre: cfg.Charter.Centre, World: cad.Study, Store: cfg.Store, Keys: r.keys, Clock: r.clock, Policy: roles, Log: cfg.Log,
	}); err != nil {
		return nil, errors.Join(err, r.keys.Close())
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.desk.Close(context.WithoutCancel(ctx)), r.keys.Close())
		}
	}()
	player := cad.Actor{ID: "replay", Role: policy.Reactor}
	if _, err = r.desk.Do(ctx, desk.Wish{Actor: desk.System(), Command: joint.Configure{Charter: cfg.Charter}}); err != nil {
		return nil, fmt.Errorf("sim: the centre cannot be configured: %w", err)
	}
	known := map[cad.UnitID]bool{}
	for _, u := range cfg.Charter.Units {
		known[u.ID] = u.Dispatchable
		if _, err = r.desk.Do(ctx, desk.Wish{Actor: player, Command: joint.SayUnit{Unit: u.ID, To: "available"}}); err != nil {
			return nil, fmt.Errorf("sim: unit %s cannot go on duty: %w", u.ID, err)
		}
	}
	if err = r.desk.Watch(ctx, r.take); err != nil {
		return nil, err
	}
	r.due = deadlines.New(r.desk, cad.Actor{ID: "deadlines", Role: policy.Reactor}, cfg.Log)
	if err = r.due.Watch(ctx); err != nil {
		return nil, err
	}
	recorded := cfg.Autopilot != Recommended
	opt := ScriptOptions{
		Desk: r.desk, Actor: player, Calls: cfg.Calls.Calls, Parts: Parts{Sends: recorded, Stages: recorded},
		Knows: func(id cad.UnitID) bool { return known[id] },
	}
	if cfg.Map != nil {
		opt.Streets = cfg.Map.Streets
	}
	r.script = NewScript(opt)
	r.steppers = []Stepper{r.script, r.due}
	if recorded {
		return r, nil
	}
	return r, r.staff(ctx, cfg, player)
}

// staff adds crews and the people at the desks, for calls whose answer was not recorded.
func (r *replay) staff(ctx context.Context, cfg ReplayConfig, player cad.Actor) error {
	rows := board.New(policy.Roles{}, r.desk)
	if err := r.desk.Watch(ctx, func(c desk.Commit) {
		if _, err := rows.Apply(c.Change, c.Reset); err != nil && cfg.Log != nil {
			cfg.Log.Error("the board met a gap", "error", err)
		}
	}); err != nil {
		return err
	}
	book := track.NewBook()
	crews := crew.Options{Desk: r.desk, Role: policy.Reactor, Track: book, Seed: cfg.Seed, Log: cfg.Log}
	desks := AutopilotOptions{Desk: r.desk, Board: rows, Track: book, Actor: player, Sends: true, Seed: cfg.Seed}
	if cfg.Map != nil {
		crews.Streets, desks.Streets = cfg.Map.Streets, cfg.Map.Streets
	}
	c, p := crew.New(crews), NewAutopilot(desks)
	if err := errors.Join(c.Watch(ctx), p.Watch(ctx)); err != nil {
		return err
	}
	r.steppers = append(r.steppers, c, p)
	return nil
}

// playedOut is how long after the last call the crews may still work.
const playedOut = 4 * time.Hour

// end is when a replay stops: when all is played, or, because crews never stop looking around, some hours later.
func (r *replay) end(cfg ReplayConfig) time.Time {
	if cfg.Autopilot != Recommended {
		return r.script.last()
	}
	return cfg.Calls.Calls[len(cfg.Calls.Calls)-1].Received.Add(playedOut)
}

// opened is what is measured of an incident.
type opened struct {
	received time.Time
	priority cad.Priority
	open     bool
}

// take keeps what is measured. It reads what became durable, not what was asked for.
func (r *replay) take(c desk.Commit) {
	for _, s := range c.Change.Incidents {
		r.taken[s.ID] = opened{received: s.Received, priority: s.Priority, open: s.Open()}
	}
	for _, a := range c.Change.Assignments {
		r.sent[a.ID] = *a
	}
	for _, f := range c.Facts {
		if _, ok := f.(assignment.Recalled); ok {
			r.recalls++
		}
	}
}

// again folds the journal into a new house and compares.
func (r *replay) again(ctx context.Context, want [32]byte) (bool, error) {
	codec, err := joint.NewCodec()
	if err != nil {
		return false, err
	}
	h := joint.NewHouse(func(s cad.Subject) ([]journal.Record, error) {
		var out []journal.Record
		for rec, err := range r.store.BySubject(ctx, s) {
			if err != nil {
				return nil, err
			}
			out = append(out, rec)
		}
		return out, nil
	})
	for rec, err := range r.store.Read(ctx, 0) {
		if err != nil {
			return false, fmt.Errorf("sim: the journal cannot be read again: %w", err)
		}
		if err := h.Replay(codec, rec); err != nil {
			return false, fmt.Errorf("sim: the journal cannot be folded again: %w", err)
		}
	}
	got, err := h.Hash()
	return got == want, err
}
