package incident

import (
	"strconv"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// MergeInto ends this incident because it is another one (合并警单). Its calls and units move to the other; the
// room above sees to that in the same append, so no unit is left committed to what ends here.
type MergeInto struct {
	ID, Other cad.IncidentID
	Number    int64 // The other's.
	Gives     Given // The lives that move.
}

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
	return []cad.Fact{MergedFact{about: about{s.ID}, Into: c.Other, Number: c.Number, Gave: &c.Gives}}, nil
}

// MergedFact says which incident this one lives on in. (Merged is the phase.) Version 1 did not say the number, nor
// what went along.
type MergedFact struct {
	about
	Into   cad.IncidentID `json:"into"`
	Number int64          `json:"number,omitempty"`
	Gave   *Given         `json:"gave,omitempty"` // Never nil since version 2.
}

// FactType is the name in the journal.
func (MergedFact) FactType() string { return "incident.merged" }

func (f MergedFact) apply(s *State, st cad.Stamp) {
	s.Before, s.Phase, s.MergedTo, s.Gave, s.EndedAt = s.Phase, Merged, f.Into, f.Gave, st.At
	s.unlink(f.Into, LinkSplitFrom)
	s.link(f.Into, f.Number, LinkMergedTo)
}

// elsewhere is the refusal of a verb that concerns the incident that this one lives on in. It names that one by the
// number that people know; merges of an older version did not write it down.
func elsewhere(op string, s State) error {
	number := "?"
	if n := s.numberOf(s.MergedTo); n > 0 {
		number = strconv.FormatInt(n, 10)
	}
	return fault.New(op, fault.Conflict, "the incident lives on in #%s", number).Because("merged", "number", number).
		Mend("go to that one, or split it off")
}

// TakeIn is the other side of a merge: this incident goes on for both.
type TakeIn struct {
	ID, Other cad.IncidentID
	Number    int64 // The other's.
}

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
	return []cad.Fact{TookIn{about: about{s.ID}, Other: c.Other, Number: c.Number}}, nil
}

// TookIn says which incident was merged into this one. Version 1 did not say the number.
type TookIn struct {
	about
	Other  cad.IncidentID `json:"other"`
	Number int64          `json:"number,omitempty"`
}

// FactType is the name in the journal.
func (TookIn) FactType() string { return "incident.took_in" }

func (f TookIn) apply(s *State, _ cad.Stamp) { s.link(f.Other, f.Number, LinkMergedIn) }
