// Package assignment is the life of one unit on one incident (处警), from the order to go until it is free again.
// It is pure: no clock, disk, network, chance or log, and it knows no other room. A crew whose order is stacked
// behind another one may sign for it, but does not move to it until it has become the primary.
package assignment

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Command is a wish about one assignment. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time   // The world's clock, UTC.
	Actor cad.ActorID // Who wishes it.
}

// Fact is something that happened to one assignment.
type Fact interface {
	cad.Fact
	Of() cad.AssignmentID
	apply(s *State, st cad.Stamp)
}

// Way is how an order reaches its crew, a plain word on the wire.
type Way = string

// The two ways to send.
const (
	LevelOne = "one" // 一级处警: the centre straight to the crew.
	LevelTwo = "two" // 二级处警: to a crew that the centre names, through its station's desk, which signs too.
)

// Limit is a time within which a crew must have come so far, as a value of the day it was sent.
type Limit struct {
	Kind    string `json:"kind"`     // "sign", "depart" or "arrive".
	From    string `json:"from"`     // The milestone it starts at: "dispatched" or "acknowledged".
	WithinS int64  `json:"within_s"` // Seconds.
}

// State is one assignment, folded from its facts. The zero value is an order that nobody has given. It is never
// changed in place. The times of the stages are when they happened, also when they were entered late.
type State struct {
	ID       cad.AssignmentID `json:"id"`
	Incident cad.IncidentID   `json:"incident"`
	Unit     cad.UnitID       `json:"unit"`
	Stage    Stage            `json:"stage"`
	Since    time.Time        `json:"since"` // When it entered Stage.

	Way          Way            `json:"level"`                   // LevelOne or LevelTwo.
	Station      cad.OrgID      `json:"station,omitempty"`       // Whose desk sends the crew; level two only.
	Primary      bool           `json:"primary,omitempty"`       // False while stacked behind another one.
	Place        int            `json:"place,omitempty"`         // Of those that are stacked, its place behind the first as somebody ordered it; 0: as it came.
	Redeployable bool           `json:"redeployable,omitempty"`  // On scene, and free to be sent elsewhere (可派).
	Backup       int            `json:"backup,omitempty"`        // Crews it has asked for in all (增援).
	Recalled     bool           `json:"recalled,omitempty"`      // It ended because the centre called it back.
	MovedFrom    cad.IncidentID `json:"moved_from,omitempty"`    // Its incident before the last merge or split.
	DispatchedBy cad.ActorID    `json:"dispatched_by,omitempty"` // Who gave the order.
	RecommendedS int64          `json:"recommended_s,omitempty"` // Seconds to the scene expected when sent; 0 unknown.
	Limits       []Limit        `json:"limits,omitempty"`
	Passed       []string       `json:"passed,omitempty"` // Kinds of limits that passed and were recorded.

	DispatchedAt   time.Time `json:"dispatched_at,omitzero"`
	PromotedAt     time.Time `json:"promoted_at,omitzero"`    // When a stacked one became the primary; zero if it always was.
	DeskSignedAt   time.Time `json:"desk_signed_at,omitzero"` // The station desk's signature; level two only.
	AcknowledgedAt time.Time `json:"acknowledged_at,omitzero"`
	EnRouteAt      time.Time `json:"en_route_at,omitzero"`
	StagedAt       time.Time `json:"staged_at,omitzero"`
	OnSceneAt      time.Time `json:"on_scene_at,omitzero"`
	TransportingAt time.Time `json:"transporting_at,omitzero"`
	AtFacilityAt   time.Time `json:"at_facility_at,omitzero"`
	ClearedAt      time.Time `json:"cleared_at,omitzero"`
	Changed        cad.Seq   `json:"changed"` // The last fact that was folded.
}

// Open reports whether the unit is still committed.
func (s State) Open() bool { return s.Stage != "" && s.Stage != Cleared }

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	s.Limits, s.Passed = slices.Clone(s.Limits), slices.Clone(s.Passed)
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of an assignment.
func Subject(id cad.AssignmentID) cad.Subject { return cad.SubjectOf("assignment", id) }

// Ref is what every fact of the room says: which assignment, and whose timelines show it.
type Ref struct {
	ID       cad.AssignmentID `json:"id"`
	Incident cad.IncidentID   `json:"incident"`
	Unit     cad.UnitID       `json:"unit"`
}

// Subjects are the assignment, its incident and its unit.
func (r Ref) Subjects() []cad.Subject {
	return []cad.Subject{Subject(r.ID), cad.SubjectOf("incident", r.Incident), cad.SubjectOf("unit", r.Unit)}
}

// Of is the assignment it is about.
func (r Ref) Of() cad.AssignmentID { return r.ID }

func (s State) ref() Ref { return Ref{ID: s.ID, Incident: s.Incident, Unit: s.Unit} }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{
		cad.Kind[DispatchedFact](), cad.Kind[DeskSigned](), cad.Kind[Moved](), cad.Kind[MilestoneEntered](),
		cad.Kind[Promoted](), cad.Kind[Reordered](), cad.Kind[Recalled](), cad.Kind[Reassigned](), cad.Kind[BackupAsked](),
		cad.Kind[DeadlinePassed](),
	}
}

// live is the check of most verbs: the assignment exists and has not ended.
func live(op string, s State) error {
	switch {
	case s.Stage == "":
		return fault.New(op, fault.NotFound, "there is no such assignment").Because("no_assignment")
	case !s.Open():
		return fault.New(op, fault.Conflict, "unit %s has been released from it", s.Unit).
			Because("ended", "unit", string(s.Unit)).Mend("send the unit again")
	}
	return nil
}
