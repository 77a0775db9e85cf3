package unit

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Duty is whether a unit is at work and free. Empty means that it was never enrolled.
type Duty string

// The base states.
const (
	OffDuty     Duty = "off_duty"    // 下勤
	Available   Duty = "available"   // 可派
	Unavailable Duty = "unavailable" // 暂不可派
	// Assigned is computed from the unit's assignments and never stored.
	Assigned Duty = "assigned"
)

// life is the whole table of what may follow what. Duress is not in it: it works from everywhere.
var life = map[Duty][]Duty{
	"":          {OffDuty}, // Enrolled.
	OffDuty:     {Available, Unavailable},
	Available:   {Unavailable, OffDuty},
	Unavailable: {Available, OffDuty},
}

// Check reports whether a unit may go from one duty to another. Saying the same thing twice is allowed. A refusal
// is a *fault.Error of kind Conflict with code "duty".
func Check(from, to Duty) error {
	if from == to || slices.Contains(life[from], to) {
		return nil
	}
	return fault.New("unit.Check", fault.Conflict, "a unit cannot go from %s to %s", from, to).
		Because("duty", "from", string(from), "to", string(to))
}

// known is the check of most verbs: the unit is in the configuration.
func known(op string, s State) error {
	switch {
	case s.Duty == "":
		return fault.New(op, fault.NotFound, "there is no such unit").Because("no_unit")
	case s.Retired:
		return fault.New(op, fault.Conflict, "unit %s is no longer in the configuration", s.CallSign).
			Because("retired", "unit", string(s.ID))
	}
	return nil
}

func mayDuty(op string, s State, to Duty) error {
	if err := known(op, s); err != nil {
		return err
	}
	return Check(s.Duty, to)
}

// ReportAvailable says that a unit can be sent (可派).
type ReportAvailable struct{ ID cad.UnitID }

func mayAvailable(s State, _ Around) error { return mayDuty("unit.ReportAvailable", s, Available) }

// Decide says so once. While the unit is assigned it takes effect when it is released.
func (c ReportAvailable) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayAvailable(s, a); err != nil || s.Duty == Available {
		return nil, err
	}
	return []cad.Fact{BecameAvailable{Ref{s.ID}}}, nil
}

// BecameAvailable says that a unit can be sent.
type BecameAvailable struct{ Ref }

// FactType is the name in the journal.
func (BecameAvailable) FactType() string { return "unit.available" }

func (f BecameAvailable) apply(s *State, st cad.Stamp) { s.enter(Available, "", st) }

// ReportUnavailable says that a unit cannot be sent for now, though on duty (暂不可派).
type ReportUnavailable struct {
	ID     cad.UnitID
	Reason string // A code of the centre's list; may be empty: that it cannot go matters more than why.
}

func mayUnavailable(s State, _ Around) error {
	return mayDuty("unit.ReportUnavailable", s, Unavailable)
}

// Decide says so once for each reason. It is taken while the unit is assigned too: a car may break down under way.
func (c ReportUnavailable) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayUnavailable(s, a); err != nil || s.Duty == Unavailable && s.Reason == c.Reason {
		return nil, err
	}
	return []cad.Fact{BecameUnavailable{Ref: Ref{s.ID}, Reason: c.Reason}}, nil
}

// BecameUnavailable says that a unit cannot be sent for now.
type BecameUnavailable struct {
	Ref
	Reason string `json:"reason,omitempty"`
}

// FactType is the name in the journal.
func (BecameUnavailable) FactType() string { return "unit.unavailable" }

func (f BecameUnavailable) apply(s *State, st cad.Stamp) {
	if s.Duty == Unavailable {
		s.Reason = f.Reason // Another reason does not make it unavailable anew.
		return
	}
	s.enter(Unavailable, f.Reason, st)
}

// GoOffDuty ends a unit's work (下勤).
type GoOffDuty struct{ ID cad.UnitID }

// mayOffDuty refuses while people count on the unit, or must find it: both would lose it from sight.
func mayOffDuty(s State, a Around) error {
	const op = "unit.GoOffDuty"
	if err := mayDuty(op, s, OffDuty); err != nil {
		return err
	}
	return bound(op, s, a)
}

// bound is the refusal to let go of a unit that is assigned or in danger.
func bound(op string, s State, a Around) error {
	switch {
	case len(a.Assigned) > 0:
		return fault.New(op, fault.Conflict, "unit %s is still assigned", s.CallSign).
			Because("assigned", "unit", string(s.ID)).Mend("release or recall it first")
	case s.Duress != nil:
		return fault.New(op, fault.Conflict, "unit %s is in duress", s.CallSign).
			Because("in_duress", "unit", string(s.ID)).Mend("clear the duress first, when the officers are safe")
	}
	return nil
}

// Decide says so once.
func (c GoOffDuty) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Duty == OffDuty && !s.Retired {
		return nil, nil
	}
	if err := mayOffDuty(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{WentOffDuty{Ref{s.ID}}}, nil
}

// WentOffDuty says that a unit ended its work.
type WentOffDuty struct{ Ref }

// FactType is the name in the journal.
func (WentOffDuty) FactType() string { return "unit.off_duty" }

func (f WentOffDuty) apply(s *State, st cad.Stamp) { s.enter(OffDuty, "", st) }

func (s *State) enter(d Duty, reason string, st cad.Stamp) {
	s.Duty, s.Reason, s.Since = d, reason, st.Happened
	if d != Available {
		s.Standby = nil
	}
}

// verb is one row of the table of what a person may do: its name, the check that its command makes, and whether
// it would change nothing now.
type verb struct {
	name string
	may  func(State, Around) error
	idle func(State) bool
}

// verbs is that table, in the order the console shows the buttons.
var verbs = []verb{
	{"available", mayAvailable, func(s State) bool { return s.Duty == Available }},
	{"unavailable", mayUnavailable, func(s State) bool { return s.Duty == Unavailable }},
	{"off_duty", mayOffDuty, func(s State) bool { return s.Duty == OffDuty }},
	{"standby", mayStandBy, func(State) bool { return false }}, // It may be ordered elsewhere.
	{"end_standby", mayEndStandby, func(s State) bool { return s.Standby == nil }},
	{"duress", mayDuress, func(s State) bool { return s.Duress != nil }},
	{"acknowledge_duress", mayAcknowledgeDuress, func(s State) bool { return s.Duress == nil }},
	{"clear_duress", mayClearDuress, func(s State) bool { return s.Duress == nil }},
	{"lose_contact", mayContact, func(s State) bool { return !s.OutOfContact.IsZero() }},
	{"regain_contact", mayContact, func(s State) bool { return s.OutOfContact.IsZero() }},
	{"heard", mayHear, func(State) bool { return false }}, // Every answer is news.
}

// Next lists every verb of the room, with the reason for each one that would be refused or change nothing.
func Next(s State, a Around) []cad.Step {
	out := make([]cad.Step, 0, len(verbs))
	for _, v := range verbs {
		err := v.may(s, a)
		if err == nil && v.idle(s) {
			err = fault.New("unit.Next", fault.Conflict, "it is so already").Because("already", "verb", v.name)
		}
		out = append(out, cad.StepOf(v.name, err))
	}
	return out
}
