package assignment

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Dispatch sends one unit to one incident (派警). The room above has decided that this unit may go, and whether
// the order stands behind another one.
type Dispatch struct {
	ID        cad.AssignmentID
	Incident  cad.IncidentID
	Unit      cad.UnitID
	Way       string    // Empty means level one.
	Station   cad.OrgID // Required at level two: the desk that sends its crew.
	Primary   bool      // False stacks it behind what the unit does now.
	Limits    []Limit   // Only "sign", "depart" and "arrive" have a meaning here; others are left out.
	ExpectedS int64     // Seconds to the scene, as recommended; 0 unknown.
}

// Decide sends once. The same order again is a repeat, not an error.
func (c Dispatch) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "assignment.Dispatch"
	if s.Stage != "" {
		if s.Unit == c.Unit && (s.Incident == c.Incident || s.MovedFrom == c.Incident) {
			return nil, nil // Networks repeat. What was sent first stands.
		}
		return nil, fault.New(op, fault.Conflict, "that assignment is of unit %s", s.Unit).
			Because("id_taken", "unit", string(s.Unit)).At("id").Mend("use a new id")
	}
	if c.ID == "" || c.Incident == "" || c.Unit == "" {
		return nil, fault.New(op, fault.Internal, "an assignment needs an id, an incident and a unit")
	}
	if c.Way == "" {
		c.Way = LevelOne
	}
	switch {
	case c.Way != LevelOne && c.Way != LevelTwo:
		return nil, fault.New(op, fault.Invalid, "the level of dispatch is one or two").Because("bad_way").At("level")
	case c.Way == LevelTwo && c.Station == "":
		return nil, fault.New(op, fault.Invalid, "level two needs the station whose desk sends its crew").
			Because("station_required").At("station")
	case c.Way == LevelOne:
		c.Station = ""
	}
	return []cad.Fact{DispatchedFact{
		Ref: Ref{ID: c.ID, Incident: c.Incident, Unit: c.Unit}, Way: c.Way, Station: c.Station, Primary: c.Primary,
		Limits: ours(c.Limits), RecommendedS: max(0, c.ExpectedS), By: a.Actor,
	}}, nil
}

// ours are the limits of the way there; the others belong to the incident.
func ours(limits []Limit) []Limit {
	var out []Limit
	for _, l := range limits {
		_, _, known := State{}.span(l)
		if known {
			out = append(out, l)
		}
	}
	return out
}

// DispatchedFact says that a unit was sent. (Dispatched is the stage.)
type DispatchedFact struct {
	Ref
	Way          string      `json:"level"`
	Station      cad.OrgID   `json:"station,omitempty"`
	Primary      bool        `json:"primary"`
	Limits       []Limit     `json:"limits,omitempty"`
	RecommendedS int64       `json:"recommended_s,omitempty"`
	By           cad.ActorID `json:"by,omitempty"`
}

// FactType is the name in the journal.
func (DispatchedFact) FactType() string { return "assignment.dispatched" }

func (f DispatchedFact) apply(s *State, st cad.Stamp) {
	s.ID, s.Incident, s.Unit = f.ID, f.Incident, f.Unit
	s.Way, s.Station, s.Primary, s.Limits = f.Way, f.Station, f.Primary, f.Limits
	s.RecommendedS, s.DispatchedBy = f.RecommendedS, f.By
	s.enter(Dispatched, st.Happened)
}

// SignAtDesk is the station desk's signature for an order at level two. It is kept beside the crew's own.
type SignAtDesk struct {
	ID     cad.AssignmentID
	Behalf bool // The centre signs in the desk's place.
}

// maySign does not ask whether the crew has signed: a desk that is late holds nobody up, and still signs.
func maySign(s State) error {
	const op = "assignment.SignAtDesk"
	if err := live(op, s); err != nil {
		return err
	}
	if s.Way != LevelTwo {
		return fault.New(op, fault.Conflict, "the order went straight to the crew; no desk signs for it").
			Because("not_level_two", "unit", string(s.Unit)).Mend("the crew signs")
	}
	return nil
}

