package joint

import (
	"slices"
	"strconv"

	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/fault"
	"shuniu/internal/incident"
)

// Merge lets one incident live on in another (合并警单): its calls and the units on their way move there. Nothing
// is lost, and Split undoes it.
type Merge struct{ ID, Into cad.IncidentID }

// Verb names it for policy.
func (Merge) Verb() string { return "incident.merge" }

// Target is the incident that ends.
func (c Merge) Target() cad.Subject { return incident.Subject(c.ID) }

// Reach is the survivor, and what that one lives on in by now.
func (c Merge) Reach(h *House) []cad.Subject {
	return []cad.Subject{incident.Subject(c.Into), incident.Subject(h.Survivor(c.Into))}
}

// Decide moves everything in one append.
func (c Merge) Decide(h *House, m Moment) (Outcome, error) {
	const op = "incident.Merge"
	s, into := h.Incident(c.ID), h.Incident(c.Into)
	switch {
	case into.ID == "":
		return Outcome{}, fault.New(op, fault.NotFound, "there is no incident to merge into").Because("no_incident").At("into")
	case c.ID == c.Into:
		return Outcome{}, fault.New(op, fault.Invalid, "an incident cannot be merged into itself").Because("merge_self").At("into")
	case s.Phase == incident.Merged && s.MergedTo == c.Into:
		return emit(nil, Answer{ID: string(c.ID), Number: into.Number}), nil
	case into.Phase == incident.Merged:
		n := strconv.FormatInt(h.Incident(h.Survivor(c.Into)).Number, 10)
		return Outcome{}, fault.New(op, fault.Conflict, "the other incident lives on in #%s", n).Because("merged", "number", n).At("into").
			Mend("merge it into that one")
	case !into.Open():
		return Outcome{}, fault.New(op, fault.Conflict, "the other incident is %s", into.Phase).Because("ended", "phase", string(into.Phase)).
			At("into").Mend("reopen it first")
	}
	// Its units move along, so none is left committed to what ends here.
	moved, gives, err := h.moveLives(m, c.ID, c.Into, func(a *assignment.State) bool { return a.Open() }, nil)
	if err != nil {
		return Outcome{}, err
	}
	facts, err := incident.MergeInto{ID: c.ID, Other: c.Into, Number: into.Number, Gives: gives}.Decide(s, incident.Around{Now: m.Now, Actor: m.Actor})
	if err != nil {
		return Outcome{}, err
	}
	taken, err := incident.TakeIn{ID: c.Into, Other: c.ID, Number: s.Number}.Decide(into, h.aroundIncident(c.Into, m))
	if err != nil {
		return Outcome{}, err
	}
	facts = append(facts, taken...)
	if len(h.Committed(c.ID)) > 0 {
		started, err := incident.StartWork{ID: c.Into}.Decide(into, h.aroundIncident(c.Into, m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, started...)
	}
	return emit(append(facts, moved...), Answer{ID: string(c.ID), Number: into.Number}), nil
}

// Split takes a merged incident apart again: it goes back to the phase it had, with the calls and units that came from
// it, also with those units' work that has ended since. What came to the survivor by itself stays there.
type Split struct{ ID cad.IncidentID }

// Verb names it for policy.
func (Split) Verb() string { return "incident.split" }

// Target is the incident that was merged.
func (c Split) Target() cad.Subject { return incident.Subject(c.ID) }

// Reach is the incident that it was merged into.
func (c Split) Reach(h *House) []cad.Subject {
	return []cad.Subject{incident.Subject(h.Incident(c.ID).MergedTo)}
}

// Decide moves back what came from it.
func (c Split) Decide(h *House, m Moment) (Outcome, error) {
	s := h.Incident(c.ID)
	if next := h.Incident(s.MergedTo); s.Phase == incident.Merged && next.Phase == incident.Merged {
		n := strconv.FormatInt(next.Number, 10)
		return Outcome{}, fault.New("incident.Split", fault.Conflict, "#%s, which it was merged into, was merged itself", n).
			Because("merged_further", "number", n).Mend("split that one first: the calls and units are further on")
	}
	facts, err := incident.Split{ID: c.ID}.Decide(s, h.aroundIncident(c.ID, m))
	if err != nil || len(facts) == 0 {
		return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), err
	}
	let, err := incident.LetGo{ID: s.MergedTo, Other: c.ID}.Decide(h.Incident(s.MergedTo), h.aroundIncident(s.MergedTo, m))
	if err != nil {
		return Outcome{}, err
	}
	var moved []cad.Fact
	if s.Gave != nil {
		moved, _, err = h.moveLives(m, s.MergedTo, c.ID,
			func(a *assignment.State) bool { return slices.Contains(s.Gave.Assignments, a.ID) },
			func(k *call.State) bool { return slices.Contains(s.Gave.Calls, k.ID) })
	} else { // An older version did not write down what went along; each life knows its last step only.
		moved, _, err = h.moveLives(m, s.MergedTo, c.ID,
			func(a *assignment.State) bool { return a.MovedFrom == c.ID },
			func(k *call.State) bool { return k.MovedFrom == c.ID })
	}
	if err != nil {
		return Outcome{}, err
	}
	facts = append(append(facts, let...), moved...)
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), nil
}

