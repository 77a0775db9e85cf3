// Package unit is the life of a unit (最小作战单元): who it is, and whether it is on duty and can be sent. Whether
// it is assigned is not kept here but computed from its assignments. It is pure: no clock, disk, network, chance
// or log, and it knows no other room. Duress and out-of-contact are flags beside the life, set from every state.
package unit

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Command is a wish about one unit. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now      time.Time          // The world's clock, UTC.
	Actor    cad.ActorID        // Who wishes it.
	Assigned []cad.AssignmentID // The unit's open assignments, the primary first.
}

// Fact is something that happened to one unit.
type Fact interface {
	cad.Fact
	Of() cad.UnitID
	apply(s *State, st cad.Stamp)
}

// State is one unit, folded from its facts. The zero value is a unit that nobody has enrolled. It is never changed
// in place.
type State struct {
	ID           cad.UnitID `json:"id"`
	CallSign     string     `json:"call_sign"` // What people say on the radio.
	Kind         string     `json:"kind,omitempty"`
	Station      cad.OrgID  `json:"station,omitempty"`      // Where it belongs.
	Beat         string     `json:"beat,omitempty"`         // The community beat that it patrols.
	Capabilities []string   `json:"capabilities,omitempty"` // What it can do, its kind's included.
	Officers     int        `json:"officers,omitempty"`     // People in it.
	Sworn        int        `json:"sworn,omitempty"`        // How many of them are sworn officers (民警).
	Dispatchable bool       `json:"dispatchable,omitempty"` // False for those that policy never sends.
	Home         *geo.Point `json:"home,omitempty"`         // Where it waits; nil if nowhere in particular.

	Duty         Duty      `json:"duty,omitempty"`
	Reason       string    `json:"reason,omitempty"`  // Why it is unavailable, a code of the centre's list; may be empty.
	Since        time.Time `json:"since,omitzero"`    // When it entered Duty, as it happened.
	Duress       *Duress   `json:"duress,omitempty"`  // nil unless an officer of it is in danger.
	Standby      *Standby  `json:"standby,omitempty"` // nil unless it was ordered to wait somewhere.
	OutOfContact time.Time `json:"out_of_contact,omitzero"`
	Heard        time.Time `json:"heard,omitzero"`    // When it last answered without news of its own.
	Retired      bool      `json:"retired,omitempty"` // No longer in the configuration.
	Changed      cad.Seq   `json:"changed"`           // The last fact that was folded.
}

// Duress is a call for help of the officers themselves (遇险).
type Duress struct {
	ID    cad.DuressID `json:"id,omitempty"` // Under which its words are sealed; empty if whoever raised it gave none.
	Since time.Time    `json:"since"`
	By    cad.ActorID  `json:"by,omitempty"`
	Place *geo.Point   `json:"place,omitempty"` // Where, as told; nil if nobody said.

	AckedBy cad.ActorID `json:"acked_by,omitempty"` // Who first said what is done about it; empty if nobody has.
	AckedAt time.Time   `json:"acked_at,omitzero"`
}

// Base is the base state to which every agency's own states map: assigned while it has an open assignment,
// its duty otherwise.
func (s State) Base(assigned bool) Duty {
	if assigned {
		return Assigned
	}
	if s.Duty == "" {
		return OffDuty // Known by its call for help only.
	}
	return s.Duty
}

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	s.Capabilities = slices.Clone(s.Capabilities)
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Due lists the deadlines of a unit. It has none of its own: those of its way are its assignments'.
func Due(State) []cad.Deadline { return nil }

// Subject is the journal's name of a unit.
func Subject(id cad.UnitID) cad.Subject { return cad.SubjectOf("unit", id) }

// Ref is what every fact of the room says: which unit.
type Ref struct {
	ID cad.UnitID `json:"id"`
}

// Subjects are the unit.
func (r Ref) Subjects() []cad.Subject { return []cad.Subject{Subject(r.ID)} }

// Of is the unit it is about.
func (r Ref) Of() cad.UnitID { return r.ID }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Kind[Enrolled](), cad.Kind[Retired](), cad.Kind[BecameAvailable](), cad.Kind[BecameUnavailable](),
		cad.Kind[WentOffDuty](), cad.Grown[DuressRaised](2), cad.Kind[DuressTold](), cad.Kind[DuressAcknowledged](), cad.Grown[DuressCleared](2), cad.Grown[LostContact](2),
		cad.Grown[RegainedContact](2), cad.Kind[HeardFact](), cad.Kind[StoodBy](), cad.Kind[StandbyEnded](),
	}
}
