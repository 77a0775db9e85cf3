package incident

import "shuniu/internal/cad"

// Choice is one unit for one need.
type Choice struct {
	Unit cad.UnitID `json:"unit"`
	Slot string     `json:"slot,omitempty"`  // What it was to do: "near", "own", a kind, with the capability after a colon.
	EtaS *int64     `json:"eta_s,omitempty"` // Seconds to the scene, as reckoned then; nil if nobody knew.
}

// Chosen says whom a person sent, beside what was recommended to him at that moment. It changes nothing: it is there to
// learn from, and to answer for.
type Chosen struct {
	about
	Advice      string       `json:"advice,omitempty"` // Names what was recommended; empty if nothing could be.
	Wave        int          `json:"wave,omitempty"`
	Recommended []Choice     `json:"recommended"`        // When units were sent.
	Screen      []Choice     `json:"screen,omitempty"`   // What stood on the screen, where it was something else.
	Sent        []cad.UnitID `json:"sent"`               // As named, those that were on it already left out.
	Same        bool         `json:"same"`               // The units that were asked for stood on the screen or, where none is known, were recommended; who was on it already may be left out.
	Shown       bool         `json:"shown"`              // The recommendation stood on the screen of whoever sent.
	Degraded    []string     `json:"degraded,omitempty"` // What the advice had to do without; "not_computed" if there was none.
	Private     cad.Sealed   `json:"-"`                  // Why others were sent; zero if nobody said.
}

// FactType is the name in the journal.
func (Chosen) FactType() string { return "incident.chosen" }

// Secret is the reason.
func (f Chosen) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed part back.
func (f Chosen) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f Chosen) apply(*State, cad.Stamp) {}

// NewChosen is the fact about an incident.
func NewChosen(id cad.IncidentID, f Chosen) Chosen {
	f.about = about{id}
	return f
}
