// Package coverage keeps the live picture of how well the city is covered: it follows what becomes durable and where
// units are, reckons with internal/cover, proposes moves, and writes down as alarms the areas that have nobody left. It
// never holds up the desk or a call, and it never moves a unit: a person decides. Whatever goes wrong in it is logged,
// and it begins again.
package coverage

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/demand"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

// How the reactor is paced, by the machine's clock.
const (
	lookEvery  = time.Second     // At least so often positions are looked at.
	moveEvery  = 5 * time.Second // At most so often moves are looked for.
	pauseAfter = 5 * time.Second // After something went wrong.
	rowsAtOnce = 16              // Rows of units that only drove on, before the picture is shown again.
)

// What is measured in world time.
const (
	hold      = time.Minute      // A void lasts so long before it is an alarm, and is over so long before the alarm is.
	leftAlone = 20 * time.Minute // A unit that was moved, and a move that was declined.
)

// Options are what a reactor is made of.
type Options struct {
	Desk    *desk.Desk
	Actor   cad.Actor                        // As whom it raises and clears alarms.
	Track   *track.Book                      // nil: units are at their posts.
	Streets func(at time.Time) street.Finder // nil, or giving nil: straight lines.
	Demand  *demand.Map                      // What is known of the demand beforehand; nil: the same everywhere.
	Told    func(Notice)                     // Called after a new picture; it must be quick. May be nil.
	Log     *slog.Logger
}

// Notice says that there is a new picture.
type Notice struct {
	At    time.Time `json:"at"`
	AsOf  cad.Seq   `json:"as_of"`
	Voids int       `json:"voids"`
	Moves int       `json:"moves"`
}

// Reactor follows one desk's world. Make it with New, feed it with Watch, let it work with Follow. It may be read by any
// number of goroutines; a nil one knows nothing.
type Reactor struct {
	opt  Options
	log  *slog.Logger
	wake chan struct{}
	view atomic.Pointer[View]

	mu       sync.Mutex
	asOf     cad.Seq
	org      *org.State
	units    map[cad.UnitID]*unit.State
	jobs     map[cad.UnitID]map[cad.AssignmentID]bool // Open ones.
	changed  map[cad.UnitID]time.Time                 // Since they were looked at: when, by the machine's clock.
	rebuild  bool                                     // The centre changed, or everything did.
	calls    tally
	alarms   map[cover.Void]cad.AlarmID // Open ones about the cover.
	seek     bool                       // Somebody declined a move: look for another at once.
	declined map[string]time.Time       // By move: until when.

	work work // Of the goroutine of Follow alone.
}

// New is a reactor that knows of nothing yet.
func New(o Options) *Reactor {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	r := &Reactor{opt: o, log: o.Log, wake: make(chan struct{}, 1), declined: map[string]time.Time{}}
	r.forget()
	return r
}

func (r *Reactor) forget() {
	r.units, r.jobs = map[cad.UnitID]*unit.State{}, map[cad.UnitID]map[cad.AssignmentID]bool{}
	r.changed, r.rebuild = map[cad.UnitID]time.Time{}, true
	r.calls, r.alarms = newTally(), map[cover.Void]cad.AlarmID{}
}

// Watch makes the desk feed the reactor, first with everything there is. Errors are those of desk.Watch.
func (r *Reactor) Watch(ctx context.Context) error {
	if err := r.opt.Desk.Watch(ctx, r.Take); err != nil {
		return fmt.Errorf("coverage: the desk cannot be watched: %w", err)
	}
	return nil
}

// Take notes what a commit changed. It is quick, and never calls the desk.
func (r *Reactor) Take(c desk.Commit) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	if c.Reset {
		r.forget()
	}
	r.asOf = c.Change.To
	if o := c.Change.Org; o != nil {
		r.org, r.rebuild = o, true
	}
	touched := func(id cad.UnitID) {
		if _, waits := r.changed[id]; !waits {
			r.changed[id] = now
		}
	}
	for _, u := range c.Change.Units {
		r.units[u.ID] = u
		touched(u.ID)
	}
	for _, a := range c.Change.Assignments {
		r.job(a)
		touched(a.Unit)
	}
	for _, a := range c.Change.Alarms {
		switch key := (cover.Void{Area: a.Area, Class: a.Class}); {
		case a.Kind != alarm.Void:
		case a.Open():
			r.alarms[key] = a.ID
		case r.alarms[key] == a.ID:
			delete(r.alarms, key)
		}
	}
	r.calls.take(c.Change)
	if len(r.changed) > 0 || r.rebuild {
		r.nudge()
	}
}