// moveLives moves calls and assignments of one incident to another, those that are asked for, and says which.
// A nil choice of calls means all.
func (h *House) moveLives(m Moment, from, to cad.IncidentID, units func(*assignment.State) bool, calls func(*call.State) bool) ([]cad.Fact, incident.Given, error) {
	var facts []cad.Fact
	var gives incident.Given
	for _, c := range h.CallsOf(from) {
		if calls != nil && !calls(c) {
			continue
		}
		more, err := call.Move{ID: c.ID, To: to}.Decide(*c, call.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return nil, gives, err
		}
		facts, gives.Calls = append(facts, more...), append(gives.Calls, c.ID)
	}
	for _, a := range h.SentTo(from) {
		if !units(a) {
			continue
		}
		more, err := assignment.MoveTo{ID: a.ID, Incident: to}.Decide(*a, assignment.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return nil, gives, err
		}
		facts, gives.Assignments = append(facts, more...), append(gives.Assignments, a.ID)
	}
	return facts, gives, nil
}

// Link joins two incidents that belong together and stay two; Unlink takes the link away from both.
type Link struct {
	ID, Other cad.IncidentID
	Undo      bool
}

// Verb names it for policy.
func (c Link) Verb() string {
	if c.Undo {
		return "incident.unlink"
	}
	return "incident.link"
}

// Target is the first of the two.
func (c Link) Target() cad.Subject { return incident.Subject(c.ID) }

// Reach is the second of the two.
func (c Link) Reach(*House) []cad.Subject { return []cad.Subject{incident.Subject(c.Other)} }

// Decide writes it on both sides.
func (c Link) Decide(h *House, m Moment) (Outcome, error) {
	const op = "incident.Link"
	if c.ID == c.Other {
		return Outcome{}, fault.New(op, fault.Invalid, "an incident cannot be linked to itself").Because("link_self").At("to")
	}
	if h.Incident(c.Other).ID == "" {
		return Outcome{}, fault.New(op, fault.NotFound, "there is no incident to link to").Because("no_incident").At("to")
	}
	var facts []cad.Fact
	for _, pair := range [][2]cad.IncidentID{{c.ID, c.Other}, {c.Other, c.ID}} {
		var cmd incident.Command = incident.LinkTo{ID: pair[0], Other: pair[1], Number: h.Incident(pair[1]).Number}
		if c.Undo {
			cmd = incident.Unlink{ID: pair[0], Other: pair[1]}
		}
		more, err := cmd.Decide(h.Incident(pair[0]), h.aroundIncident(pair[0], m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, more...)
	}
	return emit(facts, Answer{ID: string(c.ID), Number: h.Incident(c.ID).Number}), nil
}
