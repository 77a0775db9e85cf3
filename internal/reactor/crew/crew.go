// Package crew simulates the officers in the cars: a unit that is sent acknowledges after a moment, sets out, drives
// the streets, works, reports back and drives home, as far as the centre lets it. It acts through the desk only, as
// a crew's own terminal would, and stops when it is recalled or in danger. It must never be part of a live centre.
package crew

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/track"
	"shuniu/internal/unit"
)

// How crews are paced, in world time.
const (
	standingEvery = 25 * time.Second // A standing crew sends its position; older than a minute it would be stale.
	drivingEvery  = 2 * time.Second  // A driving one.
	retryAfter    = 5 * time.Second  // After a word that was refused or not stored.
	snapMaxMeters = 2_000            // How far from a street a place may lie.
	crowKmh       = 30.0             // Straight-line speed where there is no way on the streets.
	atHomeMeters  = 60               // Nearer than this a crew is at home.
)

// Options are what crews are made of.
type Options struct {
	Desk    *desk.Desk
	Role    string       // Of the crews as actors.
	Track   *track.Book  // Where they send their positions; nil: nowhere.
	Streets street.Timed // nil: straight lines.
	Seed    uint64       // Chance: the same seed, the same shift.
	OnScene OnScene      // nil: by priority and chance.
	Result  Result       // nil: the first result of the centre.
	Log     *slog.Logger
}

// OnScene is how long a crew works at an incident; false when nobody knows.
type OnScene func(cad.IncidentID) (time.Duration, bool)

// Result is the code with which an incident ends; empty when nobody knows. One that the centre does not have is not used.
type Result func(cad.IncidentID) string

// Crews are all simulated crews of one world, a reactor that is stepped. Make it with New and feed it with Take.
type Crews struct {
	opt Options

	mu        sync.Mutex
	crews     map[cad.UnitID]*crew
	incidents map[cad.IncidentID]*incident.State
	result    string // The code that crews report with.
	results   map[string]bool
	kinds     map[string]org.Kind // Replaced whole.
}

// crew is one of them. What it knows of the world are the states that the desk showed last.
type crew struct {
	unit *unit.State
	jobs map[cad.AssignmentID]*assignment.State // The open ones.
	wake time.Time                              // When it looks around next.

	at    geo.Point // Where it stands, or stood when drive began.
	known bool      // Whether anybody knows where it is.
	drive *drive    // nil: it stands.

	job      cad.AssignmentID // What it is doing.
	incident cad.IncidentID   // Where; a merge may change it.
	stage    assignment.Stage // The stage that it acts on.
	due      time.Time        // When it says its next word.
	reported bool             // It has given its final word on this job.
}

// drive is one trip.
type drive struct {
	route street.Route
	begun time.Time
	to    geo.Point // Where it was asked to go, which may lie beside the street.
}

func (d *drive) end() time.Time { return d.begun.Add(d.route.Duration) }

// New is a world's crews. They do nothing before they have taken a commit; see Watch.
func New(o Options) *Crews {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Crews{opt: o, crews: map[cad.UnitID]*crew{}, incidents: map[cad.IncidentID]*incident.State{}}
}

// Watch makes the desk feed the crews. Errors are those of desk.Watch.
func (cs *Crews) Watch(ctx context.Context) error {
	if err := cs.opt.Desk.Watch(ctx, cs.Take); err != nil {
		return fmt.Errorf("crew: the desk cannot be watched: %w", err)
	}
	return nil
}

// Take tells the crews what changed. It is quick, and never calls the desk.
func (cs *Crews) Take(c desk.Commit) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c.Reset {
		for _, x := range cs.crews {
			x.jobs = map[cad.AssignmentID]*assignment.State{}
		}
		cs.incidents = map[cad.IncidentID]*incident.State{}
	}
	if o := c.Change.Org; o != nil {
		cs.result, cs.results, cs.kinds = "resolved", map[string]bool{}, o.Kinds
		for _, r := range o.Results {
			cs.results[r.ID] = true
		}
		if len(o.Results) > 0 {
			cs.result = o.Results[0].ID
		}
	}
	woken := map[cad.IncidentID]bool{}
	for _, s := range c.Change.Incidents {
		cs.incidents[s.ID] = s
		woken[s.ID] = true
	}
	for _, u := range c.Change.Units {
		x := cs.crew(u.ID)
		if !x.known && u.Home != nil {
			x.at, x.known = *u.Home, true
		}
		x.unit, x.wake = u, c.Change.At
	}
	for _, a := range c.Change.Assignments {
		x := cs.crew(a.Unit)
		x.wake = c.Change.At
		if a.Open() {
			x.jobs[a.ID] = a
		} else {
			delete(x.jobs, a.ID)
		}
	}
	for _, s := range c.Change.Gone {
		if kind, id := s.Split(); kind == "incident" {
			delete(cs.incidents, cad.IncidentID(id))
		}
	}
	for _, x := range cs.crews {
		if a := x.primary(); a != nil && woken[a.Incident] {
			x.wake = c.Change.At
		}
	}
}

