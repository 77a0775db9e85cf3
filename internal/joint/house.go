// Package joint is where rooms meet: the state of the whole house, the commands that need several rooms, and the
// order in which facts are folded. It is as pure as the rooms are; what it must know of the past of a life that
// has left memory comes through one function, Past.
package joint

import (
	"slices"
	"time"

	"shuniu/internal/alarm"
	"shuniu/internal/assignment"
	"shuniu/internal/cad"
	"shuniu/internal/call"
	"shuniu/internal/incident"
	"shuniu/internal/journal"
	"shuniu/internal/order"
	"shuniu/internal/org"
	"shuniu/internal/report"
	"shuniu/internal/unit"
)

// House is everything that one centre knows. The states in its maps are never changed in place, so that whoever
// was handed one may keep it; the maps belong to one goroutine.
type House struct {
	Org         *org.State
	Calls       map[cad.CallID]*call.State
	Incidents   map[cad.IncidentID]*incident.State
	Assignments map[cad.AssignmentID]*assignment.State
	Units       map[cad.UnitID]*unit.State
	Alarms      map[cad.AlarmID]*alarm.State
	Orders      map[cad.OrderID]*order.State
	Reports     map[cad.IncidentID]*report.State // They come and go with their incident.

	Count      int64     // The number of the newest incident.
	Paper      int64     // The last number of a paper card that was given away.
	OrderCount int64     // The number of the newest order.
	Seq        cad.Seq   // The last record folded.
	At         time.Time // When it was recorded.

	last    map[cad.Subject]cad.Seq // The last record about each life in memory.
	ended   []endedLife             // Lives that may leave memory, in the order in which they ended.
	touched map[cad.Subject]bool    // What changed since TakeChange.
	erased  []cad.Subject           // Whose private parts were ordered to be destroyed since TakeChange.

	numbers    map[int64]cad.IncidentID
	sentTo     map[cad.IncidentID][]cad.AssignmentID // All assignments of an incident, in order of dispatch.
	stackOf    map[cad.UnitID][]cad.AssignmentID     // Open assignments of a unit, in order of dispatch.
	attachedTo map[cad.IncidentID][]cad.CallID       // Calls of an incident, in order of attachment.

	past Past
}

// Past reads a life that has left memory from its own records. It is nil where nothing ever leaves.
type Past func(cad.Subject) ([]journal.Record, error)

type endedLife struct {
	Subject cad.Subject `json:"subject"`
	At      time.Time   `json:"at"`
}

// NewHouse is an empty house.
func NewHouse(past Past) *House {
	return &House{
		Org: &org.State{}, Calls: map[cad.CallID]*call.State{}, Incidents: map[cad.IncidentID]*incident.State{},
		Assignments: map[cad.AssignmentID]*assignment.State{}, Units: map[cad.UnitID]*unit.State{},
		Alarms: map[cad.AlarmID]*alarm.State{}, Orders: map[cad.OrderID]*order.State{},
		Reports: map[cad.IncidentID]*report.State{},
		last:    map[cad.Subject]cad.Seq{}, touched: map[cad.Subject]bool{}, numbers: map[int64]cad.IncidentID{},
		sentTo: map[cad.IncidentID][]cad.AssignmentID{}, stackOf: map[cad.UnitID][]cad.AssignmentID{},
		attachedTo: map[cad.IncidentID][]cad.CallID{}, past: past,
	}
}

// Reads lets a house of its own look up lives that have left memory.
func (h *House) Reads(past Past) { h.past = past }

// Incident is an incident in memory; the zero state if there is none.
func (h *House) Incident(id cad.IncidentID) incident.State { return at(h.Incidents, id) }

// Call is a call in memory; the zero state if there is none.
func (h *House) Call(id cad.CallID) call.State { return at(h.Calls, id) }

// Unit is a unit; the zero state if there is none.
func (h *House) Unit(id cad.UnitID) unit.State { return at(h.Units, id) }

// Assignment is an assignment in memory; the zero state if there is none.
func (h *House) Assignment(id cad.AssignmentID) assignment.State { return at(h.Assignments, id) }

func at[K comparable, V any](m map[K]*V, k K) (zero V) {
	if p := m[k]; p != nil {
		return *p
	}
	return zero
}

