package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// byRuling marks a responsible unit that a person named, against or beside the map.
const byRuling = "ruling"

// Rule names the responsible unit where the map leaves doubt (管辖裁定). The first receiver acts meanwhile.
type Rule struct {
	ID          cad.IncidentID
	Responsible Responsible // Its org is the ruling; By is set here; a nil Border keeps the neighbours.
}

func mayRule(s State, _ Around) error { return mayOpen("incident.Rule", s) }

// Decide refuses a ruling that names nobody.
func (c Rule) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Rule"
	if err := mayRule(s, a); err != nil {
		return nil, err
	}
	if c.Responsible.Org == "" {
		return nil, fault.New(op, fault.Invalid, "say which unit is responsible").Because("org_required").At("org")
	}
	c.Responsible.By = byRuling
	if c.Responsible.Border == nil {
		c.Responsible.Border = s.Responsible.Border
	}
	if c.Responsible.same(s.Responsible) {
		return nil, nil
	}
	return []cad.Fact{Ruled{about: about{s.ID}, Responsible: c.Responsible}}, nil
}

func (r Responsible) same(o Responsible) bool {
	return r.Org == o.Org && r.By == o.By && slices.Equal(r.Border, o.Border)
}

// Ruled says which unit was named responsible.
type Ruled struct {
	about
	Responsible Responsible `json:"responsible"`
}

// FactType is the name in the journal.
func (Ruled) FactType() string { return "incident.responsible_ruled" }

func (f Ruled) apply(s *State, _ cad.Stamp) { s.Responsible = f.Responsible }
