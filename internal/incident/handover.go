package incident

import (
	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// HandOver makes another person answer for the incident. At every moment exactly one does (指挥人员负责制).
type HandOver struct {
	ID    cad.IncidentID
	To    cad.ActorID // A seat of the centre, or a person.
	Known bool        // The room above sets it when the front door knows this person.
}

func mayHandOver(s State, _ Around) error { return mayOpen("incident.HandOver", s) }

// Decide refuses to hand it to nobody.
func (c HandOver) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.HandOver"
	if err := mayHandOver(s, a); err != nil {
		return nil, err
	}
	switch c.To {
	case "":
		return nil, fault.New(op, fault.Invalid, "say who takes it over").Because("to_required").At("to")
	case s.Commander.Actor:
		return nil, nil
	}
	return []cad.Fact{HandedOver{about: about{s.ID}, From: s.Commander.Actor, To: c.To}}, nil
}

// HandedOver says who answers for the incident from now on.
type HandedOver struct {
	about
	From cad.ActorID `json:"from"`
	To   cad.ActorID `json:"to"`
}

// FactType is the name in the journal.
func (HandedOver) FactType() string { return "incident.handed_over" }

func (f HandedOver) apply(s *State, st cad.Stamp) { s.Commander = Commander{Actor: f.To, Since: st.At} }
