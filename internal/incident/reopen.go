package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Reopen brings an ended incident back to work: the quarrel flared up again, or the end was a mistake.
type Reopen struct {
	ID   cad.IncidentID
	Text cad.Sealed // Why; required.
}

func mayReopen(s State, _ Around) error {
	const op = "incident.Reopen"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Open():
		return fault.New(op, fault.Conflict, "the incident is still open").Because("still_open", "phase", string(s.Phase))
	case s.Phase == Merged:
		return elsewhere(op, s)
	}
	return check(op, s.Phase, InWork)
}

// Decide reopens what has ended; what is open stays as it is, and says so.
func (c Reopen) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayReopen(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, reasonRequired("incident.Reopen", "say why it is taken up again")
	}
	return []cad.Fact{ReopenedFact{about: about{s.ID}, From: s.Phase, Private: c.Text}}, nil
}

// ReopenedFact says that an ended incident was opened again.
type ReopenedFact struct {
	about
	From    Phase      `json:"from"` // How it had ended.
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReopenedFact) FactType() string { return "incident.reopened" }

// Secret is the reason.
func (f ReopenedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f ReopenedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReopenedFact) apply(s *State, st cad.Stamp) {
	s.backToWork(st)
	s.Returned, s.Passed, s.Disposition = false, nil, ""
	s.Reopened++
	// Whoever had taken it over no longer has it alone; the journal remembers that he did.
	s.Partners = slices.DeleteFunc(s.Partners, func(p Partner) bool { return p.Mode == takesOver })
}
