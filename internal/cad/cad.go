// Package cad holds the words that every floor shares: identities, sequence numbers, units of measure and the
// four axes of grading. It knows no rule; a word that only one room uses belongs in that room.
package cad

import (
	"strings"
	"time"
)

// Seq is a position in one centre's journal. The first record is 1; 0 means "before everything".
type Seq int64

// The identities follow. Those of calls, incidents, assignments, duress, alarms and orders are UUIDv7 text, chosen by the client or at the
// edge; units, stations, types and persons have short names given by configuration.

// CentreID names a centre: "yunze".
type CentreID string

// CallID names a call.
type CallID string

// IncidentID names an incident.
type IncidentID string

// AssignmentID names one unit's part in one incident.
type AssignmentID string

// DuressID names one call for help of a unit's officers.
type DuressID string

// AlarmID names one alarm about the centre itself.
type AlarmID string

// OrderID names one order.
type OrderID string

// UnitID names a unit: "101", "E06".
type UnitID string

// OrgID names a department, brigade or station: "st1".
type OrgID string

// TypeID names a type of incidents: "knife".
type TypeID string

// TagID names a mark beside the type: "weapon_knife".
type TagID string

// ActorID names a person or a program that acts.
type ActorID string

// SeatID names a seat of the room: "21".
type SeatID string

// PartnerID names another service: "120".
type PartnerID string

// Subject names one life in the journal: "incident:0190...". It is the index of Store.BySubject and the unit of erasure.
type Subject string

// SubjectOf joins a kind of life and its id.
func SubjectOf[T ~string](kind string, id T) Subject { return Subject(kind + ":" + string(id)) }

// Split gives the kind and the id; an unknown form gives an empty kind.
func (s Subject) Split() (kind, id string) {
	kind, id, ok := strings.Cut(string(s), ":")
	if !ok {
		return "", string(s)
	}
	return kind, id
}

// Priority says how fast help is needed: P1 life in danger .. P4 by appointment. Empty means not graded yet.
type Priority string

// The four priorities.
const (
	P1 Priority = "P1" // 危及生命
	P2 Priority = "P2" // 紧急
	P3 Priority = "P3" // 一般
	P4 Priority = "P4" // 预约处警
)

// Valid reports whether p is one of the four, or not graded yet.
func (p Priority) Valid() bool {
	switch p {
	case "", P1, P2, P3, P4:
		return true
	}
	return false
}

// Level is the scale of an event: I 特别重大 .. IV 一般. Empty means none.
type Level string

// Valid reports whether l is one of the four event levels, or none.
func (l Level) Valid() bool { return l == "" || l == "I" || l == "II" || l == "III" || l == "IV" }

// DutyGrade is the readiness of the whole centre: "" 常态, "3" 三级勤务 .. "1" 一级勤务.
type DutyGrade string

// Valid reports whether g is a known duty grade.
func (g DutyGrade) Valid() bool { return g == "" || g == "1" || g == "2" || g == "3" }

// PatrolLevel is the patrol density ordered for a place: "" none, "1" .. "3".
type PatrolLevel string

// Valid reports whether l is a known patrol level.
func (l PatrolLevel) Valid() bool { return l == "" || l == "1" || l == "2" || l == "3" }

// Power is the authority that an order is given under. Empty means none was claimed.
type Power string

// The command centre's four powers.
const (
	Direct        Power = "direct"         // 直接指挥权
	FirstResponse Power = "first_response" // 先期处置权
	Notify        Power = "notify"         // 通报协调权
	Inspect       Power = "inspect"        // 检查督导权
)

// Valid reports whether p is one of the four powers, or none.
func (p Power) Valid() bool {
	switch p {
	case "", Direct, FirstResponse, Notify, Inspect:
		return true
	}
	return false
}

// Meters is a distance on the ground.
type Meters float64

// Origin says who told the time at which something happened.
type Origin string

// The origins of a time.
const (
	FromClock  Origin = "clock"  // Our own clock, at the moment of recording.
	FromPerson Origin = "person" // A person said so.
	FromDevice Origin = "device" // A device's own clock.
	FromPaper  Origin = "paper"  // Entered afterwards from a paper card.
)

// Valid reports whether o is a known origin.
func (o Origin) Valid() bool {
	switch o {
	case FromClock, FromPerson, FromDevice, FromPaper:
		return true
	}
	return false
}

// World says what a journal is: only a live one may touch the outside.
type World string

// The worlds.
const (
	Live  World = "live"
	Demo  World = "demo"
	Drill World = "drill"
	Study World = "study"
)

// Stamp is what a record says about a fact beside the fact itself. Evolve sees it; Decide does not make it.
type Stamp struct {
	Seq      Seq
	At       time.Time // When it was recorded, UTC. Never goes back along the journal.
	Happened time.Time // When it happened, UTC. Earlier than At when entered late.
	From     Origin    // Who told Happened.
	Actor    ActorID
	Seat     SeatID // Empty outside a seat.
	Power    Power
}

// Actor is who acts: a person in a seat, or a program of ours. What he may do is for policy to say.
type Actor struct {
	ID   ActorID
	Role string // A role of the policy's table: "dispatcher".
	Seat SeatID // Empty outside a seat.
	Org  OrgID  // The station or brigade he belongs to; empty for the centre itself.
	Unit UnitID // The unit he rides with; empty indoors.
}

// Thing is what somebody wishes to act on or to see, as far as a policy must know it: whose it is and who works on it.
// The zero value is the centre as a whole.
type Thing struct {
	Subject Subject
	Orgs    []OrgID  // In whose area it lies, or whose crews or desk have to do with it.
	Units   []UnitID // The units that it is about, or that were ever sent to it.
}

// Aside is a part of what was told that could not be used. Its value is private and stays with the words.
type Aside struct {
	Field string `json:"field"`
	Why   string `json:"why"` // A code for the catalogues: "unknown_type", "not_a_text", ...
}
