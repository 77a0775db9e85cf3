package incident

import (
	"slices"
	"time"

	"shuniu/internal/cad"
	"shuniu/internal/fault"
)

// Alert is a reason for which the duty commander must be told of an incident at once, and must say that he has seen it.
type Alert struct {
	ID      string      `json:"id"`  // "tag.gun", "level.II".
	Why     string      `json:"why"` // "tag", "level", or the answer that means the tag: "answer.weapon.gun".
	Raised  time.Time   `json:"raised"`
	AckedBy cad.ActorID `json:"acked_by,omitempty"` // The first who has seen it; empty while nobody has.
	AckedAt time.Time   `json:"acked_at,omitzero"`
}

// The reasons of alerts.
const (
	AlertTag   = "tag"   // A tag of the centre that must be acknowledged.
	AlertLevel = "level" // The level of the event.

	alertAnswer = "answer."
)

// alert is the place of an alert; -1 if it was never raised.
func (s State) alert(id string) int {
	return slices.IndexFunc(s.Alerts, func(a Alert) bool { return a.ID == id })
}

// Unacknowledged are the alerts that nobody has acknowledged.
func (s State) Unacknowledged() []string {
	var out []string
	for _, a := range s.Alerts {
		if a.AckedAt.IsZero() {
			out = append(out, a.ID)
		}
	}
	return out
}

// RaiseAlert says that the duty commander must be told. The room above knows what calls for it.
type RaiseAlert struct {
	ID       cad.IncidentID
	Why      string // AlertTag or AlertLevel.
	Of       string // The tag or the level.
	Question string // The question whose answer means the tag; empty if a person tagged it.
	Option   string // What was answered.
}

// Decide raises each alert once: what was tagged, untagged and tagged again was seen already, and so was what was answered
// before it was tagged.
func (c RaiseAlert) Decide(s State, _ Around) ([]cad.Fact, error) {
	id := c.Why + "." + c.Of
	if s.Phase == "" {
		return nil, missing("incident.RaiseAlert")
	}
	if s.alert(id) >= 0 {
		return nil, nil
	}
	why := c.Why
	if c.Question != "" {
		why = alertAnswer + c.Question + "." + c.Option
	}
	return []cad.Fact{Alerted{about: about{s.ID}, Alert: id, Why: why}}, nil
}

// Alerted says that the duty commander must be told.
type Alerted struct {
	about
	Alert string `json:"alert"`
	Why   string `json:"why"`
}

// FactType is the name in the journal.
func (Alerted) FactType() string { return "incident.alerted" }

func (f Alerted) apply(s *State, st cad.Stamp) {
	if s.alert(f.Alert) < 0 {
		s.Alerts = append(s.Alerts, Alert{ID: f.Alert, Why: f.Why, Raised: st.At})
	}
}

// Acknowledge says that the duty commander has seen an alert.
type Acknowledge struct {
	ID    cad.IncidentID
	Alert string     // Empty means all of them.
	Text  cad.Sealed // What he says about it; may be empty.
}

func mayAcknowledge(s State, _ Around) error {
	const op = "incident.Acknowledge"
	switch {
	case s.Phase == "":
		return missing(op)
	case len(s.Alerts) == 0:
		return fault.New(op, fault.Conflict, "it has no alert").Because("no_alert").Mend("acknowledge what is in the list of alerts")
	case len(s.Unacknowledged()) == 0:
		return fault.New(op, fault.Conflict, "its alerts are acknowledged already").Because("already", "verb", "acknowledge")
	}
	return nil
}

// Decide keeps the first who has seen each alert. It goes on after the incident has ended: nobody was told less for that.
func (c Acknowledge) Decide(s State, a Around) ([]cad.Fact, error) {
	const op = "incident.Acknowledge"
	if s.Phase == "" {
		return nil, missing(op)
	}
	if c.Alert != "" && s.alert(c.Alert) < 0 || len(s.Alerts) == 0 {
		return nil, fault.New(op, fault.NotFound, "it has no such alert").Because("no_alert").At("alert").Mend("acknowledge what is in the list of alerts")
	}
	var facts []cad.Fact
	for _, id := range s.Unacknowledged() {
		if c.Alert == "" || c.Alert == id {
			facts = append(facts, AlertAcknowledged{about: about{s.ID}, Alert: id, By: a.Actor, Private: c.Text})
		}
	}
	return facts, nil
}

// AlertAcknowledged says that the duty commander has seen an alert.
type AlertAcknowledged struct {
	about
	Alert   string      `json:"alert"`
	By      cad.ActorID `json:"by,omitempty"`
	Private cad.Sealed  `json:"-"`
}

// FactType is the name in the journal.
func (AlertAcknowledged) FactType() string { return "incident.alert_acknowledged" }

// Secret is what he said about it.
func (f AlertAcknowledged) Secret() cad.Sealed { return f.Private }

// WithSecret puts the sealed words back.
func (f AlertAcknowledged) WithSecret(s cad.Sealed) cad.Fact { f.Private = s; return f }

func (f AlertAcknowledged) apply(s *State, st cad.Stamp) {
	if i := s.alert(f.Alert); i >= 0 && s.Alerts[i].AckedAt.IsZero() {
		s.Alerts[i].AckedBy, s.Alerts[i].AckedAt = f.By, st.Happened
	}
}
