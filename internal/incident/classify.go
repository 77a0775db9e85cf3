package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Grade is what classification says, as values: nothing here is looked up again later, so a change of
// configuration never changes what was decided. The four axes stay apart; none is ever a bare "level one".
type Grade struct {
	Type     cad.TypeID      `json:"type,omitempty"`
	Priority cad.Priority    `json:"priority,omitempty"`
	Level    cad.Level       `json:"level,omitempty"`
	Duty     cad.DutyGrade   `json:"duty_grade,omitempty"`
	Patrol   cad.PatrolLevel `json:"patrol_level,omitempty"`
	Tags     []cad.TagID     `json:"tags,omitempty"`
	Limits   []Limit         `json:"limits,omitempty"`
}

// Classify grades an incident (分类定级), or grades it anew.
type Classify struct {
	ID     cad.IncidentID
	Grade  Grade
	Reason cad.Sealed // Required when a type or priority is changed: statistics say who changed what, and why.
}

func mayClassify(s State, _ Around) error {
	const op = "incident.Classify"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	}
	return nil
}

// Decide refuses values that no axis has, and a change without a reason.
func (c Classify) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Classify"
	if err := mayClassify(s, a); err != nil {
		return nil, err
	}
	g := c.Grade
	switch {
	case g.Type == "" && g.Priority == "":
		return nil, fault.New(op, fault.Invalid, "a type or a priority is required").Because("grade_empty").At("type")
	case !g.Priority.Valid():
		return nil, fault.New(op, fault.Invalid, "priority is one of P1 P2 P3 P4").Because("bad_priority").At("priority")
	case !g.Level.Valid():
		return nil, fault.New(op, fault.Invalid, "event level is one of I II III IV").Because("bad_level").At("level")
	case !g.Duty.Valid() || !g.Patrol.Valid():
		return nil, fault.New(op, fault.Invalid, "duty grade and patrol level are 1, 2 or 3").Because("bad_grade").At("duty_grade")
	case s.graded(g):
		return nil, nil
	case s.regrades(g) && c.Reason.IsZero():
		return nil, fault.New(op, fault.Invalid, "a change of type or priority needs a reason").Because("reason_required").At("reason").
			Mend("say in a few words why it is graded anew")
	}
	return []cad.Fact{ClassifiedFact{ID: s.ID, Grade: g, Private: c.Reason}}, nil
}

// graded reports whether g says nothing new.
func (s State) graded(g Grade) bool {
	return s.Phase != Received && s.Type == g.Type && s.Priority == g.Priority && s.Level == g.Level && s.Duty == g.Duty &&
		s.Patrol == g.Patrol && slices.Equal(s.Tags, g.Tags)
}

// regrades reports whether g changes a type or priority that somebody had chosen.
func (s State) regrades(g Grade) bool {
	return !s.ClassifiedAt.IsZero() && (s.Type != "" && s.Type != g.Type || s.Priority != "" && s.Priority != g.Priority)
}

// ClassifiedFact says how an incident was graded. (Classified is the phase.)
type ClassifiedFact struct {
	ID cad.IncidentID `json:"id"`
	Grade
	Open    string     `json:"reason,omitempty"` // Why, as version 1 said it in the clear; never written since.
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (ClassifiedFact) FactType() string { return "incident.classified" }

// Subjects are the incident.
func (f ClassifiedFact) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f ClassifiedFact) Of() cad.IncidentID { return f.ID }

// Secret is why it was graded so.
func (f ClassifiedFact) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f ClassifiedFact) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f ClassifiedFact) apply(s *State, st cad.Stamp) {
	if s.Waits() && f.Priority == cad.P1 {
		s.Restarted = st.At // Its limits run from now, not from when it was made an appointment.
	}
	if s.Phase == Received {
		s.Phase = Classified
	}
	if s.ClassifiedAt.IsZero() {
		s.ClassifiedAt = st.At
	}
	s.Type, s.Priority, s.Level, s.Duty, s.Patrol, s.Tags = f.Type, f.Priority, f.Level, f.Duty, f.Patrol, f.Tags
	if f.Limits != nil {
		s.Limits = f.Limits
		s.Passed = slices.DeleteFunc(s.Passed, func(kind string) bool {
			_, seat := SeatOf(kind) // A seat's limit is not one of the grade.
			return !seat && !slices.ContainsFunc(s.Limits, func(l Limit) bool { return l.Kind == kind })
		})
	}
}

// ended is the refusal of a verb that only an open incident takes.
func ended(op string, s State) error {
	if s.Phase == Merged {
		return elsewhere(op, s)
	}
	return fault.New(op, fault.Conflict, "the incident is %s", s.Phase).Because("ended", "phase", string(s.Phase)).
		Mend("reopen it first")
}
