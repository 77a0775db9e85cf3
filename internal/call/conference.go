package call

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// PartyKind is what a third party on the line is named by.
type PartyKind string

// The kinds of parties.
const (
	WithPartner PartyKind = "partner" // One of the centre's partners.
	WithNumber  PartyKind = "number"  // Anybody, by his number.
	WithSeat    PartyKind = "seat"    // A seat of the centre.
)

// Party is somebody else on the line (三方通话).
type Party struct {
	Leg    string     `json:"leg"` // Names this stay on the line; whoever comes again has another.
	Kind   PartyKind  `json:"kind"`
	To     string     `json:"to,omitempty"` // Partner or seat; a number is sealed.
	Number cad.Sealed `json:"number,omitzero"`
	Since  time.Time  `json:"since"`
}

// partiesMax is how many may be on a line beside the caller and whoever has the call.
const partiesMax = 5

// Confer takes somebody else onto the line.
type Confer struct {
	ID     cad.CallID
	Leg    string
	Kind   PartyKind
	To     string
	Number cad.Sealed
}

func mayConference(s State, a Around) error {
	const op = "call.Confer"
	if err := onLine(op, s, a); err != nil || len(s.With) < partiesMax {
		return err
	}
	return fault.New(op, fault.Conflict, "there are too many on the line already").Because("conference_full").Mend("let one of them go first")
}

// Decide refuses a line that is not open, whoever does not have the call, and a party without a name. The same partner or
// seat twice is no error.
func (c Confer) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "call.Confer"
	same := func(p Party) bool { return p.Leg == c.Leg || p.Kind == c.Kind && c.To != "" && p.To == c.To }
	if slices.ContainsFunc(s.With, same) && s.has(a) {
		return nil, nil
	}
	if err := mayConference(s, a); err != nil {
		return nil, err
	}
	if c.Leg == "" || c.Kind == "" || (c.To == "") == c.Number.IsZero() {
		return nil, fault.New(op, fault.Invalid, "say who comes onto the line").Because("party_required").At("partner").Mend("name one partner, one seat or one number")
	}
	return []cad.Fact{Conferenced{aboutBoth: aboutOf(s), Leg: c.Leg, Kind: c.Kind, To: c.To, Private: c.Number}}, nil
}

// Conferenced says that somebody else came onto the line.
type Conferenced struct {
	aboutBoth
	Leg     string     `json:"leg"`
	Kind    PartyKind  `json:"kind"`
	To      string     `json:"to,omitempty"`
	Private cad.Sealed `json:"-"`
}

// FactType is the name in the journal.
func (Conferenced) FactType() string { return "call.conferenced" }

// Secret is his number.
func (f Conferenced) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Conferenced) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Conferenced) apply(s *State, st cad.Stamp) {
	s.With = append(s.With, Party{Leg: f.Leg, Kind: f.Kind, To: f.To, Number: f.Private, Since: st.At})
}

// EndConference lets somebody go, or all if no leg is named.
type EndConference struct {
	ID   cad.CallID
	Leg  string
	Left bool // He went by himself: the line says so, and whoever has the call need not.
}

func mayEndConference(s State, a Around) error {
	const op = "call.EndConference"
	if err := onLine(op, s, a); err != nil || len(s.With) > 0 {
		return err
	}
	return fault.New(op, fault.Conflict, "nobody else is on the line").Because("no_conference").Mend("there is nothing to end")
}

// Decide takes it as said when he is not on the line any more.
func (c EndConference) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase == "" {
		return nil, missing("call.EndConference")
	}
	if c.Left {
		a.Actor = ""
	}
	gone := c.Leg != "" && !slices.ContainsFunc(s.With, func(p Party) bool { return p.Leg == c.Leg })
	if gone && s.has(a) {
		return nil, nil
	}
	if err := mayEndConference(s, a); err != nil {
		return nil, err
	}
	var out []cad.Fact
	for _, p := range s.With {
		if c.Leg == "" || c.Leg == p.Leg {
			out = append(out, ConferenceEnded{aboutBoth: aboutOf(s), Leg: p.Leg, Kind: p.Kind, To: p.To, Left: c.Left})
		}
	}
	return out, nil
}

// ConferenceEnded says that somebody is not on the line any more.
type ConferenceEnded struct {
	aboutBoth
	Leg  string    `json:"leg"`
	Kind PartyKind `json:"kind"`
	To   string    `json:"to,omitempty"`
	Left bool      `json:"left,omitempty"` // By himself.
}

// FactType is the name in the journal.
func (ConferenceEnded) FactType() string { return "call.conference_ended" }

func (f ConferenceEnded) apply(s *State, _ cad.Stamp) {
	s.With = slices.DeleteFunc(s.With, func(p Party) bool { return p.Leg == f.Leg })
	if len(s.With) == 0 {
		s.With = nil
	}
}
