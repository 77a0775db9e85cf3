package call

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// mayLose says whether a call can be lost in a way. One that is attached already can be, too: whoever screamed
// and was cut off is called back, though the incident exists.
func mayLose(op string, s State, how Phase) error {
	switch {
	case s.Out:
		return outgoing(op)
	case s.Phase != Joined:
		return check(op, s.Phase, how)
	case s.Lost != "":
		return fault.New(op, fault.Conflict, "the call is %s already", s.Lost).Because("lost_already", "phase", string(s.Lost))
	}
	return nil
}

// Abandon says that the caller hung up, or that the line broke.
type Abandon struct{ ID cad.CallID }

// Decide refuses a call that is over otherwise.
func (c Abandon) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Lost == GivenUp {
		return nil, nil
	}
	if err := mayLose("call.Abandon", s, GivenUp); err != nil {
		return nil, err
	}
	return []cad.Fact{Abandoned{aboutOf(s)}}, nil
}

// Abandoned says that the caller hung up. Somebody must call back.
type Abandoned struct{ aboutBoth }

// FactType is the name in the journal.
func (Abandoned) FactType() string { return "call.abandoned" }

func (f Abandoned) apply(s *State, st cad.Stamp) { s.lose(GivenUp, st) }

// MarkSilent says that nobody spoke.
type MarkSilent struct{ ID cad.CallID }

// Decide refuses a call that is over otherwise.
func (c MarkSilent) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Lost == Silent {
		return nil, nil
	}
	if err := mayLose("call.MarkSilent", s, Silent); err != nil {
		return nil, err
	}
	return []cad.Fact{WentSilent{aboutOf(s)}}, nil
}

// WentSilent says that nobody spoke. Somebody must call back.
type WentSilent struct{ aboutBoth }

// FactType is the name in the journal.
func (WentSilent) FactType() string { return "call.silent" }

func (f WentSilent) apply(s *State, st cad.Stamp) { s.lose(Silent, st) }

func (s *State) lose(how Phase, st cad.Stamp) {
	s.Lost = how
	s.letGo()
	if s.Phase != Joined {
		s.Phase = how
	}
	s.end(st)
}
