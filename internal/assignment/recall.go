package assignment

import "shuniu/internal/cad"

// Recall calls a unit back before it has finished.
type Recall struct {
	ID   cad.AssignmentID
	Text cad.Sealed // Why; may be empty.
}

// Decide ends an open assignment from any stage. Recalling twice yields nothing.
func (c Recall) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Recalled {
		return nil, nil
	}
	if err := live("assignment.Recall", s); err != nil {
		return nil, err
	}
	return []cad.Fact{Recalled{Ref: s.ref(), From: s.Stage, Private: c.Text}}, nil
}

// Recalled says that the centre called a unit back, and from which stage.
type Recalled struct {
	Ref
	From    Stage      `json:"from"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Recalled) FactType() string { return "assignment.recalled" }

// Secret is the words of whoever recalled it.
func (f Recalled) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f Recalled) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Recalled) apply(s *State, st cad.Stamp) {
	s.Recalled, s.Redeployable = true, false
	s.enter(Cleared, st.Happened)
}
