package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Holder is who has a call: the person, and the seat where the telephone stands.
type Holder struct {
	Actor cad.ActorID `json:"actor,omitempty"`
	Seat  cad.SeatID  `json:"seat,omitempty"`
}

// Has is who has the call; the zero value if nobody has taken it.
func (s State) Has() Holder {
	if s.Holder != (Holder{}) {
		return s.Holder
	}
	return Holder{Actor: s.AnsweredBy}
}

// has reports whether whoever asks has the call: the person, or another at the same seat. Nobody in particular has it.
func (s State) has(a Around) bool {
	return a.Actor == "" || s.HeldBy(a.Actor, a.Seat)
}

// HeldBy reports whether somebody has the call: the person, or another at the same seat.
func (s State) HeldBy(who cad.ActorID, seat cad.SeatID) bool {
	h := s.Has()
	return h.Actor != "" && h.Actor == who || h.Seat != "" && h.Seat == seat
}

// Dialling says that we ring somebody who has not picked up yet.
func (s State) Dialling() bool {
	return s.Out && s.Answered.IsZero() && s.HungUp.IsZero() && s.Phase != ""
}

// inHand says that somebody has work with the call: he speaks, or he writes down what was said.
func inHand(s State) bool { return taken(s) && (s.Speaking || s.Phase == InTalk) }

// letGo forgets what is true of an open line only.
func (s *State) letGo() {
	s.Speaking, s.Held, s.With, s.Asked, s.PassedTo = false, time.Time{}, nil, nil, ""
}

// onLine refuses what needs an open line, and whoever does not have the call.
func onLine(op string, s State, a Around) error {
	switch {
	case s.Phase == "":
		return missing(op)
	case !taken(s):
		return notAnswered(op)
	case !s.Speaking:
		return lineOver(op)
	}
	return mine(op, s, a)
}

// mine refuses whoever does not have the call.
func mine(op string, s State, a Around) error {
	if s.has(a) {
		return nil
	}
	h := s.Has()
	return fault.New(op, fault.Conflict, "the call is with %s", h.Actor).Because("not_holder", "by", string(h.Actor), "seat", string(h.Seat)).
		Mend("ask for the call first")
}

func notAnswered(op string) error {
	return fault.New(op, fault.Conflict, "nobody has answered the call").Because("not_answered").Mend("answer it first")
}

func lineOver(op string) error {
	return fault.New(op, fault.Conflict, "nobody is on the line any more").Because("line_over").Mend("call back")
}

func outgoing(op string) error {
	return fault.New(op, fault.Conflict, "we made this call").Because("outgoing").Mend("hang up")
}
