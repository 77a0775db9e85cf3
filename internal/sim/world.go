package sim

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"shuniu/internal/api"
	"shuniu/internal/board"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// The speeds that a visitor may choose, world seconds in a second.
const (
	speedMin = 0 // Stands still.
	speedMax = 600
)

// Happenings is who can bring more to a world than its ordinary day: generated callers can. Beside recorded calls they
// bring big incidents only.
type Happenings interface {
	// Surges are the surges that can be chosen, the ordinary day first; none where calls come as they were recorded.
	Surges() []api.Surge
	Surge() api.Surge
	SetSurge(s api.Surge, now time.Time) error
	// Scenarios are the big incidents that can be started.
	Scenarios() []api.Scenario
	Begin(ctx context.Context, scenario string, now time.Time) error
	// Said is what the caller of a call says to whoever answers; false where nobody knows.
	Said(id cad.CallID) (api.Said, bool)
}

// World is a demo's world as its visitor moves it: whether and how fast its time passes, which incident he holds, and
// how much happens. It is api.WorldControl. Make it with NewWorld.
type World struct {
	clock     *Clock
	board     *board.Board
	autopilot string
	more      Happenings

	// turn belongs to whoever acts in the world: one of its steppers, or the visitor's hand. Nobody holds it while he waits
	// for mu's owner: mu is taken last, and let go before anything is called.
	turn     sync.Mutex
	steppers []Stepper

	mu      sync.Mutex
	speed   float64 // When it is neither paused nor held.
	paused  bool
	holding cad.IncidentID
	lent    loan
	left    cad.IncidentID // The last one that the visitor said he is done with.
	awake   time.Duration  // How long it ran until awakeAt, by the machine's clock.
	awakeAt time.Time
}

// WorldOptions are what a world is made of.
type WorldOptions struct {
	Clock     *Clock // It stands still; Go lets it run.
	Board     *board.Board
	Speed     float64    // World seconds in a second; 0 begins paused.
	Autopilot string     // How the desks of the world are manned, as api.WorldState tells it.
	More      Happenings // nil: nothing more happens than what comes by itself.
}

// NewWorld is a world that stands still until Go. Without a speed of its own it begins paused, and resumes as fast as
// life.
func NewWorld(o WorldOptions) (*World, error) {
	if err := checkSpeed(o.Speed); err != nil {
		return nil, err
	}
	w := &World{clock: o.Clock, board: o.Board, speed: o.Speed, autopilot: o.Autopilot, more: o.More, awakeAt: o.Clock.real()}
	if o.Speed == 0 {
		w.speed, w.paused = 1, true
	}
	return w, nil
}

func checkSpeed(speed float64) error {
	if math.IsNaN(speed) || speed < speedMin || speed > speedMax {
		return fault.New("sim.SetSpeed", fault.Invalid, "the speed lies between %d and %d", speedMin, speedMax).Because("bad_speed").At("speed")
	}
	return nil
}

// Go lets time pass.
func (w *World) Go() { w.change(func() {}) }

// Live lets everybody in the world act when his moment comes, until ctx ends. What fails is told and does not stop the
// world.
func (w *World) Live(ctx context.Context, tell func(error), steppers ...Stepper) {
	w.turn.Lock()
	w.steppers = steppers
	w.turn.Unlock()
	tick := time.NewTicker(frame)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.expire()
		}
		for ctx.Err() == nil && w.act(ctx, tell) {
		}
	}
}

// act lets the first whose moment has come do what is due. It reports whether anybody did.
func (w *World) act(ctx context.Context, tell func(error)) bool {
	w.turn.Lock()
	defer w.turn.Unlock()
	s, at, ok := earliest(w.steppers)
	now := w.clock.Now()
	if !ok || at.After(now) {
		return false
	}
	if err := s.Run(ctx, now); err != nil {
		tell(err)
		return false // What could not be done is tried again at the next look.
	}
	return true
}

// run gives the clock the speed that it should have. The caller holds both locks.
func (w *World) run() {
	switch {
	case w.paused:
		w.clock.SetSpeed(0)
	case w.holding != "":
		w.clock.SetSpeed(1)
	case !w.lent.until.IsZero():
		w.clock.SetSpeed(w.lent.speed)
	default:
		w.clock.SetSpeed(w.speed)
	}
}

// change changes how the world runs, while nobody in it acts.
func (w *World) change(how func()) {
	w.turn.Lock()
	defer w.turn.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.awake, w.awakeAt = w.awakeNow(), w.clock.real()
	how()
	w.run()
}

// Take gives an incident to the visitor: the autopilot leaves it alone, and time passes as in life. Taking another
// one lets go of the first.
func (w *World) Take(_ context.Context, id cad.IncidentID) error {
	const op = "sim.Take"
	var s incident.State
	w.board.Look(func(h *joint.House) { s = h.Incident(id) })
	switch {
	case s.ID == "":
		return fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident").At("incident")
	case !s.Open():
		return fault.New(op, fault.Conflict, "the incident has ended").Because("ended").At("incident").Mend("take one that is open")
	}
	w.change(func() { w.holding = id })
	return nil
}