func (cs *Crews) crew(id cad.UnitID) *crew {
	x := cs.crews[id]
	if x == nil {
		x = &crew{unit: &unit.State{ID: id}, jobs: map[cad.AssignmentID]*assignment.State{}}
		cs.crews[id] = x
	}
	return x
}

// primary is what a crew should be doing; nil if nothing.
func (x *crew) primary() *assignment.State {
	for _, a := range x.jobs {
		if a.Primary {
			return a
		}
	}
	return nil
}

// Next is when the first crew looks around; false when there are no crews.
func (cs *Crews) Next() (time.Time, bool) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var first time.Time
	found := false
	for _, x := range cs.crews {
		if !found || x.wake.Before(first) {
			first, found = x.wake, true
		}
	}
	return first, found
}

// Run lets every crew act whose time has come. What could not be stored is tried again; the error joins what went
// wrong.
func (cs *Crews) Run(ctx context.Context, now time.Time) error {
	cs.mu.Lock()
	var due []cad.UnitID
	for _, id := range slices.Sorted(maps.Keys(cs.crews)) {
		if !cs.crews[id].wake.After(now) {
			due = append(due, id)
		}
	}
	cs.mu.Unlock()
	var errs []error
	for _, id := range due {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		errs = append(errs, cs.turn(ctx, id, now))
	}
	return errors.Join(errs...)
}

// turn lets one crew act once. Roads are searched and the desk is asked without the lock.
func (cs *Crews) turn(ctx context.Context, id cad.UnitID, now time.Time) error {
	cs.mu.Lock()
	x := cs.crews[id]
	act, kind := cs.step(x, now), cs.kinds[x.unit.Kind]
	cs.mu.Unlock()
	switch {
	case act.to != nil:
		route := cs.route(kind, act, now)
		cs.mu.Lock()
		defer cs.mu.Unlock()
		if x.job == act.job { // Not called away meanwhile: nobody else gives turns to this crew.
			x.drive = &drive{route: route, begun: now, to: *act.to}
			x.wake = now
		}
	case act.say != nil:
		_, err := cs.opt.Desk.Do(ctx, *act.say)
		var f *fault.Error
		if errors.As(err, &f) && f.Kind == fault.Unavailable || err != nil && f == nil {
			return fmt.Errorf("crew: %s cannot be heard: %w", id, err)
		}
		if err != nil {
			cs.opt.Log.Debug("a crew's word was refused", "unit", id, "error", err)
		}
	}
	return nil
}

// action is what a crew does in a turn: it sets out, it says something, or neither.
type action struct {
	job    cad.AssignmentID
	from   geo.Point
	to     *geo.Point
	street string // The street of that place; may be empty.
	say    *desk.Wish
}

// step decides what a crew does now. The caller holds the lock.
func (cs *Crews) step(x *crew, now time.Time) action {
	x.wake = now.Add(standingEvery)
	cs.show(x, now)
	a := x.primary()
	switch {
	case x.unit.Retired || x.unit.Duress != nil: // In danger nobody drives on or types.
		x.stop(now)
		return action{}
	case a == nil:
		if x.job != "" {
			x.stop(now)
			x.job, x.incident, x.stage = "", "", ""
		}
		return x.rest(now)
	}
	if a.ID != x.job || a.Incident != x.incident {
		x.stop(now)
		x.reported = x.reported && a.ID == x.job
		x.job, x.incident, x.stage = a.ID, a.Incident, ""
	}
	i := cs.incidents[a.Incident]
	if i == nil {
		i = &incident.State{}
	}
	if a.Stage != x.stage {
		x.stage = a.Stage
		x.due = a.Since.Add(cs.takes(a, i.Priority))
	}
	return cs.work(x, a, i, now)
}

// show sends the position.
func (cs *Crews) show(x *crew, now time.Time) {
	if x.drive != nil {
		x.wake = now.Add(drivingEvery)
		if cs.opt.Track == nil || x.drive.end().Before(x.wake) {
			x.wake = x.drive.end()
		}
	}
	if cs.opt.Track == nil || !x.known || x.unit.Duty == unit.OffDuty {
		return
	}
	fix := track.Fix{Unit: x.unit.ID, Point: x.at, At: now}
	if x.drive != nil {
		p, heading := x.drive.route.At(now.Sub(x.drive.begun))
		speed := 0.0
		if s := x.drive.route.Duration.Hours(); s > 0 && now.Before(x.drive.end()) {
			speed = x.drive.route.Meters / 1000 / s
		}
		fix.Point, fix.HeadingDeg, fix.SpeedKmh = p, &heading, &speed
	}
	if err := cs.opt.Track.Put(fix, now); err != nil {
		cs.opt.Log.Warn("a crew's position was refused", "unit", x.unit.ID, "error", err)
	}
}

// stop ends a trip where the crew is now.
func (x *crew) stop(now time.Time) {
	if x.drive == nil {
		return
	}
	x.at, _ = x.drive.route.At(now.Sub(x.drive.begun))
	x.drive = nil
}

// arrive ends a trip that is over. It reports whether it is.
func (x *crew) arrive(now time.Time) bool {
	if x.drive == nil || now.Before(x.drive.end()) {
		return false
	}
	x.at, x.drive = x.drive.to, nil
	return true
}
