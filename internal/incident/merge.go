package incident

import (
	"shuniu/internal/cad"
)

// MergeInto ends this incident because it is another one (合并警单). Its calls and units move to the other; the
// room above sees to that in the same append, so no unit is left committed to what ends here.
type MergeInto struct{ ID, Other cad.IncidentID }

func mayMerge(s State, _ Around) error {
	const op = "incident.MergeInto"
	switch {
	case s.Phase == "":
		return missing(op)
	case !s.Open():
		return ended(op, s)
	}
	return check(op, s.Phase, Merged)
}

// Decide merges once; into a second one only after a split.
func (c MergeInto) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.MergeInto"
	if s.Phase == Merged && s.MergedTo == c.Other {
		return nil, nil
	}
	if err := mayMerge(s, a); err != nil {
		return nil, err
	}
	if err := other(op, s, c.Other, "into"); err != nil {
		return nil, err
	}
	return []cad.Fact{MergedFact{about: about{s.ID}, Into: c.Other}}, nil
}

// MergedFact says which incident this one lives on in. (Merged is the phase.)
type MergedFact struct {
	about
	Into cad.IncidentID `json:"into"`
}

// FactType is the name in the journal.
func (MergedFact) FactType() string { return "incident.merged" }

func (f MergedFact) apply(s *State, st cad.Stamp) {
	s.Before, s.Phase, s.MergedTo, s.EndedAt = s.Phase, Merged, f.Into, st.At
	s.unlink(f.Into, LinkSplitFrom)
	s.link(f.Into, LinkMergedTo)
}

// TakeIn is the other side of a merge: this incident goes on for both.
type TakeIn struct{ ID, Other cad.IncidentID }

// Decide refuses when this one has ended: the calls of the other would be lost from every board.
func (c TakeIn) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "incident.TakeIn"
	switch {
	case s.Phase == "":
		return nil, missing(op)
	case s.has(c.Other, LinkMergedIn):
		return nil, nil
	case !s.Open():
		return nil, ended(op, s)
	}
	if err := other(op, s, c.Other, "into"); err != nil {
		return nil, err
	}
	return []cad.Fact{TookIn{about: about{s.ID}, Other: c.Other}}, nil
}

// TookIn says which incident was merged into this one.
type TookIn struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (TookIn) FactType() string { return "incident.took_in" }

func (f TookIn) apply(s *State, _ cad.Stamp) { s.link(f.Other, LinkMergedIn) }
