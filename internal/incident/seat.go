package incident

import (
	"slices"
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The states of what a seat was asked to do.
const (
	SeatAsked = "asked" // Nobody there has taken it.
	SeatTaken = "taken" // Somebody there works on it.
	SeatDone  = "done"
)

// SeatTask is what a seat of the room was asked to do for an incident: to stop a payment before any car goes, to look at a
// camera.
type SeatTask struct {
	Seat    cad.SeatID `json:"seat"`
	State   string     `json:"state"` // SeatAsked, SeatTaken or SeatDone.
	Since   time.Time  `json:"since"`
	AskedAt time.Time  `json:"asked_at"`
	WithinS int64      `json:"within_s,omitempty"` // Seconds within which it is taken; 0 means no limit.
	Result  string     `json:"result,omitempty"`   // A code of the list of results; empty until done.
}

// seatKind begins the kinds of deadlines of seats: "seat:61".
const seatKind = "seat:"

// SeatOf is the seat of a deadline's kind; false for other deadlines.
func SeatOf(kind string) (cad.SeatID, bool) {
	id, ok := strings.CutPrefix(kind, seatKind)
	return cad.SeatID(id), ok
}

// task is the place of a seat's task in the list; -1 if it was never asked.
func (s State) task(seat cad.SeatID) int {
	return slices.IndexFunc(s.Seats, func(t SeatTask) bool { return t.Seat == seat })
}

// AskSeat asks a seat of the room.
type AskSeat struct {
	ID      cad.IncidentID
	Seat    cad.SeatID
	WithinS int64
	Text    cad.Sealed // May be empty.
}

func mayAskSeat(s State, _ Around) error { return mayOpen("incident.AskSeat", s) }

// Decide asks once: while the seat owes it, asking again is no news. One that is done may be asked again.
func (c AskSeat) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.AskSeat"
	if err := mayAskSeat(s, a); err != nil {
		return nil, err
	}
	if c.Seat == "" {
		return nil, fault.New(op, fault.Invalid, "say which seat").Because("seat_required").At("seat")
	}
	if i := s.task(c.Seat); i >= 0 && s.Seats[i].State != SeatDone && c.Text.IsZero() {
		return nil, nil
	}
	return []cad.Fact{SeatAskedFact{about: about{s.ID}, Seat: c.Seat, WithinS: max(c.WithinS, 0), Private: c.Text}}, nil
}

// SeatAskedFact says that a seat was asked.
type SeatAskedFact struct {
	about
	Seat    cad.SeatID `json:"seat"`
	WithinS int64      `json:"within_s,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (SeatAskedFact) FactType() string { return "incident.seat_asked" }

// Secret is what the seat was told.
func (f SeatAskedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f SeatAskedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f SeatAskedFact) apply(s *State, st cad.Stamp) {
	task := SeatTask{Seat: f.Seat, State: SeatAsked, Since: st.At, AskedAt: st.At, WithinS: f.WithinS}
	if i := s.task(f.Seat); i >= 0 {
		if s.Seats[i].State == SeatDone {
			s.Seats[i] = task
			s.unpass(seatKind + string(f.Seat))
		}
		return // It was told more.
	}
	s.Seats = append(s.Seats, task)
}

// unpass forgets that a limit passed, because it runs anew.
func (s *State) unpass(kind string) {
	s.Passed = slices.DeleteFunc(s.Passed, func(x string) bool { return x == kind })
}

// seatOwes is the refusal of a word of a seat that owes nothing.
func (s State) seatOwes(op string, seat cad.SeatID) error {
	i := s.task(seat)
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Seats) == 0, seat != "" && i < 0:
		return fault.New(op, fault.Conflict, "no seat was asked").Because("seat_not_asked", "seat", string(seat)).Mend("ask the seat first")
	case seat != "" && s.Seats[i].State == SeatDone:
		return fault.New(op, fault.Conflict, "the seat has done it").Because("seat_done", "seat", string(seat)).Mend("ask it again")
	case seat == "" && !slices.ContainsFunc(s.Seats, func(t SeatTask) bool { return t.State != SeatDone }):
		return fault.New(op, fault.Conflict, "every seat that was asked has done it").Because("seat_done").Mend("ask it again")
	}
	return nil
}

// one is the seat that is meant when nobody says which: the only one that owes something.
func (s State) one(seat cad.SeatID) cad.SeatID {
	for _, t := range s.Seats {
		if seat == "" && t.State != SeatDone {
			return t.Seat
		}
	}
	return seat
}

// TakeSeat says that somebody in the seat works on it. Taking it twice is no error.
type TakeSeat struct {
	ID   cad.IncidentID
	Seat cad.SeatID // Empty means the seat that owes something.
}

func mayTakeSeat(s State, _ Around) error { return s.seatOwes("incident.TakeSeat", "") }

// Decide takes it once.
func (c TakeSeat) Decide(s State, _ Around) ([]cad.Fact, error) {
	c.Seat = s.one(c.Seat)
	if err := s.seatOwes("incident.TakeSeat", c.Seat); err != nil {
		return nil, err
	}
	if s.Seats[s.task(c.Seat)].State == SeatTaken {
		return nil, nil
	}
	return []cad.Fact{SeatTook{about: about{s.ID}, Seat: c.Seat}}, nil
}

// SeatTook says that a seat works on it: the actor of its record.
type SeatTook struct {
	about
	Seat cad.SeatID `json:"seat"`
}

// FactType is the name in the journal.
func (SeatTook) FactType() string { return "incident.seat_took" }

func (f SeatTook) apply(s *State, st cad.Stamp) {
	if i := s.task(f.Seat); i >= 0 {
		s.Seats[i].State, s.Seats[i].Since = SeatTaken, st.At
	}
}

// EndSeat says that a seat has done what it was asked.
type EndSeat struct {
	ID     cad.IncidentID
	Seat   cad.SeatID // Empty means the seat that owes something.
	Result string     // A code of the list of results; may be empty.
	Text   cad.Sealed // May be empty.
}

func mayEndSeat(s State, _ Around) error { return s.seatOwes("incident.EndSeat", "") }

// Decide also ends what nobody said to have taken: it is done all the same.
func (c EndSeat) Decide(s State, _ Around) ([]cad.Fact, error) {
	c.Seat = s.one(c.Seat)
	if err := s.seatOwes("incident.EndSeat", c.Seat); err != nil {
		return nil, err
	}
	return []cad.Fact{SeatEnded{about: about{s.ID}, Seat: c.Seat, Result: c.Result, Private: c.Text}}, nil
}

// SeatEnded says that a seat has done it.
type SeatEnded struct {
	about
	Seat    cad.SeatID `json:"seat"`
	Result  string     `json:"result,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (SeatEnded) FactType() string { return "incident.seat_done" }

// Secret is what the seat reports.
func (f SeatEnded) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f SeatEnded) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f SeatEnded) apply(s *State, st cad.Stamp) {
	if i := s.task(f.Seat); i >= 0 {
		s.Seats[i].State, s.Seats[i].Since, s.Seats[i].Result = SeatDone, st.At, f.Result
	}
}

// dueSeats are the moments by which seats that were asked must have taken it.
func (s State) dueSeats() []cad.Deadline {
	var out []cad.Deadline
	for _, t := range s.Seats {
		kind := seatKind + string(t.Seat)
		if t.State == SeatAsked && t.WithinS > 0 && !slices.Contains(s.Passed, kind) {
			out = append(out, cad.Deadline{Subject: Subject(s.ID), Kind: kind, Due: t.AskedAt.Add(time.Duration(t.WithinS) * time.Second)})
		}
	}
	return out
}
