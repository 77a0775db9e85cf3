package call

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Detach takes back that a call belongs to an incident: it was another one after all.
type Detach struct{ ID cad.CallID }

func mayDetach(s State) error {
	const op = "call.Detach"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Phase != Joined:
		return fault.New(op, fault.Conflict, "the call is attached to no incident").Because("not_attached").Mend("there is nothing to take back")
	case s.MovedFrom != "":
		return fault.New(op, fault.Conflict, "the call came here by a merge").Because("moved_here", "incident", string(s.MovedFrom)).Mend("split the incidents first")
	}
	return nil
}

// Decide takes back once.
func (c Detach) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase != "" && s.Phase != Joined {
		return nil, nil
	}
	if err := mayDetach(s); err != nil {
		return nil, err
	}
	return []cad.Fact{Detached{aboutBoth{ID: s.ID, Incident: s.Incident}}}, nil
}

// Detached says that a call does not belong to the incident that it was attached to.
type Detached struct{ aboutBoth }

// FactType is the name in the journal.
func (Detached) FactType() string { return "call.detached" }

func (f Detached) apply(s *State, _ cad.Stamp) {
	s.Phase, s.Incident, s.Trail = s.before(), "", nil
	if s.Phase == Ringing || s.Phase == InTalk {
		s.EndedAt = time.Time{}
	}
}

// before is the phase that an attached call would have without its incident.
func (s State) before() Phase {
	switch {
	case s.Partner != "":
		return Transferred
	case s.Nuisance, s.Out && !s.HungUp.IsZero():
		return Over
	case s.Lost != "":
		return s.Lost
	case !s.Answered.IsZero():
		return InTalk
	}
	return Ringing
}
