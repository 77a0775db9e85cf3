package call

import (
	"strings"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
	"shuniu/internal/geo"
)

// Arrive is a call at the moment it rings. Nothing but an identity is required (promise P8).
type Arrive struct {
	ID            cad.CallID
	Line          string      // The line or trunk, as Line takes it; may be empty.
	Source        string      // Who tells of it: "phone", "app", ...; may be empty.
	Place         *geo.Point  // As the network told; nil if it did not.
	Caller        cad.Sealed  // Name, number and address.
	Happened      time.Time   // As told; zero means now.
	AnswerWithinS int64       // The centre's limit for answering, in seconds; 0 means none.
	Aside         []cad.Aside // What could not be used.
}

// lineMax is how long the name of a line may be, in bytes.
const lineMax = 24

// Line gives the name of a line or trunk as it may stand in a record in the clear: short, of ASCII letters, figures and
// the signs + - _ . : / and #. Anything else gives nothing, because it may be a stranger's words.
func Line(told string) string {
	if len(told) > lineMax {
		return ""
	}
	for _, r := range told {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune("+-_.:/#", r):
		default:
			return ""
		}
	}
	return told
}

// Decide takes it once. A repeat is no error: networks repeat, and what came first stands.
func (c Arrive) Decide(s State, a Around) ([]cad.Fact, error) {
	if s.Phase != "" {
		return nil, nil
	}
	if c.ID == "" {
		return nil, fault.New("call.Arrive", fault.Internal, "a call needs an id")
	}
	if c.Happened.IsZero() {
		c.Happened = a.Now
	}
	if c.Place != nil && !c.Place.Valid() {
		c.Place = nil // A call is never refused for what the network said (promise P8).
	}
	return []cad.Fact{Arrived{
		about: about{ID: c.ID}, Line: Line(c.Line), Source: c.Source, Place: c.Place, Happened: c.Happened, Aside: c.Aside,
		AnswerWithinS: max(c.AnswerWithinS, 0), Private: c.Caller,
	}}, nil
}

// Arrived says that a call came in.
type Arrived struct {
	about
	Line          string      `json:"line,omitempty"`
	Source        string      `json:"source,omitempty"`
	Place         *geo.Point  `json:"place,omitempty"`
	Happened      time.Time   `json:"happened"`
	AnswerWithinS int64       `json:"answer_within_s,omitempty"`
	Aside         []cad.Aside `json:"aside,omitempty"`
	Private       cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (Arrived) FactType() string { return "call.arrived" }

// Secret is who called.
func (f Arrived) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Arrived) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Arrived) apply(s *State, st cad.Stamp) {
	s.ID, s.Phase, s.Line, s.Source, s.Place, s.Caller = f.ID, Ringing, f.Line, f.Source, f.Place, f.Private
	s.AnswerWithinS, s.Arrived, s.Aside = f.AnswerWithinS, st.At, f.Aside
}
