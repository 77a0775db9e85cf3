package incident

import (
	"strings"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Close ends an incident (办结).
type Close struct {
	ID          cad.IncidentID
	Disposition string // A code of the centre's list of results. Empty takes the final feedback's.
}

// mayClose refuses while a unit is committed: a closed incident leaves the board, and an officer still at the
// scene must never leave it. Reported back is not closed: somebody must have reviewed it.
func mayClose(s State, a Around) error {
	const op = "incident.Close"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case len(a.Committed) > 0:
		return committed(op, a)
	case s.Final() == nil || s.ReportedAt.IsZero(): // One from before a return or a reopening does not count.
		return fault.New(op, fault.Conflict, "no final feedback yet").
			Because("no_final_feedback", "org", string(s.Responsible.Org)).Mend("the responsible unit or the crew owes the final feedback")
	case s.Phase != Reviewed:
		return fault.New(op, fault.Conflict, "nobody has reviewed the feedback").Because("not_reviewed").Mend("review it first")
	}
	return check(op, s.Phase, Closed)
}

// Decide ends it once.
func (c Close) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase == Closed {
		return nil, nil // Saying it twice is no error.
	}
	if err := mayClose(s, a); err != nil {
		return nil, err
	}
	if c.Disposition == "" {
		c.Disposition = s.Final().Result
	}
	return []cad.Fact{ClosedFact{ID: s.ID, Disposition: c.Disposition}}, nil
}

// Final is the last final feedback, nil if there is none.
func (s State) Final() *Report {
	for i := len(s.Feedback) - 1; i >= 0; i-- {
		if s.Feedback[i].Kind == Final {
			return &s.Feedback[i]
		}
	}
	return nil
}

// ClosedFact says that an incident was closed. (Closed is the phase.)
type ClosedFact struct {
	ID          cad.IncidentID `json:"id"`
	Disposition string         `json:"disposition"`
}

// FactType is the name in the journal.
func (ClosedFact) FactType() string { return "incident.closed" }

// Subjects are the incident.
func (f ClosedFact) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f ClosedFact) Of() cad.IncidentID { return f.ID }

func (f ClosedFact) apply(s *State, st cad.Stamp) {
	s.Phase, s.Disposition, s.EndedAt = Closed, f.Disposition, st.At
}

func join(units []cad.UnitID) string {
	words := make([]string, len(units))
	for i, u := range units {
		words[i] = string(u)
	}
	return strings.Join(words, " ")
}
