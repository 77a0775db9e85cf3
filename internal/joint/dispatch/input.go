package dispatch

import (
	"context"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/cover"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// Trust says how far a position may be believed.
type Trust string

// The degrees of trust. A suspect position never puts a unit at the top.
const (
	Trusted Trust = "trusted"
	Stale   Trust = "stale"
	Suspect Trust = "suspect"
	NoFix   Trust = "none" // Nobody knows; the unit is taken to be at its post.
)

// Fix is where a unit is, as far as is known.
type Fix struct {
	Point geo.Point
	At    time.Time
	Trust Trust
	Snap  street.Snap // Where that is on the streets; the zero value if it was not looked up.
}

// Input is all that a recommendation depends on: the same input gives the same advice.
type Input struct {
	Now      time.Time
	Incident incident.State
	Org      *org.State
	Units    map[cad.UnitID]*unit.State
	Stack    func(cad.UnitID) []*assignment.State
	Number   func(cad.IncidentID) int64           // The number of the incident that a busy unit works on.
	Job      func(cad.IncidentID) *incident.State // That incident itself; nil, or giving nil: nothing is known of it.
	Fixes    map[cad.UnitID]Fix
	Streets  street.Finder               // nil: straight lines at crowKmh.
	Snap     street.Snap                 // The incident's place on the streets; the zero value if there is none.
	Snaps    func(geo.Point) street.Snap // Looks up other places on the streets, perhaps from memory; nil: Streets does.
	// Arrive gives the fastest trip of each unit to a place, where somebody keeps them ready; from is where each stands on
	// the streets. nil: Streets looks for all of them.
	Arrive func(ctx context.Context, units []cad.UnitID, from []street.Snap, to street.Snap) []street.Trip
	Plan   org.Response                // What is needed; without waves, Org says it.
	Wave   int                         // The wave that is asked for, with all before it; 0 means the one in force.
	Loss   func(cad.UnitID) cover.Loss // What the city loses while a unit is away; nil: no cover is known.
	Tally  *Tally                      // What units have done, and how long work takes; nil: nobody counts.
}

// Of takes from the house what advice about an incident needs. It keeps states only and no maps, so it may be called
// while the house is looked at, and used afterwards. Positions, streets and cover are the caller's to add.
func Of(h *joint.House, id cad.IncidentID, now time.Time) Input {
	in := Input{Now: now, Incident: h.Incident(id), Org: h.Org, Units: make(map[cad.UnitID]*unit.State, len(h.Units)), Fixes: map[cad.UnitID]Fix{}}
	stacks, jobs := map[cad.UnitID][]*assignment.State{}, map[cad.IncidentID]*incident.State{}
	for u, s := range h.Units {
		in.Units[u] = s
		if stack := h.Stack(u); len(stack) > 0 {
			stacks[u] = stack
			for _, a := range stack {
				jobs[a.Incident] = h.Incidents[a.Incident]
			}
		}
	}
	in.Stack = func(u cad.UnitID) []*assignment.State { return stacks[u] }
	in.Job = func(i cad.IncidentID) *incident.State { return jobs[i] }
	in.Number = func(i cad.IncidentID) int64 {
		if s := jobs[i]; s != nil {
			return s.Number
		}
		return 0
	}
	return in
}

// job is the incident that a busy unit works on; the zero value if nothing is known of it.
func (in *Input) job(id cad.IncidentID) incident.State {
	if in.Job != nil {
		if s := in.Job(id); s != nil {
			return *s
		}
	}
	return incident.State{}
}

// fix is where a unit is taken to be.
func (in *Input) fix(u *unit.State) (f Fix, placed bool) {
	f, placed = in.Fixes[u.ID]
	switch {
	case placed:
	case u.Home != nil:
		f, placed = Fix{Point: *u.Home, Trust: NoFix}, true
	default:
		return Fix{Trust: NoFix}, false
	}
	if !f.Snap.OK() && in.Streets != nil {
		if in.Snaps != nil {
			f.Snap = in.Snaps(f.Point)
		} else {
			f.Snap, _ = in.Streets.Snap(f.Point, SnapMaxMeters)
		}
	}
	return f, placed
}

// SnapMaxMeters is how far from a street a place may lie.
const SnapMaxMeters = 2_000

func ageS(now time.Time, f Fix) int64 {
	if f.At.IsZero() {
		return 0
	}
	return max(0, int64(now.Sub(f.At)/time.Second))
}
