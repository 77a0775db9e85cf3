package alarm

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Raise says that something is wrong with the centre. That no other open alarm says the same is for the room above to see.
type Raise struct {
	ID     cad.AlarmID
	Kind   Kind
	Area   cad.OrgID
	Class  string
	Detail Detail
}

// Decide raises it once.
func (c Raise) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "alarm.Raise"
	switch {
	case c.ID == "":
		return nil, fault.New(op, fault.Invalid, "an alarm needs an id").Because("id_required").At("id")
	case !c.Kind.Valid():
		return nil, fault.New(op, fault.Invalid, "there is no kind of alarm %q", string(c.Kind)).Because("bad_kind").At("kind").Mend("void")
	case c.Area == "" || c.Class == "":
		return nil, fault.New(op, fault.Invalid, "an alarm says where, and what is missing").Because("area_required").At("area")
	case c.Detail.StandardS < 0 || c.Detail.NearestS < 0 || c.Detail.Units < 0:
		return nil, fault.New(op, fault.Invalid, "what was measured cannot be negative").Because("negative").At("detail")
	case s.ID != "" && s.Open() && s.Same(c.Kind, c.Area, c.Class):
		return nil, nil
	case s.ID != "":
		return nil, fault.New(op, fault.Invalid, "this id names another alarm").Because("id_taken", "id", string(c.ID)).At("id").Mend("send a new UUID")
	}
	return []cad.Fact{RaisedFact{about: about{c.ID}, Kind: c.Kind, Area: c.Area, Class: c.Class, Detail: c.Detail}}, nil
}

// RaisedFact says that something is wrong with the centre.
type RaisedFact struct {
	about
	Kind   Kind      `json:"kind"`
	Area   cad.OrgID `json:"area"`
	Class  string    `json:"class,omitempty"`
	Detail Detail    `json:"detail,omitzero"`
}

// FactType is the name in the journal.
func (RaisedFact) FactType() string { return "alarm.raised" }

func (f RaisedFact) apply(s *State, st cad.Stamp) {
	*s = State{ID: f.ID, Kind: f.Kind, Area: f.Area, Class: f.Class, Detail: f.Detail, Raised: st.Happened}
}

// missing is the refusal of what nobody has raised.
func missing(op string) error {
	return fault.New(op, fault.NotFound, "there is no such alarm").Because("no_alarm").Mend("look it up in the list of alarms")
}

// Acknowledge says that a person has seen it.
type Acknowledge struct {
	ID   cad.AlarmID
	Text cad.Sealed // What he does about it; may be empty.
}

func mayAcknowledge(s State, _ Around) error {
	const op = "alarm.Acknowledge"
	switch s.Phase() { //nolint:exhaustive // The others may.
	case "":
		return missing(op)
	case Cleared:
		return fault.New(op, fault.Conflict, "the alarm is over").Because("alarm_over").Mend("nothing is to be done about it any more")
	}
	return nil
}

// Decide keeps the first who has seen it.
func (c Acknowledge) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayAcknowledge(s, a); err != nil || s.Phase() == Acknowledged {
		return nil, err
	}
	return []cad.Fact{AcknowledgedFact{about: about{s.ID}, By: a.Actor, Private: c.Text}}, nil
}

// AcknowledgedFact says that a person has seen it.
type AcknowledgedFact struct {
	about
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (AcknowledgedFact) FactType() string { return "alarm.acknowledged" }

// Secret is what he does about it.
func (f AcknowledgedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f AcknowledgedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f AcknowledgedFact) apply(s *State, st cad.Stamp) { s.AckedBy, s.AckedAt = f.By, st.Happened }

// Clear says that it no longer holds.
type Clear struct{ ID cad.AlarmID }

func mayClear(s State, _ Around) error {
	if s.Phase() == "" {
		return missing("alarm.Clear")
	}
	return nil
}

// Decide says so once.
func (c Clear) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayClear(s, a); err != nil || !s.Open() {
		return nil, err
	}
	return []cad.Fact{ClearedFact{about{s.ID}}}, nil
}

// ClearedFact says that it no longer holds.
type ClearedFact struct{ about }

// FactType is the name in the journal.
func (ClearedFact) FactType() string { return "alarm.cleared" }

func (f ClearedFact) apply(s *State, st cad.Stamp) { s.ClearedAt = st.Happened }
