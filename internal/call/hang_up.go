package call

import (
	"shuniu/internal/cad"
)

// Side is an end of the line.
type Side string

// The ends of the line.
const (
	Us     Side = "us"
	Caller Side = "caller" // Or whoever we dialled.
)

// HangUp closes the line. What was said still has to be written down: an answered call that belongs to nothing stays
// where it is until somebody says what it was.
type HangUp struct {
	ID cad.CallID
	By Side // Empty means us.
}

func mayHangUp(s State, a Around) error {
	const op = "call.HangUp"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.HungUp.IsZero():
		return lineOver(op)
	case s.Dialling(): // By anybody: a seat that died must not keep others from calling back.
		return nil
	}
	return onLine(op, s, a)
}

// Decide refuses a call that nobody answered: a caller who hangs up then has given up, and somebody must call back.
func (c HangUp) Decide(s State, a Around) ([]cad.Fact, error) {
	if !s.HungUp.IsZero() {
		return nil, nil
	}
	if c.By == "" {
		c.By = Us
	}
	if c.By == Caller { // The line says so; nobody can refuse it.
		a.Actor = ""
	}
	if err := mayHangUp(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{HungUp{aboutOf(s), c.By}}, nil
}

// HungUp says that the line closed, and on which side.
type HungUp struct {
	aboutBoth
	By Side `json:"by"`
}

// FactType is the name in the journal.
func (HungUp) FactType() string { return "call.hung_up" }

func (f HungUp) apply(s *State, st cad.Stamp) {
	s.HungUp = st.At
	asked, passed := s.Asked, s.PassedTo
	s.letGo()
	if s.Phase == InTalk { // Another seat may still want to write it down.
		s.Asked, s.PassedTo = asked, passed
	}
	if s.Out && s.Phase != Joined {
		s.Phase = Over
		s.letGo()
		s.end(st)
	}
}
