package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Review is the centre's look at what was reported back (审核). A reviewed incident may be closed.
type Review struct {
	ID   cad.IncidentID
	Text cad.Sealed // What the reviewer remarked; may be empty.
}

func mayReview(s State, _ Around) error {
	const op = "incident.Review"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case s.Phase == Reviewed:
		return fault.New(op, fault.Conflict, "it has been reviewed").Because("reviewed_already")
	case s.Phase != ReportedBack:
		return notReported(op)
	}
	return check(op, s.Phase, Reviewed)
}

// notReported is the refusal of a verb that judges a final feedback which nobody has given.
func notReported(op string) error {
	return fault.New(op, fault.Conflict, "there is no final feedback to judge").Because("not_reported").
		Mend("the responsible unit or the crew owes the final feedback")
}

// Decide reviews once.
func (c Review) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase == Reviewed {
		return nil, nil // Saying it twice is no error.
	}
	if err := mayReview(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{ReviewedFact{about: about{s.ID}, Private: c.Text}}, nil
}

// ReviewedFact says that the feedback was found good. (Reviewed is the phase.)
type ReviewedFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReviewedFact) FactType() string { return "incident.reviewed" }

// Secret is the reviewer's remark.
func (f ReviewedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f ReviewedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReviewedFact) apply(s *State, st cad.Stamp) { s.Phase, s.ReviewedAt = Reviewed, st.At }