func (r *Reactor) job(a *assignment.State) {
	if !a.Open() {
		delete(r.jobs[a.Unit], a.ID)
		return
	}
	if r.jobs[a.Unit] == nil {
		r.jobs[a.Unit] = map[cad.AssignmentID]bool{}
	}
	r.jobs[a.Unit][a.ID] = true
}

func (r *Reactor) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Follow works until ctx ends.
func (r *Reactor) Follow(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.wake:
		case <-tick.C:
		}
		if r.safely(ctx) {
			continue
		}
		pause := time.NewTimer(pauseAfter)
		select {
		case <-ctx.Done():
			pause.Stop()
			return
		case <-pause.C:
		}
	}
}

// safely takes one turn. After a panic everything is reckoned anew: it answers false.
func (r *Reactor) safely(ctx context.Context) (whole bool) {
	defer func() {
		if p := recover(); p != nil {
			r.log.Error("the cover of the city is reckoned anew", "panic", p)
			r.work = work{}
			r.mu.Lock()
			r.rebuild = true
			r.mu.Unlock()
			whole = false
		}
	}()
	r.turn(ctx)
	return true
}

// View is everything that is known of the cover at a moment. It is never changed after it was made.
type View struct {
	*cover.Picture
	AsOf     cad.Seq
	Ready    bool // Every unit on duty whose place is known has been reckoned with.
	Straight bool // There is no map: travel times are those of straight lines.
	Squares  []Square
	Demand   Demand
	Free     map[string][]Waiting     // By class: where its free units are, in the order of ids.
	Since    map[cover.Void]time.Time // Since when an area is not in order, by area and class.
	Took     time.Duration            // From the first change to the picture; of the last picture that a change led to.
	Made     time.Time                // By the machine's clock.
}

// Waiting is a free unit's place.
type Waiting struct {
	At   geo.Point
	Kind string // Its kind, which says how it gets on from there.
}

// Square is a cell of the city as it is drawn.
type Square struct {
	Box    geo.Bounds
	Weight float64 // Calls an hour at the moment of the picture.
}

// Demand says what the weights rest on.
type Demand struct {
	Source   string // "file": a map of demand; "even": nothing is known, so it is taken to be the same everywhere.
	Prior    demand.Source
	Observed int // Calls of this journal that were counted beside it.
	LeftOut  int // Calls of this journal that stand for what officers or sensors began; they never enter.
}

// View is the newest picture; false while there is none.
func (r *Reactor) View() (*View, bool) {
	if r == nil {
		return nil, false
	}
	v := r.view.Load()
	return v, v != nil
}

// Loss is what it would cost to send a unit away now; false when that is not known. A unit that cannot be sent now, or
// counts for no class, costs nothing.
func (r *Reactor) Loss(id cad.UnitID) (cover.Loss, bool) {
	v, ok := r.View()
	if !ok || !v.Ready {
		return cover.Loss{}, false
	}
	return v.Losses[id], true
}

// Move is a move that is proposed now.
func (r *Reactor) Move(id string) (cover.Move, bool) {
	if v, ok := r.View(); ok {
		for _, m := range v.Moves {
			if m.ID == id {
				return m, true
			}
		}
	}
	return cover.Move{}, false
}

// Decline notes that a person does not want a move: it is not proposed again for leftAlone. False if it is not proposed.
func (r *Reactor) Decline(id string) bool {
	if _, ok := r.Move(id); !ok {
		return false
	}
	r.mu.Lock()
	r.declined[id], r.seek = r.opt.Desk.Now().Add(leftAlone), true
	r.mu.Unlock()
	old, _ := r.View()
	now := *old // Nobody sees it again, not even until the next turn.
	p := *old.Picture
	p.Moves = without(p.Moves, id)
	now.Picture = &p
	r.view.CompareAndSwap(old, &now)
	r.nudge()
	return true
}

func without(moves []cover.Move, id string) []cover.Move {
	out := make([]cover.Move, 0, len(moves))
	for _, m := range moves {
		if m.ID != id {
			out = append(out, m)
		}
	}
	return out
}
