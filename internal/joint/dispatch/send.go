// Package dispatch sends units to incidents and says which ones it would send. Sending is decided by a person;
// advice never sends anything. A busy unit is never silently taken away from what it does: stacking and
// reassigning are said, or refused.
package dispatch

import (
	"cmp"
	"slices"
	"time"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
	"shuniu/internal/joint"
	"shuniu/internal/unit"
)

// Send sends units to an incident (派警). All go, or none.
type Send struct {
	Incident cad.IncidentID
	Units    []cad.UnitID
	IDs      []cad.AssignmentID   // One for each unit, made at the edge.
	Old      bool                 // One of them names an assignment that the journal knows, and that may have left memory.
	Way      string               // "one": centre to crew. "two": through the station desk. Empty means "one".
	Station  cad.OrgID            // The desk that signs, with "two". Empty means the responsible station.
	Stack    bool                 // A busy unit takes it on afterwards.
	Reassign bool                 // A busy unit leaves what it does and goes here.
	Reason   cad.Sealed           // Why it is reassigned.
	ExpectS  map[cad.UnitID]int64 // Expected seconds to the scene, as shown when it was decided.
	Advice   *Advised             // What was recommended then; nil where nobody was advised, as in records of old.
}

// Verb names it for policy.
func (c Send) Verb() string {
	if c.Reassign {
		return "incident.reassign"
	}
	return "incident.dispatch"
}

// Target is the incident.
func (c Send) Target() cad.Subject { return incident.Subject(c.Incident) }

// Moves are the units that are sent.
func (c Send) Moves() []cad.UnitID { return c.Units }

// Reach are the old assignments that the ids name. What begins a life begins it for good, so they must be known.
func (c Send) Reach(*joint.House) []cad.Subject {
	if !c.Old {
		return nil
	}
	out := make([]cad.Subject, len(c.IDs))
	for i, id := range c.IDs {
		out[i] = assignment.Subject(id)
	}
	return out
}

// Decide makes one assignment for each unit and moves the incident into work.
func (c Send) Decide(h *joint.House, m joint.Moment) (joint.Outcome, error) {
	const op = "dispatch.Send"
	s := h.Incident(c.Incident)
	around := incident.Around{Now: m.Now, Actor: m.Actor, Committed: h.Committed(c.Incident)}
	facts, err := incident.StartWork{ID: c.Incident}.Decide(s, around)
	if err != nil {
		return joint.Outcome{}, err
	}
	switch {
	case len(c.Units) == 0:
		return joint.Outcome{}, fault.New(op, fault.Invalid, "no unit is named").Because("no_units").At("units").Mend("name at least one unit")
	case len(c.IDs) != len(c.Units):
		return joint.Outcome{}, fault.New(op, fault.Internal, "%d ids for %d units", len(c.IDs), len(c.Units))
	case c.Way != "" && c.Way != "one" && c.Way != "two":
		return joint.Outcome{}, fault.New(op, fault.Invalid, "the way is one or two").Because("bad_way").At("level")
	}
	if c.Way == "" {
		c.Way = "one"
	}
	if c.Way == "two" && c.Station == "" {
		c.Station = s.Responsible.Org
	}
	if c.Way == "two" {
		if _, ok := h.Org.Orgs[c.Station]; !ok {
			return joint.Outcome{}, fault.New(op, fault.Invalid, "there is no station %q", c.Station).Because("no_station").At("station")
		}
	}
	taken, err := takeCommand(h, m, s, around)
	if err != nil {
		return joint.Outcome{}, err
	}
	facts = append(facts, taken...)
	answer := joint.Answer{ID: string(c.Incident), Number: s.Number}
	named := map[cad.UnitID]bool{}
	var sent []cad.UnitID
	for i, id := range c.Units {
		if named[id] {
			continue
		}
		named[id] = true
		more, given, err := c.one(h, m, s, id, c.IDs[i])
		if err != nil {
			return joint.Outcome{}, err
		}
		if len(more) > 0 {
			sent = append(sent, id)
		}
		facts = append(facts, more...)
		answer.Assignments = append(answer.Assignments, joint.Sent{ID: given, Unit: id})
	}
	if len(sent) == 0 { // Everybody named is on it already: a repeat changes nothing.
		answer.Unchanged = true
		return joint.Outcome{Answer: answer}, nil
	}
	if c.Advice != nil {
		facts = append(facts, c.chosen(sent))
	}
	return joint.Outcome{Facts: facts, Answer: answer}, nil
}

