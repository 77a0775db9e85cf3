package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// The kinds of links.
const (
	LinkPlain     = "linked"
	LinkMergedIn  = "merged_in"   // On the survivor.
	LinkMergedTo  = "merged_into" // On the one that was merged.
	LinkSplitFrom = "split_from"  // Kept after a split, so that the story can be followed.
)

// LinkTo notes that two incidents belong together. The room above writes it on both.
type LinkTo struct{ ID, Other cad.IncidentID }

func mayLink(s State, _ Around) error {
	if s.Phase == "" {
		return missing("incident.LinkTo")
	}
	return nil
}

// Decide links once, also incidents that have ended.
func (c LinkTo) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayLink(s, a); err != nil || s.linked(c.Other, LinkPlain) {
		return nil, err
	}
	return []cad.Fact{Linked{about{s.ID}, c.Other}}, nil
}

func (s State) linked(other cad.IncidentID, kind string) bool {
	return slices.Contains(s.Links, Link{Other: other, Kind: kind})
}

// Linked says that two incidents belong together.
type Linked struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (Linked) FactType() string { return "incident.linked" }

func (f Linked) apply(s *State, _ cad.Stamp) {
	s.Links = append(s.Links, Link{Other: f.Other, Kind: LinkPlain})
}

// Unlink takes a link away.
type Unlink struct{ ID, Other cad.IncidentID }

func mayUnlink(s State, _ Around) error {
	const op = "incident.Unlink"
	switch {
	case s.Phase == "":
		return missing(op)
	case !slices.ContainsFunc(s.Links, func(l Link) bool { return l.Kind == LinkPlain }):
		return fault.New(op, fault.Conflict, "it is linked to nothing").Because("no_links")
	}
	return nil
}

// Decide does nothing where there is no such link.
func (c Unlink) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == "" {
		return nil, missing("incident.Unlink")
	}
	if !s.linked(c.Other, LinkPlain) {
		return nil, nil
	}
	return []cad.Fact{Unlinked{about{s.ID}, c.Other}}, nil
}

// Unlinked says that two incidents do not belong together after all.
type Unlinked struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (Unlinked) FactType() string { return "incident.unlinked" }

func (f Unlinked) apply(s *State, _ cad.Stamp) { s.dropLink(f.Other, LinkPlain) }

func (s *State) dropLink(other cad.IncidentID, kind string) {
	s.Links = slices.DeleteFunc(s.Links, func(l Link) bool { return l.Other == other && l.Kind == kind })
}

// MergeInto ends an incident because it is the same as another. Its calls and units move there, in the same append.
type MergeInto struct{ ID, Other cad.IncidentID }

func mayMerge(s State, _ Around) error { return check("incident.MergeInto", s.Phase, Merged) }

// Decide follows the life table.
func (c MergeInto) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayMerge(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{MergedFact{about{s.ID}, c.Other}}, nil
}

// MergedFact says that an incident lives on in another. (Merged is the phase.)
type MergedFact struct {
	about
	Into cad.IncidentID `json:"into"`
}

// FactType is the name in the journal.
func (MergedFact) FactType() string { return "incident.merged" }

func (f MergedFact) apply(s *State, st cad.Stamp) {
	s.Before, s.Phase, s.MergedTo, s.EndedAt = s.Phase, Merged, f.Into, st.At
	s.Links = append(s.Links, Link{Other: f.Into, Kind: LinkMergedTo})
}

// TakeIn notes on the survivor what was merged into it.
type TakeIn struct{ ID, Other cad.IncidentID }

// Decide refuses a survivor that has ended.
func (c TakeIn) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayOpen("incident.TakeIn")(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{TookIn{about{s.ID}, c.Other}}, nil
}

// TookIn says what was merged into an incident.
type TookIn struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (TookIn) FactType() string { return "incident.took_in" }

func (f TookIn) apply(s *State, _ cad.Stamp) {
	s.Links = append(s.Links, Link{Other: f.Other, Kind: LinkMergedIn})
}

// Split takes a merged incident apart again.
type Split struct{ ID cad.IncidentID }

func maySplit(s State, _ Around) error {
	const op = "incident.Split"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Phase != Merged:
		return fault.New(op, fault.Conflict, "it was not merged into another").Because("not_merged")
	}
	return check(op, s.Phase, s.Before)
}

// Decide goes back to the phase before the merge.
func (c Split) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := maySplit(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{SplitFact{about{s.ID}, s.MergedTo}}, nil
}

// SplitFact says that an incident is one of its own again.
type SplitFact struct {
	about
	From cad.IncidentID `json:"from"`
}

// FactType is the name in the journal.
func (SplitFact) FactType() string { return "incident.split" }

func (f SplitFact) apply(s *State, _ cad.Stamp) {
	s.dropLink(f.From, LinkMergedTo)
	s.Links = append(s.Links, Link{Other: f.From, Kind: LinkSplitFrom})
	s.Phase, s.Before, s.MergedTo, s.EndedAt = s.Before, "", "", time.Time{}
}

// LetGo notes on the survivor what was split off again.
type LetGo struct{ ID, Other cad.IncidentID }

// Decide works also when the survivor has ended.
func (c LetGo) Decide(s State, _ Around) ([]cad.Fact, error) {
	if s.Phase == "" {
		return nil, missing("incident.LetGo")
	}
	return []cad.Fact{LetGoFact{about{s.ID}, c.Other}}, nil
}

// LetGoFact says what was split off an incident.
type LetGoFact struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (LetGoFact) FactType() string { return "incident.let_go" }

func (f LetGoFact) apply(s *State, _ cad.Stamp) { s.dropLink(f.Other, LinkMergedIn) }
