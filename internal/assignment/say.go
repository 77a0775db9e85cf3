package assignment

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// clockSkewMax is how far ahead of ours a radio's clock may be before we take its time for a mistake.
const clockSkewMax = time.Minute

// Say is a crew's word on how far it has come, or a dispatcher's for it.
type Say struct {
	ID           cad.AssignmentID
	To           Stage
	Redeployable *bool     // On scene only: free to be sent elsewhere. nil leaves it, or means no on arrival.
	Happened     time.Time // When it was so; zero means now. An earlier time may also fill in a stage that was skipped.
}

// maySay allows what the table allows. A stacked unit may sign or be released, but it cannot be on its way to two
// places: the room above promotes the one it turns to.
func maySay(s State, to Stage) error {
	const op = "assignment.Say"
	if s.Stage == Cleared && to == Cleared {
		return nil // Radios repeat.
	}
	if err := live(op, s); err != nil {
		return err
	}
	if err := Check(s.Stage, to); err != nil {
		return err
	}
	if !s.Primary && to != s.Stage && to != Acknowledged && to != Cleared {
		return fault.New(op, fault.Conflict, "unit %s is still at another incident; this one is stacked behind it", s.Unit).
			Because("stacked", "unit", string(s.Unit)).Mend("finish the other one, or turn the unit to this one first")
	}
	return nil
}

// Decide moves the assignment on. Saying the same thing twice yields nothing.
func (c Say) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "assignment.Say"
	if c.To == Dispatched && s.Stage != Dispatched || s.At(c.To).IsZero() && !slices.Contains(stages, c.To) && c.To != Staged {
		return nil, fault.New(op, fault.Invalid, "a unit cannot say that it is %q", c.To).Because("bad_stage").At("to")
	}
	if c.Redeployable != nil && c.To != OnScene {
		return nil, fault.New(op, fault.Invalid, "only a unit on scene is free to redeploy, or not").
			Because("redeployable_stage").At("redeployable")
	}
	if f, ok, err := c.enterLate(s, a); ok {
		return f, err
	}
	if err := maySay(s, c.To); err != nil {
		return nil, err
	}
	if err := c.timely(s, a); err != nil {
		return nil, err
	}
	free := c.To == OnScene && s.Stage == OnScene && s.Redeployable
	if c.Redeployable != nil {
		free = *c.Redeployable
	}
	if c.To == s.Stage && free == s.Redeployable {
		return nil, nil
	}
	return []cad.Fact{Moved{Ref: s.ref(), From: s.Stage, To: c.To, Redeployable: free}}, nil
}

// timely refuses a time that cannot be: before the order, or in the future.
func (c Say) timely(s State, a Around) error {
	const op = "assignment.Say"
	switch {
	case c.Happened.IsZero():
		return nil
	case c.Happened.After(a.Now.Add(clockSkewMax)):
		return fault.New(op, fault.Invalid, "that time is still to come").Because("happened_ahead").At("happened")
	case c.Happened.Before(s.DispatchedAt):
		return fault.New(op, fault.Invalid, "unit %s had not been sent by then", s.Unit).
			Because("happened_early", "unit", string(s.Unit)).At("happened")
	}
	return nil
}

// enterLate fills in a milestone that the unit skipped (补录): its stage does not change, its times become whole.
// It reports false when the word is not such an entry.
func (c Say) enterLate(s State, a Around) ([]cad.Fact, bool, error) {
	const op = "assignment.Say"
	mine, now := slices.Index(stages, c.To), slices.Index(stages, s.Stage)
	if s.Stage == Staged {
		now = slices.Index(stages, EnRoute)
	}
	if c.Happened.IsZero() || mine <= 0 || mine >= now || !s.At(c.To).IsZero() {
		return nil, false, nil
	}
	if err := c.timely(s, a); err != nil {
		return nil, true, err
	}
	for i, m := range stages {
		at := s.At(m)
		if at.IsZero() || i == mine {
			continue
		}
		if i < mine && c.Happened.Before(at) || i > mine && c.Happened.After(at) {
			return nil, true, fault.New(op, fault.Invalid, "unit %s cannot have been %s then: it was %s at %s", s.Unit, c.To, m,
				at.UTC().Format(time.TimeOnly)).
				Because("happened_order", "unit", string(s.Unit), "stage", string(m), "at", at.UTC().Format(time.RFC3339)).At("happened")
		}
	}
	return []cad.Fact{MilestoneEntered{Ref: s.ref(), Stage: c.To, Reached: c.Happened}}, true, nil
}

// Moved says that a unit came to a stage, or on scene, that it became free to redeploy or is so no longer.
type Moved struct {
	Ref
	From         Stage `json:"from"`
	To           Stage `json:"to"`
	Redeployable bool  `json:"redeployable,omitempty"`
}

// FactType is the name in the journal.
func (Moved) FactType() string { return "assignment.stage_changed" }

func (f Moved) apply(s *State, st cad.Stamp) {
	s.Redeployable = f.Redeployable
	if f.To != s.Stage {
		s.enter(f.To, st.Happened)
	}
}

// MilestoneEntered says that a unit had come to an earlier stage that nobody entered at the time.
type MilestoneEntered struct {
	Ref
	Stage   Stage     `json:"stage"`
	Reached time.Time `json:"reached"`
}

// FactType is the name in the journal.
func (MilestoneEntered) FactType() string { return "assignment.milestone_entered" }

func (f MilestoneEntered) apply(s *State, _ cad.Stamp) {
	if p := s.milestone(f.Stage); p != nil && p.IsZero() {
		*p = f.Reached
	}
}
