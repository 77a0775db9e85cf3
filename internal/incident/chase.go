package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
)

// Chase says that the centre pressed whoever owes the next step of an incident (催办): a crew that has not signed, set out,
// arrived or said a word, or the station that owes the feedback. The room above has looked whether it is owed.
type Chase struct {
	ID   cad.IncidentID
	Kind string     // "sign", "depart", "arrive", "feedback" or "word".
	Unit cad.UnitID // Who owes it; empty: whoever answers for the incident.
}

func mayChase(s State, _ Around) error { return mayOpen("incident.Chase", s) }

// Decide counts every one: whoever reads it later sees how often somebody was pressed.
func (c Chase) Decide(s State, a Around) ([]cad.Fact, error) {
	if err := mayChase(s, a); err != nil {
		return nil, err
	}
	return []cad.Fact{ChasedFact{about: about{s.ID}, Kind: c.Kind, Unit: c.Unit}}, nil
}

// Chased is how often somebody was pressed for one step, and when last.
type Chased struct {
	Kind  string     `json:"kind"`
	Unit  cad.UnitID `json:"unit,omitempty"` // Empty: whoever answers for the incident.
	At    time.Time  `json:"at"`             // The last time.
	Times int        `json:"times"`
}

// ChasedFact says that somebody was pressed for a step. (Chased is the count.)
type ChasedFact struct {
	about
	Kind string     `json:"kind"`
	Unit cad.UnitID `json:"unit,omitempty"`
}

// FactType is the name in the journal.
func (ChasedFact) FactType() string { return "incident.chased" }

func (f ChasedFact) apply(s *State, st cad.Stamp) {
	i := slices.IndexFunc(s.Chased, func(c Chased) bool { return c.Kind == f.Kind && c.Unit == f.Unit })
	if i < 0 {
		i = len(s.Chased)
		s.Chased = append(s.Chased, Chased{Kind: f.Kind, Unit: f.Unit})
	}
	s.Chased[i].At = st.Happened
	s.Chased[i].Times++
}
