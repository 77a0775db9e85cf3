package incident

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Split undoes a merge: this incident goes back to the phase it had.
type Split struct{ ID cad.IncidentID }

func maySplit(s State, _ Around) error {
	const op = "incident.Split"
	switch {
	case s.Phase == "":
		return missing(op)
	case s.Phase != Merged:
		return fault.New(op, fault.Conflict, "the incident is not merged into another").Because("not_merged")
	}
	return check(op, s.Phase, s.Before)
}

// Decide takes a merged incident out of the other.
func (c Split) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := maySplit(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{SplitFact{about: about{s.ID}, From: s.MergedTo, To: s.Before}}, nil
}

// SplitFact says that a merge was undone. (Split is the command.)
type SplitFact struct {
	about
	From cad.IncidentID `json:"from"` // Where it had been.
	To   Phase          `json:"to"`   // The phase it goes back to.
}

// FactType is the name in the journal.
func (SplitFact) FactType() string { return "incident.split" }

func (f SplitFact) apply(s *State, _ cad.Stamp) {
	number := s.numberOf(f.From)
	s.Phase, s.Before, s.MergedTo, s.Gave, s.EndedAt = f.To, "", "", nil, time.Time{}
	s.unlink(f.From, LinkMergedTo)
	s.link(f.From, number, LinkSplitFrom)
}

// LetGo is the other side of a split: this incident no longer stands for the other. It may have ended since.
type LetGo struct{ ID, Other cad.IncidentID }

// Decide lets go once.
func (c LetGo) Decide(s State, _ Around) ([]cad.Fact, error) {
	switch {
	case s.Phase == "":
		return nil, missing("incident.LetGo")
	case !s.has(c.Other, LinkMergedIn):
		return nil, nil
	}
	return []cad.Fact{LetGoFact{about: about{s.ID}, Other: c.Other}}, nil
}

// LetGoFact says which incident was split off this one. (LetGo is the command.)
type LetGoFact struct {
	about
	Other cad.IncidentID `json:"other"`
}

// FactType is the name in the journal.
func (LetGoFact) FactType() string { return "incident.let_go" }

func (f LetGoFact) apply(s *State, _ cad.Stamp) { s.unlink(f.Other, LinkMergedIn) }
