package crew

import (
	"fmt"
	"hash/fnv"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/desk"
	"shuniu/internal/geo"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/org"
	"shuniu/internal/street"
	"shuniu/internal/unit"
)

// rest lets a crew without a job drive home.
func (x *crew) rest(now time.Time) action {
	to := x.unit.Home
	if s := x.unit.Standby; s != nil {
		to = &s.Place
	}
	switch {
	case x.arrive(now), to == nil, !x.known, x.unit.Duty != unit.Available, x.drive != nil && x.drive.to == *to:
		return action{}
	case x.drive != nil: // Ordered elsewhere meanwhile.
		x.stop(now)
	}
	if geo.DistanceMeters(x.at, *to) < atHomeMeters {
		return action{}
	}
	return action{job: x.job, from: x.at, to: to}
}

// work does what the stage asks for.
func (cs *Crews) work(x *crew, a *assignment.State, i *incident.State, now time.Time) action {
	switch a.Stage {
	case assignment.Dispatched:
		if a.Way == assignment.LevelTwo && a.DeskSignedAt.IsZero() {
			return cs.word(x, now, "desk_signed", joint.AboutAssignment{ID: a.ID, Name: "sign_at_desk", Cmd: assignment.SignAtDesk{ID: a.ID}})
		}
		return cs.say(x, now, a, assignment.Acknowledged)
	case assignment.Acknowledged:
		return cs.say(x, now, a, assignment.EnRoute)
	case assignment.EnRoute:
		return cs.approach(x, a, i, now)
	case assignment.OnScene:
		if x.drive != nil && i.Place != nil && x.drive.to == *i.Place && !x.arrive(now) {
			return action{} // Somebody said so for it; it still has to get there.
		}
		x.stop(now)
		if i.Place != nil {
			x.at, x.known = *i.Place, true
		}
		return cs.finish(x, a, i, now)
	case assignment.Transporting:
		return cs.say(x, now, a, assignment.AtFacility)
	case assignment.AtFacility:
		return cs.say(x, now, a, assignment.Cleared)
	case assignment.Staged:
		x.stop(now) // It waits for an order.
	case assignment.Cleared:
	}
	return action{}
}

// approach drives to the scene. Where nobody knows the way, it takes the time that such a way takes.
func (cs *Crews) approach(x *crew, a *assignment.State, i *incident.State, now time.Time) action {
	if i.Place == nil || !x.known {
		return cs.say(x, now, a, assignment.OnScene)
	}
	if x.drive != nil && x.drive.to != *i.Place { // The place was corrected.
		x.stop(now)
	}
	if x.drive == nil && x.at != *i.Place {
		return action{job: x.job, from: x.at, to: i.Place, street: i.Street}
	}
	if x.arrive(now) || x.drive == nil {
		x.due = now
		return cs.say(x, now, a, assignment.OnScene)
	}
	return action{}
}

// soonAfterFinal is how long a crew still stays when somebody has given the final word.
const soonAfterFinal = 40 * time.Second

// finish ends the work on scene: one crew gives the final word, and each says when it is free.
func (cs *Crews) finish(x *crew, a *assignment.State, i *incident.State, now time.Time) action {
	final := i.Final()
	if final != nil && !i.Returned {
		if soon := final.At.Add(soonAfterFinal); soon.Before(x.due) {
			x.due = soon
		}
		return cs.say(x, now, a, assignment.Cleared)
	}
	if x.reported || !i.Open() {
		return cs.say(x, now, a, assignment.Cleared)
	}
	act := cs.word(x, now, "feedback", joint.AboutIncident{ID: i.ID, Name: "feedback", Cmd: incident.GiveFeedback{
		ID: i.ID, Kind: incident.Final, Result: cs.resultOf(i.ID), Officers: x.unit.Officers,
	}})
	x.reported = act.say != nil
	return act
}

// resultOf is how a crew says that an incident ended.
func (cs *Crews) resultOf(id cad.IncidentID) string {
	if cs.opt.Result != nil {
		if code := cs.opt.Result(id); cs.results[code] {
			return code
		}
	}
	return cs.result
}