// Release gives the incident back to the autopilot, and the world its speed.
func (w *World) Release(context.Context) error {
	w.change(func() { w.holding, w.left = "", w.holding })
	return nil
}

// SetSpeed changes how fast the world runs, in a tour, too; while an incident is held, how fast it will run afterwards. 0
// pauses, any other speed resumes.
func (w *World) SetSpeed(speed float64) error {
	if err := checkSpeed(speed); err != nil {
		return err
	}
	w.change(func() {
		if w.paused = speed == 0; !w.paused {
			w.speed, w.lent.speed = speed, speed
		}
	})
	return nil
}

// Pause lets time stand still. A world that stands still already is not changed.
func (w *World) Pause() error {
	w.change(func() { w.paused = true })
	return nil
}

// Resume lets time pass again, as fast as before the pause.
func (w *World) Resume() error {
	w.change(func() { w.paused = false })
	return nil
}

// Step lets a paused world live through some of its own time at once: everybody in it acts at each of his moments, as
// when time passes. It is done whole, even if whoever asked for it has gone.
func (w *World) Step(ctx context.Context, d time.Duration) error {
	w.turn.Lock()
	defer w.turn.Unlock()
	if err := w.mayStep(); err != nil {
		return err
	}
	if err := Jump(context.WithoutCancel(ctx), w.clock, w.clock.Now().Add(d), w.steppers...); err != nil {
		return fault.Wrap("sim.Step", fault.Unavailable, err, "the world could not take the whole step").Because("step_failed").Mend("look at the log, then step again")
	}
	return nil
}

func (w *World) mayStep() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.paused {
		return fault.New("sim.Step", fault.Conflict, "only a paused world is stepped").Because("not_paused").Mend("pause it first")
	}
	return nil
}

// recordedCalls refuses what only generated callers can do.
func recordedCalls() error {
	return fault.New("sim.World", fault.Conflict, "the calls of this world were recorded: they come as they came").
		Because("recorded_calls").Mend("start the demo of a city whose callers are generated: shuniu demo --city yunze")
}

func (w *World) mayBegin() error {
	if w.more == nil {
		return recordedCalls()
	}
	return nil
}

func (w *World) maySurge() error {
	if w.more == nil || len(w.more.Surges()) == 0 {
		return recordedCalls()
	}
	return nil
}

// SetSurge changes how many people call from now on.
func (w *World) SetSurge(s api.Surge) error {
	if err := w.maySurge(); err != nil {
		return err
	}
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.more.SetSurge(s, w.clock.Now())
}

// Begin starts a big incident: its first callers ring soon, by the world's clock.
func (w *World) Begin(ctx context.Context, scenario string) error {
	if err := w.mayBegin(); err != nil {
		return err
	}
	if !slices.ContainsFunc(w.more.Scenarios(), func(s api.Scenario) bool { return s.ID == scenario }) {
		return fault.New("sim.Begin", fault.NotFound, "there is no such big incident").Because("no_scenario").At("id").Mend("GET demo lists them")
	}
	w.turn.Lock()
	defer w.turn.Unlock()
	return w.more.Begin(context.WithoutCancel(ctx), scenario, w.clock.Now())
}

// Said is what the caller of a call says to whoever answers him; nothing where nobody in this world speaks on it.
func (w *World) Said(id cad.CallID) api.Said {
	if w.more == nil {
		return api.Said{}
	}
	said, _ := w.more.Said(id)
	return said
}

// State is how the world runs now.
func (w *World) State() api.WorldState {
	w.mu.Lock()
	st := api.WorldState{Speed: w.clock.Speed(), Chosen: w.speed, Paused: w.paused, Holding: w.holding, Clock: w.clock.Now(), Autopilot: w.autopilot}
	w.mu.Unlock()
	if w.maySurge() == nil {
		s := w.more.Surge()
		st.Surge = &s
	}
	return st
}

// Able is what can be done with the world now.
func (w *World) Able() api.WorldAble {
	out := api.WorldAble{Surges: []api.Surge{}, Scenarios: []api.Scenario{}}
	if w.more != nil {
		out.Surges, out.Scenarios = append(out.Surges, w.more.Surges()...), w.more.Scenarios()
	}
	w.mu.Lock()
	paused := w.paused
	w.mu.Unlock()
	out.Next = []cad.Step{
		cad.StepOf("pause", unless(!paused, "paused")), cad.StepOf("resume", unless(paused, "running")), cad.StepOf("step", w.mayStep()),
		cad.StepOf("speed", nil), cad.StepOf("surge", w.maySurge()), cad.StepOf("scenario", w.mayBegin()),
	}
	return out
}

// unless is a refusal where something is not so.
func unless(so bool, code string) error {
	if so {
		return nil
	}
	return fault.New("sim.World", fault.Conflict, "it is so already").Because(code)
}
