package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Dial makes a call of ours, to the caller of another one.
type Dial struct {
	ID     cad.CallID
	BackOf cad.CallID
	Number cad.Sealed
}

// Decide takes it once.
func (c Dial) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase != "" {
		return nil, nil
	}
	if c.ID == "" {
		return nil, fault.New("call.Dial", fault.Internal, "a call needs an id")
	}
	return []cad.Fact{Dialled{about: about{ID: c.ID}, BackOf: c.BackOf, Seat: a.Seat, Private: c.Number}}, nil
}

// Dialled says that somebody is being rung: the actor of its record did it.
type Dialled struct {
	about
	BackOf  cad.CallID `json:"back_of,omitempty"`
	Seat    cad.SeatID `json:"seat,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Dialled) FactType() string { return "call.dialled" }

// Secret is who is rung.
func (f Dialled) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Dialled) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Dialled) apply(s *State, st cad.Stamp) {
	s.ID, s.Phase, s.Out, s.BackOf, s.Source, s.Caller, s.Arrived = f.ID, Ringing, true, f.BackOf, "phone", f.Private, st.At
	s.Holder = Holder{Actor: st.Actor, Seat: f.Seat}
}

// Result is what came of calling somebody back.
type Result string

// What may come of it.
const (
	Trying     Result = "trying" // It rings there.
	Reached    Result = "reached"
	NotReached Result = "not_reached"
)

// Back is the newest try to call somebody back.
type Back struct {
	Call   cad.CallID `json:"call"` // The call that was made.
	Result Result     `json:"result"`
	At     time.Time  `json:"at"`
	Tries  int        `json:"tries"`
}

// TellBack says of a call that it is being called back, or what came of it.
type TellBack struct {
	ID     cad.CallID
	Call   cad.CallID
	Result Result
}

// mayBack says whether a caller may be rung: nobody speaks with him, and nobody rings him now.
func mayBack(s State) error {
	const op = "call.TellBack"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Out:
		return outgoing(op)
	case s.Phase == Ringing:
		return notAnswered(op)
	case s.Speaking:
		return fault.New(op, fault.Conflict, "the caller is on the line").Because("line_open").Mend("speak with him, or hang up first")
	case s.Back != nil && s.Back.Result == Trying:
		return fault.New(op, fault.Conflict, "he is being called back").Because("being_called", "call", string(s.Back.Call)).Mend("wait what comes of it")
	}
	return nil
}

// Decide refuses a second try beside the first. What came of a try is taken once, and only of the newest.
func (c TellBack) Decide(s State, _ Around) ([]cad.Fact, error) {
	if c.Result != Trying {
		if s.Back == nil || s.Back.Call != c.Call || s.Back.Result != Trying {
			return nil, nil
		}
		return []cad.Fact{CalledBack{aboutOf(s), c.Call, c.Result}}, nil
	}
	if err := mayBack(s); err != nil {
		return nil, err
	}
	return []cad.Fact{CalledBack{aboutOf(s), c.Call, c.Result}}, nil
}

// CalledBack says that a caller is rung, or what came of it.
type CalledBack struct {
	aboutBoth
	Call   cad.CallID `json:"call"`
	Result Result     `json:"result"`
}

// FactType is the name in the journal.
func (CalledBack) FactType() string { return "call.called_back" }

func (f CalledBack) apply(s *State, st cad.Stamp) {
	tries := 0
	if s.Back != nil {
		tries = s.Back.Tries
	}
	if f.Result == Trying {
		tries++
	}
	s.Back = &Back{Call: f.Call, Result: f.Result, At: st.At, Tries: tries}
}
