package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Locate says where it is, or better than before. The responsible unit follows the place, until somebody rules.
type Locate struct {
	ID          cad.IncidentID
	Place       *geo.Point
	Street      string
	Approximate bool
	Responsible Responsible
	Address     cad.Sealed // {"address": ...}
}

// Decide refuses a place that is nowhere.
func (c Locate) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Locate"
	if err := mayOpen(op)(s, a); err != nil {
		return nil, err
	}
	if c.Place == nil && c.Address.IsZero() {
		return nil, fault.New(op, fault.Invalid, "a place or an address is required").Because("place_required").At("place")
	}
	if c.Place != nil && !c.Place.Valid() {
		return nil, fault.New(op, fault.Invalid, "the place is nowhere on earth").Because("bad_place").At("place")
	}
	return []cad.Fact{Located{
		about: about{s.ID}, Place: c.Place, Street: c.Street, Approximate: c.Approximate, Responsible: c.Responsible, Private: c.Address,
	}}, nil
}

// Located says where it is.
type Located struct {
	about
	Place       *geo.Point  `json:"place,omitempty"`
	Street      string      `json:"street,omitempty"`
	Approximate bool        `json:"approximate,omitempty"`
	Responsible Responsible `json:"responsible,omitzero"`
	Private     cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (Located) FactType() string { return "incident.located" }

// Secret is the address.
func (f Located) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Located) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Located) apply(s *State, _ cad.Stamp) {
	if !f.Private.IsZero() {
		s.Address = f.Private
	}
	if f.Place == nil {
		return
	}
	s.Place, s.Street, s.Approximate = f.Place, f.Street, f.Approximate
	if s.Responsible.By != "ruling" {
		s.Responsible = f.Responsible
	}
}

// Rule says whose it is: the centre rules on jurisdiction, and nobody returns a live incident.
type Rule struct {
	ID          cad.IncidentID
	Responsible Responsible
}

// Decide needs a unit to name.
func (c Rule) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Rule"
	if err := mayOpen(op)(s, a); err != nil {
		return nil, err
	}
	if c.Responsible.Org == "" {
		return nil, fault.New(op, fault.Invalid, "say which unit is responsible").Because("org_required").At("org")
	}
	c.Responsible.By = "ruling"
	return []cad.Fact{Ruled{about{s.ID}, c.Responsible}}, nil
}

// Ruled says whose it is.
type Ruled struct {
	about
	Responsible Responsible `json:"responsible"`
}

// FactType is the name in the journal.
func (Ruled) FactType() string { return "incident.responsible_ruled" }

func (f Ruled) apply(s *State, _ cad.Stamp) { s.Responsible = f.Responsible }
