package incident

import (
	"shuniu/internal/cad"
)

// Urge says that the caller pressed again (催警). It is never refused and never folds silently: also on an ended
// incident it is a word that somebody must hear.
type Urge struct {
	ID   cad.IncidentID
	Call cad.CallID // The call in which he pressed; may be empty.
	Text cad.Sealed // What he said; may be empty.
}

func mayUrge(s State, _ Around) error {
	if s.Phase == "" {
		return missing("incident.Urge")
	}
	return nil
}

// Decide counts every one.
func (c Urge) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayUrge(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{Urged{about: about{s.ID}, Call: c.Call, Private: c.Text}}, nil
}

// Urged says that the caller pressed again.
type Urged struct {
	about
	Call    cad.CallID `json:"call,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Urged) FactType() string { return "incident.urged" }

// Secret is what the caller said.
func (f Urged) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Urged) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Urged) apply(s *State, _ cad.Stamp) { s.Urges++ }
