package joint

import (
	"maps"
	"slices"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// Change is what one append did to the house: the new states of the lives it touched, and those that left
// memory. Boards apply it instead of folding facts a second time.
type Change struct {
	From, To    cad.Seq // The position before, and the last record.
	At          time.Time
	Org         *org.State // nil if unchanged.
	Calls       []*call.State
	Incidents   []*incident.State
	Assignments []*assignment.State
	Units       []*unit.State
	Alarms      []*alarm.State
	Orders      []*order.State
	Reports     []*report.State
	Last        map[cad.Subject]cad.Seq
	Gone        []cad.Subject // Left memory; the archive still has them.
	Erased      []cad.Subject // Their private parts are not to be shown again, even before the keys are destroyed.

	// The orders of the lists that a touched incident or unit has, so that every house shows the same.
	SentTo     map[cad.IncidentID][]cad.AssignmentID
	AttachedTo map[cad.IncidentID][]cad.CallID
	StackOf    map[cad.UnitID][]cad.AssignmentID
}

// TakeChange gives what changed since it was last taken, in the order of ids so that it is the same every time.
func (h *House) TakeChange(from cad.Seq) Change {
	c := Change{
		From: from, To: h.Seq, At: h.At, Last: make(map[cad.Subject]cad.Seq, len(h.touched)), Erased: h.erased,
		SentTo: map[cad.IncidentID][]cad.AssignmentID{}, AttachedTo: map[cad.IncidentID][]cad.CallID{},
		StackOf: map[cad.UnitID][]cad.AssignmentID{},
	}
	for _, s := range slices.Sorted(maps.Keys(h.touched)) {
		kind, id := s.Split()
		here := true
		switch kind {
		case "org":
			c.Org = h.Org
		case "unit":
			c.Units, here = add(c.Units, h.Units[cad.UnitID(id)])
			c.StackOf[cad.UnitID(id)] = h.stackOf[cad.UnitID(id)]
		case "call":
			c.Calls, here = add(c.Calls, h.Calls[cad.CallID(id)])
		case "incident":
			c.Incidents, here = add(c.Incidents, h.Incidents[cad.IncidentID(id)])
			c.SentTo[cad.IncidentID(id)], c.AttachedTo[cad.IncidentID(id)] = h.sentTo[cad.IncidentID(id)], h.attachedTo[cad.IncidentID(id)]
		case "alarm":
			c.Alarms, here = add(c.Alarms, h.Alarms[cad.AlarmID(id)])
		case "order":
			c.Orders, here = add(c.Orders, h.Orders[cad.OrderID(id)])
		case "report":
			c.Reports, here = add(c.Reports, h.Reports[cad.IncidentID(id)])
		case "assignment":
			c.Assignments, here = add(c.Assignments, h.Assignments[cad.AssignmentID(id)])
		}
		if !here {
			c.Gone = append(c.Gone, s)
			continue
		}
		c.Last[s] = h.last[s]
	}
	h.touched, h.erased = map[cad.Subject]bool{}, nil
	return c
}

func add[T any](list []*T, p *T) ([]*T, bool) {
	if p == nil {
		return list, false
	}
	return append(list, p), true
}

// Apply takes a change into a second house, which then shares its states. The caller has checked From.
func (h *House) Apply(c Change) {
	if c.Org != nil {
		h.Org = c.Org
	}
	for _, s := range c.Units {
		h.Units[s.ID] = s
	}
	for _, s := range c.Calls {
		h.setCall(s)
	}
	for _, s := range c.Incidents {
		h.setIncident(s)
	}
	for _, s := range c.Assignments {
		h.setAssignment(s)
	}
	for _, s := range c.Alarms {
		h.Alarms[s.ID] = s
	}
	for _, s := range c.Orders {
		h.setOrder(s)
	}
	for _, s := range c.Reports {
		h.Reports[s.Incident] = s
	}
	for _, s := range c.Gone {
		h.remove(s)
	}
	maps.Copy(h.last, c.Last)
	maps.Copy(h.sentTo, c.SentTo)
	maps.Copy(h.attachedTo, c.AttachedTo)
	maps.Copy(h.stackOf, c.StackOf)
	h.touched = map[cad.Subject]bool{}
	h.Seq, h.At = c.To, c.At
}

// Whole is the change that makes an empty house equal to this one.
func (h *House) Whole() Change {
	all := *h
	all.touched = map[cad.Subject]bool{cad.SubjectOf("org", h.Org.Centre): true}
	for s := range h.last {
		all.touched[s] = true
	}
	return all.TakeChange(0)
}
