package unit

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// LoseContact says that nothing is heard of a unit (失联): it neither answers nor sends its position.
type LoseContact struct {
	ID   cad.UnitID
	Text cad.Sealed // What was tried; may be empty.
}

// mayContact lets contact be lost and found whatever the unit's duty: one that went off duty may still be looked for.
func mayContact(s State, _ Around) error {
	if s.ID == "" {
		return fault.New("unit.Contact", fault.NotFound, "there is no such unit").Because("no_unit")
	}
	return nil
}

// Decide says so once.
func (c LoseContact) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayContact(s, a); err != nil || !s.OutOfContact.IsZero() {
		return nil, err
	}
	return []cad.Fact{LostContact{Ref: Ref{s.ID}, Private: c.Text}}, nil
}

// LostContact says that nothing is heard of a unit.
type LostContact struct {
	Ref
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (LostContact) FactType() string { return "unit.contact_lost" }

// Secret is what was tried.
func (f LostContact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f LostContact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f LostContact) apply(s *State, st cad.Stamp) { s.OutOfContact = st.Happened }

// RegainContact says that a unit is heard again.
type RegainContact struct {
	ID   cad.UnitID
	Text cad.Sealed // How; may be empty.
}

// Decide says so once.
func (c RegainContact) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayContact(s, a); err != nil || s.OutOfContact.IsZero() {
		return nil, err
	}
	return []cad.Fact{RegainedContact{Ref: Ref{s.ID}, Private: c.Text}}, nil
}

// RegainedContact says that a unit is heard again.
type RegainedContact struct {
	Ref
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (RegainedContact) FactType() string { return "unit.contact_regained" }

// Secret is how it was heard.
func (f RegainedContact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f RegainedContact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f RegainedContact) apply(s *State, _ cad.Stamp) { s.OutOfContact = time.Time{} }

// Hear says that a unit answered when it was asked, without news of its own (回话): the time of its silence begins anew.
type Hear struct{ ID cad.UnitID }

// mayHear lets a unit be heard whatever its duty, as contact is.
func mayHear(s State, a Around) error { return mayContact(s, a) }

// Decide writes down every answer. One that was out of contact is so no longer.
func (c Hear) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayHear(s, a); err != nil {
		return nil, err
	}
	facts := []cad.Fact{HeardFact{Ref{s.ID}}}
	if !s.OutOfContact.IsZero() {
		facts = append(facts, RegainedContact{Ref: Ref{s.ID}})
	}
	return facts, nil
}

// HeardFact says that a unit answered. (Heard is when.)
type HeardFact struct{ Ref }

// FactType is the name in the journal.
func (HeardFact) FactType() string { return "unit.heard" }

// An answer that is written down late does not make a unit silent that was heard since.
func (f HeardFact) apply(s *State, st cad.Stamp) {
	if st.Happened.After(s.Heard) {
		s.Heard = st.Happened
	}
}