// takeCommand makes the duty commander answer for an incident to which the first unit goes, or whoever sends it where the
// centre names no seat for him (指挥人员负责制). Until then whoever took it down does. A hand-over that somebody made stays.
func takeCommand(h *joint.House, m joint.Moment, s incident.State, around incident.Around) ([]cad.Fact, error) {
	to := cmp.Or(h.Org.DutyCommander(), m.Actor)
	if to == "" || !s.WorkAt.IsZero() || !s.Commander.Since.Equal(s.Received) {
		return nil, nil
	}
	return incident.HandOver{ID: s.ID, To: to}.Decide(s, around)
}

// one sends one unit. It answers no facts when the unit is on this incident already.
func (c Send) one(h *joint.House, m joint.Moment, s incident.State, id cad.UnitID, aid cad.AssignmentID) ([]cad.Fact, cad.AssignmentID, error) {
	const op = "dispatch.Send"
	u := h.Unit(id)
	if err := mayGo(op, id, u); err != nil {
		return nil, "", err
	}
	around := assignment.Around{Now: m.Now, Actor: m.Actor}
	var facts []cad.Fact
	stack := h.Stack(id)
	for _, a := range stack {
		if a.Incident == c.Incident { // Primary ones come first.
			facts, err := c.turn(stack[0], a, around)
			return facts, a.ID, err
		}
	}
	if h.Assignment(aid).ID != "" || h.Last(assignment.Subject(aid)) > 0 {
		return nil, "", fault.New(op, fault.Invalid, "this id names another assignment").Because("id_taken", "id", string(aid)).At("ids").
			Mend("send a new UUID, or leave the ids out")
	}
	primary := len(stack) == 0
	switch {
	case primary:
	case c.Reassign:
		for _, a := range stack {
			if !a.Primary {
				continue
			}
			more, err := assignment.Recall{ID: a.ID, Text: c.Reason}.Decide(*a, around)
			if err != nil {
				return nil, "", err
			}
			facts = append(facts, more...)
		}
		primary = true
	case c.Stack:
	default:
		at := h.Incident(stack[0].Incident).Number
		return nil, "", fault.New(op, fault.Conflict, "%s is busy at #%d", id, at).
			Because("unit_busy", "unit", string(id), "number", number(at), "by", string(stack[0].DispatchedBy), "at", stack[0].DispatchedAt.UTC().Format(time.RFC3339)).At("units").Mend("reassign it, or stack this incident behind")
	}
	given, err := assignment.Dispatch{
		ID: aid, Incident: c.Incident, Unit: id, Way: assignment.Way(c.Way), Station: c.Station, Primary: primary, Limits: limits(s), ExpectedS: c.ExpectS[id],
	}.Decide(h.Assignment(aid), around)
	if err != nil {
		return nil, "", err
	}
	called, err := h.CallOff(id, m) // Who is sent waits nowhere any more.
	return append(append(facts, given...), called...), aid, err
}

// turn makes a unit that is on this incident already leave what it does now, when it is to be reassigned and this
// order only waits behind.
func (c Send) turn(now, here *assignment.State, around assignment.Around) ([]cad.Fact, error) {
	if !c.Reassign || here.Primary {
		return nil, nil
	}
	facts, err := assignment.Recall{ID: now.ID, Text: c.Reason}.Decide(*now, around)
	if err != nil {
		return nil, err
	}
	more, err := assignment.Promote{ID: here.ID}.Decide(*here, around)
	return append(facts, more...), err
}

// mayGo says whether a unit can be sent at all. Duress does not stop it: whoever calls for help may be asked to move.
func mayGo(op string, id cad.UnitID, u unit.State) error {
	switch {
	case u.ID == "" || u.Retired:
		return fault.New(op, fault.NotFound, "there is no unit %s", id).Because("no_unit", "unit", string(id)).At("units")
	case !u.Dispatchable:
		return fault.New(op, fault.Conflict, "%s is never dispatched", u.ID).Because("not_dispatchable", "unit", string(u.ID)).At("units").Mend("choose another unit")
	case u.Duty == unit.OffDuty:
		return fault.New(op, fault.Conflict, "%s is off duty", u.ID).Because("off_duty", "unit", string(u.ID)).At("units").Mend("it must report available first")
	case u.Duty == unit.Unavailable:
		return fault.New(op, fault.Conflict, "%s is unavailable", u.ID).Because("unavailable", "unit", string(u.ID), "reason", u.Reason).At("units").
			Mend("it must report available first")
	}
	return nil
}

