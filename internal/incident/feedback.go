package incident

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// ReportKind says which of the repeated feedbacks it is.
type ReportKind string

// The kinds of feedback.
const (
	First         ReportKind = "first"         // 初次反馈
	Supplementary ReportKind = "supplementary" // 补充反馈
	Final         ReportKind = "final"         // 终结反馈
)

// GiveFeedback is the crew's or station's word on what was found and done (反馈). It repeats; only the final one
// moves the incident on.
type GiveFeedback struct {
	ID       cad.IncidentID
	Kind     ReportKind
	Result   string     // A code of the centre's list of results; required for the final one.
	Type     cad.TypeID // 反馈类别, beside the call-taker's; empty leaves it.
	Officers int        // How many took part.
	Taken    int        // How many people were taken away.
	Text     cad.Sealed
}

func mayFeedback(s State, _ Around) error {
	const op = "incident.GiveFeedback"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	}
	return nil
}

// Decide takes any number of feedbacks; the final one needs a result.
func (c GiveFeedback) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.GiveFeedback"
	if err := mayFeedback(s, a); err != nil {
		return nil, err
	}
	switch {
	case c.Kind != First && c.Kind != Supplementary && c.Kind != Final:
		return nil, fault.New(op, fault.Invalid, "feedback is first, supplementary or final").Because("bad_kind").At("kind")
	case c.Officers < 0 || c.Taken < 0:
		return nil, fault.New(op, fault.Invalid, "a number of people cannot be negative").Because("negative").At("officers")
	case c.Kind == Final && c.Result == "":
		return nil, fault.New(op, fault.Invalid, "final feedback needs a result").Because("result_required").At("result")
	}
	return []cad.Fact{FeedbackGiven{
		ID: s.ID, Kind: c.Kind, Result: c.Result, Type: c.Type, Officers: c.Officers, Taken: c.Taken, Private: c.Text,
	}}, nil
}

// FeedbackGiven says what a crew or station reported.
type FeedbackGiven struct {
	ID       cad.IncidentID `json:"id"`
	Kind     ReportKind     `json:"kind"`
	Result   string         `json:"result,omitempty"`
	Type     cad.TypeID     `json:"type,omitempty"`
	Officers int            `json:"officers,omitempty"`
	Taken    int            `json:"people_taken,omitempty"`
	Private  cad.Sealed     `json:"-"`
}

// FactType is the name in the journal.
func (FeedbackGiven) FactType() string { return "incident.feedback_given" }

// Subjects are the incident.
func (f FeedbackGiven) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f FeedbackGiven) Of() cad.IncidentID { return f.ID }

// Secret is the words of the feedback.
func (f FeedbackGiven) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f FeedbackGiven) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f FeedbackGiven) apply(s *State, st cad.Stamp) {
	s.Feedback = append(s.Feedback, Report{Kind: f.Kind, Result: f.Result, By: st.Actor, At: st.At})
	if f.Type != "" {
		s.TypeFeedback = f.Type
	}
	if f.Kind != Final {
		return
	}
	// A better final word after a review is reviewed again.
	s.Phase, s.Returned, s.ReportedAt, s.ReviewedAt = ReportedBack, false, st.At, time.Time{}
	s.forgive("review")
}