// Decide signs once.
func (c SignAtDesk) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := maySign(s); err != nil || !s.DeskSignedAt.IsZero() {
		return nil, err
	}
	return []cad.Fact{DeskSigned{Ref: s.ref(), Station: s.Station, Behalf: c.Behalf}}, nil
}

// DeskSigned says that the station desk signed for the order. The crew has not signed by that.
type DeskSigned struct {
	Ref
	Station cad.OrgID `json:"station"`
	Behalf  bool      `json:"on_behalf,omitempty"` // The centre signed in the desk's place.
}

// FactType is the name in the journal.
func (DeskSigned) FactType() string { return "assignment.desk_signed" }

func (f DeskSigned) apply(s *State, st cad.Stamp) { s.DeskSignedAt = st.Happened }

// Promote makes a stacked assignment the primary one: the unit now turns to it. The room above has seen to it
// that the unit has no other primary (promise P3).
type Promote struct{ ID cad.AssignmentID }

// Decide promotes once.
func (c Promote) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := live("assignment.Promote", s); err != nil || s.Primary {
		return nil, err
	}
	return []cad.Fact{Promoted{Ref: s.ref()}}, nil
}

// Promoted says that a stacked assignment became the primary one. The limits of its way run from here.
type Promoted struct{ Ref }

// FactType is the name in the journal.
func (Promoted) FactType() string { return "assignment.promoted" }

func (f Promoted) apply(s *State, st cad.Stamp) { s.Primary, s.PromotedAt = true, st.Happened }

// MoveTo carries an assignment to another incident when incidents are merged or split. The unit keeps its stage:
// it stands where it stood. An ended assignment moves too, so that the counts of an incident stay whole.
type MoveTo struct {
	ID       cad.AssignmentID
	Incident cad.IncidentID
}

// Decide moves it unless it is there already.
func (c MoveTo) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "assignment.MoveTo"
	switch {
	case s.Stage == "":
		return nil, live(op, s)
	case c.Incident == "":
		return nil, fault.New(op, fault.Internal, "an assignment is moved to an incident")
	case c.Incident == s.Incident:
		return nil, nil
	}
	return []cad.Fact{Reassigned{ID: s.ID, Unit: s.Unit, From: s.Incident, To: c.Incident}}, nil
}

// Reassigned says that an assignment went over to another incident, by a merge or a split. (Moved is a stage.)
type Reassigned struct {
	ID   cad.AssignmentID `json:"id"`
	Unit cad.UnitID       `json:"unit"`
	From cad.IncidentID   `json:"from"`
	To   cad.IncidentID   `json:"to"`
}

// FactType is the name in the journal.
func (Reassigned) FactType() string { return "assignment.moved" }

// Subjects are the assignment, both incidents and the unit.
func (f Reassigned) Subjects() []cad.Subject {
	return []cad.Subject{
		Subject(f.ID), cad.SubjectOf("incident", f.From), cad.SubjectOf("incident", f.To), cad.SubjectOf("unit", f.Unit),
	}
}

// Of is the assignment it is about.
func (f Reassigned) Of() cad.AssignmentID { return f.ID }

func (f Reassigned) apply(s *State, _ cad.Stamp) { s.MovedFrom, s.Incident = f.From, f.To }

// PassDeadline records that a limit of the way there was not kept.
type PassDeadline struct {
	ID   cad.AssignmentID
	Kind string    // "sign", "depart" or "arrive".
	Due  time.Time // As Due said when the alarm was set.
}

// Decide yields nothing when the limit has been kept, recorded or lifted meanwhile.
func (c PassDeadline) Decide(s State, a Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind != c.Kind {
			continue
		}
		if a.Now.Before(d.Due) {
			return nil, fault.New("assignment.PassDeadline", fault.Conflict, "the limit has not passed yet").Because("not_due")
		}
		return []cad.Fact{DeadlinePassed{Ref: s.ref(), Kind: d.Kind, Due: d.Due}}, nil
	}
	return nil, nil
}

// DeadlinePassed says that a limit passed, and when that should have been noticed.
type DeadlinePassed struct {
	Ref
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "assignment.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) { s.Passed = append(s.Passed, f.Kind) }
