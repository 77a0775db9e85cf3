package call

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Answer is a call-taker taking the call.
type Answer struct{ ID cad.CallID }

// mayAnswer also takes a call that was attached while it rang: its incident was opened first, and somebody still
// has to speak to the caller.
func mayAnswer(s State) error {
	const op = "call.Answer"
	if s.Phase != Joined {
		return check(op, s.Phase, InTalk)
	}
	if !s.Answered.IsZero() || s.Lost != "" {
		return fault.New(op, fault.Conflict, "nobody is waiting on it").Because("not_ringing")
	}
	return nil
}

// Decide refuses a call that is over. Answering twice is no error; the first who answered stands.
func (c Answer) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == InTalk {
		return nil, nil
	}
	if err := mayAnswer(s); err != nil {
		return nil, err
	}
	return []cad.Fact{Answered{aboutOf(s)}}, nil
}

// Answered says that somebody took the call: the actor of its record.
type Answered struct{ aboutBoth }

// FactType is the name in the journal.
func (Answered) FactType() string { return "call.answered" }

func (f Answered) apply(s *State, st cad.Stamp) {
	if s.Phase == Ringing {
		s.Phase = InTalk
	}
	s.Answered, s.AnsweredBy = st.At, st.Actor
}
