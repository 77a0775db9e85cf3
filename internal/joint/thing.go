package joint

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/order"
)

// Judged is a command that a policy judges by another life than its target.
type Judged interface{ Judged(h *House) cad.Subject }

// Moving is a command that sends units or takes them back. A policy judges each of them beside the target.
type Moving interface{ Moves() []cad.UnitID }

// ThingsOf are what a policy judges a command by: all of them must be the actor's to deal with.
func (h *House) ThingsOf(c Command) []cad.Thing {
	judged := []cad.Subject{c.Target()}
	if j, ok := c.(Judged); ok {
		judged[0] = j.Judged(h)
	}
	if m, ok := c.(Moving); ok {
		for _, u := range m.Moves() {
			judged = append(judged, cad.SubjectOf("unit", u))
		}
	}
	out := make([]cad.Thing, 0, len(judged))
	for _, s := range judged {
		out = append(out, h.Thing(s))
	}
	return out
}

// Thing is a life as a policy judges it. Of one that is not in memory nothing is known but its name, which is the same
// as of one that never was.
func (h *House) Thing(s cad.Subject) cad.Thing {
	t := cad.Thing{Subject: s}
	kind, id := s.Split()
	switch kind {
	case "incident", "report":
		h.surround(&t, cad.IncidentID(id))
	case "call":
		h.surround(&t, h.Call(cad.CallID(id)).Incident)
	case "assignment":
		a := h.Assignment(cad.AssignmentID(id))
		t.Units = append(t.Units, a.Unit)
		t.Orgs = append(t.Orgs, a.Station)
		if a.Station == "" { // The centre sent the crew itself; no desk stands between.
			t.Orgs[0] = h.Unit(a.Unit).Station
		}
	case "alarm":
		t.Orgs = append(t.Orgs, h.Alarm(cad.AlarmID(id)).Area)
	case "order":
		for _, r := range h.Order(cad.OrderID(id)).To {
			switch r.Kind {
			case order.ToUnit:
				t.Units = append(t.Units, cad.UnitID(r.ID))
				t.Orgs = append(t.Orgs, h.Unit(cad.UnitID(r.ID)).Station)
			case order.ToOrg:
				t.Orgs = append(t.Orgs, cad.OrgID(r.ID))
			}
		}
	case "org":
		t.Orgs = append(t.Orgs, cad.OrgID(id))
	case "unit":
		t.Units = append(t.Units, cad.UnitID(id))
		t.Orgs = append(t.Orgs, h.Unit(cad.UnitID(id)).Station)
	}
	t.Orgs = slices.DeleteFunc(t.Orgs, func(o cad.OrgID) bool { return o == "" })
	t.Units = slices.DeleteFunc(t.Units, func(u cad.UnitID) bool { return u == "" })
	return t
}

// surround adds the stations and crews that an incident concerns. Crews that are done with it stay: they still owe
// their feedback.
func (h *House) surround(t *cad.Thing, id cad.IncidentID) {
	r := h.Incident(id).Responsible
	t.Orgs = append(append(t.Orgs, r.Org), r.Border...)
	for _, a := range h.SentTo(id) {
		t.Units = append(t.Units, a.Unit)
		t.Orgs = append(t.Orgs, a.Station, h.Unit(a.Unit).Station)
	}
}