// limits are those of the way there, from the values that the incident was graded with.
func limits(s incident.State) []assignment.Limit {
	var out []assignment.Limit
	for _, l := range s.Limits {
		switch l.Kind {
		case "sign", "depart", "arrive":
			out = append(out, assignment.Limit{Kind: l.Kind, From: l.From, WithinS: l.WithinS})
		}
	}
	return out
}

// Recall takes units back from an incident before they are done.
type Recall struct {
	Incident cad.IncidentID
	Units    []cad.UnitID
	Text     cad.Sealed // Why.
}

// Verb names it for policy.
func (Recall) Verb() string { return "incident.recall" }

// Target is the incident.
func (c Recall) Target() cad.Subject { return incident.Subject(c.Incident) }

// Moves are the units that are taken back.
func (c Recall) Moves() []cad.UnitID { return c.Units }

// Decide ends their assignments; what was stacked behind becomes theirs.
func (c Recall) Decide(h *joint.House, m joint.Moment) (joint.Outcome, error) {
	const op = "dispatch.Recall"
	s := h.Incident(c.Incident)
	switch {
	case s.ID == "":
		return joint.Outcome{}, fault.New(op, fault.NotFound, "there is no such incident").Because("no_incident")
	case len(c.Units) == 0:
		return joint.Outcome{}, fault.New(op, fault.Invalid, "no unit is named").Because("no_units").At("units")
	}
	answer := joint.Answer{ID: string(c.Incident), Number: s.Number}
	around := assignment.Around{Now: m.Now, Actor: m.Actor}
	var facts []cad.Fact
	for i, id := range c.Units {
		if slices.Contains(c.Units[:i], id) {
			continue
		}
		if find(h, c.Incident, id) == nil {
			return joint.Outcome{}, fault.New(op, fault.Conflict, "%s is not on this incident", id).Because("not_on_incident", "unit", string(id)).At("units")
		}
		more, err := h.Release(id, c.Incident, around, func(a assignment.State) ([]cad.Fact, error) {
			answer.Assignments = append(answer.Assignments, joint.Sent{ID: a.ID, Unit: id})
			return assignment.Recall{ID: a.ID, Text: c.Text}.Decide(a, around)
		})
		if err != nil {
			return joint.Outcome{}, err
		}
		facts = append(facts, more...)
	}
	return joint.Outcome{Facts: facts, Answer: answer}, nil
}

// AskBackup is a unit's call for more crews where it is (增援).
type AskBackup struct {
	Unit  cad.UnitID
	Count int // Crews.
	Text  cad.Sealed
}

// Verb names it for policy.
func (AskBackup) Verb() string { return "unit.backup" }

// Target is the unit.
func (c AskBackup) Target() cad.Subject { return unit.Subject(c.Unit) }

// Decide writes it to the unit's primary assignment, and so to its incident.
func (c AskBackup) Decide(h *joint.House, m joint.Moment) (joint.Outcome, error) {
	stack := h.Stack(c.Unit)
	if len(stack) == 0 {
		return joint.Outcome{}, fault.New("dispatch.AskBackup", fault.Conflict, "%s is not assigned", c.Unit).
			Because("not_assigned", "unit", string(c.Unit)).Mend("raise duress if it is in danger: that works always")
	}
	facts, err := assignment.AskBackup{ID: stack[0].ID, Count: c.Count, Text: c.Text}.Decide(*stack[0], assignment.Around{Now: m.Now, Actor: m.Actor})
	return joint.Outcome{Facts: facts, Answer: joint.Answer{ID: string(c.Unit), Number: h.Incident(stack[0].Incident).Number}}, err
}

func find(h *joint.House, i cad.IncidentID, u cad.UnitID) *assignment.State {
	for _, a := range h.SentTo(i) {
		if a.Unit == u && a.Open() {
			return a
		}
	}
	return nil
}
