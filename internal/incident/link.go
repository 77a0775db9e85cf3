package incident

import (
	"slices"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The kinds of links.
const (
	LinkPlain     = "linked"      // Two incidents that belong together and stay two.
	LinkMergedIn  = "merged_in"   // The other lives on in this one.
	LinkMergedTo  = "merged_into" // This one lives on in the other.
	LinkSplitFrom = "split_from"  // It was in the other once; kept, so that the story can be followed.
)

// LinkTo joins this incident to another that belongs to it; the room above writes it on both. Also what has ended
// may be linked: the second quarrel explains the first.
type LinkTo struct {
	ID, Other cad.IncidentID
	Number    int64 // The other's.
}

func mayLink(s State, _ Around) error {
	if s.Phase == "" {
		return missing("incident.LinkTo")
	}
	return nil
}

// Decide links once.
func (c LinkTo) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayLink(s, a); err != nil {
		return nil, err
	}
	if err := other("incident.LinkTo", s, c.Other, "to"); err != nil {
		return nil, err
	}
	if s.has(c.Other, LinkPlain) {
		return nil, nil
	}
	return []cad.Fact{Linked{about: about{s.ID}, Other: c.Other, Number: c.Number}}, nil
}

// other refuses a second incident that is not named, or is the first.
func other(op string, s State, id cad.IncidentID, field string) error {
	switch id {
	case "":
		return fault.New(op, fault.Invalid, "say which other incident").Because("other_required").At(field)
	case s.ID:
		return fault.New(op, fault.Invalid, "it is the same incident").Because("same_incident").At(field)
	}
	return nil
}

func (s State) has(id cad.IncidentID, kind string) bool {
	return slices.ContainsFunc(s.Links, func(l Link) bool { return l.Other == id && l.Kind == kind })
}

func (s *State) link(id cad.IncidentID, number int64, kind string) {
	if !s.has(id, kind) {
		s.Links = append(s.Links, Link{Other: id, Number: number, Kind: kind})
	}
}

func (s *State) unlink(id cad.IncidentID, kind string) {
	s.Links = slices.DeleteFunc(s.Links, func(l Link) bool { return l.Other == id && l.Kind == kind })
}

// numberOf is the number of an incident that this one is linked to; 0 if none of the links says it.
func (s State) numberOf(id cad.IncidentID) int64 {
	for _, l := range s.Links {
		if l.Other == id && l.Number != 0 {
			return l.Number
		}
	}
	return 0
}

// Linked says that two incidents were joined. Version 1 did not say the number.
type Linked struct {
	about
	Other  cad.IncidentID `json:"other"`
	Number int64          `json:"number,omitempty"`
}

// FactType is the name in the journal.
func (Linked) FactType() string { return "incident.linked" }

func (f Linked) apply(s *State, _ cad.Stamp) { s.link(f.Other, f.Number, LinkPlain) }

// Unlink takes a link away again. A merge is undone by Split, not by this.
type Unlink struct{ ID, Other cad.IncidentID }

func mayUnlink(s State, _ Around) error {
	const op = "incident.Unlink"
	if s.Phase == "" {
		return missing(op)
	}
	if !slices.ContainsFunc(s.Links, func(l Link) bool { return l.Kind == LinkPlain }) {
		return fault.New(op, fault.Conflict, "it is linked to no other incident").Because("no_link")
	}
	return nil
}

// Decide unlinks once; a link that is not there is gone already.
func (c Unlink) Decide(s State, _ Around) ([]cad.Fact, error) {
	const op = "incident.Unlink"
	if s.Phase == "" {
		return nil, missing(op)
	}
	if err := other(op, s, c.Other, "to"); err != nil {
		return nil, err
	}
	if !s.has(c.Other, LinkPlain) {
		return nil, nil
	}
	return []cad.Fact{Unlinked{about: about{s.ID}, Other: c.Other}}, nil
}

// Unlinked says that a link was taken away.
type Unlinked struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (Unlinked) FactType() string { return "incident.unlinked" }

func (f Unlinked) apply(s *State, _ cad.Stamp) { s.unlink(f.Other, LinkPlain) }
