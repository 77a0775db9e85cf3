package dispatch

import (
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
)

// What somebody may owe, as it is chased.
const (
	OwesSign     = "sign"
	OwesDepart   = "depart"
	OwesArrive   = "arrive"
	OwesFeedback = "feedback"
	OwesWord     = "word" // A crew at work that says nothing.
)

// Chase presses whoever owes the next step of an incident (催办).
type Chase struct {
	Incident cad.IncidentID
	Kind     string     // One of the Owes constants.
	Unit     cad.UnitID // Who owes it; empty with feedback: whoever answers for the incident.
}

// Verb names it for policy.
func (Chase) Verb() string { return "incident.chase" }

// Target is the incident.
func (c Chase) Target() cad.Subject { return incident.Subject(c.Incident) }

// Decide looks whether it is owed still: nobody is pressed for what he has done.
func (c Chase) Decide(h *joint.House, m joint.Moment) (joint.Outcome, error) {
	const op = "dispatch.Chase"
	s := h.Incident(c.Incident)
	facts, err := incident.Chase{ID: c.Incident, Kind: c.Kind, Unit: c.Unit}.Decide(s, incident.Around{Now: m.Now, Actor: m.Actor})
	if err != nil {
		return joint.Outcome{}, err
	}
	owed := false
	switch a := find(h, c.Incident, c.Unit); {
	case c.Kind == OwesFeedback:
		owed = s.Final() == nil
	case c.Kind != OwesSign && c.Kind != OwesDepart && c.Kind != OwesArrive && c.Kind != OwesWord:
		return joint.Outcome{}, fault.New(op, fault.Invalid, "nobody owes %q", c.Kind).Because("bad_kind").At("kind").
			Mend("sign, depart, arrive, feedback or word")
	case a == nil:
		return joint.Outcome{}, fault.New(op, fault.Conflict, "%s is not on this incident", c.Unit).Because("not_on_incident", "unit", string(c.Unit)).At("unit")
	default:
		owed = owes(*a, c.Kind)
	}
	if !owed {
		return joint.Outcome{}, fault.New(op, fault.Conflict, "it is done already").Because("not_owed", "kind", c.Kind).At("kind").Mend("look at the row as it is now")
	}
	return joint.Outcome{Facts: facts, Answer: joint.Answer{ID: string(c.Incident), Number: s.Number}}, nil
}

// owes reports whether a crew still has to do that. A stage that it skipped counts as done.
func owes(a assignment.State, kind string) bool {
	switch a.Stage {
	case assignment.Dispatched:
		return kind != OwesSign || a.DeskSignedAt.IsZero()
	case assignment.Acknowledged:
		return kind != OwesSign
	case assignment.EnRoute, assignment.Staged:
		return kind == OwesArrive || kind == OwesWord
	case assignment.OnScene, assignment.Transporting, assignment.AtFacility, assignment.Cleared:
	}
	return kind == OwesWord
}
