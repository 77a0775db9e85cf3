package unit

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// AcknowledgeDuress says that somebody has taken a call for help up, and what is done about it. The officers are in danger
// until ClearDuress.
type AcknowledgeDuress struct {
	ID     cad.UnitID
	Duress cad.DuressID // As in RaiseDuress.
	Text   cad.Sealed   // What is done; required.
}

func mayAcknowledgeDuress(s State, _ Around) error {
	if s.ID == "" {
		return fault.New("unit.AcknowledgeDuress", fault.NotFound, "there is no such unit").Because("no_unit")
	}
	return nil
}

// Decide writes down every word of what is done; the first one ends the alarm on the screens.
func (c AcknowledgeDuress) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayAcknowledgeDuress(s, a); err != nil || s.Duress == nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("unit.AcknowledgeDuress", fault.Invalid, "a duress is not acknowledged without words").Because("reason_required").At("text").
			Mend("say what is done: who goes there, who speaks with them")
	}
	return []cad.Fact{DuressAcknowledged{inDuress: inDuress{Ref{s.ID}, c.Duress}, By: a.Actor, Private: c.Text}}, nil
}

// DuressAcknowledged says that somebody has taken a call for help up.
type DuressAcknowledged struct {
	inDuress
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (DuressAcknowledged) FactType() string { return "unit.duress_acknowledged" }

// Secret is what is done.
func (f DuressAcknowledged) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f DuressAcknowledged) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f DuressAcknowledged) apply(s *State, st cad.Stamp) {
	if s.Duress == nil || s.Duress.AckedBy != "" {
		return
	}
	d := *s.Duress // Whoever still holds the old value must not see it change.
	d.AckedBy, d.AckedAt = f.By, st.Happened
	s.Duress = &d
}
