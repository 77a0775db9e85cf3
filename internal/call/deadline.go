package call

import (
	"time"

	"shuniu/internal/cad"
)

// Due is the moment by which a ringing call should have been answered.
func Due(s State) []cad.Deadline {
	if s.Phase != Ringing || s.AnswerWithinS <= 0 || s.Passed {
		return nil
	}
	return []cad.Deadline{{Subject: Subject(s.ID), Kind: "answer", Due: s.Arrived.Add(time.Duration(s.AnswerWithinS) * time.Second)}}
}

// PassDeadline records that nobody answered in time.
type PassDeadline struct {
	ID   cad.CallID
	Kind string
	Due  time.Time
}

// Decide does nothing when it has been answered in the meantime, or when it is not late yet.
func (c PassDeadline) Decide(s State, a Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind == c.Kind && d.Due.Equal(c.Due) && !a.Now.Before(d.Due) {
			return []cad.Fact{DeadlinePassed{about{ID: s.ID}, c.Kind, d.Due}}, nil
		}
	}
	return nil, nil
}

// DeadlinePassed says that nobody answered in time, and when that was: long before it was recorded if the server
// was down.
type DeadlinePassed struct {
	about
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "call.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) { s.Passed = true }
