// Package trial says what would have been. It plays calls for help, past or made ones, with other units and other posts,
// and asks at each of them the same advice that a live desk is given: dispatch.Recommend on the same streets. It also says
// how well street times foretell recorded driving, and compares what people chose with what we would have proposed.
//
// It is another world in memory: it knows no journal and no desk, it has no clock, and the same seed gives the same answer.
package trial

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// Limits on what is played, so that nobody can fill a desk's memory with a question.
const (
	callsMax = 2_000_000
	unitsMax = 20_000
	stayMax  = 48 * time.Hour // Of a crew at one call; recorded clocks may be wrong by more.
)

// Call is one call for help, with what does not depend on who goes.
type Call struct {
	ID       string
	At       time.Time     // The first word of it.
	Ready    time.Duration // From At until somebody can be sent: it was answered, written down and graded.
	Turnout  time.Duration // From the order until the wheels turn.
	Place    geo.Point
	Type     cad.TypeID
	Priority cad.Priority    // Empty: the type's.
	Scene    time.Duration   // How long a crew stays there.
	Scenes   []time.Duration // The same crew by crew in the order in which they are sent, where it is known. May be nil.
}

// Shift is when a unit works, in seconds of the local day. FromS may lie after ToS: a night. Equal ones are always.
type Shift struct{ FromS, ToS int }

// Has reports whether a second of the local day lies in the shift.
func (s Shift) Has(second int) bool {
	switch {
	case s.FromS == s.ToS:
		return true
	case s.FromS < s.ToS:
		return s.FromS <= second && second < s.ToS
	}
	return second >= s.FromS || second < s.ToS
}

// Unit is one unit of a trial. It waits at State.Home; without one it stays where it was last.
type Unit struct {
	State unit.State
	Post  string // The post at which it waits; may be empty.
	Shift Shift
}

// World is what a trial is played on. It is only read.
type World struct {
	Org     *org.State
	Streets street.Finder  // nil: straight lines, as a desk without a map has them.
	Zone    *time.Location // Whose days count; nil means UTC.
}

// Trial is a list of calls, ready to be played any number of times. It is not changed by playing.
type Trial struct {
	world World
	cases []scene
	zero  time.Time // Of the milliseconds below: midnight of the first call's day.
}

// scene is one call with what every run asks of it.
type scene struct {
	call     Call
	incident incident.State
	snap     street.Snap
	day      int           // Local days since the first call's.
	within   time.Duration // How soon the first unit should be there, by the centre's limits; 0: nobody says.
	ordered  bool          // within counts from the order, not from the first word.
	at       int64         // Milliseconds since zero.
	ready    int64
}

