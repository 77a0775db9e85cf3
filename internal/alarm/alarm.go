// Package alarm is the life of an alarm about the centre itself: that an area has no unit of a class within its standard,
// say. It is raised and cleared by what watches the centre, and acknowledged by a person. It is pure: no clock, disk,
// network, chance or log, and it knows no other room.
package alarm

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Kind is what an alarm says.
type Kind string

// Void says that an area has no free unit of a class within its standard (空白点).
const Void Kind = "void"

// Valid reports whether k is a known kind.
func (k Kind) Valid() bool { return k == Void }

// Command is a wish about one alarm. Decide turns it into facts, or says why it cannot.
type Command interface {
	Decide(s State, a Around) ([]cad.Fact, error)
}

// Around is what a decision needs to know from outside the room.
type Around struct {
	Now   time.Time   // The world's clock, UTC.
	Actor cad.ActorID // Who wishes it.
}

// Fact is something that happened to one alarm.
type Fact interface {
	cad.Fact
	Of() cad.AlarmID
	apply(s *State, st cad.Stamp)
}

// State is one alarm, folded from its facts. The zero value is one that nobody has raised. It is never changed in place.
type State struct {
	ID        cad.AlarmID `json:"id"`
	Kind      Kind        `json:"kind"`
	Area      cad.OrgID   `json:"area"`            // The station in whose area.
	Class     string      `json:"class,omitempty"` // Of what: a class of cover.
	Detail    Detail      `json:"detail,omitzero"`
	Raised    time.Time   `json:"raised"`
	AckedBy   cad.ActorID `json:"acked_by,omitempty"` // The first who has seen it; empty while nobody has.
	AckedAt   time.Time   `json:"acked_at,omitzero"`
	ClearedAt time.Time   `json:"cleared_at,omitzero"` // Zero while it holds.
	Changed   cad.Seq     `json:"changed"`             // The last fact that was folded.
}

// Detail is what was measured when the alarm was raised.
type Detail struct {
	StandardS int64 `json:"standard_s,omitempty"` // What is promised there, seconds.
	NearestS  int64 `json:"nearest_s,omitempty"`  // Until the nearest free unit of the class is there, seconds; 0 if none can come at all.
	Units     int   `json:"units,omitempty"`      // Free units of the class in the area.
}

// Phase is how far an alarm has come.
type Phase string

// The phases.
const (
	Raised       Phase = "raised"
	Acknowledged Phase = "acknowledged" // Somebody has seen it.
	Cleared      Phase = "cleared"      // It no longer holds.
)

// life is the whole table of what may follow what. What has ended is not taken up again: it is raised anew.
var life = map[Phase][]Phase{
	"":           {Raised},
	Raised:       {Acknowledged, Cleared},
	Acknowledged: {Cleared},
	Cleared:      {},
}

// Phase is how far it has come; empty if it was never raised.
func (s State) Phase() Phase {
	switch {
	case s.ID == "":
		return ""
	case !s.ClearedAt.IsZero():
		return Cleared
	case !s.AckedAt.IsZero():
		return Acknowledged
	}
	return Raised
}

// Open reports whether it still holds.
func (s State) Open() bool { return s.ID != "" && s.ClearedAt.IsZero() }

// Same reports whether two alarms say the same: only one of them may be open.
func (s State) Same(kind Kind, area cad.OrgID, class string) bool {
	return s.Kind == kind && s.Area == area && s.Class == class
}

// Evolve folds one fact into the state. The old value stays as it was.
func Evolve(s State, f Fact, st cad.Stamp) State {
	f.apply(&s, st)
	s.Changed = st.Seq
	return s
}

// Subject is the journal's name of an alarm.
func Subject(id cad.AlarmID) cad.Subject { return cad.SubjectOf("alarm", id) }

// about is the alarm that a fact is about.
type about struct {
	ID cad.AlarmID `json:"id"`
}

// Subjects are the alarm.
func (f about) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the alarm it is about.
func (f about) Of() cad.AlarmID { return f.ID }

// Facts is the room's table of facts, for the codec.
func Facts() []cad.FactKind {
	return []cad.FactKind{cad.Kind[RaisedFact](), cad.Kind[AcknowledgedFact](), cad.Kind[ClearedFact]()}
}

// verb is one row of the table of what a person may do: its name, the check that its command makes, and whether it would
// change nothing now.
type verb struct {
	name string
	may  func(State, Around) error
	idle func(State) bool
}

// verbs is that table, in the order the console shows the buttons.
var verbs = []verb{
	{"acknowledge", mayAcknowledge, func(s State) bool { return s.Phase() == Acknowledged }},
	{"clear", mayClear, func(s State) bool { return s.Phase() == Cleared }},
}

// Next lists every verb of the room, with the reason for each one that would be refused or change nothing.
func Next(s State, a Around) []cad.Step {
	out := make([]cad.Step, 0, len(verbs))
	for _, v := range verbs {
		err := v.may(s, a)
		if err == nil && v.idle(s) {
			err = fault.New("alarm.Next", fault.Conflict, "it is so already").Because("already", "verb", v.name)
		}
		out = append(out, cad.StepOf(v.name, err))
	}
	return out
}
