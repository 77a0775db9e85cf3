package unit

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// RaiseDuress is the call for help of the officers themselves (遇险). It is never refused: not off duty, not
// retired, not even by a unit that the configuration does not know (promise P9).
type RaiseDuress struct {
	ID     cad.UnitID
	Duress cad.DuressID // The life that its words are sealed under, so that they can be erased alone; may be empty.
	Place  *geo.Point   // Where, as told; a place that cannot be is left out, not refused.
	Text   cad.Sealed   // What was said; may be empty.
}

func mayDuress(State, Around) error { return nil }

// Decide raises it once. Whoever presses again is heard already, but what he says now, or where he is now, is kept: the
// first press is often a thumb without a word.
func (c RaiseDuress) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayDuress(s, a); err != nil {
		return nil, err
	}
	id := s.ID
	if id == "" {
		id = c.ID
	}
	if id == "" {
		return nil, fault.New("unit.RaiseDuress", fault.Internal, "duress without a unit")
	}
	f := DuressRaised{inDuress: inDuress{Ref{id}, c.Duress}, By: a.Actor, Private: c.Text}
	if c.Place != nil && c.Place.Valid() {
		place := *c.Place
		f.Place = &place
	}
	if s.Duress == nil {
		return []cad.Fact{f}, nil
	}
	if c.Text.IsZero() && (f.Place == nil || s.Duress.Place != nil && *s.Duress.Place == *f.Place) {
		return nil, nil
	}
	return []cad.Fact{DuressTold(f)}, nil
}

// DuressSubject is the journal's name of one call for help.
func DuressSubject(id cad.DuressID) cad.Subject { return cad.SubjectOf("duress", id) }

// inDuress is what the facts of a duress say: which unit, and the life that the words are sealed under. Version 1 had no
// such life: its words are sealed under the unit.
type inDuress struct {
	Ref
	Duress cad.DuressID `json:"duress,omitempty"`
}

// Subjects are the unit and its call for help.
func (f inDuress) Subjects() []cad.Subject {
	if f.Duress == "" {
		return f.Ref.Subjects()
	}
	return append(f.Ref.Subjects(), DuressSubject(f.Duress))
}

// DuressRaised says that the officers of a unit are in danger.
type DuressRaised struct {
	inDuress
	By      cad.ActorID `json:"by,omitempty"`
	Place   *geo.Point  `json:"place,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (DuressRaised) FactType() string { return "unit.duress_raised" }

// Secret is what was said.
func (f DuressRaised) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f DuressRaised) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f DuressRaised) apply(s *State, st cad.Stamp) {
	if s.ID == "" {
		s.ID, s.CallSign = f.ID, string(f.ID)
	}
	s.Duress = &Duress{ID: f.Duress, Since: st.Happened, By: f.By, Place: f.Place}
	s.Standby = nil // Who calls for help covers nobody.
}

// DuressTold says what officers in danger said after they had called for help, or where they are now.
type DuressTold struct {
	inDuress
	By      cad.ActorID `json:"by,omitempty"`
	Place   *geo.Point  `json:"place,omitempty"` // nil if nothing new was said of it.
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (DuressTold) FactType() string { return "unit.duress_told" }

// Secret is what was said.
func (f DuressTold) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f DuressTold) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f DuressTold) apply(s *State, _ cad.Stamp) {
	if s.Duress == nil {
		return
	}
	d := *s.Duress // Whoever still holds the old value must not see it change.
	if f.Place != nil {
		d.Place = f.Place
	}
	if d.ID == "" {
		d.ID = f.Duress
	}
	s.Duress = &d
}

// ClearDuress says that the officers are safe. Who may say so is a matter of the policy.
type ClearDuress struct {
	ID     cad.UnitID
	Duress cad.DuressID // As in RaiseDuress.
	Text   cad.Sealed   // How it was made sure; required.
}

func mayClearDuress(s State, _ Around) error {
	if s.ID == "" {
		return fault.New("unit.ClearDuress", fault.NotFound, "there is no such unit").Because("no_unit")
	}
	return nil
}

// Decide clears it once, and never without words: whoever reads it later must see how somebody knew.
func (c ClearDuress) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayClearDuress(s, a); err != nil || s.Duress == nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("unit.ClearDuress", fault.Invalid, "a duress does not end without words").Because("reason_required").At("text").
			Mend("say how it was made sure that the officers are safe")
	}
	return []cad.Fact{DuressCleared{inDuress: inDuress{Ref{s.ID}, c.Duress}, Private: c.Text}}, nil
}

// DuressCleared says that the officers of a unit are safe.
type DuressCleared struct {
	inDuress
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (DuressCleared) FactType() string { return "unit.duress_cleared" }

// Secret is how it was made sure.
func (f DuressCleared) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f DuressCleared) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f DuressCleared) apply(s *State, _ cad.Stamp) { s.Duress = nil }