// New checks the calls, puts them in the order of their times and finds their streets and stations. Errors are
// fault.Invalid with what to do, or the context's own.
func New(ctx context.Context, w World, calls []Call) (*Trial, error) {
	const op = "trial.New"
	switch {
	case w.Org == nil:
		return nil, fault.New(op, fault.Internal, "there is no centre")
	case len(calls) == 0:
		return nil, fault.New(op, fault.Invalid, "there is no call to play").Because("no_calls").Mend("name recorded calls, or more days")
	case len(calls) > callsMax:
		return nil, fault.New(op, fault.Invalid, "%d calls are more than a trial plays (%d)", len(calls), callsMax).Because("too_many_calls").Mend("ask about fewer days")
	}
	if w.Zone == nil {
		w.Zone = time.UTC
	}
	calls = slices.Clone(calls)
	slices.SortStableFunc(calls, func(a, b Call) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	t := &Trial{world: w, cases: make([]scene, 0, len(calls)), zero: midnight(calls[0].At, w.Zone)}
	for i, c := range calls {
		if i%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		t.cases = append(t.cases, t.prepare(i, c))
	}
	return t, nil
}

// check refuses a call that cannot have been.
func (c Call) check() error {
	const op = "trial.New"
	wrong := func(what string) error {
		return fault.New(op, fault.Invalid, "call %q: %s", c.ID, what).Because("bad_call", "id", c.ID).Mend("leave it out, or correct the file")
	}
	switch {
	case c.At.IsZero():
		return wrong("it has no time")
	case !c.Place.Valid():
		return wrong("its place is nowhere on earth")
	case c.Ready < 0 || c.Turnout < 0 || c.Scene < 0 || slices.ContainsFunc(c.Scenes, func(d time.Duration) bool { return d < 0 }):
		return wrong("a time in it runs backwards")
	case c.Ready > stayMax || c.Turnout > stayMax:
		return wrong("nobody was sent for two days")
	}
	return nil
}

// snapMaxMeters is how far from a street a place may lie; the same as for live advice.
const snapMaxMeters = 2_000

func (t *Trial) prepare(i int, c Call) scene {
	o := t.world.Org
	c.Scene = min(c.Scene, stayMax)
	priority, level, tags, limits := o.GradeFor(c.Type, c.Priority)
	owner, by, border := o.Responsible(c.Place)
	s := scene{call: c, at: c.At.Sub(t.zero).Milliseconds(), day: daysBetween(t.zero, c.At, t.world.Zone)}
	s.ready = s.at + c.Ready.Milliseconds()
	s.incident = incident.State{
		ID: cad.IncidentID(strconv.Itoa(i)), Number: int64(i + 1), Phase: incident.Classified, Type: c.Type, Priority: priority, Level: level, Tags: tags,
		Place: &c.Place, Responsible: incident.Responsible{Org: owner, By: by, Border: border}, Received: c.At, ClassifiedAt: c.At.Add(c.Ready),
	}
	for _, l := range limits {
		if l.Kind == "arrive" {
			s.within, s.ordered = time.Duration(l.WithinS)*time.Second, l.From != "received"
		}
	}
	if t.world.Streets != nil {
		s.snap, _ = t.world.Streets.Snap(c.Place, snapMaxMeters)
	}
	return s
}

// Calls is how many calls are played.
func (t *Trial) Calls() int { return len(t.cases) }

// Span is when the first and the last call came.
func (t *Trial) Span() (from, to time.Time) {
	return t.cases[0].call.At, t.cases[len(t.cases)-1].call.At
}

func midnight(at time.Time, zone *time.Location) time.Time {
	y, m, d := at.In(zone).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, zone)
}

// daysBetween counts local days; a day of 23 or 25 hours is one day.
func daysBetween(from, to time.Time, zone *time.Location) int {
	a, b := from.In(zone), to.In(zone)
	day := func(t time.Time) int64 {
		y, m, d := t.Date()
		return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400
	}
	return int(day(b) - day(a))
}

// checkUnits refuses a fleet that cannot be.
func checkUnits(units []Unit) error {
	const op = "trial.Run"
	if len(units) > unitsMax {
		return fault.New(op, fault.Invalid, "%d units are more than a trial plays (%d)", len(units), unitsMax).Because("too_many_units")
	}
	seen := map[cad.UnitID]bool{}
	for _, u := range units {
		id := u.State.ID
		switch {
		case id == "" || seen[id]:
			return fault.New(op, fault.Invalid, "the unit %q is there twice, or has no name", id).Because("unit_twice", "unit", string(id)).Mend("give every unit its own id")
		case u.State.Home != nil && !u.State.Home.Valid():
			return fault.New(op, fault.Invalid, "the unit %s waits nowhere on earth", id).Because("bad_place", "unit", string(id)).Mend("correct its place")
		}
		seen[id] = true
	}
	return nil
}

// UnitsOf are the units of a folded centre that can be sent, as a trial plays them: all on duty, each at its home. Their
// order is that of their ids.
func UnitsOf(all map[cad.UnitID]*unit.State, o *org.State) []Unit {
	var out []Unit
	for _, u := range all {
		if u.Retired || !u.Dispatchable {
			continue
		}
		s := unit.State{
			ID: u.ID, CallSign: u.CallSign, Kind: u.Kind, Station: u.Station, Capabilities: u.Capabilities, Officers: u.Officers, Sworn: u.Sworn,
			Dispatchable: true, Home: u.Home, Duty: unit.Available,
		}
		if at := o.Orgs[u.Station].Place; s.Home == nil && at != nil {
			s.Home = at
		}
		out = append(out, Unit{State: s, Post: postAt(s.Home, o.Posts)})
	}
	slices.SortFunc(out, func(a, b Unit) int { return cmp.Compare(a.State.ID, b.State.ID) })
	return out
}

// atPostMeters is how near to a post a unit's home counts as the post itself.
const atPostMeters = 50

func postAt(home *geo.Point, posts []org.Post) string {
	if home == nil {
		return ""
	}
	for _, p := range posts {
		if geo.DistanceMeters(*home, p.Place) <= atPostMeters {
			return p.ID
		}
	}
	return ""
}