// Numbered finds an incident in memory by its number; an empty id if there is none.
func (h *House) Numbered(n int64) cad.IncidentID { return h.numbers[n] }

// Survivor is the incident that one lives on in after merges; itself if it was never merged, or not yet brought back.
func (h *House) Survivor(id cad.IncidentID) cad.IncidentID {
	for s := h.Incidents[id]; s != nil && s.Phase == incident.Merged; s = h.Incidents[id] {
		id = s.MergedTo // Only what is open takes another in, so this never comes round.
	}
	return id
}

// SentTo lists every assignment of an incident that is in memory, ended ones too, in order of dispatch.
func (h *House) SentTo(id cad.IncidentID) []*assignment.State {
	out := make([]*assignment.State, 0, len(h.sentTo[id]))
	for _, a := range h.sentTo[id] {
		out = append(out, h.Assignments[a])
	}
	return out
}

// Stack lists the open assignments of a unit: the primary first, then those behind it in the order that somebody gave, then
// those that came since.
func (h *House) Stack(id cad.UnitID) []*assignment.State {
	out := make([]*assignment.State, 0, len(h.stackOf[id]))
	for _, a := range h.stackOf[id] {
		out = append(out, h.Assignments[a])
	}
	slices.SortStableFunc(out, func(a, b *assignment.State) int {
		switch {
		case a.Primary != b.Primary && a.Primary:
			return -1
		case a.Primary != b.Primary:
			return 1
		case a.Primary || a.Place == b.Place:
			return 0
		case a.Place == 0:
			return 1
		case b.Place == 0:
			return -1
		}
		return a.Place - b.Place
	})
	return out
}

// CallsOf lists the calls of an incident, in order of attachment.
func (h *House) CallsOf(id cad.IncidentID) []*call.State {
	out := make([]*call.State, 0, len(h.attachedTo[id]))
	for _, c := range h.attachedTo[id] {
		if s := h.Calls[c]; s != nil {
			out = append(out, s)
		}
	}
	return out
}

// Committed lists the units whose assignment to an incident has not ended, each once.
func (h *House) Committed(id cad.IncidentID) []cad.UnitID {
	var out []cad.UnitID
	for _, a := range h.SentTo(id) {
		if a.Open() && !slices.Contains(out, a.Unit) {
			out = append(out, a.Unit)
		}
	}
	return out
}

// Last is the last record about a life, as if_seq compares it; 0 if it is not in memory.
func (h *House) Last(s cad.Subject) cad.Seq { return h.last[s] }

func (h *House) setCall(s *call.State) {
	if old := h.Calls[s.ID]; old != nil && old.Incident != s.Incident {
		h.attachedTo[old.Incident] = without(h.attachedTo[old.Incident], s.ID)
	}
	h.Calls[s.ID] = s
	if s.Incident != "" && !slices.Contains(h.attachedTo[s.Incident], s.ID) {
		h.attachedTo[s.Incident] = append(slices.Clip(h.attachedTo[s.Incident]), s.ID)
	}
}

func (h *House) setIncident(s *incident.State) {
	h.Incidents[s.ID] = s
	h.numbers[s.Number] = s.ID
	h.Count = max(h.Count, s.Number)
}

func (h *House) setAssignment(s *assignment.State) {
	if old := h.Assignments[s.ID]; old != nil && old.Incident != s.Incident {
		h.sentTo[old.Incident] = without(h.sentTo[old.Incident], s.ID)
	}
	h.Assignments[s.ID] = s
	if !slices.Contains(h.sentTo[s.Incident], s.ID) {
		h.sentTo[s.Incident] = append(slices.Clip(h.sentTo[s.Incident]), s.ID)
	}
	switch held := slices.Contains(h.stackOf[s.Unit], s.ID); {
	case s.Open() && !held:
		h.stackOf[s.Unit] = append(slices.Clip(h.stackOf[s.Unit]), s.ID)
	case !s.Open() && held:
		h.stackOf[s.Unit] = without(h.stackOf[s.Unit], s.ID)
	}
}

// without is a list less one member; the old list stays as it was.
func without[T comparable](list []T, x T) []T {
	out := make([]T, 0, len(list))
	for _, v := range list {
		if v != x {
			out = append(out, v)
		}
	}
	return out
}