// say is a crew's word on how far it has come, when the time for it has come.
func (cs *Crews) say(x *crew, now time.Time, a *assignment.State, to assignment.Stage) action {
	return cs.word(x, now, string(to), joint.AboutAssignment{ID: a.ID, Name: "say", Cmd: assignment.Say{ID: a.ID, To: to}})
}

// word makes the wish of a word that is due, or waits for it. Each word of a job has one key: it is said once.
func (cs *Crews) word(x *crew, now time.Time, name string, c joint.Command) action {
	if now.Before(x.due) {
		x.wake = earlier(x.wake, x.due)
		return action{}
	}
	x.wake = earlier(x.wake, now.Add(retryAfter))
	return action{job: x.job, say: &desk.Wish{
		Actor:   cad.Actor{ID: cad.ActorID("crew-" + string(x.unit.ID)), Role: cs.opt.Role, Org: x.unit.Station, Unit: x.unit.ID},
		Key:     fmt.Sprintf("crew/%s/%s", x.job, name),
		Command: c,
	}}
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// route is the way on the streets, to the street of that name if it is near, or a straight line where there is none or
// where the kind does not use streets. Whoever has a speed of its own takes longer over the same way.
func (cs *Crews) route(kind org.Kind, act action, now time.Time) street.Route {
	from, to := act.from, *act.to
	var n street.Finder
	if cs.opt.Streets != nil && !kind.Straight {
		n = cs.opt.Streets.At(now)
	}
	if n != nil {
		a, _ := n.Snap(from, snapMaxMeters)
		b, _ := n.SnapNamed(to, snapMaxMeters, act.street)
		if r, ok := n.Route(a, b); ok {
			return slowed(r, kind.Takes(r.Duration, r.Meters))
		}
	}
	meters := geo.DistanceMeters(from, to)
	took := kind.Crow(meters, crowKmh)
	return street.Route{Points: []geo.Point{from, to}, Times: []time.Duration{0, took}, Duration: took, Meters: meters}
}

// slowed is a way that takes so long, evenly slower than it was.
func slowed(r street.Route, takes time.Duration) street.Route {
	if takes <= r.Duration || r.Duration <= 0 {
		return r
	}
	times := make([]time.Duration, len(r.Times))
	for i, at := range r.Times {
		times[i] = time.Duration(float64(at) * (float64(takes) / float64(r.Duration)))
	}
	r.Times, r.Duration = times, takes
	return r
}

// span is how long something takes: at least and at most.
type span struct{ min, max time.Duration }

// takes is how long a crew stays in a stage, by chance and by how urgent it is.
func (cs *Crews) takes(a *assignment.State, p cad.Priority) time.Duration {
	if cs.opt.OnScene != nil && a.Stage == assignment.OnScene {
		if d, ok := cs.opt.OnScene(a.Incident); ok {
			return d
		}
	}
	s := span{}
	switch a.Stage {
	case assignment.Dispatched:
		s = span{3 * time.Second, 18 * time.Second}
	case assignment.Acknowledged:
		s = span{8 * time.Second, 45 * time.Second}
	case assignment.EnRoute: // Used only where there is no way to drive.
		s = span{3 * time.Minute, 7 * time.Minute}
	case assignment.OnScene:
		s = span{5 * time.Minute, 15 * time.Minute}
		switch p {
		case cad.P1:
			s = span{12 * time.Minute, 30 * time.Minute}
		case cad.P2:
			s = span{8 * time.Minute, 20 * time.Minute}
		case cad.P3, cad.P4:
		}
	case assignment.Transporting, assignment.AtFacility:
		s = span{6 * time.Minute, 15 * time.Minute}
	case assignment.Staged, assignment.Cleared:
	}
	return s.min + time.Duration(cs.chance(a.ID, a.Stage)*float64(s.max-s.min)).Round(time.Second)
}

// chance is a number from 0 up to 1 that depends on nothing but what it is for.
func (cs *Crews) chance(id cad.AssignmentID, stage assignment.Stage) float64 {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%d/%s/%s", cs.opt.Seed, id, stage)
	x := h.Sum64()
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9 // FNV alone leaves its high bits too equal.
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return float64((x^x>>31)>>11) / (1 << 53)
}
