package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Locate says where the incident is, or says it better than before.
type Locate struct {
	ID          cad.IncidentID
	Place       *geo.Point // nil keeps what was known, with its responsible unit.
	Street      string     // Empty keeps it, unless the place is new.
	Approximate bool       // The place is a guess within some hundred metres.
	Responsible Responsible
	Address     cad.Sealed // The address in words; zero keeps it.
}

func mayLocate(s State, _ Around) error { return mayOpen("incident.Locate", s) }

// Decide refuses a place that is not on the globe. A ruling on the responsible unit outlives a better place.
func (c Locate) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Locate"
	if err := mayLocate(s, a); err != nil {
		return nil, err
	}
	f := Located{about: about{s.ID}, Place: s.Place, Street: s.Street, Approximate: s.Approximate, Responsible: s.Responsible, Private: c.Address}
	switch {
	case c.Place == nil && c.Street == "" && c.Address.IsZero():
		return nil, fault.New(op, fault.Invalid, "a place or an address is required").Because("place_required").At("place")
	case c.Place != nil && !c.Place.Valid():
		return nil, fault.New(op, fault.Invalid, "the place is not on the globe").Because("bad_place").At("place").
			Mend("give longitude and latitude in degrees, WGS 84")
	case c.Place != nil:
		f.Place, f.Street, f.Approximate = c.Place, c.Street, c.Approximate
		if s.Responsible.By != byRuling {
			f.Responsible = c.Responsible
		}
	case c.Street != "":
		f.Street = c.Street
	}
	if f.Private.IsZero() && samePlace(f.Place, s.Place) && f.Street == s.Street && f.Approximate == s.Approximate && f.Responsible.same(s.Responsible) {
		return nil, nil
	}
	return []cad.Fact{f}, nil
}

func samePlace(a, b *geo.Point) bool { return a == b || a != nil && b != nil && *a == *b }

// Located says where the incident is, as far as is known now.
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

// Secret is the address in words.
func (f Located) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Located) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Located) apply(s *State, _ cad.Stamp) {
	s.Place, s.Street, s.Approximate, s.Responsible = f.Place, f.Street, f.Approximate, f.Responsible
	if !f.Private.IsZero() {
		s.Address = f.Private
	}
}
