package unit

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Spec is what the configuration says about a unit.
type Spec struct {
	ID           cad.UnitID `json:"id"`
	CallSign     string     `json:"call_sign"` // Empty means the id.
	Kind         string     `json:"kind,omitempty"`
	Station      cad.OrgID  `json:"station,omitempty"`
	Beat         string     `json:"beat,omitempty"`         // The community beat that it patrols; empty if none.
	Capabilities []string   `json:"capabilities,omitempty"` // Its kind's included.
	Officers     int        `json:"officers,omitempty"`
	Sworn        int        `json:"sworn,omitempty"`
	Dispatchable bool       `json:"dispatchable,omitempty"`
	Home         *geo.Point `json:"home,omitempty"`
}

// Enrol takes a unit into the centre, or takes over what the configuration changed about it.
type Enrol struct{ Unit Spec }

// Decide yields nothing when nothing changed.
func (c Enrol) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "unit.Enrol"
	u := c.Unit
	switch {
	case u.ID == "":
		return nil, fault.New(op, fault.Invalid, "a unit needs an id").Because("id_required").At("id")
	case u.Officers < 0 || u.Sworn < 0:
		return nil, fault.New(op, fault.Invalid, "a number of people cannot be negative").Because("negative").At("officers")
	case u.Home != nil && !u.Home.Valid():
		return nil, fault.New(op, fault.Invalid, "the home of a unit is a place on the earth").Because("bad_place").At("home")
	}
	if u.CallSign == "" {
		u.CallSign = string(u.ID)
	}
	u.Capabilities = slices.Clone(u.Capabilities) // Whoever made the command may use its memory again.
	if u.Home != nil {
		home := *u.Home
		u.Home = &home
	}
	if s.Duty != "" && !s.Retired && s.is(u) {
		return nil, nil
	}
	return []cad.Fact{Enrolled{Spec: u}}, nil
}

// is reports whether the unit is as the configuration says.
func (s State) is(u Spec) bool {
	home := s.Home == nil && u.Home == nil || s.Home != nil && u.Home != nil && *s.Home == *u.Home
	return home && s.CallSign == u.CallSign && s.Kind == u.Kind && s.Station == u.Station && s.Beat == u.Beat &&
		slices.Equal(s.Capabilities, u.Capabilities) && s.Officers == u.Officers && s.Sworn == u.Sworn &&
		s.Dispatchable == u.Dispatchable
}

// Enrolled says what the configuration holds about a unit. A new one is off duty; one that was known keeps its duty.
type Enrolled struct{ Spec }

// FactType is the name in the journal.
func (Enrolled) FactType() string { return "unit.enrolled" }

// Subjects are the unit.
func (f Enrolled) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the unit it is about.
func (f Enrolled) Of() cad.UnitID { return f.ID }

func (f Enrolled) apply(s *State, st cad.Stamp) {
	s.ID, s.CallSign, s.Kind, s.Station, s.Beat = f.ID, f.CallSign, f.Kind, f.Station, f.Beat
	s.Capabilities, s.Officers, s.Sworn = slices.Clone(f.Capabilities), f.Officers, f.Sworn
	s.Dispatchable, s.Home, s.Retired = f.Dispatchable, f.Home, false
	if s.Duty == "" {
		s.enter(OffDuty, "", st)
	}
}

// Retire takes a unit out of the centre when the configuration no longer names it.
type Retire struct{ ID cad.UnitID }

// Decide retires once. A unit that is assigned or in danger stays until it is not.
func (c Retire) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "unit.Retire"
	switch {
	case s.ID == "":
		return nil, known(op, s)
	case s.Retired:
		return nil, nil
	}
	if err := bound(op, s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{Retired{Ref{s.ID}}}, nil
}

// Retired says that a unit is no longer one of the centre's.
type Retired struct{ Ref }

// FactType is the name in the journal.
func (Retired) FactType() string { return "unit.retired" }

func (f Retired) apply(s *State, st cad.Stamp) {
	s.Retired = true
	if s.Duty != OffDuty {
		s.enter(OffDuty, "", st)
	}
}
