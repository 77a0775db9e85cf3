package assignment

import "shuniu/internal/cad"

// Reorder says which of the orders stacked behind what a unit does now it turns to first, second and so on. The room above
// has seen to it that all of them are given places, each another.
type Reorder struct {
	ID    cad.AssignmentID
	Place int // Behind the first, from 1.
}

// Decide gives the place once. The one that the unit works on now has none: to turn the unit away from it is a reassignment.
func (c Reorder) Decide(s State, _ Around) ([]cad.Fact, error) {
	if err := live("assignment.Reorder", s); err != nil || s.Primary || s.Place == c.Place {
		return nil, err
	}
	return []cad.Fact{Reordered{Ref: s.ref(), Place: c.Place}}, nil
}

// Reordered says at which place a stacked order waits.
type Reordered struct {
	Ref
	Place int `json:"place"`
}

// FactType is the name in the journal.
func (Reordered) FactType() string { return "assignment.reordered" }

func (f Reordered) apply(s *State, _ cad.Stamp) { s.Place = f.Place }
