package call

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Attach joins the call to an incident, from every phase: a call that nobody spoke on is an incident, too.
type Attach struct {
	ID       cad.CallID
	Incident cad.IncidentID
}

func mayAttach(s State) error {
	const op = "call.Attach"
	if s.Phase == Joined {
		return fault.New(op, fault.Conflict, "the call belongs to an incident").Because("attached_elsewhere", "incident", string(s.Incident)).
			Mend("merge the two incidents, or link them")
	}
	return check(op, s.Phase, Joined)
}

// Decide refuses a call that belongs to another incident: moving it is said as such.
func (c Attach) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == Joined && s.Incident == c.Incident {
		return nil, nil
	}
	if err := mayAttach(s); err != nil {
		return nil, err
	}
	if c.Incident == "" {
		return nil, fault.New("call.Attach", fault.Invalid, "say which incident").Because("incident_required").At("incident")
	}
	return []cad.Fact{Attached{aboutBoth{ID: s.ID, Incident: c.Incident}}}, nil
}

// Attached says which incident a call belongs to.
type Attached struct{ aboutBoth }

// FactType is the name in the journal.
func (Attached) FactType() string { return "call.attached" }

func (f Attached) apply(s *State, st cad.Stamp) {
	s.Phase, s.Incident = Joined, f.Incident
	if !s.Speaking { // Nothing is left to be taken over.
		s.letGo()
	}
	s.end(st)
}

// Move takes an attached call to another incident, when incidents are merged or split.
type Move struct {
	ID cad.CallID
	To cad.IncidentID
}

// Decide refuses a call that is attached to nothing.
func (c Move) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "call.Move"
	switch {
	case s.Phase == "":
		return nil, missing(op)
	case s.Phase != Joined:
		return nil, fault.New(op, fault.Conflict, "the call is attached to no incident").Because("not_attached").Mend("attach it instead")
	case c.To == "":
		return nil, fault.New(op, fault.Invalid, "say which incident").Because("incident_required").At("to")
	case s.Incident == c.To:
		return nil, nil
	}
	return []cad.Fact{Moved{about{ID: s.ID}, s.Incident, c.To}}, nil
}

// Moved says that a call went from one incident to another.
type Moved struct {
	about
	From cad.IncidentID `json:"from"`
	To   cad.IncidentID `json:"to"`
}

// FactType is the name in the journal.
func (Moved) FactType() string { return "call.moved" }

// Subjects are the call and both incidents, so that all three tell of it.
func (f Moved) Subjects() []cad.Subject {
	return []cad.Subject{Subject(f.ID), incidentSubject(f.From), incidentSubject(f.To)}
}

// Going back to where it came from is the undoing of a step, so the step before that can be undone, too.
func (f Moved) apply(s *State, _ cad.Stamp) {
	s.Incident = f.To
	if f.To != s.MovedFrom {
		if s.MovedFrom != "" {
			s.Trail = append(s.Trail, s.MovedFrom)
		}
		s.MovedFrom = f.From
		return
	}
	s.MovedFrom = ""
	if n := len(s.Trail); n > 0 {
		s.MovedFrom, s.Trail = s.Trail[n-1], slices.Clip(s.Trail[:n-1])
	}
}
