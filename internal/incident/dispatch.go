package incident

import "shuniu/internal/cad"

// StartWork says that the first unit was sent. The room above decides which; this room only moves on.
type StartWork struct{ ID cad.IncidentID }

func mayDispatch(s State, _ Around) error {
	const op = "incident.Dispatch"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	}
	return nil
}

// Decide moves an open incident into work; more units sent later change nothing here, unless it had been
// reported back: then somebody owes a final feedback again.
func (c StartWork) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayDispatch(s, a); err != nil || s.Phase == InWork && !s.WorkAt.IsZero() {
		return nil, err
	}
	return []cad.Fact{WorkStarted{ID: s.ID}}, nil
}

// WorkStarted says that units are on it.
type WorkStarted struct {
	ID cad.IncidentID `json:"id"`
}

// FactType is the name in the journal.
func (WorkStarted) FactType() string { return "incident.work_started" }

// Subjects are the incident.
func (f WorkStarted) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f WorkStarted) Of() cad.IncidentID { return f.ID }

func (f WorkStarted) apply(s *State, st cad.Stamp) {
	if s.Phase == ReportedBack || s.Phase == Reviewed {
		s.backToWork(st)
	}
	s.Phase = InWork
	if s.WorkAt.IsZero() {
		s.WorkAt = st.At
	}
}
