package incident

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Review says that the final feedback was read and is in order (审核).
type Review struct {
	ID   cad.IncidentID
	Text cad.Sealed
}

func mayReview(s State, _ Around) error {
	if s.Phase == Reviewed {
		return nil // Saying it twice is no error.
	}
	return check("incident.Review", s.Phase, Reviewed)
}

// Decide follows the life table.
func (c Review) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayReview(s, a); err != nil || s.Phase == Reviewed {
		return nil, err
	}
	return []cad.Fact{ReviewedFact{about{s.ID}, c.Text}}, nil
}

// ReviewedFact says that the feedback is in order. (Reviewed is the phase.)
type ReviewedFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReviewedFact) FactType() string { return "incident.reviewed" }

// Secret is what the reviewer wrote.
func (f ReviewedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ReviewedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReviewedFact) apply(s *State, st cad.Stamp) { s.Phase, s.ReviewedAt = Reviewed, st.At }

// ReturnForCorrection sends the feedback back (退回补正): it is incomplete or wrong.
type ReturnForCorrection struct {
	ID   cad.IncidentID
	Text cad.Sealed // What is missing.
}

func mayReturn(s State, _ Around) error {
	const op = "incident.ReturnForCorrection"
	switch s.Phase {
	case "":
		return missing(op)
	case ReportedBack, Reviewed:
		return nil
	case Received, Classified, InWork, Closed, Merged, Transferred, Invalid:
	}
	return fault.New(op, fault.Conflict, "there is no feedback to return").Because("nothing_to_return")
}

// Decide needs words: whoever owes the correction must know which.
func (c ReturnForCorrection) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayReturn(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("incident.ReturnForCorrection", fault.Invalid, "say what must be corrected").Because("reason_required").At("reason")
	}
	return []cad.Fact{ReturnedFact{about{s.ID}, c.Text}}, nil
}

// ReturnedFact says that the feedback was sent back.
type ReturnedFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReturnedFact) FactType() string { return "incident.returned" }

// Secret is what must be corrected.
func (f ReturnedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ReturnedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReturnedFact) apply(s *State, _ cad.Stamp) {
	s.Phase, s.Returned, s.ReportedAt, s.ReviewedAt = InWork, true, time.Time{}, time.Time{}
}

// Reopen takes up an incident again that had ended. What passed before it ended does not count again.
type Reopen struct {
	ID   cad.IncidentID
	Text cad.Sealed
}

func mayReopen(s State, _ Around) error {
	const op = "incident.Reopen"
	switch s.Phase {
	case "":
		return missing(op)
	case Closed, Transferred, Invalid:
		return nil
	case Merged:
		return fault.New(op, fault.Conflict, "it was merged into another").Because("merged").Mend("split it off instead")
	case Received, Classified, InWork, ReportedBack, Reviewed:
	}
	return fault.New(op, fault.Conflict, "it is open").Because("is_open")
}

// Decide needs a reason.
func (c Reopen) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayReopen(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("incident.Reopen", fault.Invalid, "say why it is taken up again").Because("reason_required").At("reason")
	}
	return []cad.Fact{ReopenedFact{about{s.ID}, c.Text}}, nil
}

// ReopenedFact says that an ended incident was taken up again.
type ReopenedFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ReopenedFact) FactType() string { return "incident.reopened" }

// Secret is why.
func (f ReopenedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ReopenedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ReopenedFact) apply(s *State, _ cad.Stamp) {
	s.Phase, s.Reopened, s.Passed = InWork, s.Reopened+1, nil
	s.EndedAt, s.ReportedAt, s.ReviewedAt = time.Time{}, time.Time{}, time.Time{}
}

// Invalidate ends what was no incident (无效): a prank, a test, a pocket.
type Invalidate struct {
	ID   cad.IncidentID
	Text cad.Sealed
}

func mayInvalidate(s State, a Around) error { return mayEndEarly("incident.Invalidate", s, a, Invalid) }

// mayEndEarly follows the life table, and refuses while units are committed.
func mayEndEarly(op string, s State, a Around, to Phase) error {
	if err := check(op, s.Phase, to); err != nil {
		return err
	}
	if len(a.Committed) > 0 {
		return fault.New(op, fault.Conflict, "units are still committed: %s", join(a.Committed)).
			Because("units_committed", "units", join(a.Committed)).Mend("release or recall them first")
	}
	return nil
}

// Decide needs a reason.
func (c Invalidate) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayInvalidate(s, a); err != nil {
		return nil, err
	}
	if c.Text.IsZero() {
		return nil, fault.New("incident.Invalidate", fault.Invalid, "say why it is invalid").Because("reason_required").At("reason")
	}
	return []cad.Fact{InvalidFact{about{s.ID}, c.Text}}, nil
}

// InvalidFact says that it was no incident. (Invalid is the phase.)
type InvalidFact struct {
	about
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (InvalidFact) FactType() string { return "incident.invalid" }

// Secret is why.
func (f InvalidFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f InvalidFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f InvalidFact) apply(s *State, st cad.Stamp) { s.Phase, s.EndedAt = Invalid, st.At }

// HandOver gives the incident to another accountable commander, explicitly.
type HandOver struct {
	ID cad.IncidentID
	To cad.ActorID
}

// Decide needs somebody to take it.
func (c HandOver) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.HandOver"
	if err := mayOpen(op)(s, a); err != nil {
		return nil, err
	}
	if c.To == "" {
		return nil, fault.New(op, fault.Invalid, "say who takes it over").Because("to_required").At("to")
	}
	if c.To == s.Commander.Actor {
		return nil, nil
	}
	return []cad.Fact{HandedOver{about{s.ID}, s.Commander.Actor, c.To}}, nil
}

// HandedOver says who answers for the incident from now on.
type HandedOver struct {
	about
	From cad.ActorID `json:"from"`
	To   cad.ActorID `json:"to"`
}

// FactType is the name in the journal.
func (HandedOver) FactType() string { return "incident.handed_over" }

func (f HandedOver) apply(s *State, st cad.Stamp) { s.Commander = Commander{Actor: f.To, Since: st.At} }

// PassDeadline records that a limit passed.
type PassDeadline struct {
	ID   cad.IncidentID
	Kind string
	Due  time.Time // When it should have been noticed.
}

// Decide does nothing when what was late has happened in the meantime.
func (c PassDeadline) Decide(s State, _ Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind == c.Kind && d.Due.Equal(c.Due) {
			return []cad.Fact{DeadlinePassed{about{s.ID}, c.Kind, c.Due}}, nil
		}
	}
	return nil, nil
}

// DeadlinePassed says that a limit passed.
type DeadlinePassed struct {
	about
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "incident.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) { s.Passed = append(s.Passed, f.Kind) }
