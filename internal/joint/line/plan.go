package line

import (
	"shuniu/internal/cad"
	"shuniu/internal/geo"
)

// Status says what a line came to.
type Status string

// The outcomes of reading a line.
const (
	Ready      Status = "preview"    // One meaning: Plan may be executed.
	Ambiguous  Status = "ambiguous"  // Several: choose one by its digit.
	Wrong      Status = "wrong"      // None: Code and Text say why, Remedy what to do.
	Incomplete Status = "incomplete" // Not finished yet.
)

// The verbs of a plan.
const (
	Send     = "send"
	Reassign = "reassign"
	Say      = "status"
	Note     = "note"
	Priority = "classify"
	Close    = "close"
	Open     = "open" // Shows an incident or a unit; changes nothing.
	Near     = "near" // Shows who is nearest; changes nothing.
	Duress   = "duress"
	Backup   = "backup"
	Merge    = "merge"
	Link     = "link"
	Chase    = "urge"
	New      = "new"
	With     = "with"
	Transfer = "transfer"
	Wave     = "raise_wave"
	Standby  = "standby"
	CallOff  = "end_standby"
)

// Plan is what a line would do.
type Plan struct {
	Verb     string         `json:"verb"`
	Units    []cad.UnitID   `json:"units,omitempty"`
	Incident cad.IncidentID `json:"incident,omitempty"`
	Number   int64          `json:"number,omitempty"`
	Other    cad.IncidentID `json:"other,omitempty"` // Merge, link: the second one.
	OtherNo  int64          `json:"other_number,omitempty"`
	To       string         `json:"to,omitempty"`    // Say: the stage or state. Priority: the priority. With, transfer: the partner. Standby: the post.
	Text     string         `json:"text,omitempty"`  // Free words.
	Best     int            `json:"best,omitempty"`  // Send: this many recommended units; -1 as many as recommended.
	Stack    bool           `json:"stack,omitempty"` // Send: busy units take it on afterwards.
	Count    int            `json:"count,omitempty"` // Backup: crews. Wave: its number; 0 is the next one.
	Type     cad.TypeID     `json:"type,omitempty"`  // New.
	Address  string         `json:"address,omitempty"`
	Place    *geo.Point     `json:"place,omitempty"`  // Where the address is, if somebody has looked it up: a line alone knows no map.
	Approx   bool           `json:"approx,omitempty"` // The place is near the address, not the address itself.
	Priority cad.Priority   `json:"priority,omitempty"`
}

// Meaning is one meaning of an ambiguous line.
type Meaning struct {
	N     int    `json:"n"` // Its digit, from 1.
	Label string `json:"label"`
	Code  string `json:"code,omitempty"` // For the catalogues, where the label alone does not say what it means.
	Plan  Plan   `json:"plan"`
}

// Reading is what a line came to.
type Reading struct {
	Status     Status            `json:"status"`
	Plan       *Plan             `json:"plan,omitempty"`
	Candidates []Meaning         `json:"candidates,omitempty"`
	Code       string            `json:"code,omitempty"` // For the catalogues.
	Params     map[string]string `json:"params,omitempty"`
	Text       string            `json:"text,omitempty"`   // English.
	Remedy     string            `json:"remedy,omitempty"` // English.
	Sought     []int64           `json:"-"`                // Numbers that once were given and are not in memory: the journal knows them.
}

func ready(p Plan) Reading { return Reading{Status: Ready, Plan: &p} }

func wrong(code, text, remedy string, keyValues ...string) Reading {
	r := Reading{Status: Wrong, Code: code, Text: text, Remedy: remedy, Params: map[string]string{}}
	for i := 0; i+1 < len(keyValues); i += 2 {
		r.Params[keyValues[i]] = keyValues[i+1]
	}
	return r
}

func unfinished(code, text string) Reading {
	return Reading{Status: Incomplete, Code: code, Text: text}
}
