package incident

import (
	"shuniu/internal/cad"
)

// Invalidate ends what turned out to be nothing: a nuisance call, a test, a mistake (无效警情).
type Invalidate struct {
	ID   cad.IncidentID
	Text cad.Sealed // Why; required, because somebody had asked for help.
}

func mayInvalidate(s State, a Around) error {
	const op = "incident.Invalidate"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case len(a.Committed) > 0:
		return committed(op, a)
	}
	return check(op, s.Phase, Invalid)
}

// Decide refuses an end without a reason.
func (c Invalidate) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Invalidate"
	if s.Phase == Invalid {
		return nil, nil
	}
	if err := mayInvalidate(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, reasonRequired(op, "say why it is no incident")
	}
	return []cad.Fact{InvalidFact{about: about{s.ID}, Private: c.Text}}, nil
}

// InvalidFact says that it was no incident. (Invalid is the phase.)
type InvalidFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (InvalidFact) FactType() string { return "incident.invalid" }

// Secret is the reason.
func (f InvalidFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f InvalidFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f InvalidFact) apply(s *State, st cad.Stamp) { s.Phase, s.EndedAt = Invalid, st.At }
