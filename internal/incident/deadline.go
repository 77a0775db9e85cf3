package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
)

// PassDeadline records that a limit passed. Due names the one that is meant: a deadline that was set anew since is
// another one.
type PassDeadline struct {
	ID   cad.IncidentID
	Kind string
	Due  time.Time
}

// Decide does nothing when what was late has happened in the meantime, or when it is not late yet.
func (c PassDeadline) Decide(s State, a Around) ([]cad.Fact, error) {
	for _, d := range Due(s) {
		if d.Kind == c.Kind && d.Due.Equal(c.Due) && !a.Now.Before(d.Due) {
			if d.Kind == kindLead {
				return []cad.Fact{CameDue{about: about{s.ID}, Due: d.Due}}, nil
			}
			return []cad.Fact{DeadlinePassed{about: about{s.ID}, Kind: d.Kind, Due: d.Due}}, nil
		}
	}
	return nil, nil
}

// DeadlinePassed says that a limit passed, and when it did: long before it was recorded if the server was down.
type DeadlinePassed struct {
	about
	Kind string    `json:"kind"`
	Due  time.Time `json:"due"`
}

// FactType is the name in the journal.
func (DeadlinePassed) FactType() string { return "incident.deadline_passed" }

func (f DeadlinePassed) apply(s *State, _ cad.Stamp) {
	if !slices.Contains(s.Passed, f.Kind) {
		s.Passed = append(s.Passed, f.Kind)
	}
}
