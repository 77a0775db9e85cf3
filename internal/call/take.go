package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Ask is another seat that wants a call.
type Ask struct {
	By    cad.ActorID `json:"by"`
	Seat  cad.SeatID  `json:"seat,omitempty"`
	Until time.Time   `json:"until"` // From then on it may take the call, unless whoever has it says keep.
}

// by reports whether it is whoever asks now.
func (k *Ask) by(a Around) bool { return k.By == a.Actor || k.Seat != "" && k.Seat == a.Seat }

// Take takes a call over from another seat: at once when it was passed to this one, otherwise after a grace time in which
// whoever has it may say keep. It is said twice: to ask, and to take.
type Take struct{ ID cad.CallID }

func mayTake(s State, a Around) error {
	const op = "call.Take"
	switch {
	case s.Phase == "":
		return missing(op)
	case !taken(s):
		return notAnswered(op)
	case !inHand(s):
		return lineOver(op)
	case s.PassedTo != "" && s.PassedTo == a.Seat:
		return nil
	case s.Asked != nil && !a.Now.IsZero() && a.Now.Before(s.Asked.Until) && !s.Asked.by(a):
		at := s.Asked.Until.UTC().Format(time.RFC3339)
		return fault.New(op, fault.Conflict, "%s has asked for it, until %s", s.Asked.By, at).
			Because("asked_already", "by", string(s.Asked.By), "seat", string(s.Asked.Seat), "at", at).Mend("wait until then, or speak with both")
	}
	return nil
}

// Decide asks, or takes. Whoever has the call already, and whoever asks again within the grace time, changes nothing.
func (c Take) Decide(s State, a Around) ([]cad.Fact, error) {
	if taken(s) && a.Actor != "" && s.has(a) {
		return nil, nil
	}
	if err := mayTake(s, a); err != nil {
		return nil, err
	}
	over := TakenOver{aboutBoth: aboutOf(s), From: s.Has(), Seat: a.Seat}
	if s.PassedTo != "" && s.PassedTo == a.Seat {
		return []cad.Fact{over}, nil
	}
	if s.Asked != nil && s.Asked.by(a) {
		if a.Now.Before(s.Asked.Until) {
			return nil, nil
		}
		return []cad.Fact{over}, nil
	}
	return []cad.Fact{TakeAsked{aboutBoth: aboutOf(s), Seat: a.Seat, Until: a.Now.Add(max(a.Grace, 0))}}, nil
}

// TakeAsked says that a seat asks for the call: the actor of its record.
type TakeAsked struct {
	aboutBoth
	Seat  cad.SeatID `json:"seat,omitempty"`
	Until time.Time  `json:"until"`
}

// FactType is the name in the journal.
func (TakeAsked) FactType() string { return "call.take_asked" }

func (f TakeAsked) apply(s *State, st cad.Stamp) {
	s.Asked = &Ask{By: st.Actor, Seat: f.Seat, Until: f.Until}
}

// TakenOver says that another seat has the call now: the actor of its record.
type TakenOver struct {
	aboutBoth
	From Holder     `json:"from,omitzero"`
	Seat cad.SeatID `json:"seat,omitempty"`
}

// FactType is the name in the journal.
func (TakenOver) FactType() string { return "call.taken_over" }

func (f TakenOver) apply(s *State, st cad.Stamp) {
	s.Holder, s.Asked, s.PassedTo, s.Held = Holder{Actor: st.Actor, Seat: f.Seat}, nil, "", time.Time{}
}

// Keep answers a seat that asks, and takes back what was passed on.
type Keep struct{ ID cad.CallID }

func mayKeep(s State, a Around) error {
	const op = "call.Keep"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Asked == nil && s.PassedTo == "":
		return fault.New(op, fault.Conflict, "nobody has asked for the call").Because("nobody_asked").Mend("go on: the call is yours")
	}
	return mine(op, s, a)
}

// Decide refuses whoever does not have the call. When nobody asks it is so already.
func (c Keep) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Asked == nil && s.PassedTo == "" && taken(s) && s.has(a) {
		return nil, nil
	}
	if err := mayKeep(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{Kept{aboutOf(s)}}, nil
}

// Kept says that whoever has the call keeps it.
type Kept struct{ aboutBoth }

// FactType is the name in the journal.
func (Kept) FactType() string { return "call.kept" }

func (f Kept) apply(s *State, _ cad.Stamp) { s.Asked, s.PassedTo = nil, "" }

// Pass offers the call to a seat, which may take it at once. Until then it stays where it is.
type Pass struct {
	ID   cad.CallID
	Seat cad.SeatID
}

func mayPass(s State, a Around) error {
	const op = "call.Pass"
	switch {
	case s.Phase == "":
		return missing(op)
	case !taken(s):
		return notAnswered(op)
	case !inHand(s):
		return lineOver(op)
	}
	return mine(op, s, a)
}

// Decide refuses a call that is over, whoever does not have it, and one's own seat.
func (c Pass) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "call.Pass"
	if err := mayPass(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Seat == "":
		return nil, fault.New(op, fault.Invalid, "say which seat").Because("seat_required").At("seat")
	case c.Seat == s.Has().Seat:
		return nil, fault.New(op, fault.Invalid, "the call is at that seat").Because("own_seat").At("seat").Mend("name another seat")
	case c.Seat == s.PassedTo:
		return nil, nil
	}
	return []cad.Fact{Passed{aboutOf(s), c.Seat}}, nil
}

// Passed says to which seat the call was offered.
type Passed struct {
	aboutBoth
	Seat cad.SeatID `json:"seat"`
}

// FactType is the name in the journal.
func (Passed) FactType() string { return "call.passed" }

func (f Passed) apply(s *State, _ cad.Stamp) { s.PassedTo = f.Seat }
