package joint

import (
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

// Reach is the survivor.
func (c Merge) Reach(*House) []cad.Subject { return []cad.Subject{incident.Subject(c.Into)} }

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
	case !into.Open():
		return Outcome{}, fault.New(op, fault.Conflict, "the other incident is %s", into.Phase).Because("ended", "phase", string(into.Phase)).
			At("into").Mend("reopen it first")
	}
	// Its units move along, so none is left committed to what ends here.
	facts, err := incident.MergeInto{ID: c.ID, Other: c.Into}.Decide(s, incident.Around{Now: m.Now, Actor: m.Actor})
	if err != nil {
		return Outcome{}, err
	}
	taken, err := incident.TakeIn{ID: c.Into, Other: c.ID}.Decide(into, h.aroundIncident(c.Into, m))
	if err != nil {
		return Outcome{}, err
	}
	facts = append(facts, taken...)
	moved, err := h.moveLives(m, c.ID, c.Into, func(cad.IncidentID) bool { return true })
	if err != nil {
		return Outcome{}, err
	}
	if len(h.Committed(c.ID)) > 0 {
		started, err := incident.StartWork{ID: c.Into}.Decide(into, h.aroundIncident(c.Into, m))
		if err != nil {
			return Outcome{}, err
		}
		facts = append(facts, started...)
	}
	return emit(append(facts, moved...), Answer{ID: string(c.ID), Number: into.Number}), nil
}

// Split takes a merged incident apart again: it goes back to the phase it had, with the calls and units that came from it.
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
	moved, err := h.moveLives(m, s.MergedTo, c.ID, func(from cad.IncidentID) bool { return from == c.ID })
	if err != nil {
		return Outcome{}, err
	}
	facts = append(append(facts, let...), moved...)
	return emit(facts, Answer{ID: string(c.ID), Number: s.Number}), nil
}

// moveLives moves the calls and open assignments of one incident to another, those whose earlier incident pleases.
func (h *House) moveLives(m Moment, from, to cad.IncidentID, pleases func(cameFrom cad.IncidentID) bool) ([]cad.Fact, error) {
	var facts []cad.Fact
	for _, c := range h.CallsOf(from) {
		if !pleases(c.MovedFrom) {
			continue
		}
		more, err := call.Move{ID: c.ID, To: to}.Decide(*c, call.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	for _, a := range h.SentTo(from) {
		if !a.Open() || !pleases(a.MovedFrom) {
			continue
		}
		more, err := assignment.MoveTo{ID: a.ID, Incident: to}.Decide(*a, assignment.Around{Now: m.Now, Actor: m.Actor})
		if err != nil {
			return nil, err
		}
		facts = append(facts, more...)
	}
	return facts, nil
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
		var cmd incident.Command = incident.LinkTo{ID: pair[0], Other: pair[1]}
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
