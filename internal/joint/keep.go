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
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
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
	case "report":
		i := cad.IncidentID(id)
		facts, err = report.PassDeadline{Incident: i, Kind: c.Kind, Due: c.Due}.Decide(h.Report(i), h.aroundReport(h.Incident(i), m))
	case "order":
		o := cad.OrderID(id)
		facts, err = order.PassDeadline{ID: o, Kind: c.Kind, Due: c.Due}.Decide(h.Order(o), order.Around{Now: m.Now, Actor: m.Actor})
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
	case "report":
		return report.Due(h.Report(cad.IncidentID(id)))
	case "order":
		return order.Due(h.Order(cad.OrderID(id)))
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
func Facts() []cad.FactKind { return []cad.FactKind{cad.Kind[Erased](), cad.Kind[PaperTaken]()} }

// Erase orders that everything private about one life is made unreadable for ever: an incident with all its calls, a
// call, the words of a duress, or of a unit the words of duress and backup that older versions sealed under it. What
// was merged into an incident keeps its own words, because a split may take it out again: that is ordered by itself.
// The keys are destroyed after the facts are durable, and again at the next start if that was cut short.
type Erase struct {
	Subject cad.Subject
	Also    []cad.Subject // More lives, in the same append: all or none.
	Ground  string        // The legal ground, in words of the law, never of the person.
}

// Verb names it for policy.
func (Erase) Verb() string { return "subject.erase" }

// Target is the life.
func (c Erase) Target() cad.Subject { return c.Subject }

// Reach are the other lives, and what the incidents among all of them live on in.
func (c Erase) Reach(h *House) []cad.Subject {
	out := slices.Clone(c.Also)
	for _, s := range c.all() {
		if kind, id := s.Split(); kind == "incident" {
			out = append(out, incident.Subject(h.Survivor(cad.IncidentID(id))))
		}
	}
	return out
}

func (c Erase) all() []cad.Subject { return append([]cad.Subject{c.Subject}, c.Also...) }

// Decide refuses to erase what is still worked on, or without a ground.
func (c Erase) Decide(h *House, _ Moment) (Outcome, error) {
	if c.Ground == "" {
		return Outcome{}, fault.New("subject.Erase", fault.Invalid, "erasure needs its legal ground").Because("ground_required").At("reason")
	}
	_, id := c.Subject.Split()
	answer := Answer{ID: id}
	for _, s := range c.all() {
		if err := h.mayErase(s); err != nil {
			return Outcome{}, err
		}
		for _, x := range append([]cad.Subject{s}, h.callsIn(s)...) {
			if !slices.Contains(answer.Erased, x) {
				answer.Erased = append(answer.Erased, x)
			}
		}
	}
	var facts []cad.Fact
	for _, s := range answer.Erased {
		facts = append(facts, Erased{Subject: s, Ground: c.Ground})
	}
	return emit(facts, answer), nil
}

// mayErase refuses what people still need: whoever is being looked for is found by his words.
func (h *House) mayErase(s cad.Subject) error {
	const op = "subject.Erase"
	open, danger := false, false
	switch kind, id := s.Split(); kind {
	case "incident":
		open = h.Incident(h.Survivor(cad.IncidentID(id))).Open()
	case "call":
		k := h.Call(cad.CallID(id))
		open = k.ID != "" && k.EndedAt.IsZero() || h.Incident(k.Incident).Open()
	case "duress":
		for _, u := range h.Units {
			danger = danger || u.Duress != nil && u.Duress.ID == cad.DuressID(id)
		}
	case "unit":
		danger = h.Unit(cad.UnitID(id)).Duress != nil
	case "order":
		if h.Order(cad.OrderID(id)).Open() {
			return fault.New(op, fault.Conflict, "the order is still open").Because("order_open").Mend("clear or revoke it first")
		}
	case "alarm": // Only what was said when it was acknowledged.
	default:
		return fault.New(op, fault.Invalid, "only incidents, calls, duress, units, alarms and orders hold personal data").Because("bad_subject").At("subject")
	}
	switch {
	case open:
		return fault.New(op, fault.Conflict, "the incident is still open").Because("still_open").Mend("close it first")
	case danger:
		return fault.New(op, fault.Conflict, "the officers are still in duress").Because("in_duress").Mend("clear the duress first, when they are safe")
	case h.last[s] == 0:
		return fault.New(op, fault.NotFound, "there is no such life").Because("no_subject").At("subject")
	}
	return nil
}

// callsIn are the calls of an incident; none of anything else.
func (h *House) callsIn(s cad.Subject) []cad.Subject {
	kind, id := s.Split()
	if kind != "incident" {
		return nil
	}
	var out []cad.Subject
	for _, k := range h.CallsOf(cad.IncidentID(id)) {
		out = append(out, call.Subject(k.ID))
	}
	return out
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
