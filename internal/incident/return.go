package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// ReturnForCorrection sends a feedback back to those who gave it (退回补正). They owe a final feedback again, and
// the time for it starts anew.
type ReturnForCorrection struct {
	ID   cad.IncidentID
	Text cad.Sealed // What has to be corrected; required.
}

func mayReturn(s State, _ Around) error {
	const op = "incident.ReturnForCorrection"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	case s.Phase != ReportedBack && s.Phase != Reviewed:
		return notReported(op)
	}
	return check(op, s.Phase, InWork)
}

// Decide refuses a return that does not say what to correct.
func (c ReturnForCorrection) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.ReturnForCorrection"
	if s.Open() && s.Returned {
		return nil, nil // It is with them already.
	}
	if err := mayReturn(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, reasonRequired(op, "say what has to be corrected")
	}
	return []cad.Fact{ReturnedFact{about: about{s.ID}, Private: c.Text}}, nil
}

// reasonRequired is the refusal of a verb that must be answered for and came without a reason.
func reasonRequired(op, remedy string) error {
	return fault.New(op, fault.Invalid, "a reason is required").Because("reason_required").At("reason").Mend(remedy)
}

// ReturnedFact says that a feedback was sent back. (State.Returned is the mark.)
type ReturnedFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReturnedFact) FactType() string { return "incident.returned" }

// Secret is what has to be corrected.
func (f ReturnedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f ReturnedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReturnedFact) apply(s *State, st cad.Stamp) {
	s.backToWork(st)
	s.Returned = true
}

// backToWork puts an incident in work again. Its earlier final feedback no longer counts, and what is owed from
// now on gets its full time.
func (s *State) backToWork(st cad.Stamp) {
	s.Phase, s.Restarted = InWork, st.At
	s.ReportedAt, s.ReviewedAt, s.EndedAt = time.Time{}, time.Time{}, time.Time{}
	s.forgive("feedback", "review")
}

// forgive lets limits of these kinds count again that had passed.
func (s *State) forgive(limits ...string) {
	s.Passed = slices.DeleteFunc(s.Passed, func(kind string) bool { return slices.Contains(limits, kind) })
}
