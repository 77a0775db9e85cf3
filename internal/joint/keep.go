package joint

import (
	"maps"
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/org"
	"shuniu/internal/unit"
)

// Configure loads a centre's folder: its content becomes facts, and units that it names are enrolled. A result
// that matters stands in those facts as a value, so the folder may be deleted afterwards.
type Configure struct{ Charter org.Charter }

// Verb names it for policy.
func (Configure) Verb() string { return "org.configure" }

// Target is the centre.
func (Configure) Target() cad.Subject { return "" }

// Decide gives facts only for what differs. Units that the folder no longer names are retired, never removed.
func (c Configure) Decide(h *House, m Moment) (Outcome, error) {
	facts, err := org.Configure{Charter: c.Charter}.Decide(*h.Org, org.Around{Now: m.Now, Actor: m.Actor})
	if err != nil {
		return Outcome{}, err
	}
	named := map[cad.UnitID]bool{}
	for _, spec := range c.Charter.Roster() {
		named[spec.ID] = true
		more, err := unit.Enrol{Unit: unit.Spec(spec)}.Decide(h.Unit(spec.ID), h.aroundUnit(spec.ID, m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, more...)
	}
	for _, id := range slices.Sorted(maps.Keys(h.Units)) {
		u := h.Unit(id)
		if named[id] || u.Retired || u.Duress != nil || len(h.stackOf[id]) > 0 {
			continue // A unit that is out, or in danger, is retired by a later load.
		}
		more, err := unit.Retire{ID: id}.Decide(u, h.aroundUnit(id, m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, more...)
	}
	return emit(facts, Answer{ID: string(h.Org.Centre)}), nil
}

// OpenWorld writes the first record: what world this journal is.
type OpenWorld struct {
	World  cad.World
	Centre cad.CentreID
}

// Verb names it for policy.
func (OpenWorld) Verb() string { return "org.open_world" }

// Target is the centre.
func (OpenWorld) Target() cad.Subject { return "" }

// Decide asks the room.
func (c OpenWorld) Decide(h *House, m Moment) (Outcome, error) {
	facts, err := org.OpenWorld{World: c.World, Centre: c.Centre}.Decide(*h.Org, org.Around{Now: m.Now, Actor: m.Actor})
	return emit(facts, Answer{ID: string(c.Centre)}), err
}

// PassDeadline records that a deadline passed. Due says when it should have been noticed: later than that only
// if the server was down.
type PassDeadline struct {
	Subject cad.Subject
	Kind    string
	Due     time.Time
}

// Verb names it for policy.
func (PassDeadline) Verb() string { return "deadline.pass" }

// Target is the life that is late.
func (c PassDeadline) Target() cad.Subject { return "" }

// Decide does nothing when what was late has happened in the meantime.
func (c PassDeadline) Decide(h *House, m Moment) (Outcome, error) {
	kind, id := c.Subject.Split()
	var facts []cad.Fact
	var err error
	switch kind {
	case "incident":
		i := cad.IncidentID(id)
		facts, err = incident.PassDeadline{ID: i, Kind: c.Kind, Due: c.Due}.Decide(h.Incident(i), h.aroundIncident(i, m))
	case "assignment":
		a := cad.AssignmentID(id)
		facts, err = assignment.PassDeadline{ID: a, Kind: c.Kind, Due: c.Due}.Decide(h.Assignment(a), assignment.Around{Now: m.Now, Actor: m.Actor})
	case "call":
		k := cad.CallID(id)
		facts, err = call.PassDeadline{ID: k, Kind: c.Kind, Due: c.Due}.Decide(h.Call(k), call.Around{Now: m.Now, Actor: m.Actor})
	default:
		err = fault.New("deadline.Pass", fault.Internal, "no life is named %q", kind)
	}
	return emit(facts, Answer{ID: id}), err
}

// Due lists the deadlines of one life.
func (h *House) Due(s cad.Subject) []cad.Deadline {
	kind, id := s.Split()
	switch kind {
	case "incident":
		return incident.Due(h.Incident(cad.IncidentID(id)))
	case "assignment":
		return assignment.Due(h.Assignment(cad.AssignmentID(id)))
	case "call":
		return call.Due(h.Call(cad.CallID(id)))
	}
	return nil
}

// Subjects lists every life in memory, for a reactor that starts.
func (h *House) Subjects() []cad.Subject { return slices.Sorted(maps.Keys(h.last)) }

// Fact is a fact of the house itself, which no room folds.
type Fact interface {
	cad.Fact
	house()
}

// Facts is the house's own table.
func Facts() []cad.FactKind { return []cad.FactKind{cad.Kind[Erased]()} }

// Erase orders that everything private about one life is made unreadable for ever. The keys are destroyed after
// this fact is durable, and again at the next start if that was cut short.
type Erase struct {
	Subject cad.Subject
	Ground  string // The legal ground, in words of the law, never of the person.
}

// Verb names it for policy.
func (Erase) Verb() string { return "subject.erase" }

// Target is the life.
func (c Erase) Target() cad.Subject { return c.Subject }

// Decide refuses to erase what is still worked on, or without a ground.
func (c Erase) Decide(h *House, _ Moment) (Outcome, error) {
	const op = "subject.Erase"
	kind, id := c.Subject.Split()
	switch {
	case c.Ground == "":
		return Outcome{}, fault.New(op, fault.Invalid, "erasure needs its legal ground").Because("ground_required").At("reason")
	case kind != "incident" && kind != "call":
		return Outcome{}, fault.New(op, fault.Invalid, "only calls and incidents hold personal data").Because("bad_subject").At("subject")
	case kind == "incident" && h.Incident(cad.IncidentID(id)).Open():
		return Outcome{}, fault.New(op, fault.Conflict, "the incident is still open").Because("still_open").Mend("close it first")
	case h.last[c.Subject] == 0:
		return Outcome{}, fault.New(op, fault.NotFound, "there is no such life").Because("no_subject").At("subject")
	}
	return emit([]cad.Fact{Erased(c)}, Answer{ID: id}), nil
}

// Erased says that the private parts of a life were ordered to be destroyed.
type Erased struct {
	Subject cad.Subject `json:"subject"`
	Ground  string      `json:"ground"`
}

// FactType is the name in the journal.
func (Erased) FactType() string { return "subject.erased" }

// Erasures is a subject of every erasure, so that a start finds those that were cut short.
const Erasures cad.Subject = "erasure:all"

// Subjects are the life that it is about, and the list of all erasures.
func (f Erased) Subjects() []cad.Subject { return []cad.Subject{f.Subject, Erasures} }

func (Erased) house() {}
