package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Answer is a call-taker taking the call.
type Answer struct{ ID cad.CallID }

// taken says that somebody speaks with the caller, or did until it was attached.
func taken(s State) bool {
	return s.Phase == InTalk || s.Phase == Joined && s.Lost == "" && !s.Answered.IsZero()
}

// mayAnswer also takes a call that was attached while it rang: its incident was opened first, and somebody still
// has to speak to the caller.
func mayAnswer(s State) error {
	const op = "call.Answer"
	switch {
	case taken(s):
		by, at := string(s.Has().Actor), s.Answered.UTC().Format(time.RFC3339)
		return fault.New(op, fault.Conflict, "%s answered it at %s", by, at).
			Because("answered", "by", by, "at", at).Mend("take another call, or ask whoever speaks with the caller")
	case s.Out && !s.HungUp.IsZero():
		return lineOver(op)
	case s.Phase != Joined:
		return check(op, s.Phase, InTalk)
	case s.Lost != "" || s.Partner != "":
		return fault.New(op, fault.Conflict, "nobody is waiting on it").Because("not_ringing")
	}
	return nil
}

// Decide refuses a call that is over, and one that somebody else answered: two must not believe that they speak with the
// caller. Answering twice is no error.
func (c Answer) Decide(s State, a Around) ([]cad.Fact, error) {
	if taken(s) && s.has(a) {
		return nil, nil
	}
	if err := mayAnswer(s); err != nil {
		return nil, err
	}
	f := Answered{aboutBoth: aboutOf(s), Seat: a.Seat, Line: true}
	if s.Out { // Whoever says that the other side picked up, we dialled.
		f.Seat = s.Holder.Seat
	}
	return []cad.Fact{f}, nil
}

// Answered says that somebody took the call: the actor of its record; or, of a call that we made, that somebody did on
// the other side.
type Answered struct {
	aboutBoth
	Seat cad.SeatID `json:"seat,omitempty"`
	Line bool       `json:"line,omitempty"` // The end of the line will be told, too. An older version never told it.
}

// FactType is the name in the journal.
func (Answered) FactType() string { return "call.answered" }

func (f Answered) apply(s *State, st cad.Stamp) {
	if s.Phase == Ringing {
		s.Phase = InTalk
	}
	s.Answered, s.AnsweredBy, s.Speaking = st.At, st.Actor, f.Line
	switch {
	case s.Out:
		s.AnsweredBy = s.Holder.Actor
	case f.Seat != "":
		s.Holder = Holder{Actor: st.Actor, Seat: f.Seat}
	}
}
