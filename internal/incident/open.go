package incident

import (
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Open makes an incident of the first word about it. Nothing but an identity is required: whoever asks for help
// must never be refused because something is missing (promise P8). The caller of Decide has already set aside
// what could not be used.
type Open struct {
	ID          cad.IncidentID
	Number      int64 // The next of the centre's count.
	Source      Source
	Happened    time.Time // As told; zero means now.
	Place       *geo.Point
	Street      string
	Approximate bool
	Responsible Responsible
	Grade       Grade      // What the call-taker or the type's defaults say; may be empty.
	Private     cad.Sealed // Narrative, address, unusable parts.
	Aside       []Aside
	Card        string // The number of the paper card it was written on first; usually empty.
}

// Decide opens once. Opening the same incident again is a repeat, not an error.
func (c Open) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Open"
	if s.Phase != "" {
		return nil, nil // Networks repeat. What was opened first stands.
	}
	if c.ID == "" || c.Number <= 0 {
		return nil, fault.New(op, fault.Internal, "an incident needs an id and a number")
	}
	if c.Happened.IsZero() {
		c.Happened = a.Now
	}
	facts := []cad.Fact{Opened{
		ID: c.ID, Number: c.Number, Source: c.Source, Happened: c.Happened, Place: c.Place, Street: c.Street,
		Approximate: c.Approximate, Responsible: c.Responsible, Commander: a.Actor, Limits: c.Grade.Limits,
		Aside: c.Aside, Card: c.Card, Private: c.Private,
	}}
	if c.Grade.Type != "" || c.Grade.Priority != "" {
		facts = append(facts, ClassifiedFact{ID: c.ID, Grade: c.Grade})
	}
	return facts, nil
}

// Opened says that an incident was first heard of.
type Opened struct {
	ID          cad.IncidentID `json:"id"`
	Number      int64          `json:"number"`
	Source      Source         `json:"source"`
	Happened    time.Time      `json:"happened"`
	Place       *geo.Point     `json:"place,omitempty"`
	Street      string         `json:"street,omitempty"`
	Approximate bool           `json:"approximate,omitempty"`
	Responsible Responsible    `json:"responsible,omitzero"`
	Commander   cad.ActorID    `json:"commander"`
	Limits      []Limit        `json:"limits,omitempty"`
	Aside       []Aside        `json:"aside,omitempty"`
	Card        string         `json:"card,omitempty"`
	Private     cad.Sealed     `json:"-"`
}

// FactType is the name in the journal.
func (Opened) FactType() string { return "incident.opened" }

// Subjects are the incident.
func (f Opened) Subjects() []cad.Subject { return []cad.Subject{Subject(f.ID)} }

// Of is the incident it is about.
func (f Opened) Of() cad.IncidentID { return f.ID }

// Secret is the narrative, the address and what could not be used.
func (f Opened) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Opened) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Opened) apply(s *State, st cad.Stamp) {
	s.ID, s.Number, s.Phase, s.Source = f.ID, f.Number, Received, f.Source
	s.Place, s.Street, s.Approximate, s.Responsible = f.Place, f.Street, f.Approximate, f.Responsible
	s.Commander = Commander{Actor: f.Commander, Since: st.At}
	s.Opening, s.Aside, s.Limits = f.Private, f.Aside, f.Limits
	s.Card = f.Card
	s.Received, s.Happened = st.At, f.Happened
}
