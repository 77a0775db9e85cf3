package unit

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Standby is where a unit waits by order (备勤), instead of at home, until it is sent or called off.
type Standby struct {
	Place geo.Point `json:"place"`
	Post  string    `json:"post,omitempty"` // The centre's post there; empty if it is none.
	Since time.Time `json:"since"`
	Why   *Advice   `json:"why,omitempty"` // What was proposed; nil if somebody had the idea himself.
}

// Advice is what a proposal promised when a person took it.
type Advice struct {
	Move           string  `json:"move,omitempty"`               // The proposal.
	GainS          float64 `json:"gain_s,omitempty"`             // Seconds by which the expected response gets better, averaged over calls.
	GainCallsByDay float64 `json:"gain_calls_per_day,omitempty"` // Calls a day that are reached in time and were not before.
}

// StandBy orders a free unit to wait at a place. It ends by itself when the unit is sent, becomes unavailable, goes off
// duty or calls for help.
type StandBy struct {
	ID    cad.UnitID
	Place geo.Point
	Post  string
	Why   *Advice
}

// mayStandBy refuses who is not free: waiting somewhere is for a unit that nobody has sent.
func mayStandBy(s State, a Around) error {
	const op = "unit.StandBy"
	if err := known(op, s); err != nil {
		return err
	}
	switch s.Duty { //nolint:exhaustive // The others may.
	case OffDuty:
		return fault.New(op, fault.Conflict, "unit %s is off duty", s.CallSign).Because("off_duty", "unit", string(s.ID)).Mend("it must report available first")
	case Unavailable:
		return fault.New(op, fault.Conflict, "unit %s is unavailable", s.CallSign).Because("unavailable", "unit", string(s.ID), "reason", s.Reason).
			Mend("it must report available first")
	}
	return bound(op, s, a)
}

// Decide orders it once for each place.
func (c StandBy) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayStandBy(s, a); err != nil {
		return nil, err
	}
	if !c.Place.Valid() {
		return nil, fault.New("unit.StandBy", fault.Invalid, "the place to wait at is a place on the earth").Because("bad_place").At("place").
			Mend("longitude and latitude in degrees")
	}
	if s.Standby != nil && s.Standby.Place == c.Place && s.Standby.Post == c.Post {
		return nil, nil
	}
	f := StoodBy{Ref: Ref{s.ID}, Place: c.Place, Post: c.Post}
	if c.Why != nil {
		why := *c.Why
		f.Why = &why
	}
	return []cad.Fact{f}, nil
}

// StoodBy says where a unit waits by order.
type StoodBy struct {
	Ref
	Place geo.Point `json:"place"`
	Post  string    `json:"post,omitempty"`
	Why   *Advice   `json:"why,omitempty"`
}

// FactType is the name in the journal.
func (StoodBy) FactType() string { return "unit.stood_by" }

func (f StoodBy) apply(s *State, st cad.Stamp) {
	s.Standby = &Standby{Place: f.Place, Post: f.Post, Since: st.Happened, Why: f.Why}
}

// EndStandby calls it off: the unit waits at home again.
type EndStandby struct{ ID cad.UnitID }

func mayEndStandby(s State, _ Around) error { return known("unit.EndStandby", s) }

// Decide says so once.
func (c EndStandby) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayEndStandby(s, a); err != nil || s.Standby == nil {
		return nil, err
	}
	return []cad.Fact{StandbyEnded{Ref{s.ID}}}, nil
}

// StandbyEnded says that a unit no longer waits where it was ordered to.
type StandbyEnded struct{ Ref }

// FactType is the name in the journal.
func (StandbyEnded) FactType() string { return "unit.standby_ended" }

func (StandbyEnded) apply(s *State, _ cad.Stamp) { s.Standby = nil }
